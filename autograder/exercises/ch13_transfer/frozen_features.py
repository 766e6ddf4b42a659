"""Frozen layers as a feature extractor."""

import numpy as np

from autograder.exercises.ch13_transfer.nets import LN3, network
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=1,
    core=True,
    hints=(
        "What does one layer make of its input? And what is the next layer's input?",
        "Walk through both lists at once, from below. `sigmoid` is given.",
        r"$x \leftarrow \sigma(xW + b)$ for each pair of the lists. What is left if there is none?",
    ),
)


@exercise.probe
def two_layers(rng):
    return network(rng, (5, 3, 2), 7)


@exercise.probe
def one_layer(rng):
    return network(rng, (3, 5), 2)


@exercise.probe
def equal_widths(rng):
    """All layers equally wide: shapes cannot reveal a wrong order."""
    return network(rng, (3, 3, 3, 3), 5)


@exercise.probe
def no_layer(rng):
    return rng.normal(size=(5, 3)), [], []


@exercise.check
def worked_example(f):
    """Input 1, weights ln 3 and 0, bias 0 give ¾ and ½; with weights 4, −6 and bias ln 3 on top, ¾.

    4·¾ − 6·½ = 0, and the sigmoid of ln 3 is ¾.
    """
    first, second = np.array([[LN3, 0.0]]), np.array([[4.0], [-6.0]])
    agree(f(np.ones((1, 1)), [first], [np.zeros(2)]), [[0.75, 0.5]], what="the first features")
    found = f(np.ones((1, 1)), [first, second], [np.zeros(2), np.array([LN3])])
    agree(found, [[0.75]], what="the second features")


@exercise.check
def from_below(f):
    """Three layers of two units: each gets what the one below has made, and the last is squashed
    too."""
    swap, weigh = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[4.0, 0.0], [0.0, 4.0]])
    b = [np.array([0.0, LN3]), np.array([-2.0, -3.0]), np.array([-LN3, LN3 - 1.0])]
    found = f(np.zeros((1, 2)), [swap, weigh, swap * 2 * LN3], b)
    # (½, ¾), then z = (0, 0), so (½, ½), then ln 3 − ln 3 = 0 and 2·ln 3 − 1.
    top = 1 / (1 + np.exp(1 - 2 * LN3))
    agree(found, [[0.5, top]], what="the features")


@exercise.check
def no_layers_at_all(f):
    """Of no layers the input itself comes back; nothing that was handed in changes."""
    x = np.array([[3.0, -2.0], [0.5, 7.0]])
    agree(f(x, [], []), x, what="the features")
    unchanged(f, x, [np.ones((2, 3))], [np.zeros(3)])


@exercise.check(points=2)
def random_networks(f, reference, rng):
    """Gives the features of one to four layers, of several widths and batches."""
    for sizes, examples in [((5, 3, 2), 7), ((3, 5), 11), ((2, 3, 5, 7), 3), ((3,) * 5, 13)]:
        arguments = network(rng, sizes, examples)
        agree(f(*arguments), reference(*arguments), what="the features")


@exercise.check(points=1, after=random_networks)
def one_of_each(f, reference, rng):
    """Takes a single example, and layers of a single unit."""
    for sizes, examples in [((5, 3, 2), 1), ((3, 1, 1), 1), ((1, 1, 5), 1)]:
        arguments = network(rng, sizes, examples)
        agree(f(*arguments), reference(*arguments), what="the features")


@exercise.check(points=1, after=random_networks)
def nothing_to_pass(f, rng):
    """Of no layers the input itself comes back, whatever its numbers."""
    x = rng.normal(0, 9, size=(4, 3))
    agree(f(x, [], []), x, what="the features of no layers")


