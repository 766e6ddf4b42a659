"""The way back in one formula."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.batchnorm import batchnorm_forward

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    hints=(
        "Put your steps into one another on paper. Which sums over the batch are left?",
        "Only two: Σ dout, which is dbeta, and Σ dout·x̂, which is dgamma.",
        "dx = γ/std · (dout − (dbeta + x̂·dgamma)/N), with x̂ = centred/std.",
    ),
)


def passed(rng, examples, features, eps=None):
    """An upstream gradient and the cache of a training batch: nothing is 1, 0 or symmetric."""
    centred = np.diff(rng.normal(0, 1.5, (examples + 1, features)), axis=0)
    centred[-1] -= centred.sum(axis=0)
    gamma = rng.uniform(0.5, 2, features) * rng.choice([-1, 1], features)
    eps = rng.uniform(0.2, 1) if eps is None else eps
    std = np.hypot(np.linalg.norm(centred, axis=0) / np.sqrt(examples), np.sqrt(eps))
    return rng.normal(0.5, 1, (examples, features)), (centred, std, gamma)


@exercise.probe
def five_examples(rng):
    return passed(rng, 5, 3)


@exercise.probe
def as_many_features_as_examples(rng):
    """A square: the wrong axis raises no error here."""
    return passed(rng, 3, 3)


@exercise.probe
def without_eps(rng):
    return passed(rng, 7, 2, 0.0)


NAMES = ("dx", "dgamma", "dbeta")
SIZES = [(5, 3), (3, 7), (2, 5), (3, 3), (131, 2)]


def parts(result):
    return dict(zip(NAMES, sequence(result, 3, "the result"), strict=True))


def part_agrees(f, reference, rng, name):
    for size in SIZES:
        arguments = passed(rng, *size)
        agree(parts(f(*arguments))[name], parts(reference(*arguments))[name], what=name)
    dout, (centred, std, gamma) = passed(rng, 5, 3)
    silent = dout, (centred, std, gamma * [1, 0, 1])
    expected = parts(reference(*silent))[name]
    agree(parts(f(*silent))[name], expected, what=f"{name} where one γ is 0")


@exercise.check
def worked_example(f):
    """For centred (−1, 1), std 2, γ = 3 and dout (1, 2): dx = (−9/16, 9/16), dγ = ½, dβ = 3."""
    cache = np.array([[-1.0], [1.0]]), np.array([2.0]), np.array([3.0])
    got = f(np.array([[1.0], [2.0]]), cache)
    expected = np.array([[-0.5625], [0.5625]]), np.array([0.5]), np.array([3.0])
    agree(got, expected, what="the result")


@exercise.check
def equal_gradients_cancel(f):
    """If every example pulls the same way (dout = 1), the mean moves along: dx = 0."""
    cache = np.array([[-3.0], [1.0], [2.0]]), np.array([4.0]), np.array([5.0])
    expected = np.zeros((3, 1)), np.zeros(1), np.array([3.0])
    agree(f(np.ones((3, 1)), cache), expected, what="the result")


@exercise.check
def arguments_stay(f):
    """dout and the cache are afterwards what they were before."""
    cache = np.array([[-1.0], [1.0]]), np.array([2.0]), np.array([3.0])
    unchanged(f, np.array([[1.0], [2.0]]), cache)


@exercise.check(points=1)
def the_batch(f, reference, rng):
    """Gives dx for batches of several sizes."""
    part_agrees(f, reference, rng, "dx")


@exercise.check(points=1)
def scale(f, reference, rng):
    """Gives dgamma for batches of several sizes."""
    part_agrees(f, reference, rng, "dgamma")


@exercise.check(points=1)
def shift(f, reference, rng):
    """Gives dbeta for batches of several sizes."""
    part_agrees(f, reference, rng, "dbeta")


@exercise.check(points=1, after=(the_batch, scale, shift))
def takes_whole_numbers(f, reference, rng):
    """Takes a dout of whole numbers for what it is, and does not round the gradients."""
    whole = rng.integers(-9, 10, size=(5, 3))
    whole_numbers(f, reference, whole, five_examples(rng)[1])


@exercise.check(points=1, after=(the_batch, scale, shift))
def takes_one_example(f, rng):
    """For a batch of one dx and dgamma are 0, and dbeta is dout."""
    for features in (2, 1):
        dout, cache = passed(rng, 1, features)
        expected = np.zeros((1, features)), np.zeros(features), dout[0]
        agree(f(dout, cache), expected, what="the result for a batch of one")


@exercise.check(points=1, after=(the_batch, scale, shift))
def measured_slopes(f, rng):
    """All three gradients agree with slopes measured through the layer."""
    x = rng.normal(2, 1.5, (5, 3))
    gamma, beta, dout = rng.uniform(0.5, 2, 3), rng.normal(size=3), rng.normal(size=(5, 3))
    got = parts(f(dout, batchnorm_forward(x, gamma, beta, 0.3)[1]))
    at = {"dx": x, "dgamma": gamma, "dbeta": beta}
    through = {
        "dx": lambda v: batchnorm_forward(v, gamma, beta, 0.3)[0],
        "dgamma": lambda v: batchnorm_forward(x, v, beta, 0.3)[0],
        "dbeta": lambda v: batchnorm_forward(x, gamma, v, 0.3)[0],
    }
    for name, layer in through.items():
        gradient_agrees(got[name], layer, at[name], cotangent=dout, what=name)


@exercise.check(points=1, after=the_batch)
def laws(f, rng):
    """dx cannot shift a column or (with eps = 0) stretch it; gradients of two losses add up."""
    dout, cache = passed(rng, 7, 3, 0.0)
    first = parts(f(dout, cache))
    dx = np.asarray(first["dx"])
    agree(dx.sum(axis=0), np.zeros(3), what="the sums of the columns of dx")
    agree((dx * cache[0]).sum(axis=0), np.zeros(3), what="the sums of dx·centred")
    other = rng.normal(size=dout.shape)
    second, both = parts(f(other, cache)), parts(f(dout + other, cache))
    for name in NAMES:
        added = np.asarray(first[name]) + np.asarray(second[name])
        agree(both[name], added, what=f"{name} of two gradients added")


@exercise.check(points=1, after=the_batch)
def all_sizes(f, reference, rng):
    """Large and tiny gradients and spreads, and a feature that never varied, are no problem."""
    dout, (centred, std, gamma) = passed(rng, 5, 3)
    for scale in (1e-6, 1e-3, 1e3):
        for call in [
            (scale * dout, (centred, std, gamma)),
            (dout, (scale * centred, scale * std, gamma)),
            (dout, (centred, std, scale * gamma)),
        ]:
            got, expected = parts(f(*call)), parts(reference(*call))
            for name in NAMES:
                tiny = 1e-12 * np.abs(expected[name]).max()
                agree(got[name], expected[name], atol=tiny, what=name)
    constant = dout, (np.zeros((5, 3)), np.full(3, 0.01), gamma)
    agree(f(*constant), reference(*constant), what="the result for constant features")


@exercise.check(points=1, after=the_batch)
def leaves_inputs_alone(f, rng):
    """Leaves dout and the cache as they were."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def by_the_jacobian(dout, cache):
    centred, std, gamma = cache
    n, d = dout.shape
    dx, xhat = np.zeros((n, d)), centred / std
    for k in range(d):
        jacobian = np.eye(n) - 1 / n - np.outer(xhat[:, k], xhat[:, k]) / n
        dx[:, k] = gamma[k] / std[k] * (jacobian @ dout[:, k])
    return [dx, np.einsum("nd,nd->d", dout, xhat), np.einsum("nd->d", dout)]


