"""What the layer remembers."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "After one batch with momentum 0.9: how much of the old memory should be left?",
        "Mix old and new with weights that add up to 1; mean and variance each on their own.",
        "running ← momentum·running + (1 − momentum)·batch.",
    ),
)


def step(rng, examples, features):
    """A batch and a memory that is neither 0, 1 nor like the batch."""
    x = rng.normal(3, 2, features) + 1.5 * rng.normal(size=(examples, features))
    return x, rng.normal(-2, 1, features), rng.uniform(3, 9, features)


@exercise.probe
def five_examples(rng):
    return *step(rng, 5, 3), 0.7


@exercise.probe
def standard_momentum(rng):
    return step(rng, 3, 3)


@exercise.probe
def hardly_remembers(rng):
    return *step(rng, 2, 5), 0.2


@exercise.probe
def millions_away(rng):
    x, mean, var = step(rng, 7, 3)
    return 1e6 + x, 1e6 + mean, var, 0.4


@exercise.check
def worked_example(f):
    """Memory 10 and 5, batch (1, 3) with mean 2 and variance 1, momentum ¾: 8 and 4."""
    result = f(np.array([[1.0], [3.0]]), np.array([10.0]), np.array([5.0]), 0.75)
    agree(result, (np.array([8.0]), np.array([4.0])), what="the result")


@exercise.check
def from_the_start(f):
    """From 0 and 1, with momentum ½, the batch (4, 8) with mean 6 and variance 4: 3 and 2.5."""
    result = f(np.array([[4.0], [8.0]]), np.zeros(1), np.ones(1), 0.5)
    agree(result, (np.array([3.0]), np.array([2.5])), what="the result")


SIZES = [(5, 3), (3, 7), (2, 5), (3, 3), (11, 1)]


def parts(result):
    return sequence(result, 2, "the result")


@exercise.check
def features_apart(f):
    """Columns (1, 3) and (10⁸, 10⁸ + 4), each by itself; momentum ½, a memory of 0 and 1."""
    x = np.array([[1.0, 1e8], [3.0, 1e8 + 4]])
    mean, var = sequence(f(x, np.zeros(2), np.ones(2), 0.5), 2)
    agree(mean, np.array([1.0, 5e7 + 1]), what="the mean")
    agree(var, np.array([1.0, 2.5]), what="the variance")


@exercise.check
def arguments_stay(f):
    """The batch and the old memory are afterwards what they were before."""
    unchanged(f, np.array([[1.0], [3.0]]), np.array([10.0]), np.array([5.0]), 0.75)


@exercise.check(points=1)
def remembered_means(f, reference, rng):
    """Gives the new mean for random batches, memories and momenta."""
    for size in SIZES:
        arguments = *step(rng, *size), rng.uniform(0.05, 0.6)
        agree(parts(f(*arguments))[0], reference(*arguments)[0], what="the running mean")


@exercise.check(points=1)
def remembered_variances(f, reference, rng):
    """Gives the new variance for random batches, memories and momenta."""
    for size in SIZES:
        arguments = *step(rng, *size), rng.uniform(0.05, 0.6)
        agree(parts(f(*arguments))[1], reference(*arguments)[1], what="the running variance")


@exercise.check(points=1, after=(remembered_means, remembered_variances))
def several_batches(f, reference, rng):
    """Follows five different batches of different sizes, handing the memory on."""
    got = expected = np.zeros(3), np.ones(3)
    for examples, momentum in [(5, 0.9), (2, 0.3), (7, 0.65), (3, 0.9), (5, 0.1)]:
        x, _, _ = step(rng, examples, 3)
        got = [np.asarray(p) for p in parts(f(x, *got, momentum))]
        expected = reference(x, *expected, momentum)
        agree(got, expected, what="the memory")


@exercise.check(points=1, after=(remembered_means, remembered_variances))
def takes_whole_numbers(f, reference, rng):
    """Takes a batch and a memory of whole numbers for what they are, and rounds nothing."""
    whole = rng.integers(-9, 10, size=(5, 3))
    whole_numbers(f, reference, whole, np.zeros(3, int), np.ones(3, int), 0.3)
    whole_numbers(f, reference, whole, *step(rng, 5, 3)[1:], 0.3)


@exercise.check(points=1, after=(remembered_means, remembered_variances))
def takes_one_example(f, rng):
    """A batch of one moves the mean, and its variance is 0."""
    for momentum in (0.4, 0.9):
        x, mean, var = step(rng, 1, 3)
        expected = momentum * mean + (1 - momentum) * x[0], momentum * var
        agree(f(x, mean, var, momentum), expected, what="the memory after a batch of one")


@exercise.check(points=1, after=(remembered_means, remembered_variances))
def edges(f, reference, rng):
    """Momentum is 0.9 if none is given; 1 keeps the memory, 0 keeps only the batch."""
    x, mean, var = step(rng, 5, 3)
    agree(f(x, mean, var), reference(x, mean, var), what="the memory by default")
    agree(f(x, mean, var, 1), (mean, var), what="the memory with momentum 1")
    agree(f(x, mean, var, 0), (x.mean(axis=0), x.var(axis=0)), what="the memory with momentum 0")
    large = 1e3 * x, 1e3 * mean, 1e6 * var, 0.4
    agree(f(*large), reference(*large), what="the memory of large numbers")


@exercise.check(points=1, after=(remembered_means, remembered_variances))
def laws(f, rng):
    """A memory that equals the batch stays; the order of rows does not matter, nor does a shift."""
    x, mean, var = step(rng, 7, 3)
    own = x.mean(axis=0), x.var(axis=0)
    agree(f(x, *own, 0.37), own, what="a memory that equals the batch")
    result = f(x, mean, var, 0.37)
    agree(f(x[rng.permutation(7)], mean, var, 0.37), result, what="with other order of rows")
    shifted = f(x + 50, mean + 50, var, 0.37)
    agree(shifted, (np.asarray(result[0]) + 50, result[1]), what="with everything shifted by 50")
    far = f(x + 2.0**24, mean + 2.0**24, var, 0.37)  # whose sums with x are nearly exact
    agree(far[1], result[1], rtol=1e-5, what="the variance with everything shifted by 2²⁴")


@exercise.check(points=1, after=(remembered_means, remembered_variances))
def leaves_inputs_alone(f, rng):
    """Leaves the batch and the old memory as they were."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def as_a_step_towards(x, running_mean, running_var, momentum=0.9):
    rate = 1 - momentum
    mean, var = np.mean(x, axis=0), np.var(x, axis=0)
    return running_mean + rate * (mean - running_mean), running_var - rate * (running_var - var)


