"""Activations and their measures against SciPy, complex steps and the numbers of the notes."""

import math

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import spatial, special

from reference_impl import activations as ref

ELEMENTWISE = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus")
EXTREME = np.array([-1000.0, -710.0, -20.0, -1e-300, 0.0, 1e-300, 20.0, 710.0, 1000.0])


def of(name):
    """The two functions of an activation."""
    return getattr(ref, f"{name}_forward"), getattr(ref, f"{name}_backward")


def calls():
    """One ordinary call of every function that takes arrays."""
    rng = np.random.default_rng(7)
    x, dout = rng.normal(size=(2, 11, 5))
    W, b, slopes = rng.normal(size=(3, 5, 7)), rng.normal(size=(3, 7)), rng.uniform(size=5)
    layers = [rng.normal(size=(5, 7)), rng.normal(size=(7, 3))]
    biases, top = [rng.normal(size=7), rng.normal(size=3)], rng.normal(size=(11, 3))
    made = {"step_forward": (x,)}
    for name in ELEMENTWISE:
        made |= {f"{name}_forward": (x,), f"{name}_backward": (dout, of(name)[0](x)[1])}
    return made | {
        "prelu_forward": (x, slopes),
        "prelu_backward": (dout, (x, slopes)),
        "maxout_forward": (x, W, b),
        "maxout_backward": (rng.normal(size=(11, 7)), ref.maxout_forward(x, W, b)[1]),
        "maxout_thin_layer": (x[0], W, b),
        "maxout_pieces": (W[0, 0], b[0]),
        "same_sign_gradients": (x, dout[:, 0]),
        "saturated_share": (x, -1.0, 1.0, 0.01),
        "dead_units": ([x, x[:2]],),
        "gradient_norms": (x, layers, biases, top, ref.tanh_forward, ref.tanh_backward),
    }


WITHOUT_FLOATS = ("saturated_share", "dead_units", "maxout_pieces")


@pytest.mark.parametrize("name", calls())
def test_arguments_stay_as_they_were(name):
    """No function changes an argument."""
    assert_arguments_unchanged(getattr(ref, name), calls()[name])


@pytest.mark.parametrize("name", calls())
def test_every_function_states_its_contract(name):
    """One sentence, parameters, returns."""
    assert_documented(getattr(ref, name))


@pytest.mark.parametrize("name", [name for name in calls() if name not in WITHOUT_FLOATS])
def test_precision_is_kept(name):
    """float32 stays float32, float64 stays float64."""
    assert_precision_kept(getattr(ref, name), calls()[name])


# --- values and slopes --------------------------------------------------------------------------

FORMULAS = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "relu": lambda x: np.where(x.real > 0, x, 0),
    "leaky_relu": lambda x: np.where(x.real > 0, x, 0.01 * x),
    "elu": lambda x: np.where(x.real > 0, x, np.exp(x) - 1),
    "softplus": lambda x: np.log(1 + np.exp(x)),
}
AWAY_FROM_KINKS = st.floats(0.01, 20).flatmap(lambda v: st.sampled_from([v, -v]))
ANY_SHAPE = hnp.array_shapes(min_dims=1, max_dims=3, max_side=4)


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(hnp.arrays(float, ANY_SHAPE, elements=AWAY_FROM_KINKS), st.floats(-3, 3))
def test_values_and_slopes_by_complex_step(name, x, d):
    """Output and gradient are real and imaginary part of the textbook formula beside x."""
    forward, backward = of(name)
    moved = FORMULAS[name](x + 1e-30j)
    out, cache = forward(x)
    np.testing.assert_allclose(out, moved.real, rtol=1e-9, atol=1e-12)
    dout = d * np.cos(np.arange(x.size)).reshape(x.shape)
    dx = backward(dout, cache)
    assert dx.shape == x.shape
    np.testing.assert_allclose(dx, dout * moved.imag / 1e-30, rtol=1e-9, atol=1e-11)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("name", "at_minus_1000", "at_1000"),
    [
        ("sigmoid", 0, 1),
        ("tanh", -1, 1),
        ("relu", 0, 1000),
        ("leaky_relu", -10, 1000),
        ("elu", -1, 1000),
        ("softplus", 0, 1000),
    ],
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_extreme_inputs(name, at_minus_1000, at_1000, dtype):
    """At ±1000 every activation has its limit, all slopes are finite, and nothing warns."""
    forward, backward = of(name)
    x = EXTREME.astype(dtype)
    out, cache = forward(x)
    assert (out[0], out[-1]) == (at_minus_1000, at_1000)
    slope = backward(np.ones_like(x), cache)
    assert np.isfinite(out).all()
    assert ((slope >= 0) & (slope <= 1)).all()


