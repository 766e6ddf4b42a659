"""Stretch a range onto another."""

import numpy as np

from autograder.exercises.ch04_preprocessing.clouds import cloud
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "How far along its range, as a share from 0 to 1, is a value? And then?",
        "First the share, then the new range. What is the share if the range is a single point? "
        "And what does NumPy say to `np.uint8(3) - np.uint8(5)`?",
        r"$t = (x - x_{\min})/(x_{\max} - x_{\min})$, and the result lies at the share $t$ of the "
        "way from low to high; a constant feature has $t = 0$ where it was fitted.",
    ),
)


def given(rng, examples, features):
    """New data, fitted to others; and a new range."""
    x = cloud(rng, examples, features)
    lowest = rng.normal(0, 2, features)
    return x, lowest, lowest + rng.uniform(1, 6, features), *np.sort(rng.normal(0, 3, 2)).tolist()


@exercise.probe
def five_examples(rng):
    return given(rng, 5, 3)


@exercise.probe
def default_range(rng):
    return given(rng, 7, 2)[:3]


@exercise.probe
def as_many_features_as_examples(rng):
    return given(rng, 3, 3)


@exercise.probe
def one_constant_feature(rng):
    x, lowest, highest, low, high = given(rng, 5, 3)
    x[:, 1] = highest[1] = lowest[1]
    return x, lowest, highest, low, high


@exercise.probe
def tiny_unit(rng):
    x, lowest, highest, low, high = given(rng, 7, 2)
    return 1e-14 * x, 1e-14 * lowest, 1e-14 * highest, low, high


@exercise.probe
def pixels(rng):
    """Whole numbers without a sign: some lie below what training has seen."""
    x = rng.integers(0, 256, (5, 3)).astype(np.uint8)
    x[0] = 3
    return x, np.array([10, 20, 5], np.uint8), np.array([250, 200, 255], np.uint8), 0.0, 1.0


@exercise.check
def worked_example(f):
    """From [10, 30] to [−1, 1]: 10, 25 and 30 become −1, ½ and 1; a new 50 lands at 3."""
    x = np.array([[10.0], [25.0], [30.0], [50.0]])
    expected = np.array([[-1.0], [0.5], [1.0], [3.0]])
    agree(f(x, np.array([10.0]), np.array([30.0])), expected, what="in [−1, 1]")
    agree(f(x, np.array([10.0]), np.array([30.0]), 0.0, 1.0), (expected + 1) / 2, what="in [0, 1]")


@exercise.check
def two_features(f):
    """Each feature has its own range; one that was always 7 becomes the lower end, 2."""
    x = np.array([[1.0, 7.0, 50.0], [3.0, 7.0, 150.0]])
    lowest, highest = np.array([1.0, 7.0, 0.0]), np.array([5.0, 7.0, 200.0])
    agree(f(x, lowest, highest, 2.0, 6.0), np.array([[2.0, 2.0, 3.0], [4.0, 2.0, 5.0]]))


@exercise.check
def pixels_without_a_sign(f):
    """A pixel of 3, where training saw 5 to 15, becomes −0.2 in [0, 1], and not 25.4."""
    x = np.array([[3], [15]], np.uint8)
    got = f(x, np.array([5], np.uint8), np.array([15], np.uint8), 0.0, 1.0)
    agree(got, np.array([[-0.2], [1.0]]))


@exercise.check
def tiny_range(f):
    """From [0, 2e-14] to [0, 1], 1e-14 becomes ½: a tiny range is a range."""
    tiny = np.array([[1e-14]]), np.array([0.0]), np.array([2e-14])
    agree(f(*tiny, 0.0, 1.0), np.array([[0.5]]))


@exercise.check
def arguments_stay(f):
    """The data and the ranges are afterwards what they were before."""
    unchanged(
        f, np.array([[1.0, 7.0], [3.0, 8.0]]), np.array([1.0, 6]), np.array([5.0, 9]), 0.0, 3.0
    )


@exercise.check(points=1)
def random_data(f, reference, rng):
    """Maps new data of several sizes to a new range, without cutting anything off."""
    for size in [(5, 3), (3, 7), (3, 3), (131, 2), (2, 5)]:
        arguments = given(rng, *size)
        agree(f(*arguments), reference(*arguments))


@exercise.check(points=1, after=random_data)
def default_is_minus_one_to_one(f, reference, rng):
    """Maps to [−1, 1] if no range is given; the ends of the old range become those of the new."""
    arguments = given(rng, 7, 3)
    agree(f(*arguments[:3]), reference(*arguments[:3]))
    _, lowest, highest, low, high = arguments
    ends = np.array([[low] * 3, [high] * 3])
    agree(f(np.stack([lowest, highest]), lowest, highest, low, high), ends, what="the two ends")


@exercise.check(points=1, after=random_data)
def constant_features(f, reference, rng):
    """A feature that was constant becomes `low`, and no NaN; a lone example is no problem."""
    x, lowest, highest, low, high = given(rng, 5, 3)
    k = rng.integers(3)
    x[:, k] = highest[k] = lowest[k]
    agree(f(x, lowest, highest, low, high), reference(x, lowest, highest, low, high))
    agree(f(x[:1], x[0], x[0], low, high), np.full((1, 3), low), what="one example, fitted to it")


