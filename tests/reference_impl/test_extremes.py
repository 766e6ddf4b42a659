"""Where numbers get very large, very small or all alike: against exact arithmetic and scaling laws.

Units are anybody's choice: a factor of a power of two changes no digit, so results must not either.
No operation may overflow or become NaN on the way.
"""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from reference_impl import (
    activations,
    backprop,
    batchnorm,
    local_minima,
    neurons,
    preprocessing,
    tuning,
    why_deep,
)
from reference_impl.classic_networks import boltzmann, elman, rbf, som

TINY, HUGE = 2.0**-900, 2.0**900
RNG = np.random.default_rng(0)
X, W, LABELS = RNG.normal(size=(40, 3)), RNG.normal(size=3), np.repeat([0, 1], 20)
X[20:] += 0.7


@pytest.fixture(autouse=True)
def no_overflow():
    """Overflow and NaN are errors here; becoming 0 is what small numbers do."""
    with np.errstate(all="raise", under="ignore"):
        yield


# --- against exact arithmetic -------------------------------------------------------------------


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("z", [-800.0, -36.0, -1e-3, 0.0, 30.0, 36.0, 37.5, 700.0, 800.0])
def test_logistic_loss_at_any_margin(z, label):
    """Loss and gradient have all their digits, on both sides of the boundary."""
    loss, dw, db = neurons.logistic_loss(np.array([[1.0]]), np.array([label]), np.array([z]), 0.0)
    with localcontext(prec=800):
        wrong = Decimal(z if label == 0 else -z).exp()
        expected, slope = (1 + wrong).ln(), wrong / (1 + wrong) * (1 if label == 0 else -1)
    assert loss == pytest.approx(float(expected), rel=1e-14, abs=0)
    assert db == dw[0] == pytest.approx(float(slope), rel=1e-14, abs=0)


@pytest.mark.parametrize("share", [1e-300, 1e-20, 2.0**-60, 1e-9, 0.1, 0.5, 1 - 2.0**-53])
@pytest.mark.parametrize("starts", [0, 1, 7, 1000])
def test_success_probability_of_a_tiny_share(share, starts):
    """1 − (1 − p)ᵏ in fractions."""
    exact = float(1 - (1 - Fraction(share)) ** starts)
    assert local_minima.multi_start_success(share, starts) == pytest.approx(exact, rel=1e-14, abs=0)


def test_success_is_certain_if_the_share_is_all():
    """One start in a basin that is everything; no start is in none."""
    assert local_minima.multi_start_success(1.0, 3) == 1
    assert local_minima.multi_start_success(1.0, 0) == 0
    assert local_minima.multi_start_success(0.0, 3) == 0


@pytest.mark.parametrize(("far", "dtype"), [(1e7, np.float32), (1e15, np.float64), (-1e15, float)])
def test_variance_of_data_far_from_zero(far, dtype):
    """0, 1, 2, 3 have variance 5/4 and 0, 2, 2, 2 have 3/4, wherever they are moved to."""
    x = np.array([[0, 2], [1, 0], [2, 2], [3, 2]], dtype=dtype) + dtype(far)
    mean, std = preprocessing.standardise_fit(x)
    np.testing.assert_allclose(std, np.sqrt([1.25, 0.75]), rtol=1e-6 if dtype == np.float32 else 0)
    np.testing.assert_allclose(mean, far + np.array([1.5, 1.5]), rtol=1e-7)
    assert preprocessing.select_by_variance(x, 1.0).tolist() == [0]
    _, var = batchnorm.dataset_statistics([x[:1], x[1:]])
    np.testing.assert_allclose(var, [1.25, 0.75], rtol=1e-6 if dtype == np.float32 else 1e-15)
    # The covariance matrix is [[5, 1], [1, 3]]/4.
    expected = 1 + np.array([1, -1]) / math.sqrt(8)
    np.testing.assert_allclose(preprocessing.pca_fit(x)[2], expected, rtol=1e-6)
    scaled, _ = tuning.honest_standardise(x, x)
    expected = np.array([-1.5, -0.5, 0.5, 1.5]) / math.sqrt(1.25)
    np.testing.assert_allclose(scaled[:, 0], expected, rtol=1e-6)


def test_pca_finds_a_variance_of_1e_24_of_the_largest():
    """Points at (±1, ±1e-12), turned by 45 degrees: the covariance knows only the first."""
    corners = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) * [1.0, 2.0**-40]
    turned = corners @ np.array([[1, 1], [-1, 1]])  # exact; longer by √2
    _, components, variances = preprocessing.pca_fit(turned)
    np.testing.assert_allclose(variances, [2, 2 * 2.0**-80], rtol=1e-3)
    np.testing.assert_allclose(np.abs(components), math.sqrt(0.5), rtol=1e-12)


