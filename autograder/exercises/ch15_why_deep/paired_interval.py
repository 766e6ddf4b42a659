"""Capstone, the judge: better, or lucky?"""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    core=True,
    hints=(
        "Two runs with the same seed share their luck. What is left if you subtract them?",
        "Mean and standard deviation of the *differences*; the spread of a mean of N numbers is "
        "smaller than that of one of them.",
        "mean ± quantile · s / √N, where s comes from the sum of squares divided by N − 1.",
    ),
)
NAMES = ("low", "mean", "high")


def runs(rng, number, gain=0.02):
    """Accuracies of pairs that share their luck; the second of a pair is usually better."""
    luck = rng.normal(0.9, 0.03, size=number)
    first = luck + rng.normal(0, 0.01, size=number)
    return first, luck + gain + rng.normal(0, 0.015, size=number), float(rng.uniform(1.5, 3))


def fits(f, reference, *arguments):
    got, expected = sequence(f(*arguments), 3, "the result"), reference(*arguments)
    for value, wanted, name in zip(got, expected, NAMES, strict=True):
        agree(value, wanted, what=name)


@exercise.probe
def five_pairs(rng):
    return runs(rng, 5)


@exercise.probe
def two_pairs(rng):
    return runs(rng, 2)


@exercise.probe
def second_is_worse(rng):
    return runs(rng, 11, gain=-0.1)


@exercise.check
def worked_example(f):
    """1, 2, 3, 4 against 2, 5, 2, 9, quantile 3: differences 1, 3, −1, 5, from −1.87 to 5.87."""
    got = sequence(f(np.array([1.0, 2, 3, 4]), np.array([2.0, 5, 2, 9]), 3.0), 3, "the result")
    # Mean 2; the squares around it are 1, 1, 9, 9, together 20; s² = 20/3.
    margin = 3 * np.sqrt(20 / 3) / 2
    for value, wanted, name in zip(got, (2 - margin, 2.0, 2 + margin), NAMES, strict=True):
        agree(value, wanted, what=name)


@exercise.check
def always_one_better(f):
    """If the second is better by 1 in every pair, the interval is that 1."""
    first = np.array([3.0, -8.0, 20.0])
    for value, name in zip(sequence(f(first, first + 1, 4.3), 3, "the result"), NAMES, strict=True):
        agree(value, 1.0, what=name)
    unchanged(f, first, first + 1, 4.3)


@exercise.check(points=2)
def random_runs(f, reference, rng):
    """Finds mean and ends for any number of pairs."""
    for number in rng.permutation([4, 7, 10]):
        first, second, quantile = runs(rng, int(number))
        second[:2] = first[:2] + rng.uniform(0.02, 0.05) * np.array(
            [1, -1]
        )  # never all of one sign
        fits(f, reference, first, second, quantile)


@exercise.check(points=1, after=random_runs)
def laws(f, rng):
    """Changing places flips the signs; results in percent give percents; 0 is a point."""
    first, second, quantile = runs(rng, 6)
    low, mean, high = sequence(f(first, second, quantile), 3, "the result")
    flipped = sequence(f(second, first, quantile), 3, "the result")
    agree(flipped, [-float(high), -float(mean), -float(low)], what="the interval of first − second")
    percent = sequence(f(100 * first, 100 * second, quantile), 3, "the result")
    agree(percent, [100 * float(v) for v in (low, mean, high)], what="the interval in percent")
    point = sequence(f(first, second, 0.0), 3, "the result")
    agree(point, [float(mean)] * 3, what="the interval with the quantile 0")


@exercise.check(points=1, after=random_runs)
def edges(f, reference, rng):
    """Takes two pairs, and whole numbers for what they are; leaves the results alone."""
    fits(f, reference, *runs(rng, 2))
    whole_numbers(f, reference, rng.integers(0, 9, size=5), rng.integers(5, 20, size=5), 2)
    unchanged(f, *runs(rng, 5))


@exercise.variant
def with_loops(first, second, quantile):
    gains = [float(b) - float(a) for a, b in zip(first, second)]
    mean = sum(gains) / len(gains)
    variance = sum((g - mean) ** 2 for g in gains) / (len(gains) - 1)
    margin = quantile * (variance / len(gains)) ** 0.5
    return [mean - margin, mean, mean + margin]


