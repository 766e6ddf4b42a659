"""RBF networks against closed forms, the complex step and interpolation."""

import math

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import RBFInterpolator

from reference_impl.classic_networks import rbf as ref


def network(N=7, D=3, K=4, C=2, seed=0):
    """Examples and all parameters."""
    rng = np.random.default_rng(seed)
    sizes = [(N, D), (K, D), K, (K, C), C]
    x, centres, widths, weights, b = (rng.normal(size=size) for size in sizes)
    return x, centres, 1 + np.abs(widths), weights, b


def formula(x, centres, widths, weights, b):
    """The network written out with loops; also for complex numbers."""
    rows = []
    for row in x:
        bumps = [
            np.exp(-sum((row - c) ** 2) / (2 * s**2)) for c, s in zip(centres, widths, strict=True)
        ]
        rows.append(sum(bump * w for bump, w in zip(bumps, weights, strict=True)) + b)
    return np.array(rows)


def calls():
    """One ordinary call of every function."""
    params = network()
    y = np.random.default_rng(1).normal(size=(7, 2))
    return {
        "rbf_basis": params[:3],
        "rbf_forward": params,
        "rbf_backward": (y, ref.rbf_forward(*params)[1]),
        "rbf_fit": (params[0], y, *params[1:3]),
        "rbf_interpolate": (params[0], y, np.full(7, 0.5)),
        "rbf_centres": (params[0], 3, 5, np.random.default_rng(0)),
        "rbf_common_width": (params[1],),
    }


@pytest.mark.parametrize("name", calls())
def test_contract(name):
    """Documented, no argument changed, float32 stays float32."""
    assert_documented(getattr(ref, name))
    assert_arguments_unchanged(getattr(ref, name), calls()[name])
    assert_precision_kept(getattr(ref, name), calls()[name])


@pytest.mark.parametrize("width", [0.5, 1.0, 3.0])
def test_height_at_some_distances(width):
    """1 at the centre, exp(−1/2) one width away, exp(−9/2) three widths away."""
    x = width * np.array([[0.0, 0.0], [0.6, 0.8], [3.0, 0.0]])
    got = ref.rbf_basis(x, np.zeros((1, 2)), np.array([width]))[:, 0]
    np.testing.assert_allclose(got, np.exp([0.0, -0.5, -4.5]), rtol=1e-14)


@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
@settings(max_examples=30)
def test_forward_is_the_formula(N, D, K, C):
    """Any sizes, also a batch of one and a single bump."""
    params = network(N, D, K, C)
    np.testing.assert_allclose(ref.rbf_forward(*params)[0], formula(*params), rtol=1e-12)


def test_far_away_only_the_bias_is_left():
    """An input of 1e150 gives no NaN."""
    _, *params = network()
    out, _ = ref.rbf_forward(np.full((1, 3), 1e150), *params)
    np.testing.assert_array_equal(out[0], params[-1])


@pytest.mark.parametrize("sizes", [(7, 3, 4, 2), (1, 1, 1, 1)])
def test_gradients_agree_with_the_complex_step(sizes):
    """Each entry of x, centres, widths, weights and b moved by 1e-30·i."""
    params = network(*sizes)
    out, cache = ref.rbf_forward(*params)
    dout = np.random.default_rng(2).normal(size=out.shape)
    for k, grad in enumerate(ref.rbf_backward(dout, cache)):
        assert grad.shape == params[k].shape
        for i in np.ndindex(grad.shape):
            moved = [p.astype(complex) for p in params]
            moved[k][i] += 1e-30j
            expected = np.sum(dout * formula(*moved)).imag / 1e-30
            assert grad[i] == pytest.approx(expected, rel=1e-10, abs=1e-13)


def test_xor_with_two_centres():
    """Centres (0, 0) and (1, 1), β = 1: weights −2.50, bias 2.84, no residual."""
    x = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([[0.0], [1], [1], [0]])
    centres, widths = x[[0, 3]], np.full(2, 1 / math.sqrt(2))
    weights, b = ref.rbf_fit(x, y, centres, widths)
    np.testing.assert_allclose(weights[:, 0], -2.5027, atol=1e-4)
    assert b[0] == pytest.approx(2.8413, abs=1e-4)
    np.testing.assert_allclose(ref.rbf_forward(x, centres, widths, weights, b)[0], y, atol=1e-13)