def test_step_jumps_above_zero():
    """The step is 0 up to and including 0 and 1 from there on, at any magnitude."""
    np.testing.assert_array_equal(ref.step_forward(EXTREME), [0, 0, 0, 0, 0, 1, 1, 1, 1])


def test_the_convention_at_zero():
    """At exactly 0 the ReLUs use the slope of their negative half."""
    zero, one = np.zeros(1), np.ones(1)
    assert ref.relu_backward(one, zero).tolist() == [0]
    assert ref.leaky_relu_backward(one, (zero, 0.2)).tolist() == [0.2]
    assert ref.elu_backward(one, (zero, 0.5)).tolist() == [0.5]
    assert ref.prelu_backward(np.ones((1, 1)), (np.zeros((1, 1)), 0.3))[0].tolist() == [[0.3]]


def test_the_notes_numbers():
    """σ'(±10) = 4.54e-5 and not 0, σ' is at most ¼, tanh'(10) = 8.2e-9."""
    slope = ref.sigmoid_backward(np.ones(3), ref.sigmoid_forward(np.array([-10.0, 0.0, 10.0]))[1])
    np.testing.assert_allclose(slope, [4.5396e-5, 0.25, 4.5396e-5], rtol=1e-4)
    flat = ref.tanh_backward(np.ones(1), ref.tanh_forward(np.array([10.0]))[1])
    np.testing.assert_allclose(flat, 8.2e-9, rtol=0.01)


def test_options_are_used():
    """A slope of ½ halves the negative half; ELU bends down to −alpha with slope alpha·exp(x)."""
    x = np.array([-2.0, 3.0])
    np.testing.assert_allclose(ref.leaky_relu_forward(x, 0.5)[0], [-1, 3])
    np.testing.assert_allclose(ref.leaky_relu_backward(x, (x, 0.5)), [-1, 3])
    np.testing.assert_allclose(ref.elu_forward(x, 0.5)[0], [0.5 * (math.exp(-2) - 1), 3])
    np.testing.assert_allclose(ref.elu_backward(x, (x, 0.5)), [-math.exp(-2), 3])


def test_tanh_is_a_stretched_sigmoid():
    """tanh x = 2·σ(2x) − 1."""
    x = np.linspace(-9, 9, 101)
    stretched = 2 * ref.sigmoid_forward(2 * x)[0] - 1
    np.testing.assert_allclose(ref.tanh_forward(x)[0], stretched, atol=1e-15)


def test_softplus_is_scipys():
    """ln(1 + exp(x)) is −log_expit(−x), to the last digits."""
    np.testing.assert_allclose(
        ref.softplus_forward(EXTREME)[0], -special.log_expit(-EXTREME), rtol=1e-13
    )


def test_many_sigmoids_are_softplus_and_nearly_relu():
    """199 shifted sigmoids differ from softplus by .011 at most, from ReLU by up to .68."""
    x = np.linspace(-10, 10, 2001)
    pile = sum(ref.sigmoid_forward(x - i + 0.5)[0] for i in range(1, 200))
    assert 0.0105 < np.abs(pile - ref.softplus_forward(x)[0]).max() < 0.0108
    assert 0.68 < np.abs(pile - ref.relu_forward(x)[0]).max() < 0.69


