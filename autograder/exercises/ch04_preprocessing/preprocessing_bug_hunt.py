"""Bug hunt: who has seen the test data?"""

import math

import numpy as np

from autograder.exercises.ch04_preprocessing import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    core=True,
    hints=(
        "If the test data look exactly like the training data, what difference does it make whose "
        "mean one takes?",
        "Let the test part differ from the training part in everything: its mean, its spread, how "
        "far out it goes. And let two features differ in their spread.",
        "One suspect needs a feature that is constant in the training part, at a round number, and "
        "not in the test part.",
    ),
)


def preprocessing_bug_hunt() -> list[tuple[np.ndarray, np.ndarray]]:
    """Training and test data on which a wrong standardisation gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (train, test)
        Arguments of `suspect(train, test)`, which returns both parts, standardised: train (N, D)
        and test (M, D), yours to choose. Right is whoever takes mean and spread of each feature
        from train alone, and leaves a feature undivided that is constant there.
    """
    rng = np.random.default_rng(0)
    train, test = rng.normal(size=(7, 3)) * [1, 5, 9], rng.normal(9, 40, size=(5, 3))
    train[:, 2] = 4.0
    return [(train, test)]


MAX_ENTRIES = 10_000


def input_set(item, what):
    parts = sequence(item, 2, what)
    train, test = (as_array(p, f"{n} of {what}") for p, n in zip(parts, ("train", "test")))
    if "c" in (train.dtype.kind, test.dtype.kind):
        raise Failed(f"{what} holds complex numbers, expected real ones")
    if train.ndim != 2 or test.ndim != 2 or train.shape[1:] != test.shape[1:]:
        shapes = f"{train.shape} and {test.shape}"
        raise Failed(f"train and test of {what} must be matrices with equal columns, not {shapes}")
    if not all(0 < a.size <= MAX_ENTRIES and np.isfinite(a).all() for a in (train, test)):
        raise Failed(f"{what} must hold finite numbers, at most {MAX_ENTRIES:,} per part")
    if max(np.abs(train).max(), np.abs(test).max()) > 1e6:
        raise Failed(f"{what} holds numbers beyond a million: rounding would speak, not the bug")
    train, test = train.astype(float), test.astype(float)
    spread, reach = np.ptp(train, axis=0), np.abs(train).max(axis=0)
    if np.any((spread > 0) & (spread < 1e-6 * np.maximum(reach, 1))):
        raise Failed(f"a feature of train in {what} hardly varies: make it vary, or constant")
    rounded = (spread == 0) & (train.mean(axis=0) != train[0])
    if rounded.any():
        raise Failed(f"{what} has a constant that rounding moves, such as 0.1: take a round number")
    return [train, test]


def truth(train, test):
    """One feature at a time, with exact sums."""
    columns = []
    for column, new in zip(train.T.tolist(), test.T.tolist(), strict=True):
        mean = math.fsum(column) / len(column)
        variance = math.fsum((v - mean) ** 2 for v in column) / len(column)
        spread = math.sqrt(variance) if max(column) > min(column) else 1.0
        columns.append([(v - mean) / spread for v in (*column, *new)])
    both = np.array(columns).T
    return both[: len(train)], both[len(train) :]


SUSPECTS = hunt.lineup(suspects)
hunt.opens(exercise, input_set, SUSPECTS, "Returns one to three pairs of parts that fit together.")
hunt.charges(exercise, input_set, SUSPECTS, innocent="f", truth=truth, points=1)


def both(seed, n=7, m=5, d=3, mean=6.0, spread=20.0):
    """Two parts that differ in everything; the last feature is constant in the first."""
    rng = np.random.default_rng(seed)
    train, test = rng.normal(size=(n, d)) * np.arange(1, d + 1), rng.normal(mean, spread, (m, d))
    train[:, -1] = 2.0
    return train, test


@exercise.variant
def one_set():
    return (both(1, 5, 4, 4),)


@exercise.variant
def by_hand():
    train = [[1, 20], [2, 40], [6, 10]]
    return [(train, [[30, -70], [2, 5]]), [[[8.0], [8.0]], [[9.0], [7.0]]]]


@exercise.variant
def far_and_flat():
    train, test = both(3, 11, 2, 5, mean=-50.0)
    return [(train, test), (np.full((3, 2), 5.0), test[:, :2])]


@exercise.misconception
def test_is_train():
    """Both parts are the same, so it does not matter whose statistics are used."""
    train, _ = both(4)
    return [(train, train.copy())]


@exercise.misconception
def nothing_constant():
    """Every feature varies: whoever adds a small number to all spreads gets away."""
    train, test = both(5)
    return [(train[:, :2], test[:, :2])]


@exercise.misconception
def one_feature_at_a_time():
    """With a single feature, one spread for all features cannot be told from its own."""
    train, test = both(6)
    return [(train[:, :1], test[:, :1]), (train[:, 2:], test[:, 2:])]


@exercise.misconception
def test_within_the_range():
    """The test part stays within what training has seen: cutting off cuts nothing."""
    train, _ = both(7)
    least = train.min(axis=0)
    inside = least + (train.max(axis=0) - least) * [[0.1, 0.2, 0], [0.3, 0.1, 0], [0.2, 0.3, 0]]
    return [(train[:, :2], inside[:, :2]), (np.full((3, 1), 5.0), np.full((2, 1), 5.0))]


@exercise.misconception
def one_training_example():
    """A lone training example: nothing has a spread there, and hardly anybody can be told apart."""
    train, _ = both(8)
    return [(train[:1], train[:1] + 1e-12), (train[:1], train[:1])]