def test_fit_leaves_a_residual_that_no_column_explains():
    """The normal equations: residuals are orthogonal to every bump and to the constant."""
    x, centres, widths, *_ = network(30)
    y = np.random.default_rng(3).normal(size=(30, 2))
    weights, b = ref.rbf_fit(x, y, centres, widths)
    residual = y - formula(x, centres, widths, weights, b)
    np.testing.assert_allclose(ref.rbf_basis(x, centres, widths).T @ residual, 0, atol=1e-12)
    np.testing.assert_allclose(residual.sum(axis=0), 0, atol=1e-12)


def test_more_bumps_fit_a_noisy_curve_down_to_its_noise():
    """sin(2x) + 0.3x with noise 0.1: two bumps are too few, eight are enough."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-3, 3, size=(200, 1))
    clean = np.sin(2 * x) + 0.3 * x
    errors = []
    for k in (2, 8):
        centres = np.linspace(-3, 3, k)[:, None]
        widths = np.full(k, 6 / k)
        weights, b = ref.rbf_fit(x, clean + 0.1 * rng.normal(size=x.shape), centres, widths)
        out, _ = ref.rbf_forward(x, centres, widths, weights, b)
        errors.append(np.sqrt(np.mean((out - clean) ** 2)))
    assert errors[0] > 0.4
    assert errors[1] < 0.1


def test_a_centre_at_every_point_interpolates():
    """Twenty points are hit, and between them SciPy's interpolant is the same."""
    rng = np.random.default_rng(0)
    x, y = rng.uniform(size=(20, 2)), rng.normal(size=(20, 3))
    widths = np.full(20, 0.2)
    weights = ref.rbf_interpolate(x, y, widths)
    np.testing.assert_allclose(ref.rbf_basis(x, x, widths) @ weights, y, atol=1e-10)
    between = rng.uniform(size=(50, 2))
    scipys = RBFInterpolator(x, y, kernel="gaussian", epsilon=1 / (0.2 * math.sqrt(2)), degree=-1)
    got = ref.rbf_basis(between, x, widths) @ weights
    np.testing.assert_allclose(got, scipys(between), atol=1e-8)


def test_centres_are_examples_and_then_means():
    """Without rounds: k different examples. With rounds: the middle of two far blobs."""
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.normal(size=(50, 2)), 100 + rng.normal(size=(50, 2))])
    chosen = ref.rbf_centres(x, 100, 0, rng)
    np.testing.assert_array_equal(np.sort(chosen, axis=0), np.sort(x, axis=0))
    found = ref.rbf_centres(x, 2, 20, np.random.default_rng(3))
    means = np.array([x[:50].mean(axis=0), x[50:].mean(axis=0)])
    np.testing.assert_allclose(np.sort(found, axis=0), means, rtol=1e-12)


def test_common_width():
    """The diagonal 5 over √(2·3); a single centre or duplicates get 1 instead of 0."""
    centres = np.array([[0.0, 0], [3, 4], [1, 1]])
    np.testing.assert_allclose(ref.rbf_common_width(centres), 5 / math.sqrt(6), rtol=1e-14)
    np.testing.assert_array_equal(ref.rbf_common_width(centres[:1]), [1])
    np.testing.assert_array_equal(ref.rbf_common_width(centres[[1, 1]]), [1, 1])


REFUSED = [
    ("rbf_basis", {2: np.array([1.0, 0, 1, 1])}, "widths has an entry that is 0.0, expected"),
    ("rbf_basis", {2: np.array([1.0, -2, 1, 1])}, "widths has an entry that is -2.0"),
    ("rbf_basis", {1: np.ones((4, 2))}, "centres has shape .4, 2., expected .* D = 3"),
    ("rbf_forward", {3: np.ones((3, 2))}, "weights has shape"),
    ("rbf_backward", {0: np.ones((7, 3))}, "weights|cache"),
    ("rbf_backward", {1: (1, 2)}, "cache has 2 parts, expected 5"),
    ("rbf_fit", {0: np.ones((0, 3))}, "x has shape .0, 3."),
    ("rbf_interpolate", {2: np.ones(3)}, "widths has shape"),
    ("rbf_centres", {1: 0}, "k is 0, expected a whole number from 1 to 7"),
    ("rbf_centres", {1: 8}, "k is 8, expected a whole number from 1 to 7"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)
