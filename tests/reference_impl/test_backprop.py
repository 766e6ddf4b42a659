"""The back-propagation reference against closed forms, SciPy and the laws it must obey."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import optimize, special

from autograder.data import load_digits
from reference_impl import backprop as ref

MODERATE = st.floats(-30, 30, allow_subnormal=False)
HUGE = st.sampled_from([-1000.0, -710.0, -1.0, 0.0, 1e-300, 2.0, 710.0, 1000.0])


SMALL = st.integers(1, 6)


def batches(elements=MODERATE, columns=SMALL):
    """Matrices of 1 to 6 rows."""
    shapes = st.tuples(SMALL, columns)
    return shapes.flatmap(lambda shape: hnp.arrays(float, shape, elements=elements))


def network(rng, sizes=(5, 7, 2, 3)):
    """Random weights and biases of a small network."""
    pairs = list(itertools.pairwise(sizes))
    return [rng.normal(size=p) for p in pairs], [rng.normal(size=p[1]) for p in pairs]


@pytest.fixture
def rng():
    """A generator with a fixed seed."""
    return np.random.default_rng(20261121)


# --- values -------------------------------------------------------------------------------------


@given(batches(st.floats(-700, 700)))
def test_sigmoid_is_expit(z):
    """The sigmoid is SciPy's expit, to the last digits, even where it is tiny."""
    np.testing.assert_allclose(ref.sigmoid(z), special.expit(z), rtol=1e-13)


@pytest.mark.filterwarnings("error")
def test_sigmoid_saturates_without_overflow():
    """At ±1000 the sigmoid is 0 and 1, its slope 0, and nothing overflows."""
    z = np.array([-1000.0, 1000.0])
    np.testing.assert_array_equal(ref.sigmoid(z), [0, 1])
    np.testing.assert_array_equal(ref.sigmoid_derivative(z), [0, 0])


def test_sigmoid_derivative_by_complex_step(rng):
    """σ' is the imaginary part of 1/(1 + exp(−z)) a tiny imaginary step away."""
    z = rng.normal(size=20)
    slope = np.imag(1 / (1 + np.exp(-(z + 1e-30j)))) / 1e-30
    np.testing.assert_allclose(ref.sigmoid_derivative(z), slope, rtol=1e-14)


@given(hnp.arrays(float, hnp.array_shapes(min_dims=0, max_dims=3), elements=st.floats(-5, 5)))
def test_one_path_derivative_by_complex_step(x):
    """dz/dx is the complex-step derivative of tanh(w·x + b), at any shape."""
    w, b = -1.3, 0.4
    slope = np.imag(np.tanh(w * (x + 1e-30j) + b)) / 1e-30
    got = ref.one_path_derivative(x, w, b)
    assert np.shape(got) == x.shape
    np.testing.assert_allclose(got, slope, rtol=1e-9, atol=1e-12)


def test_several_paths_derivative_by_complex_step(rng):
    """dz/ds is the complex-step derivative along x(s) = s² and y(s) = exp(s)."""
    s = rng.normal(size=(3, 5))
    moved = s + 1e-30j
    slope = np.imag(moved**2 * np.exp(moved) + moved**6) / 1e-30
    got = ref.several_paths_derivative(s**2, np.exp(s), 2 * s, np.exp(s))
    np.testing.assert_allclose(got, slope, rtol=1e-12)


def test_half_mse_by_hand():
    """Two examples, worked by hand: (1 + 4 + 0 + 9) / (2·2) = 3.5."""
    a, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[2.0, 4.0], [3.0, 1.0]])
    assert ref.half_mse(a, y) == 3.5


