"""Mean 0, variance 1: normalise a batch."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=1,
    core=True,
    hints=(
        "A column is one feature. Which axis has to disappear when you take its mean?",
        "Subtract each column's mean, then divide by one number per column; eps goes in before "
        "the root is taken.",
        "x̂ = (x − mean)/√(var + eps), with one mean and one var per column, and var divided by N.",
    ),
)


def batch(rng, examples, features, spread=2.0):
    """Features with different means and spreads."""
    spreads = spread * rng.uniform(0.5, 2, features)
    # Uniform, so that nobody is far from all others: that is asked for separately.
    return rng.normal(3, 2, features) + spreads * rng.uniform(-1.7, 1.7, (examples, features))


@exercise.probe
def five_examples(rng):
    return batch(rng, 5, 3), 0.3


@exercise.probe
def standard_eps(rng):
    """The default, with a spread so small that eps counts."""
    return (batch(rng, 7, 2, 1e-3),)


@exercise.probe
def as_many_features_as_examples(rng):
    """A square: the wrong axis raises no error here."""
    return batch(rng, 3, 3), 0.01


@exercise.probe
def constant_feature(rng):
    x = batch(rng, 4, 3)
    x[:, 1] = 2.0
    return x, 1e-4


@exercise.probe
def millions_away(rng):
    return 1e6 + batch(rng, 7, 3), 0.1


@exercise.probe
def far_from_all_others(rng):
    x = batch(rng, 40, 2)
    x[rng.integers(40)] += 100
    return x, 0.1


@exercise.check
def worked_example(f):
    """3, 5, 7, 2 have mean 4.25 and variance 3.6875: they become −0.651, 0.391, 1.432, −1.172."""
    x = np.array([[3.0], [5.0], [7.0], [2.0]])
    expected = np.array([[-0.651], [0.391], [1.432], [-1.172]])
    agree(f(x, 0.0), expected, atol=6e-4, what="x̂")


@exercise.check
def eps_is_inside_the_root(f):
    """9 and 11 have variance 1; with eps = 3 they are divided by √4: −½ and ½."""
    x = np.array([[9.0, 10.0], [11.0, 10.0]])
    agree(f(x, 3.0), np.array([[-0.5, 0.0], [0.5, 0.0]]), what="x̂")


@exercise.check
def batch_stays(f):
    """x is afterwards what it was before."""
    unchanged(f, np.array([[9.0, 10.0], [11.0, 14.0]]), 3.0)


@exercise.check
def far_away(f):
    """The column 10⁸, 10⁸ + 1, 10⁸ + 2 has variance ⅔ like 0, 1, 2; with eps = ⅓: −1, 0 and 1."""
    x = 1e8 + np.array([[0.0], [1.0], [2.0]])
    agree(f(x, 1 / 3), np.array([[-1.0], [0.0], [1.0]]), rtol=1e-5, atol=1e-5, what="x̂")


@exercise.check(points=1)
def random_batches(f, reference, rng):
    """Normalises random batches of several sizes, with several values of eps."""
    for size in [(5, 3), (3, 7), (11, 2), (2, 5), (3, 3), (131, 1)]:
        arguments = batch(rng, *size), rng.uniform(0.01, 2)
        agree(f(*arguments), reference(*arguments), what="x̂")


@exercise.check(points=1, after=random_batches)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round x̂."""
    whole_numbers(f, reference, rng.integers(-9, 10, size=(5, 3)))


@exercise.check(points=1, after=random_batches)
def far_from_zero(f, reference, rng):
    """Keeps its precision when the mean is millions of times the spread."""
    for level in (1e7, -3e7):
        x = level + batch(rng, 7, 3)
        agree(f(x, 0.1), reference(x, 0.1), rtol=1e-5, atol=1e-5, what=f"x̂ around {level:g}")


@exercise.check(points=1, after=random_batches)
def default_and_zero(f, reference, rng):
    """Uses eps = 1e-5 if none is given, and takes 0 and very small values as they are."""
    x = batch(rng, 7, 3, 3e-2)
    agree(f(x), reference(x), what="x̂ with the default eps")
    for eps in (0.0, 1e-8, 1e-3, 1):
        agree(f(x, eps), reference(x, eps), what=f"x̂ with eps = {eps:g}")


@exercise.check(points=1, after=random_batches)
def nothing_to_divide_by(f, reference, rng):
    """A constant feature, and a batch of one, become 0; huge and tiny features stay finite."""
    x, eps = constant_feature(rng)
    agree(f(x, eps), reference(x, eps), what="x̂ with a constant feature")
    agree(f(x[:1]), np.zeros((1, 3)), what="x̂ of one example")
    agree(f(np.zeros((5, 2))), np.zeros((5, 2)), what="x̂ of a batch of zeros")
    outlier = np.vstack([rng.normal(size=(40, 2)), [[1e4, -1e4]]])
    agree(f(outlier), reference(outlier), what="x̂ with one example far from all others")
    outlier = np.vstack([rng.normal(size=(900, 2)), [[1e4, -1e4]]])
    agree(f(outlier), reference(outlier), what="x̂ with one example thirty spreads away")
    for scale in (1e-6, 1e-3, 1e3, 1e6):
        agree(f(scale * x), reference(scale * x), what=f"x̂ of {scale:g} times the batch")


