"""Batch normalisation in training."""

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
        "You can normalise already. What do γ and β do to a column of mean 0 and variance 1?",
        "Keep x − mean and √(var + eps) in variables of their own: the cache asks for them.",
        "out = γ·centred/std + β, and the cache is (centred, std, gamma).",
    ),
)


def layer(rng, examples, features, spread=2.0):
    """A batch with its γ and β, none of them at the value where it would do nothing."""
    # Uniform, so that nobody is far from all others: that is asked for separately.
    x = rng.normal(3, 2, features) + spread * rng.uniform(-1.7, 1.7, (examples, features))
    return (
        x,
        rng.uniform(0.5, 2, features) * rng.choice([-1, 1], features),
        rng.normal(size=features),
    )


@exercise.probe
def five_examples(rng):
    return *layer(rng, 5, 3), 0.3


@exercise.probe
def standard_eps(rng):
    """The default, with a spread so small that eps counts."""
    return layer(rng, 7, 2, 1e-3)


@exercise.probe
def as_many_features_as_examples(rng):
    """A square: the wrong axis raises no error here."""
    return *layer(rng, 3, 3), 0.01


@exercise.probe
def constant_feature(rng):
    x, gamma, beta = layer(rng, 4, 3)
    x[:, 1] = 2.0
    return x, gamma, beta, 1e-4


@exercise.probe
def millions_away(rng):
    x, gamma, beta = layer(rng, 7, 3)
    return 1e6 + x, gamma, beta, 0.1


@exercise.probe
def far_from_all_others(rng):
    x, gamma, beta = layer(rng, 40, 2)
    x[rng.integers(40)] += 100
    return x, gamma, beta, 0.1


def output(result):
    return sequence(result, 2, "the result")[0]


def cache(result):
    return sequence(sequence(result, 2, "the result")[1], 3, "the cache")


@exercise.check
def worked_example(f):
    """Columns (1, 3) and (2, 6), γ = (2, 3), β = (10, 20) and eps = 0 give (8, 12), (17, 23)."""
    x = np.array([[1.0, 2.0], [3.0, 6.0]])
    result = f(x, np.array([2.0, 3.0]), np.array([10.0, 20.0]), 0.0)
    agree(output(result), np.array([[8.0, 17.0], [12.0, 23.0]]), what="out")


@exercise.check
def what_the_cache_holds(f):
    """For the column (1, 3) with eps = 3 and γ = 5 the cache is (−1, 1), std 2 and 5."""
    result = f(np.array([[1.0], [3.0]]), np.array([5.0]), np.array([7.0]), 3.0)
    expected = np.array([[-1.0], [1.0]]), np.array([2.0]), np.array([5.0])
    agree(cache(result), expected, what="the cache")


@exercise.check
def arguments_stay(f):
    """x, γ and β are afterwards what they were before."""
    x = np.array([[1.0, 2.0], [3.0, 6.0]])
    unchanged(f, x, np.array([2.0, 3.0]), np.array([10.0, 20.0]), 0.5)


@exercise.check
def far_away(f):
    """10⁸, 10⁸ + 1 and 10⁸ + 2 with eps = ⅓, γ = 2 and β = 5 become 3, 5 and 7."""
    x = 1e8 + np.array([[0.0], [1.0], [2.0]])
    out = output(f(x, np.array([2.0]), np.array([5.0]), 1 / 3))
    agree(out, np.array([[3.0], [5.0], [7.0]]), rtol=1e-5, atol=1e-5, what="out")


@exercise.check(points=1)
def random_batches(f, reference, rng):
    """Gives the output for random batches, γ, β and eps."""
    for size in [(5, 3), (3, 7), (11, 2), (2, 5), (3, 3), (131, 1)]:
        arguments = *layer(rng, *size), rng.uniform(0.01, 2)
        agree(output(f(*arguments)), reference(*arguments)[0], what="out")


@exercise.check(points=1)
def random_caches(f, reference, rng):
    """The cache holds x − mean, √(var + eps) and γ."""
    for size in [(5, 3), (3, 7), (2, 5), (3, 3)]:
        arguments = *layer(rng, *size), rng.uniform(0.01, 2)
        expected = reference(*arguments)[1]
        for got, part, name in zip(cache(f(*arguments)), expected, ("centred", "std", "gamma")):
            agree(got, part, what=f"{name} in the cache")