@exercise.variant
def with_loops(x, running_mean, running_var, momentum=0.9):
    means, variances = [], []
    for k, column in enumerate(x.T):
        mean = sum(column) / len(column)
        var = sum((v - mean) ** 2 for v in column) / len(column)
        means.append(momentum * running_mean[k] + (1 - momentum) * mean)
        variances.append(momentum * running_var[k] + (1 - momentum) * var)
    return means, variances


@exercise.variant
def on_own_copies(x, running_mean, running_var, momentum=0.9):
    memory = np.stack([running_mean, running_var])
    memory *= momentum
    memory += (1 - momentum) * np.stack([x.mean(0), x.std(0) ** 2])
    return memory


def _mixed(x, running_mean, running_var, momentum, var=None):
    var = x.var(axis=0) if var is None else var
    mean = momentum * running_mean + (1 - momentum) * x.mean(axis=0)
    return mean, momentum * running_var + (1 - momentum) * var


@exercise.misconception(keeps=0.5)
def momentum_the_other_way(x, running_mean, running_var, momentum=0.9):
    """Momentum is the share of the *old* value here. (PyTorch means the share of the new one.)"""
    return _mixed(x, running_mean, running_var, 1 - momentum)


@exercise.misconception
def momentum_hard_coded(x, running_mean, running_var, momentum=0.9):
    """The momentum in your code is always 0.9, whatever the caller asks for."""
    return _mixed(x, running_mean, running_var, 0.9)