def test_mean_outputs_under_a_normal():
    """For N(0, 1) inputs ELU's mean is .160: nearer to 0 than ReLU's 1/√(2π), not 0."""
    points, weights = np.polynomial.hermite_e.hermegauss(200)
    weights = weights / weights.sum()
    assert math.isclose(weights @ ref.elu_forward(points)[0], 0.160, abs_tol=2e-3)
    assert math.isclose(weights @ ref.relu_forward(points)[0], 0.399, abs_tol=5e-3)


# --- learned activations ------------------------------------------------------------------------


@given(st.integers(1, 4), st.integers(1, 3), st.lists(st.integers(1, 3), max_size=2), st.booleans())
def test_prelu_channel_by_channel(n, channels, rest, shared):
    """Each channel is a leaky ReLU of its own slope; a slope's gradient adds up dout·min(0, x)."""
    rng = np.random.default_rng(n)
    x, dout = rng.normal(size=(2, n, channels, *rest))
    slope = 0.3 if shared else rng.uniform(-1, 2, size=channels)
    slopes = np.full(channels, slope)
    out, cache = ref.prelu_forward(x, slope)
    dx, dslope = ref.prelu_backward(dout, cache)
    expected = []
    for c in range(channels):
        negative = x[:, c] <= 0
        np.testing.assert_allclose(out[:, c], x[:, c] * np.where(negative, slopes[c], 1))
        np.testing.assert_allclose(dx[:, c], dout[:, c] * np.where(negative, slopes[c], 1))
        expected.append((dout[:, c] * x[:, c])[negative].sum())
    assert np.shape(dslope) == np.shape(slope)
    np.testing.assert_allclose(dslope, sum(expected) if shared else expected, atol=1e-12)


def test_prelu_is_not_fooled_by_square_batches():
    """With as many rows as channels the slopes still belong to the columns."""
    out, _ = ref.prelu_forward(-np.ones((2, 2)), np.array([0.5, 0.0]))
    np.testing.assert_array_equal(out, [[-0.5, 0], [-0.5, 0]])


def test_maxout_makes_relu_and_abs():
    """max(x, 0) is ReLU and max(x, −x) the absolute value."""
    x, b = np.linspace(-3, 3, 13)[:, None], np.zeros((2, 1))
    relu, _ = ref.maxout_forward(x, np.array([1.0, 0.0]).reshape(2, 1, 1), b)
    np.testing.assert_array_equal(relu, np.maximum(x, 0))
    absolute, _ = ref.maxout_forward(x, np.array([1.0, -1.0]).reshape(2, 1, 1), b)
    np.testing.assert_array_equal(absolute, np.abs(x))


@pytest.mark.parametrize(("k", "error"), [(2, 1), (3, 4 / 9), (4, 0.25), (8, 0.0625)])
def test_maxout_approximates_a_parabola(k, error):
    """K tangents to x² on [−2, 2] are off by at most (2/K)²."""
    touch = -2 + 4 * (np.arange(k) + 0.5) / k
    x = np.linspace(-2, 2, 40 * k * 3 + 1)[:, None]
    out, _ = ref.maxout_forward(x, 2 * touch.reshape(k, 1, 1), -(touch**2)[:, None])
    assert math.isclose(np.abs(out - x**2).max(), error, rel_tol=1e-9)


@given(st.integers(1, 4), st.integers(1, 5), st.integers(1, 3), st.integers(1, 4))
def test_maxout_is_thin_and_linear_for_each_input(n, k, d, m):
    """For each example the winners' thin layer gives the output, and its weights the gradient."""
    rng = np.random.default_rng(100 * n + 10 * k + d)
    x, W, b = rng.normal(size=(n, d)), rng.normal(size=(k, d, m)), rng.normal(size=(k, m))
    out, cache = ref.maxout_forward(x, W, b)
    dout = rng.normal(size=(n, m))
    dx, dW, db = ref.maxout_backward(dout, cache)
    assert (dx.shape, dW.shape, db.shape) == (x.shape, W.shape, b.shape)
    for row, expected, d_row, dx_row in zip(x, out, dout, dx, strict=True):
        W_thin, b_thin = ref.maxout_thin_layer(row, W, b)
        np.testing.assert_allclose(row @ W_thin + b_thin, expected, atol=1e-12)
        np.testing.assert_allclose(dx_row, W_thin @ d_row, atol=1e-12)
    # The output is linear in the winning weights, so Σ W·dW + Σ b·db is Σ out·dout.
    total = np.vdot(W, dW) + np.vdot(b, db)
    assert math.isclose(total, np.vdot(out, dout), rel_tol=1e-9, abs_tol=1e-9)