@exercise.check(points=1, after=random_batches)
def laws(f, rng):
    """Columns get mean 0 and variance var/(var + eps); shifts vanish, the order of rows stays."""
    x = batch(rng, 7, 3)
    normal, var = np.asarray(f(x, 0.5)), x.var(axis=0)
    agree(normal.mean(axis=0), np.zeros(3), what="the mean of each column")
    agree(normal.var(axis=0), var / (var + 0.5), what="the variance of each column")
    agree(f(x + rng.normal(size=3), 0.5), normal, what="x̂ after a shift of each feature")
    agree(f(100 * x, 0.0), f(x, 0.0), what="x̂ of 100 times the batch, eps = 0")
    agree(f(np.vstack([x, x]), 0.5)[:7], normal, what="x̂ of the doubled batch")
    agree(f(x.copy(order="F"), 0.5), normal, what="x̂ of the batch stored column by column")
    order = rng.permutation(7)
    agree(f(x[order], 0.5), normal[order], what="x̂ with the rows in another order")


@exercise.check(points=1, after=random_batches)
def leaves_inputs_alone(f, rng):
    """Leaves the batch as it was."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def with_loops(x, eps=1e-5):
    columns = []
    for k in range(x.shape[1]):
        column = [float(v) for v in x[:, k]]
        mean = sum(column) / len(column)
        var = sum((v - mean) ** 2 for v in column) / len(column)
        columns.append([(v - mean) / (var + eps) ** 0.5 for v in column])
    return [list(row) for row in zip(*columns, strict=True)]


@exercise.variant
def with_einsum(x, eps=1e-5):
    n = x.shape[0]
    out = x - np.einsum("nd->d", x) / n
    out /= np.sqrt(np.einsum("nd,nd->d", out, out) / n + eps)
    return out


@exercise.variant
def by_a_centring_matrix(x, eps=1e-5):
    n = len(x)
    centred = (np.eye(n) - np.full((n, n), 1 / n)) @ x
    return (centred.T * (np.sum(centred**2, axis=0) / n + eps)[:, None] ** -0.5).T


def _normalised(x, std):
    return (x - x.mean(axis=0)) / std


@exercise.misconception
def over_the_features(x, eps=1e-5):
    """The rows come out with mean 0. It is every feature, a column, that wants its own mean."""
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return (x - mean) / np.sqrt(var + eps)


@exercise.misconception
def one_mean_for_all_features(x, eps=1e-5):
    """One mean and one variance serve the whole batch. Metres and kilograms do not mix."""
    return (x - x.mean()) / np.sqrt(x.var() + eps)


@exercise.misconception(keeps=0.5)
def eps_outside_the_root(x, eps=1e-5):
    """eps is added to the standard deviation. It belongs to the variance, under the root."""
    return _normalised(x, x.std(axis=0) + eps)


@exercise.misconception(keeps=0.5)
def sample_variance(x, eps=1e-5):
    """The variance is divided by N − 1. Here the batch is all there is: divide by N."""
    n = len(x)
    with np.errstate(all="ignore"):
        return _normalised(x, np.sqrt(x.var(axis=0) * np.float64(n) / (n - 1) + eps))


@exercise.misconception
def eps_hard_coded(x, eps=1e-5):
    """The eps in your code is always 1e-5, whatever the caller asks for."""
    return _normalised(x, np.sqrt(x.var(axis=0) + 1e-5))


@exercise.misconception
def forgets_eps(x, eps=1e-5):
    """A constant feature is divided by 0. What is eps for?"""
    return _normalised(x, x.std(axis=0))


@exercise.misconception
def eps_after_the_division(x, eps=1e-5):
    """eps is added to the quotient: it shifts every entry and protects nothing."""
    return _normalised(x, x.std(axis=0)) + eps


@exercise.misconception
def divides_by_the_variance(x, eps=1e-5):
    """You divide by the variance, in squared units. Its root has the units of x."""
    return _normalised(x, x.var(axis=0) + eps)


@exercise.misconception
def does_not_centre(x, eps=1e-5):
    """The spread is right, but the mean is still in: subtract it first."""
    return x / np.sqrt(x.var(axis=0) + eps)


@exercise.misconception
def centres_only(x, eps=1e-5):
    """The mean is 0, but each feature still has its own spread."""
    return x - x.mean(axis=0)


@exercise.misconception
def centres_after_dividing(x, eps=1e-5):
    """The mean of x is subtracted after the division: it would have to be divided as well."""
    return x / np.sqrt(x.var(axis=0) + eps) - x.mean(axis=0)


@exercise.misconception
def divides_by_the_range(x, eps=1e-5):
    """That is min-max style: you divide by the range, not by the standard deviation."""
    return _normalised(x, np.ptp(x, axis=0) + eps)


@exercise.misconception(keeps=1 / 3)
def divides_by_the_norm(x, eps=1e-5):
    """You divide by the length of the column. The variance is a mean, so a factor √N is off."""
    return _normalised(x, np.sqrt(len(x) * x.var(axis=0) + eps))


@exercise.misconception
def mean_square_for_variance(x, eps=1e-5):
    """The squares are averaged without taking the mean off first. That is not the variance."""
    return _normalised(x, np.sqrt(np.mean(x**2, axis=0) + eps))


@exercise.misconception
def square_of_the_mean_subtracted(x, eps=1e-5):
    """Mean of squares minus squared mean: two huge numbers that nearly cancel, digits and all."""
    return _normalised(x, np.sqrt(np.maximum(np.mean(x**2, 0) - np.mean(x, 0) ** 2, 0) + eps))


@exercise.misconception
def outliers_cut_off(x, eps=1e-5):
    """Whatever is more than 3 spreads from the mean is cut off there. Nobody asked for that."""
    return np.clip(_normalised(x, np.sqrt(x.var(axis=0) + eps)), -3, 3)


@exercise.misconception
def overwrites_the_batch(x, eps=1e-5):
    """The result is right, but the caller's batch is overwritten on the way: use a new array."""
    x -= x.mean(axis=0)
    x /= np.sqrt(np.mean(x**2, axis=0) + eps)
    return x
