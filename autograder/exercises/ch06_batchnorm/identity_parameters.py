"""The γ and β that undo the layer."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from reference_impl.batchnorm import batchnorm_forward

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    hints=(
        "out = γ·(x − mean)/√(var + eps) + β should be x. What must γ cancel?",
        "First let γ cancel the division, then see what is left over for β.",
        "γ = √(var + eps) and β = mean, one of each for every column.",
    ),
)


def batch(rng, examples, features):
    spreads = rng.uniform(0.3, 4, features)
    return rng.normal(3, 2, features) + spreads * rng.normal(size=(examples, features))


@exercise.probe
def five_examples(rng):
    return batch(rng, 5, 3), 0.3


@exercise.probe
def as_many_features_as_examples(rng):
    return batch(rng, 3, 3), 0.05


@exercise.probe
def standard_eps(rng):
    return (1e-3 * batch(rng, 7, 2),)


@exercise.probe
def millions_away(rng):
    return 1e6 + batch(rng, 7, 3), 0.1


@exercise.check
def worked_example(f):
    """The columns (1, 3) and (2, 6) have means 2 and 4, variances 1 and 4."""
    x = np.array([[1.0, 2.0], [3.0, 6.0]])
    agree(f(x, 0.0), (np.array([1.0, 2.0]), np.array([2.0, 4.0])), what="the result")


@exercise.check
def with_eps(f):
    """With eps = 3 the layer divides the column (9, 11) by 2, so γ is 2."""
    agree(f(np.array([[9.0], [11.0]]), 3.0), (np.array([2.0]), np.array([10.0])), what="the result")


@exercise.check
def batch_stays(f):
    """x is afterwards what it was before."""
    unchanged(f, np.array([[9.0, 10.0], [11.0, 14.0]]), 3.0)


@exercise.check
def far_away(f):
    """The column 10⁸, 10⁸ + 1, 10⁸ + 2 has variance ⅔ like 0, 1, 2: with eps = ⅓, γ is 1."""
    gamma, beta = sequence(f(1e8 + np.array([[0.0], [1.0], [2.0]]), 1 / 3), 2)
    agree(gamma, np.array([1.0]), rtol=1e-5, what="γ")
    agree(beta, np.array([1e8 + 1]), what="β")


def parts(result):
    return sequence(result, 2, "the result")


SIZES = [(5, 3), (3, 7), (131, 2), (4, 5), (3, 3), (7, 1)]


@exercise.check(points=1)
def scales(f, reference, rng):
    """Gives γ for random batches and several values of eps."""
    for size in SIZES:
        arguments = batch(rng, *size), rng.uniform(0.01, 2)
        agree(parts(f(*arguments))[0], reference(*arguments)[0], what="γ")


@exercise.check(points=1)
def shifts(f, reference, rng):
    """Gives β for random batches and several values of eps."""
    for size in SIZES:
        arguments = batch(rng, *size), rng.uniform(0.01, 2)
        agree(parts(f(*arguments))[1], reference(*arguments)[1], what="β")


@exercise.check(points=1, after=(scales, shifts))
def undoes_the_layer(f, rng):
    """With these γ and β the layer returns the batch unchanged, and only this batch."""
    for scale in (1e-3, 1.0, 1e3):
        for eps in (0.0, 1e-3, 1.0):
            x = scale * batch(rng, 7, 3)
            gamma, beta = (np.asarray(p) for p in parts(f(x, eps)))
            agree(batchnorm_forward(x, gamma, beta, eps)[0], x, what="what the layer returns")
    x = 1e7 + batch(rng, 7, 3)
    spread = np.sqrt((x - 1e7).var(axis=0) + 0.1)
    agree(parts(f(x, 0.1))[0], spread, rtol=1e-5, what="γ for a batch around 10⁷")


@exercise.check(points=1, after=(scales, shifts))
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and rounds neither γ nor β."""
    whole_numbers(f, reference, rng.integers(-9, 10, size=(5, 3)))


@exercise.check(points=1, after=(scales, shifts))
def takes_one_example(f, rng):
    """For a batch of one γ is √eps, and β is the example."""
    for eps in (1e-5, 0.25):
        x = batch(rng, 1, 5)
        agree(f(x, eps), (np.full(5, eps**0.5), x[0]), what="the result for a batch of one")


