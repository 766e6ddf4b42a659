"""The yardstick: mean and spread of every feature."""

import numpy as np

from autograder.exercises.ch04_preprocessing.clouds import cloud
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=1,
    core=True,
    hints=(
        "A column is a feature. Which axis has to disappear?",
        "Two statistics along axis 0, then one exception: which features must not be divided by "
        "their spread, and how do you recognise them without trusting a rounded 0?",
        r"$\mu_k = \frac1N\sum_i x_{ik}$ and $s_k = \sqrt{\frac1N\sum_i (x_{ik}-\mu_k)^2}$, "
        r"but $s_k = 1$ where $\max_i x_{ik} = \min_i x_{ik}$.",
    ),
)


@exercise.probe
def five_examples(rng):
    return (cloud(rng, 5, 3),)


@exercise.probe
def as_many_features_as_examples(rng):
    """A square: the wrong axis raises no error here."""
    return (cloud(rng, 3, 3),)


@exercise.probe
def one_constant_feature(rng):
    x = cloud(rng, 7, 3)
    x[:, 1] = 3.0
    return (x,)


@exercise.probe
def constant_but_for_rounding(rng):
    """The mean of three times 0.1 is not quite 0.1."""
    x = cloud(rng, 3, 2)
    x[:, 1] = 0.1
    return (x,)


@exercise.probe
def tiny_unit(rng):
    """Spreads of 1e-14 are small, but they are spreads."""
    return (cloud(rng, 7, 2, 1e-14),)


@exercise.check
def worked_example(f):
    """The columns 1, 3 and 10, 50 have means 2 and 30 and spreads 1 and 20."""
    mean, std = sequence(f(np.array([[1.0, 10.0], [3.0, 50.0]])), 2)
    agree(mean, np.array([2.0, 30.0]), what="mean")
    agree(std, np.array([1.0, 20.0]), what="std")


@exercise.check
def constant_feature(f):
    """A feature that is always 0.1 gets the std 1; one that varies by 2e-14 keeps its own."""
    mean, std = sequence(f(np.array([[0.1, 0.0], [0.1, 2e-14], [0.1, 0.0], [0.1, 2e-14]])), 2)
    agree(mean, np.array([0.1, 1e-14]), atol=0, what="mean")
    agree(std, np.array([1.0, 1e-14]), atol=0, what="std")
    agree(f(np.full((3, 1), 0.1)), (np.array([0.1]), np.array([1.0])), what="the result")


@exercise.check
def data_stay(f):
    """x is afterwards what it was before."""
    unchanged(f, np.array([[1.0, 10.0], [3.0, 50.0]]))


def fits(f, reference, x, **tolerances):
    mean, std = sequence(f(x), 2)
    expected = reference(x)
    agree(mean, expected[0], what="mean", **tolerances)
    agree(std, expected[1], what="std", **tolerances)


@exercise.check(points=1)
def random_clouds(f, reference, rng):
    """Finds mean and std of clouds of several sizes."""
    for size in [(5, 3), (3, 7), (11, 2), (3, 3), (131, 1)]:
        fits(f, reference, cloud(rng, *size, unit=30.0))


@exercise.check(points=1, after=random_clouds)
def constants(f, reference, rng):
    """A constant feature gets the std 1, also when its mean is rounded, and a lone example."""
    for examples, value in [(7, 3.0), (3, 0.1), (5, 0.0), (10, -0.7)]:
        x = cloud(rng, examples, 3)
        x[:, rng.integers(3)] = value
        fits(f, reference, x)
    fits(f, reference, cloud(rng, 1, 5))


@exercise.check(points=1, after=random_clouds)
def any_unit(f, reference, rng):
    """A tiny spread is a spread: nothing depends on the unit that a feature is measured in."""
    for unit in (1e-14, 1e-6, 1e6):
        fits(f, reference, cloud(rng, 7, 3, unit), atol=0)


@exercise.check(points=1, after=random_clouds)
def far_from_zero(f, reference, rng):
    """Keeps its precision when the mean is millions of times the spread."""
    fits(f, reference, rng.choice([-1, 1]) * 3e7 + cloud(rng, 7, 3), rtol=1e-6)


