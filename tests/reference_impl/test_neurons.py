"""Threshold units, smooth units and layers against truth tables, SciPy and theorems."""

import itertools
import math

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import optimize, special

from reference_impl import neurons as ref

BITS = np.array(list(itertools.product([0.0, 1.0], repeat=2)))
GATES = {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "nand": [1, 1, 1, 0]}
XOR = np.array([0, 1, 1, 0])


def calls():
    """One ordinary call of every function that takes arrays."""
    rng = np.random.default_rng(7)
    x, w, b, labels = rng.normal(size=(11, 5)), rng.normal(size=5), 0.3, rng.integers(2, size=11)
    W1, W2, b1, b2 = (rng.normal(size=size) for size in [(5, 7), (7, 3), 7, 3])
    images, W = rng.normal(size=(11, 2, 3, 5)), rng.normal(size=(30, 7))
    return {
        "threshold_neuron": (x, w, b),
        "perceptron": (x, w, b),
        "perceptron_step": (x[0], 1, w, -20.0, 0.5),
        "perceptron_train": (x, labels, w, b, 0.5, 3),
        "is_linearly_separable": (x, labels, 20),
        "one_vs_rest_train": (x, rng.integers(3, size=11), 3, 4),
        "novikoff_bound": (x, (x @ w + b > 0).astype(int), w, b),
        "sigmoid_neuron": (x, w, b),
        "linearised_change": (x, w, b, w / 7, 0.1),
        "boundary_distance": (x, w, b),
        "logistic_loss": (x, labels, w, b),
        "logistic_fit": (x, labels, w, b, 0.1, 3),
        "three_unit_net": (x, W1, b1),
        "dense_forward": (images, W, b1),
        "dense_backward": (rng.normal(size=(11, 7)), (images, W)),
        "parameter_count": ([5, 7, 3],),
        "network_forward": (x, [W1, W2], [b1, b2], np.tanh),
        "collapse_linear": ([W1, W2], [b1, b2]),
        "feed_forward_conditions": (np.ones((4, 4)), [1, 3]),
        "is_feed_forward": (np.ones((4, 4)), [1, 3]),
        "sigmoid_net_gradients": (x, x[:, :3] ** 2, [W1, W2], [b1, b2]),
        "sigmoid_net_fit": (x, x[:, :3] ** 2, [W1, W2], [b1, b2], 0.5, 3),
    }


WITHOUT_FLOATS = ("threshold_neuron", "perceptron", "novikoff_bound", "parameter_count")
WITHOUT_FLOATS += ("is_linearly_separable",)
WITHOUT_FLOATS += ("feed_forward_conditions", "is_feed_forward")
WITH_LOSSES = ("logistic_fit",)  # its history is double in any case


@pytest.mark.parametrize("name", calls())
def test_arguments_stay_as_they_were(name):
    """No function changes an argument."""
    assert_arguments_unchanged(getattr(ref, name), calls()[name])


@pytest.mark.parametrize("name", [*calls(), "xor_weights"])
def test_every_function_states_its_contract(name):
    """One sentence, parameters, returns."""
    assert_documented(getattr(ref, name))


@pytest.mark.parametrize("name", [n for n in calls() if n not in WITHOUT_FLOATS + WITH_LOSSES])
def test_precision_is_kept(name):
    """float32 stays float32, float64 stays float64."""
    assert_precision_kept(getattr(ref, name), calls()[name])


# --- threshold units ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("threshold", "fires"), [(5, [0, 0, 0, 0, 1, 1, 1, 1]), (3, [0, 0, 0, 1, 1, 1, 1, 1])]
)
def test_the_festival_decision(threshold, fires):
    """With weights (6, 2, 2), threshold 5 means "only the first input counts"; 3 flips 011."""
    inputs = np.array(list(itertools.product([0, 1], repeat=3)))
    w = np.array([6.0, 2.0, 2.0])
    np.testing.assert_array_equal(ref.threshold_neuron(inputs, w, threshold), fires)
    np.testing.assert_array_equal(ref.perceptron(inputs, w, -threshold), fires)


