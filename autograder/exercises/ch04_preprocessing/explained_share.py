"""How much of the data can be read off a summary?"""

import numpy as np

from autograder.exercises.ch04_preprocessing.clouds import cloud
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    needs=("standardise_fit", "standardise"),
    hints=(
        "If you knew only z, what would be your best linear guess of x, and how far off is it?",
        "Centre x; standardise z (its unit must not matter). Then one least-squares fit, "
        "`np.linalg.lstsq`, gives weights for all features at once.",
        r"$1 - \sum (x - z W)^2 \big/ \sum x^2$ with centred $x$ and $z$, where $W$ makes the "
        "first sum least.",
    ),
)


def given(rng, examples, features, kept, noise=0.7):
    """Data, and a summary that says some of it: mixtures of features with noise."""
    x = cloud(rng, examples, features)
    z = x @ rng.normal(size=(features, kept)) + noise * rng.normal(0, x.std(), (examples, kept))
    return x, z * rng.uniform(0.1, 9, kept) + rng.normal(0, 5, kept)


@exercise.probe
def two_for_five(rng):
    return given(rng, 31, 5, 2)


@exercise.probe
def a_feature_itself(rng):
    x = cloud(rng, 13, 3)
    return x, x[:, 1:2]


@exercise.probe
def far_away(rng):
    x, z = given(rng, 17, 3, 1)
    return x + 50, z - 70


@exercise.probe
def says_nothing(rng):
    return cloud(rng, 11, 3), np.full((11, 1), 2.0)


@exercise.check
def worked_example(f):
    """x = (±3, ±1), all four. The first feature tells 9/10 of the variance, the second 1/10."""
    x = np.array([[3.0, 1.0], [3.0, -1.0], [-3.0, 1.0], [-3.0, -1.0]])
    for z, share in ((x[:, :1], 0.9), (x[:, 1:], 0.1), (x, 1.0), (x[:, :1] + 5, 0.9)):
        agree(f(x, z), share, atol=1e-9, what="the share")
    agree(f(x + 7, -2 * x[:, :1] + 40), 0.9, what="the share far from zero, in another unit")


@exercise.check
def a_summary_that_mixes(f):
    """z = x₁ + x₂ of (±1, ±1) tells half; a constant tells nothing."""
    x = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    agree(f(x, x.sum(axis=1, keepdims=True)), 0.5, what="the share")
    agree(f(x, np.full((4, 1), 0.3)), 0.0, atol=1e-9, what="the share of a constant")


@exercise.check
def arguments_stay(f):
    """x and z are afterwards what they were before."""
    unchanged(f, np.array([[3.0, 1.0], [2.0, -1.0], [-3.0, 5.0]]), np.array([[3.0], [1], [0]]))