@exercise.check(points=1, after=random_batches)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round the output."""
    x, *rest = layer(rng, 5, 3)
    whole_numbers(f, reference, rng.integers(-9, 10, size=x.shape), *rest, part=0)


@exercise.check(points=1, after=(random_batches, random_caches))
def takes_one_example(f, reference, rng):
    """A batch of one comes out as β, and its cache has one row, of zeros."""
    for features in (3, 1):
        x, gamma, beta = layer(rng, 1, features)
        agree(output(f(x, gamma, beta)), beta[None], what="out for a batch of one")
        arguments = x, gamma, beta, 0.3
        agree(f(*arguments), reference(*arguments), what="the result for a batch of one")


@exercise.check(points=1, after=(random_batches, random_caches))
def default_and_zero(f, reference, rng):
    """Uses eps = 1e-5 if none is given, and takes tiny ones, γ = 1 or 0 and β = 0 as they are."""
    x, gamma, beta = arguments = layer(rng, 7, 3, 3e-2)
    agree(f(*arguments), reference(*arguments), what="the result with the default eps")
    for eps in (0.0, 1e-8, 1e-3, 1):
        agree(f(*arguments, eps), reference(*arguments, eps), what=f"the result with eps = {eps:g}")
    for plain in ((np.ones(3), beta), (gamma, np.zeros(3)), (gamma * [1, 0, 1], beta)):
        agree(f(x, *plain), reference(x, *plain), what="the result with γ = 1, β = 0 or a γ of 0")


@exercise.check(points=1, after=random_batches)
def nothing_left_but_beta(f, reference, rng):
    """A constant feature comes out as β; no number is too large, and no mean too far from 0."""
    x, gamma, beta, eps = constant_feature(rng)
    expected = reference(x, gamma, beta, eps)[0]
    agree(output(f(x, gamma, beta, eps)), expected, what="out with a constant feature")
    for scale in (1e-3, 1e3):
        arguments = scale * x, scale * gamma, scale * beta
        agree(output(f(*arguments)), reference(*arguments)[0], what=f"{scale:g} times the batch")
    crowd, _, _ = layer(rng, 40, 3)
    for crowd[7] in (1e2, -1e4):
        arguments = crowd, gamma, beta
        agree(output(f(*arguments)), reference(*arguments)[0], what="out with an outlier")
    for level in (1e7, -3e7):
        arguments = level + layer(rng, 7, 3)[0], gamma, beta, 0.1
        far = output(f(*arguments)), reference(*arguments)[0]
        agree(*far, rtol=1e-5, atol=1e-5, what=f"out around {level:g}")


@exercise.check(points=1, after=random_batches)
def laws(f, rng):
    """Columns get mean β and spread |γ|; scale and shift of x are forgotten."""
    x, gamma, beta = layer(rng, 7, 3)
    first = f(x, gamma, beta, 0.0)
    out = np.asarray(output(first))
    agree(out.mean(axis=0), beta, what="the mean of each column")
    agree(out.std(axis=0), np.abs(gamma), what="the spread of each column")
    moved = f(100 * x - 5, gamma, beta, 0.0)
    agree(output(moved), out, what="out for 100·x − 5, eps = 0")
    order = rng.permutation(7)
    agree(output(f(x[order], gamma, beta, 0.0)), out[order], what="out with other order of rows")
    agree(output(f(x, 0 * gamma, beta, 0.0)), np.tile(beta, (7, 1)), what="out for γ = 0")
    agree(f(x, gamma, beta, 0.0), first, what="the same call again")


@exercise.check(points=1, after=random_batches)
def leaves_inputs_alone(f, rng):
    """Leaves the batch, γ and β as they were."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def with_loops(x, gamma, beta, eps=1e-5):
    n, d = x.shape
    out, centred, std = np.zeros((n, d)), np.zeros((n, d)), np.zeros(d)
    for k in range(d):
        centred[:, k] = x[:, k] - sum(x[:, k]) / n
        std[k] = (sum(centred[:, k] ** 2) / n + eps) ** 0.5
        for i in range(n):
            out[i, k] = gamma[k] * centred[i, k] / std[k] + beta[k]
    return out, (centred, std, gamma)


@exercise.variant
def as_one_affine_map(x, gamma, beta, eps=1e-5):
    mean, std = np.mean(x, axis=0), np.sqrt(np.var(x, axis=0) + eps)
    slope = gamma / std
    return [slope * x + (beta - slope * mean), [x - mean, std, gamma.copy()]]


@exercise.variant
def mean_of_squares(x, gamma, beta, eps=1e-5):
    centred = x - x.mean(axis=0, keepdims=True)
    std = np.power(np.einsum("nd,nd->d", centred, centred) / x.shape[0] + eps, 0.5)
    out = centred / std[None, :]
    out *= gamma
    out += beta
    return out, (centred, std, gamma)


def _answer(x, gamma, beta, eps, *, std=None, axis=0):
    centred = x - x.mean(axis=axis, keepdims=True)
    if std is None:
        std = np.sqrt(x.var(axis=0) + eps)
    return gamma * centred / std + beta, (centred, std, gamma)


@exercise.misconception
def forgets_beta(x, gamma, beta, eps=1e-5):
    """β is not used: every column still has mean 0."""
    return _answer(x, gamma, 0 * beta, eps)