@exercise.check(points=1, after=random_networks)
def laws(f, rng):
    """Splitting the stack changes nothing; no example sees another; far out there is no NaN."""
    x, weights, biases = network(rng, (5, 3, 7, 2), 11)
    whole = np.asarray(f(x, weights, biases))
    half = np.asarray(f(x, weights[:1], biases[:1]))
    agree(f(half, weights[1:], biases[1:]), whole, what="the features in two parts")
    agree(f(x[3:6], weights, biases), whole[3:6], what="the features of three examples alone")
    far = f(np.array([[900.0], [-900.0]]), [np.ones((1, 2))], [rng.normal(size=2)])
    agree(far, [[1.0, 1.0], [0.0, 0.0]], what="the features far out")


@exercise.check(points=1, after=random_networks)
def whole_numbers_count(f, reference, rng):
    """Takes inputs of whole numbers for what they are."""
    x, weights, biases = network(rng, (5, 3, 2), 7)
    whole_numbers(f, reference, rng.integers(-3, 4, size=x.shape), weights, biases)


@exercise.check(points=1, after=random_networks)
def leaves_the_network_alone(f, rng):
    """Leaves inputs, weights and biases as they were: the network will be used again."""
    unchanged(f, *two_layers(rng))


def _sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def _through(x, weights, biases, act=_sigmoid):
    for W, b in zip(weights, biases, strict=True):
        x = act(x @ W + b)
    return x


@exercise.variant
def recursive(x, weights, biases):
    if not weights:
        return np.array(x)
    return recursive(_sigmoid(np.dot(x, weights[0]) + biases[0]), weights[1:], biases[1:])


@exercise.variant
def row_by_row(x, weights, biases):
    rows = []
    for row in x:
        for i in range(len(weights)):
            z = [float(row @ weights[i][:, j] + biases[i][j]) for j in range(len(biases[i]))]
            row = _sigmoid(np.array(z))
        rows.append(row)
    return np.array(rows)


@exercise.misconception
def no_sigmoid(x, weights, biases):
    """The layers are linear: what do sigmoid layers do to their sums?"""
    return _through(x, weights, biases, lambda z: z)


@exercise.misconception
def sigmoid_only_at_the_top(x, weights, biases):
    """Only the last layer squashes. Every one of them does."""
    for W, b in zip(weights, biases, strict=True):
        x = x @ W + b
    return _sigmoid(x) if weights else x


@exercise.misconception(keeps=1 / 3)
def last_layer_as_a_head(x, weights, biases):
    """The last layer is left without its sigmoid, like a head. These layers come without a head."""
    for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
        x = x @ W + b
        x = _sigmoid(x) if i < len(weights) - 1 else x
    return x


@exercise.misconception
def biases_forgotten(x, weights, biases):
    """The biases are missing."""
    return _through(x, weights, [0 * b for b in biases])


@exercise.misconception
def only_the_first_layer(x, weights, biases):
    """Only the first layer is used: is the `return` inside the loop?"""
    return _through(x, weights[:1], biases[:1])


@exercise.misconception(keeps=0.5)
def one_layer_too_few(x, weights, biases):
    """The last layer is left out. The head has been taken off already."""
    return _through(x, weights[:-1], biases[:-1])


@exercise.misconception(keeps=0.5)
def features_of_every_layer(x, weights, biases):
    """All layers' features come back. Only those of the last one are asked for."""
    found = [x]
    for W, b in zip(weights, biases, strict=True):
        found.append(_sigmoid(found[-1] @ W + b))
    return found


@exercise.misconception
def from_the_top(x, weights, biases):
    """The layers are passed from the top. The data come in from below."""
    return _through(x, weights[::-1], biases[::-1])


@exercise.misconception(keeps=0.5)
def tanh_instead(x, weights, biases):
    """These are tanh layers: the weights were learned for another activation."""
    return _through(x, weights, biases, np.tanh)


@exercise.misconception
def every_layer_sees_the_input(x, weights, biases):
    """Each layer gets x itself: what comes out of one must go into the next."""
    out = x
    for W, b in zip(weights, biases, strict=True):
        out = _sigmoid(x @ W + b)
    return out


@exercise.misconception
def relu_layers(x, weights, biases):
    """The layers are squashed by a ReLU: this network was trained with sigmoids."""
    return _through(x, weights, biases, lambda z: np.maximum(0, z))
