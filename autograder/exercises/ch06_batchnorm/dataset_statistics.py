"""Statistics of the whole training set."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    hints=(
        "Should a batch of 2 have the same say in the mean as a batch of 200?",
        "Two batches may be narrow and still lie far apart: the spread *between* the batches "
        "belongs to the variance as well.",
        "var = Σ n·(var_batch + (mean_batch − mean)²)/Σ n, and mean = Σ n·mean_batch/Σ n.",
    ),
)


def data(rng, sizes, features, level=0.0):
    """Batches of these sizes whose means lie apart."""
    return [
        level + rng.normal(2, 3, features) + rng.uniform(0.5, 2) * rng.normal(size=(n, features))
        for n in sizes
    ]


@exercise.probe
def uneven_sizes(rng):
    return (data(rng, (5, 2, 11), 3),)


@exercise.probe
def one_batch(rng):
    return (data(rng, (7,), 2),)


@exercise.probe
def as_many_batches_as_features(rng):
    return (data(rng, (3, 3, 3), 3),)


@exercise.probe
def far_from_zero(rng):
    return (data(rng, (3, 7), 2, 1e7),)


@exercise.check
def worked_example(f):
    """The batches (1, 3) and (8) together have mean 4 and variance 26/3."""
    batches = [np.array([[1.0], [3.0]]), np.array([[8.0]])]
    agree(f(batches), (np.array([4.0]), np.array([26 / 3])), what="the result")


@exercise.check
def between_the_batches(f):
    """(0, 0) and (2, 2) do not vary inside, but together they have variance 1."""
    batches = [np.zeros((2, 1)), np.full((2, 1), 2.0)]
    agree(f(batches), (np.array([1.0]), np.array([1.0])), what="the result")


@exercise.check
def features_apart(f):
    """Column by column: (0, 2, 4) has mean 2, variance 8/3; 10⁸ + (0, 1, 2) has 10⁸ + 1 and ⅔."""
    batches = [np.array([[0.0, 1e8], [2.0, 1e8 + 1]]), np.array([[4.0, 1e8 + 2]])]
    mean, var = sequence(f(batches), 2)
    agree(mean, np.array([2.0, 1e8 + 1]), what="the mean")
    agree(var, np.array([8 / 3, 2 / 3]), rtol=1e-6, what="the variance")


@exercise.check
def batches_stay(f):
    """The list and its batches are afterwards what they were before."""
    unchanged(f, [np.array([[1.0], [3.0]]), np.array([[8.0], [2.0]])])


ALL = [((5, 2, 11), 3), ((3, 7), 2), ((3, 3, 3), 3), ((13,), 5), ((4, 2, 5, 2), 2), ((2, 17), 1)]


@exercise.check(points=1)
def means(f, reference, rng):
    """Gives the mean of all examples, for batches of unequal size."""
    for sizes, features in ALL:
        batches = data(rng, sizes, features)
        got = sequence(f(batches), 2, "the result")[0]
        agree(got, reference(batches)[0], what="the mean")


@exercise.check(points=1)
def variances(f, reference, rng):
    """Gives the variance of all examples, for batches of unequal size."""
    for sizes, features in ALL:
        batches = data(rng, sizes, features)
        got = sequence(f(batches), 2, "the result")[1]
        agree(got, reference(batches)[1], what="the variance")


@exercise.check(points=1, after=(means, variances))
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and rounds neither mean nor variance."""
    whole = [rng.integers(-9, 10, size=(n, 3)) for n in (5, 2, 8)]
    whole_numbers(f, reference, whole)


@exercise.check(points=1, after=(means, variances))
def takes_single_examples(f, rng):
    """Takes batches of one example; a single example in all has variance 0."""
    for sizes in [(1, 7), (1, 1, 2, 1), (1,) * 14]:
        batches = data(rng, sizes, 2)
        rows = np.vstack(batches)
        expected = rows.mean(axis=0), ((rows - rows.mean(axis=0)) ** 2).mean(axis=0)
        agree(f(batches), expected, what="the result for batches of one")
    alone = data(rng, (1,), 3)
    agree(f(alone), (alone[0][0], np.zeros(3)), what="the result for one example")


@exercise.check(points=1, after=(means, variances))
def however_it_is_cut(f, reference, rng):
    """The same examples in one batch, in other batches or in another order give the same."""
    rows = np.vstack(data(rng, (5, 2, 7), 3))
    expected = f([rows])
    for cuts in ([2], [3, 5], [2, 9, 12]):
        agree(f(np.split(rows, cuts)), expected, what=f"cut after {cuts} examples")
    agree(f(np.split(rng.permutation(rows), [6])), expected, what="in another order")
    twice = np.split(rows, [4]) + np.split(rows, [11])
    agree(f(twice), expected, what="every example twice")
    some_twice = [rows, rows[:3], rows[:2]]
    agree(f(some_twice), reference(some_twice), what="some examples several times")


@exercise.check(points=1, after=(means, variances))
def extremes(f, reference, rng):
    """Keeps its precision when means are millions of times the spread, or lie far apart."""
    for level, scale in [(1e7, 1.0), (-3e8, 10.0), (0.0, 1e-4), (0.0, 1e4)]:
        batches = [scale * x + level for x in data(rng, (3, 7, 2, 5), 2)]
        # 1e-6: at 3e8 the numbers themselves are rounded to 6e-8.
        agree(f(batches), reference(batches), rtol=1e-6, atol=1e-12, what=f"around {level:g}")
    far_apart = data(rng, (3, 7), 2) + data(rng, (5, 2), 2, 1e9)
    agree(f(far_apart), reference(far_apart), what="the result for batches that lie far apart")


