"""The network on one sheet of paper."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.backprop import sigmoid

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    hints=(
        "In which order did you fill in the table on paper? Every line becomes a line of code.",
        "A weight's slope is (activation that goes in) × (error of the neuron it leads to).",
        "delta2 = (a2 − y)·σ'(z2); delta1 = (W2 @ delta2)·σ'(z1); each dW is an outer product.",
    ),
)


def net(rng, sizes):
    n0, n1, n2 = sizes
    x, y = rng.normal(size=n0), rng.uniform(0.1, 0.9, size=n2)
    W1, W2 = rng.normal(size=(n0, n1)), rng.normal(size=(n1, n2))
    return x, y, W1, rng.normal(size=n1), W2, rng.normal(size=n2)


def cost(x, y, W1, b1, W2, b2):
    return 0.5 * float(np.sum((sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2) - y) ** 2))


@exercise.probe
def all_sizes_different(rng):
    return net(rng, (5, 3, 2))


@exercise.probe
def all_sizes_equal(rng):
    """Where shapes can no longer reveal a transpose or a swap."""
    return net(rng, (3, 3, 3))


@exercise.check
def worked_example(f):
    """Gives the numbers of the 2-2-2 network on the sheet of paper."""
    ln3 = np.log(3)
    x, y = np.array([1.0, 2.0]), np.array([1.0, 0.0])
    W1, b1 = np.array([[2.0, 3.0], [-1.0, -1.0]]), np.array([ln3, -1.0])
    W2, b2 = np.array([[2.0, 2.0], [-3.0, -1.0]]), np.array([-ln3, -1.0])
    dW1 = np.array([[-3.0, 38.0], [-6.0, 76.0]]) / 512
    dW2 = np.array([[-27.0, 24.0], [-18.0, 16.0]]) / 256
    expected = (dW1, np.array([-3.0, 38.0]) / 512, dW2, np.array([-9.0, 8.0]) / 64)
    agree(f(x, y, W1, b1, W2, b2), expected)


@exercise.check
def one_hidden_neuron(f):
    """With W1 = 0, W2 = (2, −2, 4), every a = ½ and targets 1, 0, ½, db2 = (−⅛, ⅛, 0)."""
    W2, b2 = np.array([[2.0, -2.0, 4.0]]), np.array([-1.0, 1.0, -2.0])
    x, y = np.array([2.0, -4.0]), np.array([1.0, 0.0, 0.5])
    dW2, db2 = np.array([[-1.0, 1.0, 0.0]]) / 16, np.array([-1.0, 1.0, 0.0]) / 8
    expected = np.array([[-0.25], [0.5]]), np.array([-0.125]), dW2, db2
    agree(f(x, y, np.zeros((2, 1)), np.zeros(1), W2, b2), expected)


@exercise.check
def parameters_stay(f):
    """The caller's example and parameters are the same afterwards."""
    unchanged(
        f, np.ones(2), np.zeros(1), np.ones((2, 3)), np.zeros(3), np.full((3, 1), 0.5), np.ones(1)
    )


@exercise.check(points=2)
def right_on_random_nets(f, reference, rng):
    """Gives the right gradients for nets of any size, not just 2-2-2."""
    for sizes in [(5, 3, 2), (2, 7, 3), (3, 3, 3), (4, 2, 3)]:
        arguments = net(rng, sizes)
        agree(f(*arguments), reference(*arguments))
    x, y, *params = net(rng, (5, 3, 2))
    far = x, 1e4 * y, *params  # where slopes that are measured, not derived, are too coarse
    agree(f(*far), reference(*far), what="with far targets, the result")


@exercise.check(points=1, after=right_on_random_nets)
def single_neurons(f, reference, rng):
    """Works for layers of one input, one hidden neuron or one output."""
    for sizes in [(1, 2, 1), (4, 1, 3)]:
        arguments = net(rng, sizes)
        agree(f(*arguments), reference(*arguments), what=f"the result for a net of sizes {sizes}")


@exercise.check(points=1, after=right_on_random_nets)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers in x and y for what they are, and rounds no gradient."""
    x, y, *params = net(rng, (5, 3, 2))
    counts, flags = rng.integers(-3, 4, size=x.shape), rng.integers(0, 2, size=y.shape)
    whole_numbers(f, reference, counts, flags, *params)


@exercise.check(points=1, after=right_on_random_nets)
def agrees_with_measured_slopes(f, rng):
    """Agrees with slopes measured on the cost, for both layers' weights and biases."""
    arguments = net(rng, (3, 5, 2))
    found = f(*arguments)
    for i, name in enumerate(("dW1", "db1", "dW2", "db2")):

        def loss(p, i=i):
            moved = list(arguments)
            moved[2 + i] = p
            return cost(*moved)

        gradient_agrees(found[i], loss, arguments[2 + i], what=name)