@exercise.check(points=2)
def random_summaries(f, reference, rng):
    """Measures summaries of several sizes, far from zero and in units of their own."""
    for size in [(31, 5, 2), (13, 3, 1), (23, 4, 4), (53, 7, 3), (17, 2, 5)]:
        arguments = given(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the share")


@exercise.check(points=1, after=random_summaries)
def laws(f, rng):
    """Another unit, or another mixture of the same z, tells as much; so does PCA its variances."""
    x, z = given(rng, 31, 5, 2)
    share = f(x, z)
    agree(f(1e3 * x, z), share, what="the share of data in another unit")
    agree(f(x, z @ np.array([[2.0, 1.0], [0.5, -3.0]]) + 9), share, what="the share, z mixed anew")
    centred = x - x.mean(axis=0)
    _, s, vt = np.linalg.svd(centred, full_matrices=False)
    told = np.sum(s[:2] ** 2) / np.sum(s**2)
    agree(f(x, centred @ vt[:2].T), told, what="the share of two principal components")


@exercise.check(points=1, after=random_summaries)
def nothing_and_everything(f, reference, rng):
    """A constant z tells 0, x itself tells 1; a constant or doubled column in z does no harm."""
    x, z = given(rng, 31, 3, 2)
    agree(f(x, np.full((31, 1), 0.1)), 0.0, atol=1e-9, what="the share of a constant")
    agree(f(x, x), 1.0, what="the share of x itself")
    more = np.hstack([z, z[:, :1], np.full((31, 1), 3.0)])
    agree(f(x, more), reference(x, z), what="the share with a doubled and a constant column")
    x[:, 1] = 4.0
    agree(f(x, z), reference(x, z), what="the share of data with a constant feature")


@exercise.check(points=1, after=random_summaries)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are, and leaves x and z alone."""
    whole = rng.integers(-9, 10, (13, 3)), rng.integers(-9, 10, (13, 2))
    whole_numbers(f, reference, *whole)
    unchanged(f, *whole)


@exercise.variant
def by_projection(x, z):
    """Onto the space that the centred columns of z span."""
    x, z = x - np.mean(x, axis=0), z - np.mean(z, axis=0)
    z = z / np.where(np.abs(z).max(axis=0) > 1e-12, np.abs(z).max(axis=0), 1)
    u, s, _ = np.linalg.svd(z, full_matrices=False)
    u = u[:, s > 1e-10 * max(s.max(), 1e-300)] if s.max() > 1e-10 else u[:, :0]
    return np.sum((u.T @ x) ** 2) / np.sum(x**2)


@exercise.variant
def with_a_column_of_ones(x, z):
    design = np.column_stack([np.ones(len(z)), z])
    left = x - design @ (np.linalg.pinv(design, rcond=1e-12) @ x)
    return 1 - (left**2).sum() / ((x - x.mean(axis=0)) ** 2).sum()


def _left(x, z):
    return x - z @ np.linalg.lstsq(z, x, rcond=None)[0]


def _centred(x):
    x = np.asarray(x, float)
    return x - x.mean(axis=0)


@exercise.misconception(keeps=1 / 3)
def the_share_that_is_lost(x, z):
    """That is what z does *not* tell."""
    x, z = _centred(x), _centred(z)
    return np.sum(_left(x, z) ** 2) / np.sum(x**2)


@exercise.misconception
def variance_of_the_summary(x, z):
    """The variance of z is compared with that of x. In another unit, z would tell more."""
    return z.var(axis=0).sum() / x.var(axis=0).sum()


@exercise.misconception(keeps=1 / 3)
def root_of_the_errors(x, z):
    """Lengths are compared; variances are squares."""
    x, z = _centred(x), _centred(z)
    return 1 - np.linalg.norm(_left(x, z)) / np.linalg.norm(x)


@exercise.misconception
def not_centred(x, z):
    """The means are still in. A mean is no variance, and z need not tell it."""
    x, z = np.asarray(x, float), np.asarray(z, float)
    return 1 - np.sum(_left(x, z) ** 2) / np.sum(x**2)


@exercise.misconception
def z_not_centred(x, z):
    """x has been centred, but z has not: its mean is in the way of a fit through the origin."""
    x, z = _centred(x), np.asarray(z, float)
    return 1 - np.sum(_left(x, z) ** 2) / np.sum(x**2)


@exercise.misconception
def mean_over_the_features(x, z):
    """Each feature's own share is averaged: one that hardly varies would count as much as any."""
    x, z = _centred(x), _centred(z)
    with np.errstate(all="ignore"):
        return np.mean(1 - np.sum(_left(x, z) ** 2, axis=0) / np.sum(x**2, axis=0))


@exercise.misconception
def the_other_way_round(x, z):
    """You fitted z from x. It is x that has to be guessed from z."""
    x, z = _centred(x), _centred(z)
    left = z - x @ np.linalg.lstsq(x, z, rcond=None)[0]
    with np.errstate(all="ignore"):
        return 1 - np.sum(left**2) / np.sum(z**2)


@exercise.misconception
def first_column_only(x, z):
    """Only the first column of z is used."""
    x, z = _centred(x), _centred(z)[:, :1]
    return 1 - np.sum(_left(x, z) ** 2) / np.sum(x**2)


@exercise.misconception
def overwrites_the_data(x, z):
    """The share is right, but the caller's data are centred on the way."""
    x -= x.mean(axis=0)
    z -= z.mean(axis=0)
    return 1 - np.sum(_left(x, z) ** 2) / np.sum(x**2)


@exercise.misconception
def overlap_counted_twice(x, z):
    """Adds up what each column tells alone: what two of them tell alike is counted twice."""
    centred = x - x.mean(axis=0)
    spread = z.std(axis=0)
    scaled = (z - z.mean(axis=0)) / np.where(spread == 0, 1, spread)
    slopes = scaled.T @ centred / len(x)
    return float(min(1, (slopes**2).sum() / centred.var(axis=0).sum()))