@exercise.misconception
def forgets_gamma(x, gamma, beta, eps=1e-5):
    """γ does not reach the output: every column still has spread 1."""
    out, (centred, std, _) = _answer(x, 1, beta, eps)
    return out, (centred, std, gamma)


@exercise.misconception
def gamma_and_beta_swapped(x, gamma, beta, eps=1e-5):
    """γ multiplies and β is added; here it is the other way round."""
    out, (centred, std, _) = _answer(x, beta, gamma, eps)
    return out, (centred, std, gamma)


@exercise.misconception
def shifts_before_scaling(x, gamma, beta, eps=1e-5):
    """β is added before γ multiplies, so the shift is scaled too."""
    return _answer(x, gamma, gamma * beta, eps)


@exercise.misconception
def over_the_features(x, gamma, beta, eps=1e-5):
    """The statistics run along the rows (that is layer norm). Each feature wants its own."""
    mean, std = x.mean(axis=1, keepdims=True), np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return gamma * (x - mean) / std + beta, (x - mean, std, gamma)


@exercise.misconception(keeps=0.5)
def eps_outside_the_root(x, gamma, beta, eps=1e-5):
    """eps is added to the standard deviation. It belongs to the variance, under the root."""
    return _answer(x, gamma, beta, eps, std=x.std(axis=0) + eps)


@exercise.misconception(keeps=0.5)
def sample_variance(x, gamma, beta, eps=1e-5):
    """The variance is divided by N − 1. In training it is divided by N."""
    factor = np.float64(len(x)) / (len(x) - 1)
    return _answer(x, gamma, beta, eps, std=np.sqrt(factor * x.var(axis=0) + eps))


@exercise.misconception
def eps_hard_coded(x, gamma, beta, eps=1e-5):
    """The eps in your code is always 1e-5, whatever the caller asks for."""
    return _answer(x, gamma, beta, 1e-5)


@exercise.misconception
def forgets_eps(x, gamma, beta, eps=1e-5):
    """A constant feature is divided by 0. What is eps for?"""
    return _answer(x, gamma, beta, 0.0)


@exercise.misconception
def divides_by_the_variance(x, gamma, beta, eps=1e-5):
    """You divide by the variance. Its root has the units of x."""
    return _answer(x, gamma, beta, eps, std=x.var(axis=0) + eps)


@exercise.misconception
def caches_the_normalised_batch(x, gamma, beta, eps=1e-5):
    """The output is right. But the cache wants x − mean, and yours is divided by std already."""
    out, (centred, std, _) = _answer(x, gamma, beta, eps)
    return out, (centred / std, std, gamma)


@exercise.misconception
def caches_the_input(x, gamma, beta, eps=1e-5):
    """The output is right. But the cache wants x − mean, and yours holds x itself."""
    out, (_, std, _) = _answer(x, gamma, beta, eps)
    return out, (x, std, gamma)


@exercise.misconception
def caches_the_variance(x, gamma, beta, eps=1e-5):
    """The output is right. But the cache wants √(var + eps), and yours holds the variance."""
    out, (centred, std, _) = _answer(x, gamma, beta, eps)
    return out, (centred, std**2, gamma)


@exercise.misconception
def caches_std_without_eps(x, gamma, beta, eps=1e-5):
    """The output is right. But the std of the cache lacks eps: keep what you divided by."""
    out, (centred, _, _) = _answer(x, gamma, beta, eps)
    return out, (centred, x.std(axis=0), gamma)


@exercise.misconception(keeps=0.5)
def no_cache(x, gamma, beta, eps=1e-5):
    """Only the output is returned. The backward pass needs the cache as well."""
    return _answer(x, gamma, beta, eps)[0]


@exercise.misconception
def square_of_the_mean_subtracted(x, gamma, beta, eps=1e-5):
    """Mean of squares minus squared mean: two huge numbers that nearly cancel, digits and all."""
    var = np.maximum(np.mean(x**2, axis=0) - np.mean(x, axis=0) ** 2, 0)
    return _answer(x, gamma, beta, eps, std=np.sqrt(var + eps))


@exercise.misconception
def outliers_cut_off(x, gamma, beta, eps=1e-5):
    """Whatever is more than 3 spreads from the mean is cut off there. Nobody asked for that."""
    _, (centred, std, _) = _answer(x, gamma, beta, eps)
    return gamma * np.clip(centred / std, -3, 3) + beta, (centred, std, gamma)


@exercise.misconception
def overwrites_the_batch(x, gamma, beta, eps=1e-5):
    """The result is right, but the caller's batch is overwritten on the way: use a new array."""
    x -= x.mean(axis=0)
    std = np.sqrt(np.mean(x**2, axis=0) + eps)
    return gamma * x / std + beta, (x.copy(), std, gamma)