@exercise.check(points=1, after=right_on_random_nets)
def saturated_neurons(f, reference, rng):
    """Stays finite and right when neurons are deep in saturation (|z| around 800)."""
    x, y, W1, b1, W2, b2 = net(rng, (3, 5, 2))
    b1[:2] = [800.0, -800.0]
    arguments = (x, y, W1, b1, W2, b2)
    agree(f(*arguments), reference(*arguments))


@exercise.check(points=1, after=right_on_random_nets)
def leaves_inputs_alone(f, rng):
    """Leaves the example and all parameters as they were."""
    unchanged(f, *net(rng, (5, 3, 2)))


@exercise.variant
def as_a_batch_of_one(x, y, W1, b1, W2, b2):
    x, y = x[None], y[None]
    a1 = 1 / (1 + np.exp(-(x @ W1 + b1)))
    a2 = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
    d2 = (a2 - y) * a2 * (1 - a2)
    d1 = d2 @ W2.T * a1 * (1 - a1)
    return [x.T @ d1, d1[0], a1.T @ d2, d2[0]]


@exercise.variant
def neuron_by_neuron(x, y, W1, b1, W2, b2):
    a1 = sigmoid(np.einsum("i,ij->j", x, W1) + b1)
    a2 = sigmoid(np.einsum("j,jk->k", a1, W2) + b2)
    dW1, db1 = np.zeros_like(W1), np.zeros_like(b1)
    dW2, db2 = np.zeros_like(W2), np.zeros_like(b2)
    for k in range(len(b2)):
        db2[k] = (a2[k] - y[k]) * a2[k] * (1 - a2[k])
        for j in range(len(b1)):
            dW2[j, k] = a1[j] * db2[k]
            through = W2[j, k] * db2[k] * a1[j] * (1 - a1[j])
            db1[j] += through
            dW1[:, j] += x * through
    return dW1, db1, dW2, db2


def _gradients(x, y, W1, b1, W2, b2, *, slope2=None, slope1=None, back=None, error=None):
    """The right gradients with one thing exchanged; the misconceptions below say which."""
    a1 = sigmoid(x @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    d2 = (a2 - y if error is None else error(a2, y)) * (slope2 or (lambda a: a * (1 - a)))(a2)
    d1 = (W2 @ d2 if back is None else back(W2, d2)) * (slope1 or (lambda a: a * (1 - a)))(a1)
    return np.outer(x, d1), d1, np.outer(a1, d2), d2


@exercise.misconception
def target_minus_output(x, y, W1, b1, W2, b2):
    """∂C/∂a is a − y. With y − a every gradient points uphill."""
    return _gradients(x, y, W1, b1, W2, b2, error=lambda a, y: y - a)


@exercise.misconception(keeps=0.5)
def factor_two(x, y, W1, b1, W2, b2):
    """The cost has a ½ that cancels the 2 of the derivative; here the 2 is still there."""
    return _gradients(x, y, W1, b1, W2, b2, error=lambda a, y: 2 * (a - y))


@exercise.misconception
def no_output_slope(x, y, W1, b1, W2, b2):
    """The output neurons have a sigmoid, too: their σ'(z2) is missing in the first error."""
    return _gradients(x, y, W1, b1, W2, b2, slope2=np.ones_like)


@exercise.misconception
def no_hidden_slope(x, y, W1, b1, W2, b2):
    """The way back through the hidden neurons lacks their slope σ'(z1)."""
    return _gradients(x, y, W1, b1, W2, b2, slope1=np.ones_like)


@exercise.misconception
def slope_of_the_activation(x, y, W1, b1, W2, b2):
    """σ' is taken at a instead of at z: the sigmoid is applied twice. a·(1 − a) is the slope."""
    twice = lambda a: sigmoid(a) * (1 - sigmoid(a))
    return _gradients(x, y, W1, b1, W2, b2, slope1=twice, slope2=twice)


@exercise.misconception
def only_one_path(x, y, W1, b1, W2, b2):
    """A hidden neuron reaches the cost through *every* output; only the first is counted here."""
    return _gradients(x, y, W1, b1, W2, b2, back=lambda W2, d2: W2[:, 0] * d2[0])


@exercise.misconception
def weights_turned_round(x, y, W1, b1, W2, b2):
    """W2 goes back the wrong way round: index it with (from, to), and sum over “to”."""
    return _gradients(x, y, W1, b1, W2, b2, back=lambda W2, d2: d2 @ W2)


@exercise.misconception
def forgets_the_weights(x, y, W1, b1, W2, b2):
    """The output errors are summed without the weights they travel back along."""
    return _gradients(x, y, W1, b1, W2, b2, back=lambda W2, d2: np.sum(d2) * np.ones(len(W2)))


@exercise.misconception(keeps=1 / 3)
def outer_products_transposed(x, y, W1, b1, W2, b2):
    """Rows of W belong to what goes in, columns to what comes out: your dW are transposed."""
    dW1, db1, dW2, db2 = _gradients(x, y, W1, b1, W2, b2)
    return dW1.T, db1, dW2.T, db2