@exercise.variant
def step_by_step(dout, cache):
    centred, std, gamma = cache
    n = dout.shape[0]
    dxhat = dout * gamma
    dvar = np.sum(dxhat * centred, axis=0) * -0.5 * std**-3
    dmean = -np.sum(dxhat, axis=0) / std - 2 * dvar * np.mean(centred, axis=0)
    dx = dxhat / std + dvar * 2 * centred / n + dmean / n
    return dx, np.sum(dout * centred / std, axis=0), np.sum(dout, axis=0)


@exercise.variant
def example_by_example(dout, cache):
    centred, std, gamma = cache
    n = len(dout)
    dbeta, dgamma = 0, 0
    for d, c in zip(dout, centred, strict=True):
        dbeta, dgamma = dbeta + d, dgamma + d * c / std
    rows = [
        gamma / (n * std) * (n * d - dbeta - c / std * dgamma)
        for d, c in zip(dout, centred, strict=True)
    ]
    return rows, dgamma, dbeta


def _answer(dout, cache, dx=None, dgamma=None, dbeta=None):
    """The right gradients, but for those handed in."""
    right = parts(by_the_jacobian(dout, cache))
    given = {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}
    return tuple(right[name] if given[name] is None else given[name] for name in NAMES)


def _known(dout, cache):
    """x̂, γ/std, Σ dout·x̂, Σ dout and N."""
    centred, std, gamma = cache
    xhat = centred / std
    return xhat, gamma / std, (dout * xhat).sum(axis=0), dout.sum(axis=0), len(dout)


@exercise.misconception
def statistics_as_constants(dout, cache):
    """dx lets mean and variance stand still. But they move when x moves: two terms are missing."""
    _, slope, _, _, _ = _known(dout, cache)
    return _answer(dout, cache, dx=slope * dout)


