"""Bug hunt: a healthy ratio, or so they say."""

import math

import numpy as np

from autograder.exercises.ch11_tuning import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    hints=(
        "If every weight grows by 0.1 per cent, what do lengths, maxima and spreads do?",
        "The weights should turn, not only grow; be a matrix; have a mean that is not 0; and, for "
        "one suspect, be very small.",
        "Small changes in random directions of a matrix whose mean is not 0.",
    ),
)


def tuning_bug_hunt() -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights before and after a step on which a wrong update-to-weight ratio gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (before, after)
        Arguments of `suspect(before, after)`, which returns one number: two vectors or two
        matrices of the same shape, yours to choose. No weight before the step is exactly 0.
    """
    rng = np.random.default_rng(0)
    before = 1e-6 * rng.normal(0.5, 1, size=(5, 3))
    return [(before, before + 1e-7 * rng.normal(-0.2, 1, size=(5, 3)))]


MAX_ENTRIES = 10_000


def input_set(item, what):
    before, after = (as_array(part, f"a part of {what}") for part in sequence(item, 2, what))
    if "c" in (before.dtype.kind, after.dtype.kind):
        raise Failed(f"{what} holds complex numbers, expected real ones")
    if before.ndim not in (1, 2) or before.shape != after.shape or not before.size:
        shapes = f"{before.shape} and {after.shape}"
        raise Failed(f"{what} must be two vectors or two matrices of one shape, not {shapes}")
    if before.size > MAX_ENTRIES:
        raise Failed(f"{what} must have at most {MAX_ENTRIES:,} weights")
    if not (np.isfinite(before).all() and np.isfinite(after).all()):
        raise Failed(f"{what} must hold finite numbers")
    if np.any(before == 0) or not 1e-12 < np.abs(before).max() < 1e12:
        raise Failed(f"{what} has weights that are 0, or all of them are tiny or giant")
    if np.abs(after).max() > 1e12:
        raise Failed(f"{what} has giant weights after the step")
    return [before.astype(float), after.astype(float)]


def truth(before, after):
    """One number at a time, in units of the largest weight."""
    unit = float(np.abs(before).max())
    pairs = [(o / unit, n / unit) for o, n in zip(before.ravel().tolist(), after.ravel().tolist())]
    return math.sqrt(math.fsum((n - o) ** 2 for o, n in pairs) / math.fsum(o * o for o, _ in pairs))


SUSPECTS = hunt.lineup(suspects)
hunt.opens(
    exercise,
    input_set,
    SUSPECTS,
    "Returns one to three pairs of weights whose shapes fit together.",
)
hunt.charges(exercise, input_set, SUSPECTS, innocent="e", truth=truth, points=1)


def weights(seed, shape, size=1.0, mean=0.7):
    rng = np.random.default_rng(seed)
    before = size * rng.normal(mean, 1, size=shape)
    return before, before + 0.1 * size * rng.normal(mean, 1, size=shape)


@exercise.variant
def two_sets():
    return (weights(1, (7, 2)), list(weights(2, (3,), 1e-8)))


@exercise.variant
def by_hand():
    return [([[1, 2], [3, 5]], [[1.5, 2], [2, 7]]), ([1e-7, 3e-7], [2e-7, 2e-7])]


@exercise.variant
def large_steps_of_tiny_weights():
    before, _ = weights(3, (11, 4), 1e-8)
    after, _ = weights(4, (11, 4), 3e-7)
    return [(before, after)]


@exercise.misconception
def only_grows():
    """All weights grow by the same share: then every part of them does, however measured."""
    before, _ = weights(4, (5, 3), 1e-6)
    return [(before, 1.01 * before)]


@exercise.misconception
def ordinary_sizes():
    """Weights of an ordinary size: a small number added below the fraction is not noticed."""
    return [weights(5, (5, 3))]


@exercise.misconception
def a_vector():
    """A vector has only one length; a matrix has several that are called a norm."""
    return [weights(6, (7,), 1e-6)]


@exercise.misconception
def centred_weights():
    """Weights and step have mean 0: then a standard deviation is a length in disguise."""
    before, after = weights(7, (5, 3), 1e-6)
    step = after - before
    before = before - before.mean()
    return [(before, before + step - step.mean())]


@exercise.misconception
def all_of_one_size():
    """All weights are ±1, and so are the steps, in their unit: the largest is as large as all."""
    signs = np.sign(np.random.default_rng(8).normal(size=(5, 3)))
    return [(1e-6 * signs, 1e-6 * (signs + 0.1 * signs[::-1] * [1, 1, -1]))]


@exercise.misconception
def the_same_shares_mixed():
    """The weights stand still: every ratio is 0, by whatever way."""
    before, _ = weights(9, (5, 3), 1e-6)
    return [(before, before)]


@exercise.misconception
def one_number():
    """A single weight: its length, its maximum and its mean are all the same."""
    return [(np.array([[2e-6]]), np.array([[2.5e-6]]))]