def test_a_sum_at_the_threshold_does_not_fire():
    """The comparison is strict."""
    one = np.ones((1, 1))
    assert ref.threshold_neuron(one, np.ones(1), 1.0).tolist() == [0]
    assert ref.perceptron(one, np.ones(1), -1.0).tolist() == [0]


def test_perceptron_step_by_hand():
    """A miss pulls w by +rate·x, a false alarm pushes it by −rate·x, a hit does nothing."""
    x, w = np.array([2.0, -1.0]), np.zeros(2)
    missed = ref.perceptron_step(x, 1, w, 0.0, 0.5)
    np.testing.assert_array_equal(missed[0], [1.0, -0.5])
    assert missed[1:] == (0.5, True)
    alarm = ref.perceptron_step(x, 0, w, 1.0, 0.5)
    np.testing.assert_array_equal(alarm[0], [-1.0, 0.5])
    assert alarm[1:] == (0.5, True)
    hit = ref.perceptron_step(x, 0, w, 0.0, 0.5)
    np.testing.assert_array_equal(hit[0], w)
    assert hit[1:] == (0.0, False)


@pytest.mark.parametrize(("gate", "epochs"), [("and", 6), ("or", 4), ("nand", 6)])
def test_gates_are_learned(gate, epochs):
    """From zero with rate 1, AND takes 6 epochs, OR 4 and NAND 6, the last without a mistake."""
    labels = np.array(GATES[gate])
    w, b, mistakes = ref.perceptron_train(BITS, labels, np.zeros(2), 0.0)
    np.testing.assert_array_equal(ref.perceptron(BITS, w, b), labels)
    assert len(mistakes) == epochs
    assert mistakes[-1] == 0
    assert mistakes[:-1].min() > 0


@pytest.mark.parametrize(("gate", "epochs"), [("and", 6), ("or", 4), ("nand", 6)])
def test_separable_means_learned_within_the_epochs(gate, epochs):
    """A gate that takes so many epochs is separable with them, and not found with one less."""
    labels = np.array(GATES[gate])
    assert ref.is_linearly_separable(BITS, labels)
    assert ref.is_linearly_separable(BITS, labels, epochs)
    assert not ref.is_linearly_separable(BITS, labels, epochs - 1)


def test_a_perceptron_for_each_class():
    """Column k is what the rule, written out mistake by mistake, learns for "k or not"."""
    rng = np.random.default_rng(20261130)
    x, labels = rng.normal(size=(13, 5)), rng.integers(3, size=13)
    W, b = ref.one_vs_rest_train(x, labels, 3, 7)
    for k in range(3):
        theta, rows = np.zeros(6), np.column_stack([x, np.ones(13)])
        signs = np.where(labels == k, 1, -1)
        for _ in range(7):
            before = theta
            for row, sign in zip(rows, signs, strict=True):
                wrong = np.sign(np.dot(row, theta) or -1) != sign
                theta = theta + sign * row if wrong else theta
            if theta is before:
                break
        np.testing.assert_allclose([*W[:, k], b[k]], theta, rtol=1e-12)


def test_novikoff_bound_by_hand():
    """One input 3 with label 1 and the solution w = 1, b = 0: R² = 10, γ = 3, so 10/9."""
    x, yes = np.array([[3.0]]), np.array([1])
    assert math.isclose(ref.novikoff_bound(x, yes, np.array([1.0]), 0.0), 10 / 9)
    assert ref.novikoff_bound(x, yes, np.array([-1.0]), 0.0) == math.inf
    assert ref.novikoff_bound(x, yes, np.array([0.0]), 0.0) == math.inf


def test_no_epochs_change_nothing():
    """Without epochs the start comes back and there are no mistakes to count."""
    w, b, mistakes = ref.perceptron_train(BITS, XOR, np.ones(2), 0.5, 1.0, 0)
    assert (w.tolist(), b, mistakes.shape) == ([1, 1], 0.5, (0,))