@exercise.check(points=1, after=(scales, shifts))
def default_eps(f, reference, rng):
    """Uses eps = 1e-5 if none is given, also for a constant feature."""
    x = 1e-3 * batch(rng, 7, 3)
    x[:, 1] = 4.0
    agree(f(x), reference(x), what="the result")


@exercise.check(points=1, after=(scales, shifts))
def leaves_inputs_alone(f, rng):
    """Leaves the batch as it was."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def with_loops(x, eps=1e-5):
    gammas, betas = [], []
    for column in x.T:
        mean = sum(column) / len(column)
        gammas.append((sum((v - mean) ** 2 for v in column) / len(column) + eps) ** 0.5)
        betas.append(mean)
    return gammas, betas


@exercise.variant
def from_sums(x, eps=1e-5):
    n = len(x)
    beta = np.ones(n) @ x / n
    gamma = np.sqrt(np.einsum("nd,nd->d", x - beta, x - beta) / n + eps)
    return [gamma, beta]


@exercise.variant
def stacked(x, eps=1e-5):
    return np.stack([np.hypot(x.std(axis=0), np.sqrt(eps)), np.mean(x, 0)])


def _pair(x, gamma):
    return gamma, x.mean(axis=0)


@exercise.misconception
def forgets_eps(x, eps=1e-5):
    """γ cancels √var, but the layer divides by √(var + eps)."""
    return _pair(x, x.std(axis=0))


@exercise.misconception
def eps_outside_the_root(x, eps=1e-5):
    """eps is added to the standard deviation here; the layer adds it to the variance."""
    return _pair(x, x.std(axis=0) + eps)


@exercise.misconception
def eps_hard_coded(x, eps=1e-5):
    """The eps in your code is always 1e-5, whatever the caller asks for."""
    return _pair(x, np.sqrt(x.var(axis=0) + 1e-5))


@exercise.misconception
def variance_for_scale(x, eps=1e-5):
    """γ is a variance here, but the layer divides by a square root."""
    return _pair(x, x.var(axis=0) + eps)


@exercise.misconception
def divides_again(x, eps=1e-5):
    """This γ divides by the spread a second time. It should bring it back."""
    return _pair(x, 1 / np.sqrt(x.var(axis=0) + eps))


@exercise.misconception(keeps=0.5)
def sample_variance(x, eps=1e-5):
    """The variance is divided by N − 1, but the layer divides it by N."""
    return _pair(x, np.sqrt(x.var(axis=0) * np.float64(len(x)) / (len(x) - 1) + eps))


@exercise.misconception
def shift_of_the_wrong_sign(x, eps=1e-5):
    """β is added, and the mean has been taken off: which sign brings it back?"""
    gamma, beta = _pair(x, np.sqrt(x.var(axis=0) + eps))
    return gamma, -beta


@exercise.misconception
def shift_divided_by_the_spread(x, eps=1e-5):
    """β is added last, after γ: it needs no division."""
    gamma, beta = _pair(x, np.sqrt(x.var(axis=0) + eps))
    return gamma, beta / gamma


@exercise.misconception(keeps=0.5)
def order_swapped(x, eps=1e-5):
    """The mean comes first in your answer: the contract wants γ, then β."""
    return _pair(x, np.sqrt(x.var(axis=0) + eps))[::-1]


@exercise.misconception
def initial_values(x, eps=1e-5):
    """γ = 1 and β = 0 are where learning starts: with them the batch comes out normalised."""
    return np.ones(x.shape[1]), np.zeros(x.shape[1])


@exercise.misconception
def one_pair_for_all_features(x, eps=1e-5):
    """The features share one γ and one β here. Each needs its own."""
    d = x.shape[1]
    return np.full(d, np.sqrt(x.var() + eps)), np.full(d, x.mean())


@exercise.misconception
def over_the_features(x, eps=1e-5):
    """There is one γ per example. Which axis is the batch?"""
    return np.sqrt(x.var(axis=1) + eps), x.mean(axis=1)


@exercise.misconception
def square_of_the_mean_subtracted(x, eps=1e-5):
    """Mean of squares minus squared mean: two huge numbers that nearly cancel, digits and all."""
    var = np.maximum(np.mean(x**2, axis=0) - np.mean(x, axis=0) ** 2, 0)
    return _pair(x, np.sqrt(var + eps))