@exercise.check(points=1, after=(means, variances))
def leaves_inputs_alone(f, rng):
    """Leaves the batches and the list as they were."""
    unchanged(f, *uneven_sizes(rng))


@exercise.variant
def all_at_once(batches):
    rows = np.concatenate(batches)
    return rows.mean(axis=0), rows.var(axis=0)


@exercise.variant
def one_example_at_a_time(batches):
    # Welford's method: the mean moves, the squares are added around it.
    count, mean, squares = 0, np.zeros(batches[0].shape[1]), np.zeros(batches[0].shape[1])
    for batch in batches:
        for row in batch:
            count += 1
            step = row - mean
            mean = mean + step / count
            squares = squares + step * (row - mean)
    return [mean, squares / count]


@exercise.variant
def two_sweeps(batches):
    n = sum(len(x) for x in batches)
    mean = sum(x.sum(axis=0) for x in batches) / n
    return mean, sum(((x - mean) ** 2).sum(axis=0) for x in batches) / n


@exercise.variant
def merged_in_pairs(batches):
    n, mean, squares = 0, 0.0, 0.0
    for x in batches:
        gap, m = x.mean(axis=0) - mean, len(x)
        squares = squares + m * x.var(axis=0) + gap**2 * n * m / (n + m)
        mean = mean + gap * m / (n + m)
        n += m
    return mean, squares / n


def _of(batches):
    sizes = np.array([len(x) for x in batches])
    means, variances = np.array([x.mean(0) for x in batches]), np.array([x.var(0) for x in batches])
    return sizes, means, variances


def _right(batches):
    return two_sweeps(batches)


@exercise.misconception
def every_batch_counts_the_same(batches):
    """A batch of 2 has as much say as a batch of 200: weigh the batches by their sizes."""
    _, means, variances = _of(batches)
    return means.mean(axis=0), np.mean(variances + (means - means.mean(axis=0)) ** 2, axis=0)


@exercise.misconception
def forgets_the_spread_between_batches(batches):
    """Your variance is the average inside the batches; the batches also differ from each other."""
    sizes, _, variances = _of(batches)
    return _right(batches)[0], np.average(variances, axis=0, weights=sizes)


@exercise.misconception
def only_the_spread_between_batches(batches):
    """Your variance is that of the batch means. Inside the batches examples vary, too."""
    sizes, means, _ = _of(batches)
    mean = _right(batches)[0]
    return mean, np.average((means - mean) ** 2, axis=0, weights=sizes)


@exercise.misconception
def plain_averages(batches):
    """Batch means and batch variances are averaged as if sizes and distances did not matter."""
    _, means, variances = _of(batches)
    return means.mean(axis=0), variances.mean(axis=0)


@exercise.misconception(keeps=0.5)
def sample_variance(batches):
    """The squares are divided by the number of examples less 1. Divide by all of them."""
    mean, var = _right(batches)
    n = sum(len(x) for x in batches)
    return mean, var * n / (np.float64(n) - 1)


@exercise.misconception
def corrected_batch_variances(batches):
    """N/(N − 1) times the average batch variance is an *estimate*; here all examples are known."""
    sizes, _, variances = _of(batches)
    with np.errstate(all="ignore"):
        return _right(batches)[0], np.mean(variances * (sizes / (sizes - 1.0))[:, None], axis=0)


@exercise.misconception
def square_of_the_mean_subtracted(batches):
    """Mean of squares minus squared mean: two huge numbers that nearly cancel, digits and all."""
    n = sum(len(x) for x in batches)
    mean = sum(x.sum(axis=0) for x in batches) / n
    return mean, sum((x**2).sum(axis=0) for x in batches) / n - mean**2


@exercise.misconception
def only_the_last_batch(batches):
    """Only the last batch is left in the end. Each batch must add to what came before."""
    return batches[-1].mean(axis=0), batches[-1].var(axis=0)


@exercise.misconception
def only_the_first_batch(batches):
    """Only the first batch is looked at."""
    return batches[0].mean(axis=0), batches[0].var(axis=0)


@exercise.misconception(keeps=0.5)
def spread_for_variance(batches):
    """The second part is a standard deviation. The contract wants its square."""
    mean, var = _right(batches)
    return mean, np.sqrt(var)


@exercise.misconception
def one_number_for_all_features(batches):
    """The features are lumped together: each has a mean and a variance of its own."""
    rows = np.vstack(batches)
    d = rows.shape[1]
    return np.full(d, rows.mean()), np.full(d, rows.var())


@exercise.misconception
def batches_of_one_size(batches):
    """Stacking the batches into one block needs equal sizes. What if the last one is smaller?"""
    block = np.array(batches)
    return block.mean(axis=(0, 1)), block.var(axis=(0, 1))


@exercise.misconception
def empties_the_list(batches):
    """The numbers are right, but the caller's list is empty afterwards: do not pop from it."""
    rows = []
    while batches:
        rows.extend(batches.pop(0))
    return np.mean(rows, axis=0), np.var(rows, axis=0)