# --- smooth units -------------------------------------------------------------------------------


@given(hnp.arrays(float, (3, 2), elements=st.floats(-300, 300)), st.floats(-100, 100))
def test_sigmoid_neuron_is_expit(x, b):
    """The smooth neuron is SciPy's expit of the weighted sum."""
    w = np.array([0.5, -2.0])
    np.testing.assert_allclose(ref.sigmoid_neuron(x, w, b), special.expit(x @ w + b), 1e-12, 1e-300)


def test_linearised_change_is_of_first_order():
    """Half the move leaves a quarter of the error."""
    rng = np.random.default_rng(1)
    x, w, dw = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=3)
    errors = []
    for size in (0.01, 0.005):
        moved = special.expit(x @ (w + size * dw) + 0.2 + size)
        exact = moved - special.expit(x @ w + 0.2)
        errors.append(exact - ref.linearised_change(x, w, 0.2, size * dw, size))
    np.testing.assert_allclose(errors[0] / errors[1], 4, rtol=0.05)


def test_boundary_distance_by_hand():
    """The line 3·x1 + 4·x2 − 5 = 0 is 1 away from the origin, which lies on its negative side."""
    got = ref.boundary_distance(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([3.0, 4.0]), -5.0)
    np.testing.assert_allclose(got, [-1, 4])


def test_logistic_loss_against_scipy():
    """The loss is the mean −log of the right class's probability; the gradient is its slope."""
    x, labels, w, b = calls()["logistic_loss"]

    def loss(theta):
        right = np.where(labels == 1, 1, -1) * (x @ theta[:-1] + theta[-1])
        return -special.log_expit(right).mean()

    theta = np.append(w, b)
    got, dw, db = ref.logistic_loss(x, labels, w, b)
    assert math.isclose(got, loss(theta), rel_tol=1e-13)
    np.testing.assert_allclose([*dw, db], optimize.approx_fprime(theta, loss, 1e-7), atol=1e-6)


@pytest.mark.filterwarnings("error")
def test_logistic_loss_far_from_the_boundary():
    """At z = ±1000 the loss of a wrong answer is 1000 and of a right one 0, without a warning."""
    x, w = np.array([[1000.0], [-1000.0]]), np.ones(1)
    assert ref.logistic_loss(x, np.array([0, 1]), w, 0.0)[0] == 1000
    loss, dw, db = ref.logistic_loss(x, np.array([1, 0]), w, 0.0)
    assert (loss, dw.tolist(), db) == (0, [0], 0)


def test_logistic_fit_reaches_scipys_minimum():
    """Long descent ends where SciPy's minimiser does, and the loss only falls."""
    rng = np.random.default_rng(3)
    x, labels = rng.normal(size=(40, 2)), rng.integers(2, size=40)
    w, b, losses = ref.logistic_fit(x, labels, np.zeros(2), 0.0, 1.0, 2000)
    signs = np.where(labels == 1, 1, -1)
    best = optimize.minimize(
        lambda t: -special.log_expit(signs * (x @ t[:2] + t[2])).mean(), np.zeros(3), tol=1e-12
    )
    np.testing.assert_allclose([*w, b], best.x, atol=1e-5)
    assert np.all(np.diff(losses) <= 1e-15)


def test_three_units_solve_xor():
    """The given weights give .0067, .969, .969, .0173, and the hidden points are separable."""
    hidden, output = ref.three_unit_net(BITS, *ref.xor_weights())
    np.testing.assert_allclose(output, [0.0067, 0.969, 0.969, 0.0173], atol=5e-4)
    assert hidden.shape == (4, 2)
    mistakes = ref.perceptron_train(hidden, XOR, np.zeros(2), 0.0, 1.0, 5000)[2]
    assert mistakes[-1] == 0


# --- layers -------------------------------------------------------------------------------------


