"""Bug hunt: seven perceptrons, six of them wrong."""

import numpy as np

from autograder.exercises.ch01_neurons import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    hints=(
        "For each suspect: which line looks unusual? On which inputs would it not matter at all?",
        "Several examples, both labels, both kinds of mistake, inputs of different size, a bias, "
        "and a rate that is not 1. One suspect goes wrong only where a sum is exactly 0.",
        r"In one set let an example with label 0 have $x \cdot w + b = 0$ exactly. In another, let "
        "a false alarm and a miss occur in the same epoch.",
    ),
)


def neurons_bug_hunt() -> list[tuple[np.ndarray, np.ndarray, np.ndarray, float, float]]:
    """Inputs on which a wrong epoch of perceptron learning gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (x, labels, w, b, rate)
        Arguments of a suspect, which goes once through the examples in their order, learns from
        each mistake at once, and returns w, b and the number of mistakes: x (N, D), labels (N,)
        of 0 and 1, w (D,), b, and rate above 0. A sum of exactly 0 does not fire.
    """
    x = np.array([[1.0, 2.0], [3.0, 0.5], [-2.0, 4.0], [5.0, 7.0], [0.25, -1.5]])
    ordinary = x, np.array([0, 1, 0, 1, 1]), np.array([0.5, -0.75]), 1.25, 0.5
    on_the_edge = np.array([[2.0, 1.0]]), np.array([0]), np.array([1.0, -2.0]), 0.0, 0.5
    return [ordinary, on_the_edge]


MAX_ENTRIES = 10_000


def input_set(item, what):
    names = ("x", "labels", "w", "b", "rate")
    parts = sequence(item, 5, what)
    arrays = [as_array(p, f"{n} of {what}") for p, n in zip(parts, names, strict=True)]
    x, labels, w, b, rate = arrays
    if any(a.dtype.kind == "c" for a in arrays):
        raise Failed(f"{what} holds complex numbers, expected real ones")
    if [a.ndim for a in arrays] != [2, 1, 1, 0, 0] or labels.shape != x.shape[:1]:
        raise Failed(f"in {what} x must be a matrix with one label per row; b and rate are numbers")
    if w.shape != x.shape[1:]:
        raise Failed(f"in {what} x has {x.shape[1]} columns, but w has {w.size} entries")
    if not all(np.isfinite(a).all() and 0 < a.size <= MAX_ENTRIES for a in arrays):
        raise Failed(f"{what} must hold finite numbers, at most {MAX_ENTRIES:,} per array")
    if not set(labels.tolist()) <= {0, 1} or not 0 < rate:
        raise Failed(f"the labels of {what} must be 0 or 1, and its rate above 0")
    return [x.astype(float), labels.astype(int), w.astype(float), float(b), float(rate)]


def truth(x, labels, w, b, rate):
    """One epoch, with the bias as one more weight, one number at a time."""
    theta, mistakes = [*w.tolist(), b], 0
    for row, label in zip(x.tolist(), labels.tolist(), strict=True):
        inputs = [*row, 1.0]
        total = sum(t * value for t, value in zip(theta, inputs, strict=True))
        if (total > 0) != (label == 1):
            step = rate if label == 1 else -rate
            theta = [t + step * value for t, value in zip(theta, inputs, strict=True)]
            mistakes += 1
    return np.array(theta[:-1]), theta[-1], mistakes


SUSPECTS = hunt.lineup(suspects)
hunt.opens(
    exercise, input_set, SUSPECTS, "Returns one to three input sets whose shapes fit together."
)
hunt.charges(exercise, input_set, SUSPECTS, innocent="d", truth=truth, points=1)


EDGE = np.array([[2.0, 1.0], [4.0, 2.0]]), np.array([0, 0]), np.array([1.0, -2.0]), 0.0, 0.5
"""Sums of exactly 0, with the label 0."""


def ordinary(seed, n, features, rate=0.5):
    rng = np.random.default_rng(seed)
    x, labels = rng.normal(size=(n, features)) + 0.5, rng.integers(2, size=n)
    return x, labels, rng.normal(size=features), 0.7, rate


@exercise.variant
def random_and_edge():
    return [ordinary(0, 20, 3), EDGE]


@exercise.variant
def edge_first_as_tuple():
    return (EDGE, ordinary(1, 9, 2, 3.0), ordinary(2, 31, 5, 0.1))


@exercise.variant
def by_hand():
    x = [[1, 2], [3, -1], [2, 2], [-1, 5], [4, 3], [2, 7]]
    zeros = [[[3, 1]], [0], [1, -3], 0, 2]
    return [[x, [0, 1, 0, 1, 1, 0], [1, -1], 2, 0.5], zeros]


@exercise.misconception
def no_sum_is_zero():
    """No sum is exactly 0, so nobody is asked what happens there."""
    return [ordinary(0, 20, 3)]


@exercise.misconception
def one_example():
    """One example each: nobody can show whether it learns at once or after the epoch."""
    x, labels, w, b, rate = ordinary(0, 20, 3)
    fires = x @ w + b > 0
    k = int(np.flatnonzero(fires & (labels == 0))[0])
    return [(x[k : k + 1], labels[k : k + 1], w, b, rate), EDGE]


@exercise.misconception
def rate_of_one():
    """The rate is 1, where a forgotten rate changes nothing."""
    x, labels, w, _, _ = EDGE
    return [ordinary(0, 20, 3, 1.0), (x, labels, w, 0.0, 1.0)]


@exercise.misconception
def switches_only():
    """All inputs are 0 or 1, where a number and its sign are the same thing."""
    x, labels, w, b, rate = ordinary(0, 20, 3)
    edge = np.array([[1.0, 1.0]]), np.array([0]), np.array([2.0, -2.0]), 0.0, 0.5
    return [((x > 0.5) * 1.0, labels, w, b, rate), edge]


@exercise.misconception
def nothing_is_wrong():
    """Every answer is right from the start. A rule for learning from mistakes has nothing to do."""
    x, _, w, b, rate = ordinary(0, 20, 3)
    return [(x, (x @ w + b > 0).astype(int), w, b, rate)]


@exercise.misconception
def only_misses():
    """All labels are 1, so false alarms, and what is done about them, cannot be seen."""
    x, labels, w, _, rate = ordinary(0, 20, 3)
    return [(x, np.ones_like(labels), w, -3.0, rate)]