# --- constant and duplicate columns -------------------------------------------------------------


def test_constant_columns_have_no_variance():
    """300 constants whose naive variance is 0 for some and 1e-34 for others."""
    constants = np.tile(np.random.default_rng(1).normal(size=300), (37, 1))
    x = np.hstack([constants, np.arange(37.0)[:, None]])
    assert preprocessing.select_by_variance(x, 0).tolist() == [300]
    mean, std = preprocessing.standardise_fit(x)
    assert (std[:300] == 1).all()
    assert (preprocessing.standardise(x, mean, std)[:, :300] == 0).all()
    assert (tuning.honest_standardise(x, x + 1)[1][:, :300] - 1 < 1e-15).all()
    assert (preprocessing.pca_fit(x)[2][1:] < 1e-28).all()
    assert preprocessing.explained_share(x, constants) == 0
    assert preprocessing.explained_share(x, x[:, 290:]) == pytest.approx(1, rel=1e-14)


def test_duplicate_columns_say_the_same():
    """They correlate fully and not more, explain no more, and share their weight."""
    twice = np.hstack([X, X[:, :1]])
    assert preprocessing.select_by_correlation(twice, 1.0).tolist() == [0, 1, 2, 3]
    assert preprocessing.select_by_correlation(twice, 1 - 1e-9).tolist() == [0, 1, 2]
    once, both = (preprocessing.explained_share(X, z) for z in (X[:, :2], twice[:, [0, 1, 3]]))
    assert both == pytest.approx(once, rel=1e-12)


@pytest.mark.parametrize("fit", ["fisher", "lda"])
def test_discriminants_of_constant_and_duplicate_columns(fit):
    """A constant gets weight 0, a duplicate half of the weight, and the projections stay."""

    def projected(x):
        if fit == "fisher":
            w = preprocessing.fisher_direction(x[:20], x[20:])
        else:
            w = preprocessing.lda_fit(x, LABELS)[0][:, 0]
        return w, x @ w

    _, alone = projected(X)
    w, along = projected(np.hstack([X, np.full((40, 1), 0.1), X[:, :1]]))
    assert w[3] == 0
    assert w[0] == pytest.approx(w[4], rel=1e-9)
    assert abs(np.corrcoef(alone, along)[0, 1]) == pytest.approx(1, rel=1e-12)


# --- any unit -----------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", [TINY, HUGE])
def test_units_do_not_matter(unit):
    """What is measured in other units comes out the same, or in those units."""
    same = np.testing.assert_array_equal
    mean, std = preprocessing.standardise_fit(X)
    same(preprocessing.standardise_fit(unit * X), (unit * mean, unit * std))
    same(tuning.honest_standardise(unit * X, unit * X), tuning.honest_standardise(X, X))
    ends = preprocessing.min_max_fit(X)
    scaled = preprocessing.min_max(unit * X, *preprocessing.min_max_fit(unit * X))
    same(scaled, preprocessing.min_max(X, *ends))
    share = preprocessing.explained_share(X, X[:, :1] + X[:, 1:2])
    same(preprocessing.explained_share(unit * X, unit * (X[:, :1] + X[:, 1:2])), share)
    direction = preprocessing.fisher_direction(X[:20], X[20:])
    near = np.testing.assert_allclose
    near(preprocessing.fisher_direction(unit * X[:20], unit * X[20:]), direction, rtol=1e-13)
    same(neurons.boundary_distance(X, unit * W, unit * 0.3), neurons.boundary_distance(X, W, 0.3))
    labels = (X @ W + 0.3 > 0).astype(int)
    bound = neurons.novikoff_bound(X, labels, W, 0.3)
    assert neurons.novikoff_bound(X, labels, unit * W, unit * 0.3) == bound
    heights = rbf.rbf_basis(X, X[:4], np.full(4, 0.8))
    same(rbf.rbf_basis(unit * X, unit * X[:4], np.full(4, unit * 0.8)), heights)
    same(rbf.rbf_common_width(unit * X), unit * rbf.rbf_common_width(X))
    grads = elman.clip_gradients([X, W], 0.5)
    clipped = elman.clip_gradients([unit * X, unit * W], unit * 0.5)
    for got, expected in zip(clipped, grads, strict=True):
        same(got, unit * expected)