@exercise.check(points=1, after=random_clouds)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers, and pixels without a sign, for what they are; leaves them alone."""
    whole = rng.integers(-9, 10, size=(7, 3))
    whole_numbers(f, reference, whole)
    whole_numbers(f, reference, rng.integers(0, 256, (7, 3)).astype(np.uint8))
    unchanged(f, whole)


@exercise.variant
def column_by_column(x):
    means, spreads = [], []
    for column in x.T.astype(float):
        mean = sum(column) / len(column)
        alike = all(value == column[0] for value in column)
        means.append(mean)
        spreads.append(1.0 if alike else (sum((column - mean) ** 2) / len(column)) ** 0.5)
    return means, spreads


@exercise.variant
def with_matrix_products(x):
    ones = np.full(len(x), 1 / len(x))
    mean = ones @ x
    std = np.sqrt(ones @ (x - mean) ** 2)
    std[np.ptp(x, axis=0) == 0] = 1
    return [mean, std]


def _one_if_alike(x, std):
    return np.where(np.ptp(x, axis=0) == 0, 1.0, std)


@exercise.misconception
def statistics_of_each_example(x):
    """These are means and spreads of the rows. Each feature, a column, wants its own."""
    return x.mean(axis=1), np.where(np.ptp(x, axis=1) == 0, 1.0, x.std(axis=1))


@exercise.misconception
def one_for_all_features(x):
    """One mean and one spread for everything: metres and kilograms do not mix."""
    return np.full(x.shape[1], x.mean()), np.full(x.shape[1], x.std() if np.ptp(x) else 1.0)


@exercise.misconception(keeps=0.5)
def sample_standard_deviation(x):
    """The squares are divided by N − 1. The contract of this chapter says N."""
    return x.mean(axis=0), _one_if_alike(x, x.std(axis=0, ddof=min(1, len(x) - 1)))


@exercise.misconception(keeps=0.5)
def variance_for_std(x):
    """That is the variance, in squared units. Its root has the units of x."""
    return x.mean(axis=0), _one_if_alike(x, x.var(axis=0))


@exercise.misconception
def constant_features_get_zero(x):
    """A constant feature gets the spread 0, and the next step divides by it."""
    return x.mean(axis=0), np.where(np.ptp(x, axis=0) == 0, 0.0, x.std(axis=0))


@exercise.misconception
def trusts_a_spread_to_be_zero(x):
    """Equal numbers need not have a spread of exactly 0: their mean is rounded. Compare them."""
    std = x.std(axis=0)
    return x.mean(axis=0), np.where(std == 0, 1.0, std)


@exercise.misconception
def tiny_spreads_count_as_none(x):
    """A spread below some small number is taken for a constant: in another unit it would not be."""
    std = x.std(axis=0)
    return x.mean(axis=0), np.where(std < 1e-12, 1.0, std)


@exercise.misconception
def something_added_to_every_spread(x):
    """A small number is added to all spreads, so constants are divided by next to nothing."""
    return x.mean(axis=0), np.where(np.ptp(x, axis=0) == 0, 0.0, x.std(axis=0)) + 1e-8


@exercise.misconception
def range_for_std(x):
    """The range is not the standard deviation: a single outlier decides it."""
    return x.mean(axis=0), _one_if_alike(x, np.ptp(x, axis=0))


@exercise.misconception(keeps=0.5)
def order_swapped(x):
    """The contract wants the mean first, then the std."""
    return _one_if_alike(x, x.std(axis=0)), x.mean(axis=0)


@exercise.misconception
def mean_squares(x):
    """The squares are averaged without taking the mean off first: that is no variance."""
    return x.mean(axis=0), _one_if_alike(x, np.sqrt(np.mean(x**2, axis=0)))


@exercise.misconception
def one_spread_for_all(x):
    """Takes one spread of all numbers; each feature has its own: axis=0."""
    return x.mean(axis=0), np.full(x.shape[1], x.std())
