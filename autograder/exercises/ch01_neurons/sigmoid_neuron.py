"""A neuron that says how sure it is."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=4,
    difficulty=1,
    core=True,
    hints=(
        "What does a perceptron compute *before* it asks “above 0?”",
        "Replace the comparison by the function `sigmoid` that is given above.",
        r"$y = \sigma(z)$ with $z = \sum_j w_j x_j + b$.",
    ),
)


def inputs(rng, examples, features):
    return rng.normal(size=(examples, features)), rng.normal(size=features), rng.uniform(0.5, 1.5)


@exercise.probe
def seven_examples(rng):
    return inputs(rng, 7, 3)


@exercise.probe
def one_example(rng):
    return inputs(rng, 1, 5)


@exercise.probe
def far_out(rng):
    x, w, b = inputs(rng, 11, 2)
    return 300 * x, w, b


@exercise.check
def worked_example(f):
    """Weights (1, −1), bias 0: (2, 2) gives ½, (1, 0) gives 0.7311 and (0, 1) gives 0.2689."""
    x = np.array([[2.0, 2.0], [1.0, 0.0], [0.0, 1.0]])
    agree(f(x, np.array([1.0, -1.0]), 0.0), np.array([0.5, 0.7311, 0.2689]), atol=6e-5, what="y")


@exercise.check
def with_a_bias(f):
    """z = 1 · 2 + ln 3 − 2 = ln 3, so y = ¾; and with z = −ln 3, ¼."""
    ln3 = np.log(3)
    agree(f(np.array([[1.0]]), np.array([2.0]), ln3 - 2), np.array([0.75]), what="y")
    agree(f(np.array([[1.0], [1.0]]), np.array([2.0]), -ln3 - 2), np.array([0.25, 0.25]), what="y")


@exercise.check
def inputs_stay(f):
    """x and w are afterwards what they were before."""
    unchanged(f, np.array([[1.0, 2.0], [3.0, 0.5]]), np.array([1.0, -1.0]), 0.25)


@exercise.check(points=2)
def random_inputs(f, reference, rng):
    """Gives the right outputs for random inputs, weights and biases."""
    for size in [(7, 3), (3, 7), (5, 5), (2, 11)]:
        arguments = inputs(rng, *size)
        agree(f(*arguments), reference(*arguments), what="y")


@exercise.check(points=1, after=random_inputs)
def edges(f, reference, rng):
    """Works for one example, one input, and far from 0, where y is nearly 0 or 1."""
    for size in [(1, 5), (7, 1), (1, 1)]:
        arguments = inputs(rng, *size)
        agree(f(*arguments), reference(*arguments), what="y")
    x = rng.permutation([-1000.0, -40.0, 40.0, 1000.0])[:, None]
    agree(f(x, np.ones(1), 0.0), (x[:, 0] > 0) * 1.0, atol=1e-15, what="y far from 0")
    whole_numbers(f, reference, rng.integers(-2, 3, size=(7, 3)), np.array([1, -1, 2]), 1)


@exercise.check(points=1, after=random_inputs)
def laws(f, rng):
    """Turning weights and bias round gives 1 − y; each example has its answer to itself."""
    x, w, b = inputs(rng, 7, 3)
    y = np.array(f(x, w, b))
    agree(f(x, -w, -b), 1 - y, what="y with −w and −b")
    agree(f(x[2:4], w, b), y[2:4], what="y of two of the examples")


@exercise.check(points=1, after=random_inputs)
def leaves_inputs_alone(f, rng):
    """Leaves inputs and weights as they were."""
    unchanged(f, *seven_examples(rng))


@exercise.variant
def written_out(x, w, b):
    return 1 / (1 + np.exp(-(x @ w + b)))


@exercise.variant
def with_a_loop(x, w, b):
    return [0.5 * (1 + np.tanh(0.5 * (sum(r * v for r, v in zip(row, w)) + b))) for row in x]


def _sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


@exercise.misconception
def still_a_step(x, w, b):
    """The answers are only 0 and 1: this is still the step."""
    return (x @ w + b > 0).astype(float)


@exercise.misconception
def bias_forgotten(x, w, b):
    """b is never used."""
    return _sigmoid(x @ w)


@exercise.misconception
def bias_outside(x, w, b):
    """b is added after the sigmoid. It belongs into z, or y leaves the range from 0 to 1."""
    return _sigmoid(x @ w) + b


@exercise.misconception(keeps=0.5)
def bias_subtracted(x, w, b):
    """b is subtracted, like a threshold. A bias is added."""
    return _sigmoid(x @ w - b)


@exercise.misconception
def no_sigmoid(x, w, b):
    """This is z. The output is the sigmoid of it."""
    return x @ w + b


@exercise.misconception
def tanh_instead(x, w, b):
    """This runs from −1 to 1: it is tanh. The sigmoid runs from 0 to 1."""
    return np.tanh(x @ w + b)


@exercise.misconception
def sigmoid_of_each_input(x, w, b):
    """The sigmoid is taken of the inputs. It is taken of the *sum*, once for each example."""
    return _sigmoid(x) @ w + b


@exercise.misconception
def examples_compete(x, w, b):
    """The answers add up to 1, as if the examples competed. Each one has its own probability."""
    powers = np.exp(x @ w + b - np.max(x @ w + b))
    return powers / powers.sum()


@exercise.misconception(keeps=0.5)
def wrong_sign(x, w, b):
    """A larger sum gives a smaller output: look at the sign in the exponent."""
    return _sigmoid(-(x @ w + b))


@exercise.misconception
def overwrites_the_inputs(x, w, b):
    """The outputs are right, but x is multiplied in place, and its owner still needs it."""
    x *= w
    return _sigmoid(x.sum(axis=1) + b)