@given(batches(columns=st.just(3)), MODERATE)
def test_half_mse_laws(a, shift):
    """The cost is 0 at the target, shift-invariant, and does not change if the batch is doubled."""
    y = np.cos(a)
    assert ref.half_mse(y, y) == 0
    cost = ref.half_mse(a, y)
    assert math.isclose(ref.half_mse(a + shift, y + shift), cost, rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(ref.half_mse(np.vstack([a, a]), np.vstack([y, y])), cost, rel_tol=1e-12)


@given(batches(st.one_of(MODERATE, HUGE)), st.data())
def test_softmax_cross_entropy_is_scipys(logits, data):
    """Loss and gradient follow SciPy's log_softmax, also for logits of ±1000: never NaN."""
    n, classes = logits.shape
    labels = data.draw(hnp.arrays(int, n, elements=st.integers(0, classes - 1)))
    loss, dlogits = ref.softmax_cross_entropy(logits, labels)
    log_p = special.log_softmax(logits, axis=1)
    expected = (np.exp(log_p) - np.eye(classes)[labels]) / n
    assert math.isclose(loss, -log_p[np.arange(n), labels].mean(), rel_tol=1e-12, abs_tol=1e-12)
    np.testing.assert_allclose(dlogits, expected, rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(dlogits.sum(axis=1), 0, atol=1e-14)


def test_softmax_cross_entropy_of_equal_scores():
    """Equal scores for C classes cost ln C."""
    assert math.isclose(
        ref.softmax_cross_entropy(np.full((3, 10), 7.0), np.arange(3))[0], np.log(10)
    )


def test_gradient_descent_on_a_bowl():
    """On ½·k·θ² each step multiplies θ by 1 − rate·k."""
    path = ref.gradient_descent(lambda theta: 4 * theta, np.array([3.0, -1.0]), 0.1, 12)
    np.testing.assert_allclose(path, np.outer(0.6 ** np.arange(13), [3, -1]), rtol=1e-13)


def test_gradient_descent_without_steps():
    """No steps leave just the start, also from whole numbers."""
    path = ref.gradient_descent(lambda theta: theta, np.array([3, 2]), 0.0, 0)
    assert path.shape == (1, 2)
    assert path.dtype == float


@given(batches(columns=st.just(5)))
def test_forward_pass_row_by_row(x):
    """Each example passes through the network as if it were alone."""
    weights, biases = network(np.random.default_rng(1))
    zs, activations = ref.forward_pass(x, weights, biases)
    assert (len(zs), len(activations)) == (3, 4)
    assert activations[0] is x
    alone = [ref.forward_pass(row[None], weights, biases)[1][-1] for row in x]
    np.testing.assert_allclose(activations[-1], np.vstack(alone), rtol=1e-12)
    np.testing.assert_allclose(activations[2], special.expit(zs[1]), rtol=1e-13)


# --- gradients ----------------------------------------------------------------------------------


def slope(loss, x):
    """SciPy's forward-difference gradient of `loss` at x, in x's shape."""
    flat = optimize.approx_fprime(x.ravel(), lambda v: loss(v.reshape(x.shape)), 1e-7)
    return flat.reshape(x.shape)


@pytest.mark.parametrize("sizes", [(5, 3), (5, 7, 3), (5, 7, 2, 3)])
@pytest.mark.parametrize("n", [1, 4])
def test_backprop_against_scipy(rng, sizes, n):
    """Every gradient is the slope that SciPy measures, for one to three layers and a batch of 1."""
    weights, biases = network(rng, sizes)
    x, y = rng.normal(size=(n, 5)), rng.normal(size=(n, 3))
    weight_grads, bias_grads = ref.backprop(x, y, weights, biases)
    for layer in range(len(weights)):

        def moved_weights(W, layer=layer):
            moved = [*weights[:layer], W, *weights[layer + 1 :]]
            return ref.half_mse(ref.forward_pass(x, moved, biases)[1][-1], y)

        def moved_biases(b, layer=layer):
            moved = [*biases[:layer], b, *biases[layer + 1 :]]
            return ref.half_mse(ref.forward_pass(x, weights, moved)[1][-1], y)

        measured = slope(moved_weights, weights[layer]), slope(moved_biases, biases[layer])
        np.testing.assert_allclose(weight_grads[layer], measured[0], atol=1e-6)
        np.testing.assert_allclose(bias_grads[layer], measured[1], atol=1e-6)


def test_two_layer_gradients_are_backprop_of_one_example(rng):
    """The hand-worked network is back-propagation with L = 2 and N = 1."""
    (W1, W2), (b1, b2) = network(rng, (5, 7, 3))
    x, y = rng.normal(size=5), rng.normal(size=3)
    (dW1, dW2), (db1, db2) = ref.backprop(x[None], y[None], [W1, W2], [b1, b2])
    got = ref.two_layer_gradients(x, y, W1, b1, W2, b2)
    for ours, expected in zip(got, (dW1, db1, dW2, db2), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-12)


@given(batches(columns=st.just(3)))
def test_output_error_is_linear_in_the_miss(a):
    """Twice as far from the target is twice the error, and a hit is no error at all."""
    y, z = np.cos(a), np.sin(a)
    twice = ref.output_error(y + 2 * (a - y), y, z)
    np.testing.assert_allclose(twice, 2 * ref.output_error(a, y, z), rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(ref.output_error(y, y, z), 0)


def test_errors_and_layer_gradients_one_example_at_a_time(rng):
    """BP2 goes example by example, and BP3 and BP4 add up what the examples say."""
    delta, W, z = rng.normal(size=(5, 3)), rng.normal(size=(7, 3)), rng.normal(size=(5, 7))
    s = special.expit(z)
    rows = [(W @ d) * s_n * (1 - s_n) for d, s_n in zip(delta, s, strict=True)]
    np.testing.assert_allclose(ref.hidden_error(delta, W, z), rows, rtol=1e-12)
    dW, db = ref.layer_gradients(z, delta)
    outer = sum(np.outer(z_n, d) for z_n, d in zip(z, delta, strict=True))
    np.testing.assert_allclose(dW, outer, rtol=1e-12)
    np.testing.assert_allclose(db, sum(delta), rtol=1e-12)


# --- proving a gradient -------------------------------------------------------------------------


@given(hnp.arrays(float, hnp.array_shapes(min_dims=0, max_dims=3), elements=st.floats(-2, 2)))
def test_numerical_gradient_of_a_sine(x):
    """The measured gradient of Σ sin is cos, whatever the shape."""
    got = ref.numerical_gradient(lambda v: np.sin(v).sum(), x)
    assert got.shape == x.shape
    np.testing.assert_allclose(got, np.cos(x), atol=1e-9)


def test_numerical_gradient_is_of_second_order():
    """Half the step makes the error of x³ four times smaller: the difference is central."""
    errors = [ref.numerical_gradient(lambda v: v**3, 2.0, h) - 12 for h in (0.02, 0.01)]
    assert math.isclose(errors[0] / errors[1], 4, rel_tol=1e-6)


def test_numerical_gradient_hands_out_arrays():
    """The function always gets a float array of its own, even for no axes or whole numbers."""
    seen = []
    ref.numerical_gradient(lambda v: seen.append(v) or 0.0, np.array(3))
    assert all(isinstance(v, np.ndarray) and v.dtype == float and v.shape == () for v in seen)


def test_relative_error_by_hand():
    """Worked values: equal, opposite, both zero, below the floor."""
    got = ref.relative_error(np.array([2.0, 1.0, 0.0, 1e-9]), np.array([2.0, -1.0, 0.0, 0.0]))
    np.testing.assert_allclose(got, [0, 1, 0, 0.1])


def quadratic():
    """A loss of two named tensors with its true gradients."""
    params = {"W": np.array([[1.0, -2.0, 3.0]]), "b": np.array(0.7)}
    return (
        lambda p: float(np.sum(p["W"] ** 3) * p["b"]),
        params,
        {"W": 3 * params["W"] ** 2 * 0.7, "b": np.array(20.0)},
    )


def test_gradient_check_tells_right_from_wrong():
    """A right gradient is right to 1e-9; one flipped entry is an error of 1 in its own tensor."""
    loss, params, grads = quadratic()
    assert max(ref.gradient_check(loss, params, grads).values()) < 1e-9
    grads["W"][0, 1] *= -1
    worst = ref.gradient_check(loss, params, grads)
    assert math.isclose(worst["W"], 1)
    assert worst["b"] < 1e-9


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("wrong", [np.nan, np.zeros(1), np.array(20.001), np.array(np.inf)])
def test_wrong_gradients_names_the_culprit(wrong):
    """NaN, infinity, a wrong shape and a slightly wrong value are all found, and only they."""
    loss, params, grads = quadratic()
    assert ref.wrong_gradients(loss, params, grads) == []
    assert ref.wrong_gradients(loss, params, {**grads, "b": wrong}) == ["b"]


def test_wrong_gradients_respects_the_tolerance():
    """An error of 2.5e-5 is wrong at the usual tolerance and right at a coarse one."""
    loss, params, grads = quadratic()
    grads["b"] = np.array(20.001)
    assert ref.wrong_gradients(loss, params, grads, 1e-3) == []


# --- training -----------------------------------------------------------------------------------


def test_train_network_first_step(rng):
    """One step moves every parameter by −rate times its measured slope."""
    x, labels = rng.normal(size=(11, 5)), rng.integers(3, size=11)
    (W1, W2), (b1, b2) = network(rng, (5, 7, 3))
    start = (W1, b1, W2, b2)

    def loss(params):
        hidden = special.expit(x @ params[0] + params[1])
        log_p = special.log_softmax(hidden @ params[2] + params[3], axis=1)
        return -log_p[np.arange(11), labels].mean()

    params, losses = ref.train_network(x, labels, *start, 0.5, 1)
    assert math.isclose(losses[0], loss(start))
    for i, (before, after) in enumerate(zip(start, params, strict=True)):
        moved = slope(lambda v, i=i: loss([*start[:i], v, *start[i + 1 :]]), before)
        np.testing.assert_allclose(after, before - 0.5 * moved, atol=1e-6)


def test_train_network_learns_the_digits():
    """A 64-32-10 network reads 95 % of the digits after 200 steps."""
    x, labels = load_digits()
    rng = np.random.default_rng(0)
    start = (
        0.3 * rng.normal(size=(64, 32)),
        np.zeros(32),
        0.3 * rng.normal(size=(32, 10)),
        np.zeros(10),
    )
    (W1, b1, W2, b2), losses = ref.train_network(x, labels, *start, 2.0, 200)
    scores = ref.sigmoid(x @ W1 + b1) @ W2 + b2
    assert losses[-1] < losses[0] / 5
    assert np.mean(scores.argmax(axis=1) == labels) > 0.95


def test_train_network_without_steps(rng):
    """No steps return the start and an empty array of losses."""
    (W1, W2), (b1, b2) = network(rng, (5, 7, 3))
    params, losses = ref.train_network(np.ones((1, 5)), np.array([0]), W1, b1, W2, b2, 0.1, 0)
    assert losses.shape == (0,)
    assert params[0] is W1


def test_digits_are_the_published_ones():
    """Shape, range and the published number of images of every digit."""
    images, labels = load_digits()
    assert images.shape == (1797, 64)
    assert images.dtype == np.float64
    assert labels.dtype == np.int64
    assert (images.min(), images.max()) == (0, 1)
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@settings(max_examples=20)
@given(batches(st.one_of(MODERATE, HUGE), columns=st.just(5)))
def test_extreme_inputs_stay_finite(x):
    """A network fed with ±1000 has finite activations and gradients."""
    weights, biases = network(np.random.default_rng(2))
    y = np.zeros((len(x), 3))
    _, activations = ref.forward_pass(x, weights, biases)
    grads = ref.backprop(x, y, weights, biases)
    assert all(np.isfinite(a).all() for a in activations)
    assert all(np.isfinite(g).all() for part in grads for g in part)