def test_maxout_ties_go_to_the_first():
    """Of two equal candidates only the first learns."""
    _, cache = ref.maxout_forward(np.ones((1, 1)), np.ones((3, 1, 1)), np.zeros((3, 1)))
    np.testing.assert_array_equal(ref.maxout_backward(np.ones((1, 1)), cache)[2], [[1], [0], [0]])


def pieces_of_the_hull(w, b):
    """Lines on top are the corners of the upper hull of the points (w, b), by SciPy's hull."""
    points = np.column_stack([w, b])
    low = np.column_stack([[w.min(), w.max()], [b.min() - 1, b.min() - 1]])  # closes it below
    corners = spatial.ConvexHull(np.vstack([points, low])).vertices
    return int(np.sum(corners < len(w)))


@pytest.mark.parametrize("k", [2, 3, 5, 11, 40])
def test_maxout_pieces_are_corners_of_a_hull(k):
    """Random lines have as many pieces as their upper hull has corners, and never more than k."""
    rng = np.random.default_rng(k)
    for _ in range(50):
        w, b = rng.normal(size=(2, k))
        pieces = ref.maxout_pieces(w, b)
        assert 1 <= pieces <= k
        assert pieces == pieces_of_the_hull(w, b)


def test_maxout_pieces_are_the_winners_seen_on_a_line():
    """Counting winners of the layer itself on a fine grid finds the same pieces."""
    rng = np.random.default_rng(3)
    x = np.linspace(-60, 60, 120001)[:, None]
    for k in (1, 2, 3, 5):
        w, b = rng.normal(size=(2, k))
        _, (_, _, winner) = ref.maxout_forward(x, w[:, None, None], b[:, None])
        assert ref.maxout_pieces(w, b) == len(np.unique(winner))


def test_maxout_pieces_by_hand():
    """Tangents all show; touching, parallel and equal lines make no piece of their own."""
    touch = np.arange(-3.0, 4.0)
    assert ref.maxout_pieces(2 * touch, -(touch**2)) == 7
    assert ref.maxout_pieces(np.array([-1.0, 0.0, 1.0]), np.zeros(3)) == 2
    assert ref.maxout_pieces(np.array([1.0, 1.0, 1.0]), np.array([0.0, 2.0, 2.0])) == 1


# --- measures -----------------------------------------------------------------------------------


def test_saturated_share_by_hand():
    """Two of four tanh outputs, and one of three sigmoid outputs, are stuck at an end."""
    assert ref.saturated_share(np.array([-0.995, 0.0, 0.98, 1.0])) == 0.5
    assert math.isclose(ref.saturated_share(np.array([0.5, 0.02, 0.999]), 0.0, 1.0), 1 / 3)


def test_dead_in_one_batch_is_not_dead():
    """A unit that fires once in any batch is alive; batches may differ in size."""
    first, second = np.array([[1.0, 0, 0], [0, 0, 0]]), np.array([[0.0, 0.1, 0]])
    np.testing.assert_array_equal(ref.dead_units([first]), [False, True, True])
    np.testing.assert_array_equal(ref.dead_units([first, second]), [False, False, True])


def test_same_sign_gradients_by_hand():
    """Positive inputs leave one sign whatever the error; a 0 goes with either sign."""
    x = np.array([[1.0, 2.0], [3.0, 0.0], [-1.0, 4.0], [5.0, -6.0]])
    dw, share = ref.same_sign_gradients(x, np.array([-2.0, -1.0, 10.0, 0.0]))
    np.testing.assert_array_equal(dw, [[-2, -4], [-3, 0], [-10, 40], [0, 0]])
    assert share == 0.75