@exercise.check(points=1, after=random_data)
def any_unit(f, reference, rng):
    """A tiny range is a range, and a new range may be turned round."""
    x, lowest, highest, low, high = given(rng, 7, 3)
    for unit in (1e-14, 1e6):
        scaled = unit * x, unit * lowest, unit * highest
        agree(f(*scaled, low, high), reference(*scaled, low, high), what=f"{unit:g} times the data")
    agree(f(x, lowest, highest, high, low), reference(x, lowest, highest, high, low))


@exercise.check(points=1, after=random_data)
def pixels_count(f, reference, rng):
    """Takes pixels, whole numbers without a sign, for what they are; leaves its inputs alone."""
    whole_numbers(f, reference, *pixels(rng))
    low = rng.integers(-9, 0, 3)
    signed = rng.integers(-9, 30, (5, 3)), low, low + rng.integers(5, 20, 3), 0, 1
    whole_numbers(f, reference, *signed)
    unchanged(f, *given(rng, 5, 3))


@exercise.variant
def column_by_column(x, lowest, highest, low=-1.0, high=1.0):
    columns = []
    for column, first, last in zip(x.T.tolist(), lowest.tolist(), highest.tolist()):
        stretch = (high - low) / (last - first) if last > first else (high - low)
        columns.append([low + stretch * (v - first) for v in column])
    return np.array(columns).T


@exercise.variant
def from_the_middle(x, lowest, highest, low=-1.0, high=1.0):
    x, lowest, highest = (np.asarray(a, float) for a in (x, lowest, highest))
    same = highest == lowest
    half = np.where(same, 0.5, (highest - lowest) / 2)
    middle = np.where(same, lowest + 0.5, (highest + lowest) / 2)
    return (low + high) / 2 + (high - low) / 2 * (x - middle) / half


def _share(x, lowest, highest):
    x, lowest, highest = (np.asarray(a, float) for a in (x, lowest, highest))
    return (x - lowest) / np.where(highest > lowest, highest - lowest, 1)


@exercise.misconception
def fitted_to_itself(x, lowest, highest, low=-1.0, high=1.0):
    """The range is taken from the data at hand. Use the one that was handed in: from training."""
    return low + (high - low) * _share(x, x.min(axis=0), x.max(axis=0))


@exercise.misconception
def cut_off(x, lowest, highest, low=-1.0, high=1.0):
    """New data outside the old range are cut off. The contract lets them lie outside."""
    return low + (high - low) * np.clip(_share(x, lowest, highest), 0, 1)


@exercise.misconception
def always_zero_to_one(x, lowest, highest, low=-1.0, high=1.0):
    """The share along the old range is right; it has still to be mapped to the new one."""
    return _share(x, lowest, highest)


@exercise.misconception(keeps=0.5)
def stretched_but_not_moved(x, lowest, highest, low=-1.0, high=1.0):
    """The new range has the right length, but it starts at 0 instead of `low`."""
    return (high - low) * _share(x, lowest, highest)


@exercise.misconception
def times_the_upper_end(x, lowest, highest, low=-1.0, high=1.0):
    """Multiplied by `high` instead of by the length of the new range."""
    return low + high * _share(x, lowest, highest)


@exercise.misconception
def divides_by_the_maximum(x, lowest, highest, low=-1.0, high=1.0):
    """Divided by the largest value instead of by the length of the old range."""
    x, lowest, highest = (np.asarray(a, float) for a in (x, lowest, highest))
    return low + (high - low) * (x - lowest) / highest


@exercise.misconception
def constants_become_nan(x, lowest, highest, low=-1.0, high=1.0):
    """A feature that was constant gives 0/0. What should it be divided by?"""
    x, lowest, highest = (np.asarray(a, float) for a in (x, lowest, highest))
    return low + (high - low) * (x - lowest) / (highest - lowest)


@exercise.misconception
def something_added_below(x, lowest, highest, low=-1.0, high=1.0):
    """A small number in the divisor is not small beside every range."""
    x, lowest, highest = (np.asarray(a, float) for a in (x, lowest, highest))
    return low + (high - low) * (x - lowest) / (highest - lowest + 1e-12)


@exercise.misconception
def one_range_for_all(x, lowest, highest, low=-1.0, high=1.0):
    """One range serves all features. Each has its own."""
    return low + (high - low) * _share(x, lowest.min(), highest.max())


@exercise.misconception(keeps=2 / 3)
def pixels_wrap_around(x, lowest, highest, low=-1.0, high=1.0):
    """Whole numbers without a sign know nothing below 0: 3 − 5 is 254. Make them floats first."""
    moved = (x - lowest).astype(float)
    return low + (high - low) * moved / np.where(highest > lowest, highest - lowest, 1)


@exercise.misconception
def always_minus_one_to_one(x, lowest, highest, low=-1.0, high=1.0):
    """Scales to [−1, 1] whatever `low` and `high` say."""
    width = np.where(highest > lowest, highest - lowest, 1.0)
    return 2 * (x - lowest) / width - 1


@exercise.misconception
def a_constant_in_the_middle(x, lowest, highest, low=-1.0, high=1.0):
    """A constant feature goes to the middle of the range; it should go to `low`."""
    scaled = low + (high - low) * _share(x, lowest, highest)
    return np.where(highest > lowest, scaled, (low + high) / 2)