@exercise.misconception
def forgets_the_variance_path(dout, cache):
    """dx knows that the mean moves with x, but not that the variance does."""
    _, slope, _, dbeta, n = _known(dout, cache)
    return _answer(dout, cache, dx=slope * (dout - dbeta / n))


@exercise.misconception
def forgets_the_mean_path(dout, cache):
    """dx knows that the variance moves with x, but not that the mean does."""
    xhat, slope, dgamma, _, n = _known(dout, cache)
    return _answer(dout, cache, dx=slope * (dout - xhat * dgamma / n))


@exercise.misconception(keeps=0.5)
def variance_path_over_one_less(dout, cache):
    """One sum in dx is divided by N − 1. The forward pass took its variance over N."""
    xhat, slope, dgamma, dbeta, n = _known(dout, cache)
    path = xhat * dgamma / max(n - 1, 1)
    return _answer(dout, cache, dx=slope * (dout - dbeta / n - path))


@exercise.misconception(keeps=1 / 3)
def sums_not_divided(dout, cache):
    """The two sums are subtracted whole from dout. Each example owns 1/N of mean and variance."""
    xhat, slope, dgamma, dbeta, _ = _known(dout, cache)
    return _answer(dout, cache, dx=slope * (dout - dbeta - xhat * dgamma))


@exercise.misconception
def everything_divided(dout, cache):
    """In the form with 1/N in front, dout inside the bracket carries a factor N."""
    xhat, slope, dgamma, dbeta, n = _known(dout, cache)
    return _answer(dout, cache, dx=slope / n * (dout - dbeta - xhat * dgamma))


@exercise.misconception
def variance_path_of_the_wrong_sign(dout, cache):
    """The term with x̂·Σ dout·x̂ is added. A larger variance makes the output smaller."""
    xhat, slope, dgamma, dbeta, n = _known(dout, cache)
    return _answer(dout, cache, dx=slope * (dout - (dbeta - xhat * dgamma) / n))


@exercise.misconception
def centred_for_xhat(dout, cache):
    """Your dx uses x − mean where x̂, divided by std, belongs."""
    _, slope, _, dbeta, n = _known(dout, cache)
    centred = cache[0]
    dx = slope * (dout - (dbeta + centred * (dout * centred).sum(axis=0)) / n)
    return _answer(dout, cache, dx=dx)


@exercise.misconception
def forgets_gamma(dout, cache):
    """γ is missing in dx: it lies between x̂ and the output."""
    return _answer(dout, (cache[0], cache[1], np.ones_like(cache[2])))


@exercise.misconception
def forgets_to_divide_by_std(dout, cache):
    """dx is not divided by std: the wider the batch, the less the output moves with x."""
    return _answer(dout, cache, dx=cache[1] * np.asarray(by_the_jacobian(dout, cache)[0]))


@exercise.misconception
def divides_by_the_features(dout, cache):
    """1/N counts the examples of the batch, and you divide by the number of features."""
    xhat, slope, dgamma, dbeta, _ = _known(dout, cache)
    return _answer(dout, cache, dx=slope * (dout - (dbeta + xhat * dgamma) / dout.shape[1]))


@exercise.misconception
def xhat_not_divided_in_dgamma(dout, cache):
    """dgamma uses x − mean, but γ was multiplied with x̂."""
    return _answer(dout, cache, dgamma=(dout * cache[0]).sum(axis=0))


@exercise.misconception(keeps=0.5)
def parameters_averaged(dout, cache):
    """dgamma and dbeta are averages. γ and β act on every example: the examples add up."""
    _, _, dgamma, dbeta, n = _known(dout, cache)
    return _answer(dout, cache, dgamma=dgamma / n, dbeta=dbeta / n)


@exercise.misconception
def gamma_in_the_parameters(dout, cache):
    """γ slipped into dgamma and dbeta: use dout there, before it is multiplied by γ."""
    _, _, dgamma, dbeta, _ = _known(dout, cache)
    return _answer(dout, cache, dgamma=dgamma * cache[2], dbeta=dbeta * cache[2])


@exercise.misconception
def parameters_never_learn(dout, cache):
    """dgamma and dbeta are 0, so γ and β would stay 1 and 0 for ever."""
    return _answer(dout, cache, dgamma=0 * cache[2], dbeta=0 * cache[2])


@exercise.misconception(keeps=0.5)
def order_swapped(dout, cache):
    """The last two are swapped: the contract wants dx, dgamma, dbeta."""
    dx, dgamma, dbeta = _answer(dout, cache)
    return dx, dbeta, dgamma


@exercise.misconception
def overwrites_the_upstream_gradient(dout, cache):
    """The gradients are right, but the caller's dout is overwritten: use a new array."""
    answer = _answer(dout.copy(), cache)
    dout *= cache[2]
    return answer