@exercise.misconception(keeps=0.5)
def sample_variance(x, running_mean, running_var, momentum=0.9):
    """The batch's variance is divided by N − 1. The contract remembers it divided by N."""
    unbiased = x.var(axis=0) * np.float64(len(x)) / (len(x) - 1)
    return _mixed(x, running_mean, running_var, momentum, unbiased)


@exercise.misconception
def remembers_the_spread(x, running_mean, running_var, momentum=0.9):
    """A standard deviation is mixed into a memory of variances."""
    return _mixed(x, running_mean, running_var, momentum, x.std(axis=0))


@exercise.misconception
def mixes_spreads(x, running_mean, running_var, momentum=0.9):
    """Standard deviations are mixed and then squared; it is the variances that are averaged."""
    mean, _ = _mixed(x, running_mean, running_var, momentum)
    return mean, (momentum * np.sqrt(running_var) + (1 - momentum) * x.std(axis=0)) ** 2


@exercise.misconception
def variance_around_the_memory(x, running_mean, running_var, momentum=0.9):
    """The deviations are taken from the remembered mean, not from the batch's own."""
    around = np.mean((x - running_mean) ** 2, axis=0)
    return _mixed(x, running_mean, running_var, momentum, around)


@exercise.misconception
def variance_around_the_new_memory(x, running_mean, running_var, momentum=0.9):
    """The deviations are taken from the mean you just mixed, not from the batch's own."""
    mean, _ = _mixed(x, running_mean, running_var, momentum)
    return _mixed(x, running_mean, running_var, momentum, np.mean((x - mean) ** 2, axis=0))


@exercise.misconception
def adds_the_whole_batch(x, running_mean, running_var, momentum=0.9):
    """The weights do not add up to 1: the new value comes in whole, and the memory grows."""
    mean, var = x.mean(axis=0), x.var(axis=0)
    return momentum * running_mean + mean, momentum * running_var + var


@exercise.misconception
def forgets_the_past(x, running_mean, running_var, momentum=0.9):
    """The memory is replaced by the batch: nothing of the past is left."""
    return x.mean(axis=0), x.var(axis=0)


@exercise.misconception
def variance_never_updated(x, running_mean, running_var, momentum=0.9):
    """The mean moves, but the variance stays as it was."""
    return _mixed(x, running_mean, running_var, momentum)[0], running_var


@exercise.misconception
def plain_average(x, running_mean, running_var, momentum=0.9):
    """Old and new are averaged half and half. What is momentum for?"""
    return _mixed(x, running_mean, running_var, 0.5)


@exercise.misconception
def order_swapped(x, running_mean, running_var, momentum=0.9):
    """The variance comes first in your answer: the contract wants the mean, then the variance."""
    return _mixed(x, running_mean, running_var, momentum)[::-1]


@exercise.misconception
def one_number_for_all_features(x, running_mean, running_var, momentum=0.9):
    """All features share one mean and one variance of the batch. Each has its own."""
    mean = momentum * running_mean + (1 - momentum) * x.mean()
    return mean, momentum * running_var + (1 - momentum) * x.var()


@exercise.misconception
def square_of_the_mean_subtracted(x, running_mean, running_var, momentum=0.9):
    """Mean of squares minus squared mean: two huge numbers that nearly cancel, digits and all."""
    var = np.mean(x**2, axis=0) - np.mean(x, axis=0) ** 2
    return _mixed(x, running_mean, running_var, momentum, var)


@exercise.misconception
def overwrites_the_memory(x, running_mean, running_var, momentum=0.9):
    """The numbers are right, but the caller's arrays are overwritten: return new ones."""
    running_mean *= momentum
    running_mean += (1 - momentum) * x.mean(axis=0)
    running_var *= momentum
    running_var += (1 - momentum) * x.var(axis=0)
    return running_mean, running_var
