"""The error of a hidden layer (BP2)."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.backprop import sigmoid, sigmoid_derivative

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    core=True,
    hints=(
        "Through which neurons of the next layer does one hidden neuron reach the cost?",
        "Each of them sends its error back along the weight that joins the two; what arrives is "
        "added up and passes the neuron's own sigmoid.",
        "δ = (δ_next W_nextᵀ) ⊙ σ'(z).",
    ),
)


def layer(rng, examples, neurons, following, scale=1.5):
    """The next layer's error, the weights into it, and this layer's pre-activations."""
    W_next = rng.normal(size=(neurons, following))
    z = scale * rng.normal(size=(examples, neurons))
    return rng.normal(size=(examples, following)), W_next, z


@exercise.probe
def five_examples(rng):
    return layer(rng, 5, 7, 3)


@exercise.probe
def one_example(rng):
    return layer(rng, 1, 2, 5)


@exercise.probe
def equal_sizes(rng):
    """A square: a forgotten transpose raises no error here."""
    return layer(rng, 3, 3, 3)


@exercise.probe
def saturated(rng):
    """Pre-activations so large that the sigmoid is flat and exponentials overflow."""
    delta_next, W_next, z = layer(rng, 2, 5, 3)
    return delta_next, W_next, 1000 * np.sign(z) + z


@exercise.check
def worked_example(f):
    """Errors 1 and 2 come back along (1, 2) and (3, −4) at z = 0: (5, −5)/4."""
    W_next = np.array([[1.0, 2.0], [3.0, -4.0]])
    delta = f(np.array([[1.0, 2.0]]), W_next, np.zeros((1, 2)))
    agree(delta, np.array([[1.25, -1.25]]), what="delta")


@exercise.check
def one_neuron_into_three(f):
    """At z = ln 3 (slope 3/16) errors 1, 2, 3 along weights 4, 5, 6 add up to 32 · 3/16 = 6."""
    ln3 = np.array([[np.log(3)]])
    delta = f(np.array([[1.0, 2.0, 3.0]]), np.array([[4.0, 5.0, 6.0]]), ln3)
    agree(delta, np.array([[6.0]]), what="delta")


@exercise.check
def two_examples(f):
    """Two examples at z = 0 with errors 1 and 2 along a weight 4 have errors 1 and 2."""
    delta = f(np.array([[1.0], [2.0]]), np.array([[4.0]]), np.zeros((2, 1)))
    agree(delta, np.array([[1.0], [2.0]]), what="delta")


@exercise.check
def shut_far_out(f):
    """A neuron at z = ±1000 lets no error through: 0, and not NaN."""
    delta = f(np.array([[1.0]]), np.array([[2.0], [3.0]]), np.array([[-1000.0, 1000.0]]))
    agree(delta, np.zeros((1, 2)), what="delta")


@exercise.check
def z_stays(f):
    """The caller's errors, weights and z are the same afterwards."""
    unchanged(f, np.array([[1.0, 2.0]]), np.array([[1.0, 2.0], [3.0, -4.0]]), np.ones((1, 2)))


@exercise.check(points=2)
def random_layers(f, reference, rng):
    """Gives the error of layers and batches of several sizes, square ones among them."""
    for size in [(5, 7, 3), (7, 2, 5), (4, 2, 5), (3, 3, 3), (11, 5, 2)]:
        arguments = layer(rng, *size)
        agree(f(*arguments), reference(*arguments), what="delta")


@exercise.check(points=1, after=random_layers)
def batch_of_one(f, reference, rng):
    """Works for a batch of one, and for layers of one neuron."""
    for size in [(1, 2, 5), (1, 3, 3)]:
        arguments = layer(rng, *size)
        agree(f(*arguments), reference(*arguments), what="delta for a batch of one")
    for size in [(11, 5, 1), (2, 1, 3)]:
        arguments = layer(rng, *size)
        agree(f(*arguments), reference(*arguments), what="delta with a layer of one neuron")


@exercise.check(points=1, after=random_layers)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers in any of the three arrays for what they are, and rounds no error."""
    given = five_examples(rng)
    for place, part in enumerate(given):
        whole = rng.integers(-3, 4, size=part.shape)
        whole_numbers(f, reference, *given[:place], whole, *given[place + 1 :])


@exercise.check(points=1, after=random_layers)
def measured_slopes(f, rng):
    """Agrees with slopes measured through the next layer, by moving z."""
    delta_next, W_next, z = five_examples(rng)

    def through_the_next_layer(v):
        return np.sum(delta_next * (sigmoid(v) @ W_next))

    gradient_agrees(f(delta_next, W_next, z), through_the_next_layer, z, what="delta")


@exercise.check(points=1, after=random_layers)
def laws(f, rng):
    """Errors add up, weights scale them, and examples go back without meeting each other."""
    delta_next, W_next, z = five_examples(rng)
    delta, other = np.asarray(f(delta_next, W_next, z)), rng.normal(size=delta_next.shape)
    summed = delta + np.asarray(f(other, W_next, z))
    agree(f(delta_next + other, W_next, z), summed, what="delta of two errors added")
    agree(f(delta_next, -3 * W_next, z), -3 * delta, what="delta with −3 times the weights")
    parts = [f(delta_next[rows], W_next, z[rows]) for rows in (slice(2), slice(2, 5))]
    agree(np.concatenate(parts), delta, what="delta of a part of the batch at a time")


@exercise.check(points=1, after=random_layers)
def saturation(f, reference, rng):
    """Saturated neurons let no error through, 0 and not NaN; others let large errors through."""
    arguments = saturated(rng)
    agree(f(*arguments), reference(*arguments), what="delta")
    delta_next, W_next, z = five_examples(rng)
    large = 1e4 * delta_next, W_next, z
    agree(f(*large), reference(*large), what="delta of large errors")


@exercise.check(points=1, after=random_layers)
def leaves_inputs_alone(f, rng):
    """Leaves the next layer's error, the weights and z as they were."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def with_einsum(delta_next, W_next, z):
    s = sigmoid(z)
    return np.einsum("nm,im,ni,ni->ni", delta_next, W_next, s, 1 - s)