@exercise.variant
def from_the_covariance(first, second, quantile):
    c = np.cov(first, second)
    error = np.sqrt(max(c[0, 0] + c[1, 1] - 2 * c[0, 1], 0) / len(first))
    mean = np.mean(second) - np.mean(first)
    if np.allclose(np.subtract(second, first), mean, rtol=1e-12):
        error = 0.0
    return mean - quantile * error, mean, mean + quantile * error


def _around(mean, margin):
    return float(mean - margin), float(mean), float(mean + margin)


@exercise.misconception(keeps=0.5)
def not_divided_by_the_root(first, second, quantile):
    """This is the spread of a single difference. A mean of many is surer: divide by √N."""
    gains = second - first
    return _around(gains.mean(), quantile * gains.std(ddof=1))


@exercise.misconception(keeps=0.5)
def divided_by_n(first, second, quantile):
    """The standard deviation is divided by N, not by its root."""
    gains = second - first
    return _around(gains.mean(), quantile * gains.std(ddof=1) / len(gains))


@exercise.misconception(keeps=0.6)
def spread_with_n(first, second, quantile):
    """The squares are divided by N here: around their own mean they are too small, take N − 1."""
    gains = second - first
    return _around(gains.mean(), quantile * gains.std() / np.sqrt(len(gains)))


@exercise.misconception
def not_paired(first, second, quantile):
    """The spreads of both methods are added, with the luck that they share: subtract first."""
    variance = first.var(ddof=1) + second.var(ddof=1)
    return _around(second.mean() - first.mean(), quantile * np.sqrt(variance / len(first)))


@exercise.misconception(keeps=0.5)
def first_minus_second(first, second, quantile):
    """The sign is flipped: how much better is the *second*?"""
    gains = first - second
    return _around(gains.mean(), quantile * gains.std(ddof=1) / np.sqrt(len(gains)))


@exercise.misconception
def always_two_errors(first, second, quantile):
    """The interval goes 1.96 standard errors to each side, whatever the quantile says."""
    gains = second - first
    return _around(gains.mean(), 1.96 * gains.std(ddof=1) / np.sqrt(len(gains)))


@exercise.misconception
def smallest_and_largest(first, second, quantile):
    """These are the smallest and largest difference: they move apart the more runs there are."""
    gains = second - first
    return float(gains.min()), float(gains.mean()), float(gains.max())


@exercise.misconception
def sizes_of_the_gains(first, second, quantile):
    """A loss counts as a gain here: the differences keep their signs."""
    gains = np.abs(second - first)
    return _around(gains.mean(), quantile * gains.std(ddof=1) / np.sqrt(len(gains)))


@exercise.misconception(keeps=0.5)
def only_the_ends(first, second, quantile):
    """Three numbers are asked for; the mean is missing."""
    gains = second - first
    margin = quantile * gains.std(ddof=1) / np.sqrt(len(gains))
    return float(gains.mean() - margin), float(gains.mean() + margin)


@exercise.misconception
def half_of_the_quantile(first, second, quantile):
    """Goes half of the quantile to each side; it is the whole one, both ways."""
    d = second - first
    reach = quantile / 2 * d.std(ddof=1) / np.sqrt(len(d))
    return d.mean() - reach, d.mean(), d.mean() + reach


@exercise.misconception(keeps=0.5)
def mean_first(first, second, quantile):
    """Returns the mean first; the order is low, mean, high."""
    d = second - first
    reach = quantile * d.std(ddof=1) / np.sqrt(len(d))
    return d.mean(), d.mean() - reach, d.mean() + reach


@exercise.misconception
def variance_for_the_spread(first, second, quantile):
    """Uses the variance where the standard deviation belongs."""
    d = second - first
    reach = quantile * d.var(ddof=1) / np.sqrt(len(d))
    return d.mean() - reach, d.mean(), d.mean() + reach


@exercise.misconception
def the_median(first, second, quantile):
    """The interval stands around the median; it stands around the mean."""
    d = second - first
    reach = quantile * d.std(ddof=1) / np.sqrt(len(d))
    return np.median(d) - reach, np.median(d), np.median(d) + reach