def test_bumps_far_narrower_or_wider_than_all_distances():
    """Width 1e-300: 1 at its centre and 0 elsewhere, no gradient; width 1e300: 1 everywhere."""
    centres = np.array([[0.0, 0.0], [3e10, -1.0]])
    x = np.vstack([centres, [[1.0, 1.0]]])
    for width, expected in [(1e-300, [[1, 0], [0, 1], [0, 0]]), (1e300, np.ones((3, 2)))]:
        widths, weights = np.full(2, width), np.array([[2.0], [3.0]])
        out, cache = rbf.rbf_forward(x, centres, widths, weights, np.zeros(1))
        np.testing.assert_array_equal(out, expected @ weights)
        for gradient in rbf.rbf_backward(np.ones((3, 1)), cache)[:3]:
            np.testing.assert_allclose(gradient, 0, atol=1e-280)


def test_neighbourhoods_of_nobody_and_of_everybody():
    """Radius 1e-300: the winner alone; 1e300: all alike."""
    alone = som.som_neighbourhood(np.array([1, 2]), (3, 5), 1e-300)
    expected = np.zeros((3, 5))
    expected[1, 2] = 1
    np.testing.assert_array_equal(alone, expected)
    assert (som.som_neighbourhood(np.array([1, 2]), (3, 5), 1e300) == 1).all()


def test_temperatures_from_1e_300_to_1e300():
    """Frozen: the three lowest states of this machine share all; hot: all states are alike."""
    W, theta = 1e10 * np.array([[0.0, 1.0], [1.0, 0.0]]), 1e10 * np.array([-1.0, 0.0])
    cold = boltzmann.boltzmann_distribution(W, theta, 1e-300)
    np.testing.assert_array_equal(cold, [1 / 3, 1 / 3, 0, 1 / 3])  # of 00, 01, 10 and 11
    np.testing.assert_allclose(boltzmann.boltzmann_distribution(W, theta, 1e300), 0.25, rtol=1e-14)
    states = boltzmann.binary_states(2)
    on = boltzmann.boltzmann_conditional(states, W, theta, 1e-300)
    field = states @ W + theta
    np.testing.assert_array_equal(on, np.where(field == 0, 0.5, field > 0))
    rng = np.random.default_rng(0)
    assert np.isfinite(boltzmann.gibbs_sampling(states, W, theta, 1e-300, 3, rng)).all()
    rises = np.array([-1.0, 0.0, 1e-290, 1e10])
    np.testing.assert_array_equal(local_minima.acceptance_probability(rises, 1e-300), [1, 1, 0, 0])


@pytest.mark.parametrize("bend", [1e-9, 1e-12, 1e-20, 1e-200])
def test_a_bend_counts_however_small(bend):
    """x₊ + bend · (x − ½)₊ on [−1, 1] bends at 0 and at ½; so does bend · all of it."""
    hidden, biases = np.ones((1, 2)), [np.array([0.0, -0.5]), np.zeros(1)]
    for output in ([1.0, bend], [bend, 1.0], [bend, bend]):
        knots = why_deep.breakpoints([hidden, np.array([output]).T], biases, -1.0, 1.0)
        np.testing.assert_array_equal(knots, [0, 0.5])
    small = [bend * hidden, np.ones((2, 1))]
    knots = why_deep.breakpoints(small, [bend * biases[0], biases[1]], -1.0, 1.0)
    np.testing.assert_allclose(knots, [0, 0.5], atol=1e-15)


def test_a_knot_without_a_bend_is_none():
    """x₊ − (−x)₊ is x: both units switch at 0 and their bends cancel, in one layer and in two."""
    weights = [np.array([[0.3, -0.3]]), np.array([[1.1], [-1.1]])]
    assert len(why_deep.breakpoints(weights, [np.zeros(2), np.zeros(1)], -1.0, 1.0)) == 0
    deeper = [weights[0], weights[1] @ np.array([[0.7, -0.7]]), np.array([[1.3], [-1.3]])]
    biases = [np.zeros(2), np.zeros(2), np.zeros(1)]
    assert len(why_deep.breakpoints(deeper, biases, -1.0, 1.0)) == 0


# --- gradients in single precision --------------------------------------------------------------

ENDS = [0, 1e-45, 1e-38, 1e-20, 1e-7, 1, 9, 16, 17, 87, 88, 89, 103, 104, 1e4, 1e20, 3e38]
SINGLE = np.array([-z for z in ENDS[::-1]] + ENDS, dtype=np.float32)