@given(st.integers(1, 4), st.lists(st.integers(1, 3), min_size=1, max_size=3), st.integers(1, 4))
def test_dense_layer_sums_over_all_features(n, feature_shape, units):
    """A dense layer on N-d inputs is a sum over the flattened features, also for a batch of 1."""
    rng = np.random.default_rng(n)
    x = rng.normal(size=(n, *feature_shape))
    W, b = rng.normal(size=(math.prod(feature_shape), units)), rng.normal(size=units)
    out, cache = ref.dense_forward(x, W, b)
    expected = [[sum(row.ravel() * W[:, j]) + b[j] for j in range(units)] for row in x]
    np.testing.assert_allclose(out, expected, atol=1e-12)
    dout = rng.normal(size=out.shape)
    dx, dW, db = ref.dense_backward(dout, cache)
    assert (dx.shape, dW.shape, db.shape) == (x.shape, W.shape, b.shape)
    # The layer is linear in each of x, W and b: the gradients are exact inner products.
    moved = rng.normal(size=x.shape)
    change = dout.ravel() @ (moved.reshape(n, -1) @ W).ravel()
    assert math.isclose(np.vdot(dx, moved), change, abs_tol=1e-10)
    assert math.isclose(np.vdot(dW, W) + db @ b, np.vdot(dout, out), abs_tol=1e-10)


@pytest.mark.parametrize(
    ("sizes", "parameters"), [([784, 16, 10], 12730), ([784, 16, 16, 10], 13002), ([3, 1], 4)]
)
def test_parameter_count(sizes, parameters):
    """The digit net of the notes has 12730 parameters, 3Blue1Brown's has 13002."""
    assert ref.parameter_count(sizes) == parameters


def test_network_forward_one_unit_at_a_time():
    """Each unit is the activation of its weighted inputs; any activation will do."""
    x, weights, biases, _ = calls()["network_forward"]
    zs, activations = ref.network_forward(x, weights, biases, np.sin)
    assert activations[0] is x
    a = x
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = np.column_stack([a @ W[:, j] + b[j] for j in range(len(b))])
        np.testing.assert_allclose(zs[layer], z, rtol=1e-12)
        a = np.sin(z)
        np.testing.assert_allclose(activations[layer + 1], a, rtol=1e-10)


def test_linear_layers_collapse():
    """Ten layers without activation are one, and the one computes the same."""
    rng = np.random.default_rng(4)
    weights = [rng.normal(size=(20, 20)) / np.sqrt(20) for _ in range(10)]
    biases = [rng.normal(size=20) for _ in range(10)]
    x = rng.normal(size=(3, 20))
    W, b = ref.collapse_linear(weights, biases)
    deep = ref.network_forward(x, weights, biases, lambda z: z)[1][-1]
    np.testing.assert_allclose(x @ W + b, deep, atol=1e-12)