@exercise.variant
def example_by_example(delta_next, W_next, z):
    return [W_next @ d * sigmoid_derivative(v) for d, v in zip(delta_next, z, strict=True)]


@exercise.variant
def columns_first(delta_next, W_next, z):
    out = np.dot(W_next, delta_next.T)
    out *= 0.25 / np.cosh(np.clip(z, -700, 700) / 2).T ** 2
    return out.T


@exercise.misconception
def weights_not_transposed(delta_next, W_next, z):
    """Going back, W meets the errors the other way round. If all sizes agree, nothing warns you."""
    return (delta_next @ W_next) * sigmoid_derivative(z)


@exercise.misconception
def forgets_the_slope(delta_next, W_next, z):
    """What arrives is the error of a. From a to z there is one link more: the sigmoid's slope."""
    return delta_next @ W_next.T


@exercise.misconception
def slope_at_the_activation(delta_next, W_next, z):
    """σ' is taken at a instead of at z: the sigmoid has been applied twice."""
    return (delta_next @ W_next.T) * sigmoid_derivative(sigmoid(z))


@exercise.misconception
def slope_formula_with_z(delta_next, W_next, z):
    """s·(1 − s) is the slope only if s is σ(z). Here z itself stands in its place."""
    return (delta_next @ W_next.T) * z * (1 - z)


@exercise.misconception
def sigmoid_instead_of_its_slope(delta_next, W_next, z):
    """What arrives is multiplied by σ(z) itself. How fast does σ change there?"""
    return (delta_next @ W_next.T) * sigmoid(z)


@exercise.misconception
def slope_of_tanh(delta_next, W_next, z):
    """1 − a² is the slope of tanh. These neurons have a sigmoid."""
    return (delta_next @ W_next.T) * (1 - sigmoid(z) ** 2)


@exercise.misconception
def slope_of_relu(delta_next, W_next, z):
    """A gate that is open above 0 and shut below is ReLU's slope. These neurons have a sigmoid."""
    return (delta_next @ W_next.T) * (z > 0)


@exercise.misconception
def slope_added(delta_next, W_next, z):
    """Along one path slopes multiply. Here the sigmoid's slope is added."""
    return delta_next @ W_next.T + sigmoid_derivative(z)


@exercise.misconception(keeps=0.5)
def averages_again(delta_next, W_next, z):
    """The error is divided by N here, but the 1/N of the cost is in delta_next already."""
    return (delta_next @ W_next.T) * sigmoid_derivative(z) / len(z)


@exercise.misconception
def mean_over_the_next_neurons(delta_next, W_next, z):
    """The contributions of the next layer's neurons are averaged. Paths add."""
    return (delta_next @ W_next.T) * sigmoid_derivative(z) / W_next.shape[1]


@exercise.misconception
def only_one_path(delta_next, W_next, z):
    """Only the first neuron of the next layer sends its error back. Every one of them does."""
    return (delta_next[:, :1] @ W_next[:, :1].T) * sigmoid_derivative(z)


@exercise.misconception
def weights_never_used(delta_next, W_next, z):
    """The errors come back unweighted. Which weight did each of them come through?"""
    return delta_next.sum(axis=1, keepdims=True) * sigmoid_derivative(z)


@exercise.misconception
def size_of_the_weights_only(delta_next, W_next, z):
    """A negative weight turns the error round; here all weights count as positive."""
    return (delta_next @ np.abs(W_next).T) * sigmoid_derivative(z)


@exercise.misconception
def sign_flipped(delta_next, W_next, z):
    """The sign is flipped: the minus of gradient descent belongs to the update, not here."""
    return -(delta_next @ W_next.T) * sigmoid_derivative(z)


@exercise.misconception
def summed_over_the_examples(delta_next, W_next, z):
    """The examples have been added up. Here each keeps a row; they meet in the gradients."""
    return np.sum((delta_next @ W_next.T) * sigmoid_derivative(z), axis=0)


@exercise.misconception
def overflows(delta_next, W_next, z):
    """For z far below 0 the exponentials overflow to ∞/∞. The given `sigmoid` does not."""
    return (delta_next @ W_next.T) * np.exp(-z) / (1 + np.exp(-z)) ** 2


@exercise.misconception
def overwrites_z(delta_next, W_next, z):
    """The errors are right, but the caller's z is overwritten on the way: work on a new array."""
    z[...] = sigmoid_derivative(z)
    return (delta_next @ W_next.T) * z