def test_slopes_of_the_sigmoid_in_single_precision():
    """σ'(z) = 1/(2 + 2 cosh z), in double precision: no digit is lost where σ is nearly 1."""
    z = np.clip(SINGLE.astype(float), -700, 700)
    got = backprop.sigmoid_derivative(SINGLE)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, 1 / (2 + 2 * np.cosh(z)), rtol=2e-5, atol=1e-44)


@pytest.mark.parametrize(
    ("name", "out", "slope"),
    [
        ("relu", lambda x: max(x, 0), lambda x: float(x > 0)),
        ("leaky_relu", lambda x: max(x, 0.01 * x), lambda x: 1.0 if x > 0 else 0.01),
        ("elu", lambda x: x if x > 0 else math.expm1(x), lambda x: 1.0 if x > 0 else math.exp(x)),
        (
            "softplus",
            lambda x: x if x > 40 else math.log1p(math.exp(max(x, -700))),
            lambda x: 1 / (1 + math.exp(min(-x, 700))),
        ),
    ],
)
def test_activations_at_the_ends_of_single_precision(name, out, slope):
    """From the smallest number above 0 to the largest: output and gradient in double precision."""
    got, cache = getattr(activations, f"{name}_forward")(SINGLE)
    gradient = getattr(activations, f"{name}_backward")(
        np.float32(0.5) * np.ones_like(SINGLE), cache
    )
    assert got.dtype == gradient.dtype == np.float32
    x = SINGLE.tolist()
    np.testing.assert_allclose(got, [out(v) for v in x], rtol=2e-6, atol=1e-44)
    np.testing.assert_allclose(gradient, [0.5 * slope(v) for v in x], rtol=2e-6, atol=1e-44)


@pytest.mark.parametrize("gap", ENDS)
def test_softmax_gradient_at_the_ends_of_single_precision(gap):
    """Two scores apart by anything: loss ln(1 + exp(∓gap)), gradient ±1/(1 + exp(±gap))."""
    scores = np.array([[0, gap], [0, gap]], dtype=np.float32)
    loss, gradient = backprop.softmax_cross_entropy(scores, np.array([0, 1]))
    apart = float(np.float32(gap))
    rare = math.exp(-min(apart, 700))
    assert loss == pytest.approx(apart / 2 + math.log1p(rare), rel=2e-6)
    assert gradient.dtype == np.float32
    right, wrong = rare / (1 + rare) / 2, 1 / (1 + rare) / 2
    np.testing.assert_allclose(gradient, [[-wrong, wrong], [right, -right]], rtol=1e-5, atol=4e-8)


@pytest.mark.parametrize("z", ENDS)
def test_logistic_gradient_at_the_ends_of_single_precision(z):
    """Both labels at ±z; the gradient is what is missing to certainty."""
    x, w = np.array([[1.0]], dtype=np.float32), np.array([z], dtype=np.float32)
    missing = 1 / (1 + math.exp(min(float(w[0]), 700)))
    for label, sign in ((1, 1), (0, -1)):
        loss, dw, _ = neurons.logistic_loss(x, np.array([label]), sign * w, 0.0)
        assert dw.dtype == np.float32
        assert loss == pytest.approx(math.log1p(math.exp(-min(z, 700))), rel=1e-5, abs=1e-44)
        np.testing.assert_allclose(dw, [-sign * missing], rtol=1e-5, atol=1e-44)


def test_relative_error_of_huge_gradients():
    """Opposite gradients of 3e38 are entirely wrong, equal ones entirely right."""
    huge = np.array([3e38, -3e38], dtype=np.float32)
    assert backprop.relative_error(huge, -huge).tolist() == [1, 1]
    assert backprop.relative_error(huge, huge).tolist() == [0, 0]


def test_exploded_gradients_are_clipped_and_not_dropped():
    """In float32 the square of 1e30 is infinite; the clipped length is the limit all the same."""
    grads = [np.full((3, 2), 1e30, np.float32), np.full(2, -1e30, np.float32)]
    clipped = elman.clip_gradients(grads, 2.0)
    assert [g.dtype for g in clipped] == [np.float32] * 2
    for g in clipped:
        np.testing.assert_allclose(np.abs(g), 2 / 8**0.5, rtol=1e-6)
    for kept, given in zip(elman.clip_gradients([g * 0 for g in grads], 2.0), grads, strict=True):
        np.testing.assert_array_equal(kept, 0 * given)


def test_steps_of_tiny_weights():
    """1e-30 that moves by a thousandth, in float32, where squares are 0."""
    old = np.full(4, 1e-30, np.float32)
    ratio = tuning.update_to_weight_ratio({"W": old}, {"W": old * np.float32(1.001)})["W"]
    assert ratio == pytest.approx(1e-3, rel=1e-3)
