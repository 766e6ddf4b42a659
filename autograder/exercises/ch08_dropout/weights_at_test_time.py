"""Scaled weights for the test."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=4,
    difficulty=1,
    hints=(
        "In training a unit spoke in a share of 1 − p of all steps. Now it always speaks.",
        "Multiply the weights by the share of steps in which they were heard.",
        "(1 − p)·W.",
    ),
)


@exercise.probe
def matrix(rng):
    return rng.normal(size=(5, 3)), 0.2


@exercise.probe
def mostly_dropped(rng):
    return rng.normal(size=(2, 7)), 0.9


@exercise.probe
def never_dropped(rng):
    return rng.normal(size=(3, 2)), 0.0


@exercise.probe
def large_weights(rng):
    return 1e3 * rng.normal(size=(3, 2)), 0.4


@exercise.check
def worked_example(f):
    """With p = 0.2 the weights 1 and −5 become 0.8 and −4."""
    agree(f(np.array([[1.0], [-5.0]]), 0.2), np.array([[0.8], [-4.0]]))


@exercise.check
def another_rate(f):
    """With p = 0.75 a quarter of W is left, and W itself stays as it was."""
    W = np.array([[4.0, 0.0], [-2.0, 1.0]])
    agree(f(W, 0.75), np.array([[1.0, 0.0], [-0.5, 0.25]]), what="the weights")
    unchanged(f, W, 0.75)


@exercise.check(points=1)
def random_weights(f, reference, rng):
    """Scales weights of every shape, small and large, for every drop rate."""
    for shape in [(5, 3), (7, 1), (11,), (2, 3, 5), (3, 3)]:
        for p in (0.0, rng.uniform(0.01, 0.2), 0.5, rng.uniform(0.6, 0.99), 0.9999):
            W = np.asarray(rng.normal(size=shape) * 10 ** rng.uniform(-6, 6))
            agree(f(W, p), reference(W, p), atol=0, what="the weights")


@exercise.check(points=1, after=random_weights)
def mean_of_all_thinned_layers(f, rng):
    """The scaled layer says what all thinned layers say on average."""
    for p in (0.2, 0.5, 0.7):
        x, W = rng.normal(size=3), rng.normal(size=(3, 2))
        average = np.zeros(2)
        for m in np.ndindex(2, 2, 2):
            chance = np.prod([1 - p if kept else p for kept in m])
            average += chance * (m * x @ W)
        said = x @ np.asarray(f(W, p))
        agree(said, average, rtol=1e-5, atol=1e-6, what="the scaled layer's output")


@exercise.check(points=1, after=random_weights)
def one_after_the_other(f, rng):
    """Two layers of dropout in a row keep the product of their shares; W stays as it was."""
    W, p, q = rng.normal(size=(5, 3)), rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9)
    agree(f(np.asarray(f(W, p)), q), f(W, 1 - (1 - p) * (1 - q)), what="twice scaled weights")
    unchanged(f, W, p)


@exercise.check(points=1, after=random_weights)
def one_unit_and_whole_numbers(f, reference, rng):
    """Scales the weights of a single unit as well, and whole numbers without cutting the result."""
    for shape in [(1, 7), (1, 1), (1, 3, 5), ()]:
        W, p = np.asarray(rng.normal(size=shape)), rng.uniform(0.05, 0.95)
        agree(f(W, p), reference(W, p), atol=0, what="the weights of a single unit")
    whole_numbers(f, reference, rng.integers(-9, 10, size=(5, 3)), 0.3, atol=0)


@exercise.variant
def with_a_loop(W, p):
    scaled = np.empty(W.shape)
    for index in np.ndindex(W.shape):
        scaled[index] = W[index] - p * W[index]
    return scaled


@exercise.variant
def what_is_left(W, p):
    return (W - p * W).tolist()


@exercise.misconception
def scaled_by_the_drop_rate(W, p):
    """p is the share that was *dropped*. With p = 0.1 the weights should hardly shrink."""
    return p * W


@exercise.misconception
def enlarged(W, p):
    """In the test more units speak than in training. Their weights must shrink, not grow."""
    return W / (1 - p)


@exercise.misconception
def always_half(W, p):
    """That is the factor for p = ½. Other rates need other factors."""
    return 0.5 * W


@exercise.misconception
def taken_as_per_cent(W, p):
    """p is a number between 0 and 1 here, not a percentage."""
    return (1 - p / 100) * W


@exercise.misconception
def not_scaled(W, p):
    """Unscaled weights suit inverted dropout. These units were not enlarged in training."""
    return W.copy()


@exercise.misconception
def scaled_by_the_root(W, p):
    """The root would keep the spread. What has to be kept is the mean."""
    return np.sqrt(1 - p) * W


@exercise.misconception
def drops_weights(W, p):
    """Some weights are set to 0 for good. In the test nothing is dropped."""
    return W * (np.random.default_rng(0).random(W.shape) >= p)


@exercise.misconception
def overwrites_the_weights(W, p):
    """The result is right, but W is changed: the next training step needs it as it was."""
    W *= 1 - p
    return W