REFUSED = [
    ("threshold_neuron", {1: np.ones(4)}, r"w has shape \(4,\), expected \(D,\) with D = 5"),
    ("perceptron", {2: math.nan}, "b is nan, expected a finite number"),
    ("perceptron_step", {1: 2}, "label is 2, expected a whole number from 0 to 1"),
    ("perceptron_step", {4: 0.0}, "rate is 0.0, expected a number > 0"),
    ("perceptron_train", {1: -np.ones(11, dtype=int)}, "labels holds -1, expected only 0 and 1"),
    ("perceptron_train", {5: -1}, "epochs is -1, expected a whole number >= 0"),
    ("boundary_distance", {1: np.zeros(5)}, "w is all 0"),
    ("logistic_loss", {0: np.ones((0, 5))}, r"x has shape \(0, 5\)"),
    ("logistic_loss", {1: np.ones((11, 1))}, r"labels has shape \(11, 1\), expected \(N,\)"),
    ("logistic_fit", {4: -0.1}, "rate is -0.1, expected a number >= 0"),
    ("dense_forward", {0: np.ones(30)}, r"x has shape \(30,\), expected \(N, ...\)"),
    ("dense_forward", {0: np.ones((11, 5))}, r"W has shape \(30, 7\), .* with D = 5"),
    ("dense_backward", {0: np.ones((3, 7))}, r"cache\[0\] has shape .*, expected N = 3"),
    ("dense_backward", {1: 3}, "cache is a int, expected a tuple of 2 parts"),
    ("parameter_count", {0: [5]}, r"sizes is \[5\], expected a list of 2 or more"),
    ("parameter_count", {0: [5, 0]}, r"sizes\[1\] is 0, expected a whole number >= 1"),
    ("network_forward", {3: "tanh"}, "activation is a str, expected a function"),
    ("collapse_linear", {0: []}, "weights is empty"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)


# --- wirings, and the training of a small net ---------------------------------------------------


def wiring(sizes, *more):
    """The adjacency of a dense stack of layers, unit by unit, and further connections."""
    ends = np.cumsum(sizes)
    layers = [range(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    adjacency = np.zeros((ends[-1], ends[-1]))
    for before, after in itertools.pairwise(layers):
        for i, j in itertools.product(before, after):
            adjacency[i, j] = 1
    for i, j in more:
        adjacency[i, j] = 1
    return adjacency


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([], (True, True, True)),
        ([(0, 5)], (True, True, False)),  # from the input to the output
        ([(2, 3)], (True, False, True)),  # inside the hidden layer
        ([(1, 1)], (True, False, True)),  # a unit feeds itself
        ([(3, 0)], (True, True, False)),  # back to the layer before
        ([(5, 5), (5, 0)], (True, False, False)),
    ],
)
def test_the_three_conditions(more, expected):
    """In a 2-3-1 net each further connection breaks the condition that forbids it."""
    adjacency = wiring([2, 3, 1], *more)
    assert ref.feed_forward_conditions(adjacency, [2, 3, 1]) == expected
    assert ref.is_feed_forward(adjacency, [2, 3, 1]) is all(expected)


def test_one_connection_less_is_not_dense():
    """Each of the nine connections of a 2-3-1 net is needed; weights of any size count."""
    full = wiring([2, 3, 1]) * -0.3
    assert ref.is_feed_forward(full, [2, 3, 1])
    for i, j in zip(*np.nonzero(full), strict=True):
        less = full.copy()
        less[i, j] = 0
        assert ref.feed_forward_conditions(less, [2, 3, 1]) == (False, True, True)
        assert not ref.is_feed_forward(less, [2, 3, 1])
    assert not ref.is_feed_forward(full, [3, 2, 1])
    with pytest.raises(ValueError, match="sizes adds up to 5, expected n = 6"):
        ref.is_feed_forward(full, [2, 3])


def test_net_gradients_are_scipys_slopes():
    """Of the cross-entropy as SciPy's special functions write it, for every weight and bias."""
    rng = np.random.default_rng(20261121)
    shapes = [(2, 3), (3, 2), (3,), (2,)]
    start = np.concatenate([rng.normal(size=shape).ravel() for shape in shapes])
    x, y = rng.normal(size=(5, 2)), rng.uniform(size=(5, 2))

    def unpacked(theta):
        parts = np.split(theta, np.cumsum([math.prod(shape) for shape in shapes])[:-1])
        W1, W2, b1, b2 = (p.reshape(shape) for p, shape in zip(parts, shapes, strict=True))
        return [W1, W2], [b1, b2]

    def loss(theta):
        weights, biases = unpacked(theta)
        z = special.expit(x @ weights[0] + biases[0]) @ weights[1] + biases[1]
        return -np.sum(y * special.log_expit(z) + (1 - y) * special.log_expit(-z)) / len(x)

    dWs, dbs = ref.sigmoid_net_gradients(x, y, *unpacked(start))
    got = np.concatenate([g.ravel() for g in (*dWs, *dbs)])
    np.testing.assert_allclose(got, optimize.approx_fprime(start, loss, 1e-7), atol=1e-6)
    after = ref.sigmoid_net_fit(x, y, *unpacked(start), 0.5, 1)
    np.testing.assert_allclose(
        np.concatenate([p.ravel() for part in after for p in part]), start - 0.5 * got, rtol=1e-12
    )