def test_same_sign_gradients_of_centred_inputs():
    """Positive inputs: always one sign. 20 centred ones: hardly ever. Two: every other time."""
    rng = np.random.default_rng(0)
    x, dz = rng.uniform(size=(1000, 20)), rng.normal(size=1000)
    assert ref.same_sign_gradients(x, dz)[1] == 1
    assert ref.same_sign_gradients(x - 0.5, dz)[1] < 0.01
    assert abs(ref.same_sign_gradients(x[:, :2] - 0.5, dz)[1] - 0.5) < 0.1


def linear(z):
    """No activation at all, with the cache that a forward function returns."""
    return z, None


def test_gradient_norms_of_a_linear_chain():
    """Through L doublings without activation the gradient doubles at each layer."""
    weights, biases = [2 * np.eye(3)] * 4, [np.zeros(3)] * 4
    x, dout = np.eye(3)[:1], np.eye(3)[:1]
    weight_norms, error_norms = ref.gradient_norms(x, weights, biases, dout, linear, lambda d, _: d)
    np.testing.assert_allclose(error_norms, [16, 8, 4, 2, 1])
    np.testing.assert_allclose(weight_norms, [8, 8, 8, 8])


def test_gradients_vanish_through_sigmoids():
    """Through 10 sigmoid layers the gradient fades to a millionth, through tanh it does not."""
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(100, 100)) / 10 for _ in range(10)]
    x, dout = rng.normal(size=(2, 50, 100))
    ratios = {}
    for name in ("sigmoid", "tanh"):
        norms, _ = ref.gradient_norms(x, weights, [np.zeros(100)] * 10, dout, *of(name))
        ratios[name] = norms[0] / norms[-1]
    assert 1e-7 < ratios["sigmoid"] < 1e-5
    assert 0.2 < ratios["tanh"] < 5


REFUSED = [
    ("relu_forward", {0: np.ones((0, 3))}, "x is empty"),
    ("relu_backward", {0: np.ones((11, 4))}, r"cache has shape \(11, 5\), expected \(11, 4\)"),
    ("leaky_relu_backward", {1: (np.ones((11, 5)), -0.1)}, r"cache\[1\] is -0.1, .* >= 0"),
    ("prelu_forward", {0: np.ones(5)}, r"x has shape \(5,\), expected \(N, ...\)"),
    ("prelu_forward", {1: np.ones(4)}, r"slope has shape \(4,\), expected \(C,\) with C = 5"),
    ("prelu_forward", {1: math.nan}, "slope is nan, expected a finite number"),
    ("maxout_forward", {1: np.ones((5, 7))}, r"W has shape \(5, 7\), expected \(K, D, M\)"),
    ("maxout_forward", {2: np.ones((3, 6))}, r"b has shape \(3, 6\), .* with M = 7"),
    ("maxout_backward", {0: np.ones((4, 7))}, r"cache\[0\] has shape \(11, 5\), .* N = 4"),
    ("maxout_pieces", {1: np.ones(6)}, r"b has shape \(6,\), expected \(K,\) with K = 7"),
    ("same_sign_gradients", {1: np.ones(4)}, r"dz has shape \(4,\), .* with N = 11"),
    ("saturated_share", {3: 0.0}, "margin is 0.0, expected a number > 0"),
    ("dead_units", {0: []}, "batches has 0 arrays, expected 1 or more"),
    ("dead_units", {0: [np.ones((2, 3)), np.ones((2, 4))]}, r"batches\[1\] .* with H = 3"),
    ("gradient_norms", {3: np.ones((11, 4))}, r"dout has shape \(11, 4\), .* with M = 3"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)


def test_options_out_of_range_are_refused():
    """A leaky slope is 0 to 1 and ELU's alpha above 0."""
    with pytest.raises(ValueError, match=r"slope is -0\.1, expected a number >= 0 and <= 1"):
        ref.leaky_relu_forward(np.ones(1), -0.1)
    with pytest.raises(ValueError, match="alpha is 0, expected a number > 0"):
        ref.elu_forward(np.ones(1), 0)
