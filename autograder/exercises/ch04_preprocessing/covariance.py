"""The covariance matrix."""

import numpy as np

from autograder.exercises.ch04_preprocessing.clouds import cloud
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "How many features has x, and so how many rows and columns has the answer?",
        "Centre every feature first. Then each entry is an average over the examples of a product "
        "of two columns: which matrix product makes all of them at once?",
        r"$\Sigma_{ij} = \frac1N \sum_n (x_{ni}-\bar x_i)(x_{nj}-\bar x_j)$, "
        r"a product $A^\top A$ up to a factor.",
    ),
)


@exercise.probe
def five_examples(rng):
    return (cloud(rng, 5, 3),)


@exercise.probe
def as_many_features_as_examples(rng):
    return (cloud(rng, 3, 3),)


@exercise.probe
def more_features(rng):
    return (cloud(rng, 3, 7),)


@exercise.probe
def millions_away(rng):
    return (3e7 + cloud(rng, 7, 2),)


@exercise.check
def worked_example(f):
    """(1, 5), (3, 1), (2, 6) have variances ⅔ and 14/3, and the covariance −4/3."""
    x = np.array([[1.0, 5.0], [3.0, 1.0], [2.0, 6.0]])
    agree(f(x), np.array([[2.0, -4.0], [-4.0, 14.0]]) / 3)


@exercise.check
def more_features_than_examples(f):
    """Of two examples, (0, 0, 0) and (2, 4, −6), it is [[1, 2, −3], [2, 4, −6], [−3, −6, 9]]."""
    expected = np.array([[1.0, 2.0, -3.0], [2.0, 4.0, -6.0], [-3.0, -6.0, 9.0]])
    agree(f(np.array([[0.0, 0.0, 0.0], [2.0, 4.0, -6.0]])), expected)


@exercise.check
def far_away(f):
    """10⁸, 10⁸ + 1, 10⁸ + 2 have the variance ⅔, like 0, 1, 2."""
    agree(f(1e8 + np.array([[0.0], [1.0], [2.0]])), np.array([[2 / 3]]), rtol=1e-5)


@exercise.check
def data_stay(f):
    """x is afterwards what it was before."""
    unchanged(f, np.array([[1.0, 5.0], [3.0, 1.0], [2.0, 6.0]]))


@exercise.check(points=2)
def random_clouds(f, reference, rng):
    """Finds the covariance matrix of clouds of several sizes."""
    for size in [(5, 3), (3, 7), (11, 2), (3, 3), (131, 5)]:
        x = cloud(rng, *size)
        agree(f(x), reference(x), what="the covariance")


@exercise.check(points=1, after=random_clouds)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers, also those without a sign, for what they are; leaves them alone."""
    whole = rng.integers(-9, 10, size=(7, 3))
    whole_numbers(f, reference, whole)
    pixels = rng.integers(0, 256, (7, 3)).astype(np.uint8)
    pixels[0] = 128
    whole_numbers(f, reference, pixels)
    unchanged(f, whole)


@exercise.check(points=1, after=random_clouds)
def far_from_zero(f, reference, rng):
    """Keeps its precision when the mean is millions of times the spread."""
    x = rng.choice([-1, 1]) * 3e7 + cloud(rng, 7, 3)
    agree(f(x), reference(x), rtol=1e-5, atol=1e-5)


@exercise.check(points=1, after=random_clouds)
def one_of_each(f, reference, rng):
    """One example does not vary; one feature has a 1 × 1 matrix; a constant has zeros."""
    agree(f(cloud(rng, 1, 3)), np.zeros((3, 3)), what="the covariance of one example")
    x = cloud(rng, 5, 1)
    agree(f(x), reference(x), what="the covariance of one feature")
    x = cloud(rng, 7, 3)
    x[:, rng.integers(3)] = 2.0
    agree(f(x), reference(x), what="the covariance with a constant feature")


@exercise.check(points=1, after=random_clouds)
def laws(f, rng):
    """Symmetric; a turn of the data turns it on both sides; a shift changes nothing."""
    x, A = cloud(rng, 11, 3), rng.normal(size=(3, 2))
    found = np.asarray(f(x))
    agree(found, found.T, what="the transpose")
    agree(f(x @ A), A.T @ found @ A, what="the covariance of x @ A")
    agree(f(x + rng.normal(size=3)), found, what="the covariance after a shift")
    agree(f(np.vstack([x, x])), found, what="the covariance of the doubled data")


@exercise.variant
def entry_by_entry(x):
    n, d = x.shape
    centred = [[v - sum(column) / n for v in column] for column in x.T.tolist()]
    return [
        [sum(a * b for a, b in zip(centred[i], centred[j])) / n for j in range(d)] for i in range(d)
    ]


@exercise.variant
def example_by_example(x):
    mean, total = x.mean(axis=0), np.zeros((x.shape[1], x.shape[1]))
    for row in x:
        total += np.outer(row - mean, row - mean)
    return total / len(x)


def _centred(x):
    return x - x.mean(axis=0)


@exercise.misconception
def not_centred(x):
    """The products are averaged without taking the means off: far from zero only those count."""
    x = np.asarray(x, float)
    return x.T @ x / len(x)


@exercise.misconception(keeps=0.5)
def sample_covariance(x):
    """The sums are divided by N − 1, as statistics packages do. This chapter divides by N."""
    return _centred(x).T @ _centred(x) / max(len(x) - 1, 1)


@exercise.misconception
def between_the_examples(x):
    """This compares examples with each other, (N, N). Which two of what shall be multiplied?"""
    return _centred(x) @ _centred(x).T / len(x)


@exercise.misconception(keeps=0.5)
def not_averaged(x):
    """These are sums over the examples: with more data they would grow."""
    return _centred(x).T @ _centred(x)


@exercise.misconception
def rows_centred(x):
    """Each example has been centred, not each feature."""
    centred = x - x.mean(axis=1, keepdims=True)
    return centred.T @ centred / len(x)


@exercise.misconception
def divided_by_the_features(x):
    """The average runs over the examples; you divide by the number of features."""
    return _centred(x).T @ _centred(x) / x.shape[1]


@exercise.misconception
def correlation_instead(x):
    """The diagonal is all ones: those are correlations, for which each feature is standardised."""
    with np.errstate(all="ignore"):
        z = _centred(x) / x.std(axis=0)
    return z.T @ z / len(x)


@exercise.misconception
def variances_only(x):
    """The features' variances are right, but off the diagonal stands what two have in common."""
    return np.diag(x.var(axis=0))


@exercise.misconception
def product_of_means_subtracted(x):
    """Mean of products minus product of means: two huge numbers that nearly cancel."""
    x = np.asarray(x, float)
    return x.T @ x / len(x) - np.outer(x.mean(axis=0), x.mean(axis=0))


@exercise.misconception
def overwrites_the_data(x):
    """The result is right, but the caller's data are centred on the way: use a new array."""
    x -= x.mean(axis=0)
    return x.T @ x / len(x)


@exercise.misconception
def one_mean_for_all_features(x):
    """Subtracts one mean of all numbers; each feature has a mean of its own."""
    centred = x - x.mean()
    return centred.T @ centred / len(x)
