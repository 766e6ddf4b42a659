"""The way back, one step at a time."""

from collections.abc import Mapping

import numpy as np

from autograder.judging.compare import Failed, agree, describe
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.batchnorm import batchnorm_forward

exercise = Exercise(
    __name__,
    minutes=35,
    difficulty=4,
    core=True,
    hints=(
        "Draw the way forward as a graph: where does an arrow split into two? There the way back "
        "adds two contributions.",
        "centred reaches out directly (through xhat) and through var; x reaches it directly and "
        "through the mean. Where a row was spread over all examples, the way back sums over them.",
        "dstd = −Σ dxhat·centred/std², dvar = dstd/(2·std), dcentred = dxhat/std + "
        "dvar·2·centred/N, dmean = −Σ dcentred, dx = dcentred + dmean/N.",
    ),
)

NAMES = ("dbeta", "dgamma", "dxhat", "dstd", "dvar", "dcentred", "dmean", "dx")


def passed(rng, examples, features):
    """An upstream gradient and the cache of a training batch: nothing is 1, 0 or symmetric."""
    centred = np.diff(rng.normal(0, 1.5, (examples + 1, features)), axis=0)
    centred[-1] -= centred.sum(axis=0)
    gamma = rng.uniform(0.5, 2, features) * rng.choice([-1, 1], features)
    std = np.hypot(np.linalg.norm(centred, axis=0) / np.sqrt(examples), rng.uniform(0.4, 1))
    return rng.normal(0.5, 1, (examples, features)), (centred, std, gamma)


@exercise.probe
def five_examples(rng):
    return passed(rng, 5, 3)


@exercise.probe
def as_many_features_as_examples(rng):
    """A square: the wrong axis raises no error here."""
    return passed(rng, 3, 3)


@exercise.probe
def seven_examples(rng):
    return passed(rng, 7, 2)


def entry(steps, name):
    if not isinstance(steps, Mapping):
        raise Failed(f"the result is {describe(steps)}, expected a dict of gradients")
    if name not in steps:
        raise Failed(f"the result has no entry {name!r}")
    return steps[name]


def step_agrees(f, reference, rng, name):
    for size in [(5, 3), (3, 7), (2, 5), (3, 3), (131, 2)]:
        arguments = passed(rng, *size)
        agree(entry(f(*arguments), name), reference(*arguments)[name], what=name)
    dout, (centred, std, gamma) = passed(rng, 5, 3)
    silent = dout, (centred, std, gamma * [1, 0, 1])
    agree(entry(f(*silent), name), reference(*silent)[name], what=f"{name} where one γ is 0")


@exercise.check
def first_steps_by_hand(f):
    """For centred (−1, 1), std 2, γ = 3 and dout (1, 2): dβ = 3, dγ = ½ and dx̂ = (3, 6)."""
    steps = f(*by_hand())
    agree(entry(steps, "dbeta"), np.array([3.0]), what="dbeta")
    agree(entry(steps, "dgamma"), np.array([0.5]), what="dgamma")
    agree(entry(steps, "dxhat"), np.array([[3.0], [6.0]]), what="dxhat")


@exercise.check
def last_steps_by_hand(f):
    """In the same example dstd = −¾, dvar = −3/16, and dx = (−9/16, 9/16)."""
    steps = f(*by_hand())
    agree(entry(steps, "dstd"), np.array([-0.75]), what="dstd")
    agree(entry(steps, "dvar"), np.array([-0.1875]), what="dvar")
    agree(entry(steps, "dx"), np.array([[-0.5625], [0.5625]]), what="dx")


def by_hand():
    cache = np.array([[-1.0], [1.0]]), np.array([2.0]), np.array([3.0])
    return np.array([[1.0], [2.0]]), cache


@exercise.check(points=1)
def beta(f, reference, rng):
    """The gradient of β is right."""
    step_agrees(f, reference, rng, "dbeta")


@exercise.check(points=1)
def gamma(f, reference, rng):
    """The gradient of γ is right."""
    step_agrees(f, reference, rng, "dgamma")


@exercise.check(points=1)
def xhat(f, reference, rng):
    """The gradient of x̂ is right."""
    step_agrees(f, reference, rng, "dxhat")


@exercise.check(points=1)
def std(f, reference, rng):
    """The gradient of the standard deviation is right."""
    step_agrees(f, reference, rng, "dstd")


@exercise.check(points=1)
def var(f, reference, rng):
    """The gradient of the variance is right."""
    step_agrees(f, reference, rng, "dvar")


@exercise.check(points=1)
def centred(f, reference, rng):
    """The gradient of x − mean, which has two ways to the output, is right."""
    step_agrees(f, reference, rng, "dcentred")


@exercise.check(points=1)
def mean(f, reference, rng):
    """The gradient of the mean is right."""
    step_agrees(f, reference, rng, "dmean")


@exercise.check(points=1)
def x(f, reference, rng):
    """The gradient of the batch is right."""
    step_agrees(f, reference, rng, "dx")


@exercise.check(points=1, after=(beta, gamma, x))
def takes_whole_numbers(f, reference, rng):
    """Takes a dout of whole numbers for what it is, and does not round the gradients."""
    whole = rng.integers(-9, 10, size=(5, 3))
    for part in ("dx", "dgamma", "dbeta", "dmean"):
        whole_numbers(f, reference, whole, five_examples(rng)[1], part=part)


@exercise.check(points=1, after=(beta, gamma, x))
def takes_one_example(f, reference, rng):
    """For a batch of one dx and dγ are 0, and dβ is dout; each step has its shape."""
    dout, cache = passed(rng, 1, 2)
    steps = f(dout, cache)
    agree(entry(steps, "dx"), np.zeros((1, 2)), what="dx for a batch of one")
    agree(entry(steps, "dgamma"), np.zeros(2), what="dgamma for a batch of one")
    agree(entry(steps, "dbeta"), dout[0], what="dbeta for a batch of one")
    for name, expected in reference(dout, cache).items():
        shape = np.shape(entry(steps, name))
        agree(shape, np.shape(expected), what=f"the shape of {name} for a batch of one")


@exercise.check(points=1, after=(beta, gamma, x))
def measured_slopes(f, rng):
    """dx, dγ and dβ agree with slopes measured through the layer."""
    x = rng.normal(2, 1.5, (5, 3))
    gamma, beta, dout = rng.uniform(0.5, 2, 3), rng.normal(size=3), rng.normal(size=(5, 3))
    steps = f(dout, batchnorm_forward(x, gamma, beta, 0.3)[1])
    at = {"dx": x, "dgamma": gamma, "dbeta": beta}
    through = {
        "dx": lambda v: batchnorm_forward(v, gamma, beta, 0.3)[0],
        "dgamma": lambda v: batchnorm_forward(x, v, beta, 0.3)[0],
        "dbeta": lambda v: batchnorm_forward(x, gamma, v, 0.3)[0],
    }
    for name, layer in through.items():
        gradient_agrees(entry(steps, name), layer, at[name], cotangent=dout, what=name)


@exercise.check(points=1, after=x)
def laws(f, rng):
    """Each column of dx sums to 0, and every gradient is proportional to dout."""
    dout, cache = passed(rng, 7, 3)
    once = f(dout, cache)
    agree(np.sum(entry(once, "dx"), axis=0), np.zeros(3), what="the sums of the columns of dx")
    for factor in (-2, 1e-6, 1e6):
        scaled = f(factor * dout, cache)
        for name in NAMES:
            expected = factor * np.asarray(entry(once, name))
            tiny = 1e-12 * np.abs(expected).max()
            agree(entry(scaled, name), expected, atol=tiny, what=f"{name} for {factor:g}·dout")


@exercise.check(points=1, after=x)
def leaves_inputs_alone(f, rng):
    """Leaves dout and the cache as they were."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def example_by_example(dout, cache):
    centred, std, gamma = cache
    n, d = dout.shape
    steps = {name: np.zeros(d) for name in ("dbeta", "dgamma", "dstd", "dvar", "dmean")}
    steps |= {name: np.zeros((n, d)) for name in ("dxhat", "dcentred", "dx")}
    for i in range(n):
        steps["dbeta"] += dout[i]
        steps["dgamma"] += dout[i] * centred[i] / std
        steps["dxhat"][i] = dout[i] * gamma
        steps["dstd"] -= steps["dxhat"][i] * centred[i] / std**2
    steps["dvar"] = 0.5 * steps["dstd"] / std
    for i in range(n):
        steps["dcentred"][i] = steps["dxhat"][i] / std + 2 / n * steps["dvar"] * centred[i]
        steps["dmean"] -= steps["dcentred"][i]
    for i in range(n):
        steps["dx"][i] = steps["dcentred"][i] + steps["dmean"] / n
    return steps


@exercise.variant
def with_einsum(dout, cache):
    centred, std, gamma = cache
    dxhat = np.einsum("nd,d->nd", dout, gamma)
    # Through the inverse: ivar = 1/std, as in many published derivations.
    divar = np.einsum("nd,nd->d", dxhat, centred)
    dstd = -divar * std**-2
    dvar = -0.5 * divar * std**-3
    dcentred = dxhat / std + dvar / len(dout) * 2 * centred
    dmean = -np.einsum("nd->d", dxhat) / std
    return {
        "xhat": centred / std,
        "dx": dcentred + np.ones((len(dout), 1)) * dmean / len(dout),
        "dmean": dmean,
        "dcentred": dcentred,
        "dvar": dvar,
        "dstd": dstd,
        "dxhat": dxhat,
        "dgamma": np.einsum("nd,nd->d", dout, centred) / std,
        "dbeta": np.einsum("nd->d", dout),
    }


def _steps(dout, cache, **wrong):
    """All gradients; those named in `wrong` are computed by that function of what is known."""
    centred, std, gamma = cache
    known = {"dout": dout, "centred": centred, "std": std, "gamma": gamma, "n": len(dout)}
    right = {
        "dbeta": lambda k: k["dout"].sum(axis=0),
        "dgamma": lambda k: (k["dout"] * k["centred"] / k["std"]).sum(axis=0),
        "dxhat": lambda k: k["dout"] * k["gamma"],
        "dstd": lambda k: -(k["dxhat"] * k["centred"]).sum(axis=0) / k["std"] ** 2,
        "dvar": lambda k: k["dstd"] / (2 * k["std"]),
        "dcentred": lambda k: k["dxhat"] / k["std"] + k["dvar"] * 2 * k["centred"] / k["n"],
        "dmean": lambda k: -k["dcentred"].sum(axis=0),
        "dx": lambda k: k["dcentred"] + k["dmean"] / k["n"],
    }
    for name in NAMES:
        known[name] = {**right, **wrong}[name](known)
    return {name: known[name] for name in NAMES}


@exercise.misconception
def averages_the_shift(dout, cache):
    """dbeta is an average. β was added to every example: the examples add up."""
    return _steps(dout, cache, dbeta=lambda k: k["dout"].mean(axis=0))


@exercise.misconception
def centred_for_xhat(dout, cache):
    """γ multiplies x̂, and your dgamma uses x − mean, which is not divided yet."""
    return _steps(dout, cache, dgamma=lambda k: (k["dout"] * k["centred"]).sum(axis=0))


@exercise.misconception
def averages_the_scale(dout, cache):
    """dgamma is an average. γ multiplied every example: the examples add up."""
    return _steps(dout, cache, dgamma=lambda k: (k["dout"] * k["centred"] / k["std"]).mean(axis=0))


@exercise.misconception
def forgets_gamma(dout, cache):
    """Between out and x̂ lies γ, and your dxhat is dout itself."""
    return _steps(dout, cache, dxhat=lambda k: k["dout"])


@exercise.misconception
def std_without_its_minus(dout, cache):
    """A larger std makes x̂ smaller: dstd needs a minus."""
    return _steps(dout, cache, dstd=lambda k: (k["dxhat"] * k["centred"]).sum(0) / k["std"] ** 2)


@exercise.misconception
def std_divided_once(dout, cache):
    """The derivative of 1/s is −1/s². Your dstd divides by std only once."""
    return _steps(dout, cache, dstd=lambda k: -(k["dxhat"] * k["centred"]).sum(0) / k["std"])


@exercise.misconception
def root_without_its_half(dout, cache):
    """The derivative of √v is 1/(2√v): the ½ is missing in dvar."""
    return _steps(dout, cache, dvar=lambda k: k["dstd"] / k["std"])


@exercise.misconception
def multiplies_by_the_root(dout, cache):
    """The root is a divisor in the derivative of √v, and your dvar multiplies by it."""
    return _steps(dout, cache, dvar=lambda k: k["dstd"] / 2 * k["std"])


@exercise.misconception
def forgets_the_variance_path(dout, cache):
    """centred reaches the output through the variance as well: dcentred has two contributions."""
    return _steps(dout, cache, dcentred=lambda k: k["dxhat"] / k["std"])


@exercise.misconception
def only_the_variance_path(dout, cache):
    """dcentred has only the way through the variance. What about the direct one?"""
    return _steps(dout, cache, dcentred=lambda k: k["dvar"] * 2 * k["centred"] / k["n"])


@exercise.misconception
def square_without_its_two(dout, cache):
    """The derivative of c² is 2c: the 2 is missing in dcentred."""
    dcentred = lambda k: k["dxhat"] / k["std"] + k["dvar"] * k["centred"] / k["n"]
    return _steps(dout, cache, dcentred=dcentred)


@exercise.misconception
def variance_not_averaged(dout, cache):
    """The variance is a mean over N squares: in dcentred its contribution lacks 1/N."""
    dcentred = lambda k: k["dxhat"] / k["std"] + k["dvar"] * 2 * k["centred"]
    return _steps(dout, cache, dcentred=dcentred)


@exercise.misconception
def mean_without_its_minus(dout, cache):
    """The mean is subtracted, so dmean needs a minus."""
    return _steps(dout, cache, dmean=lambda k: k["dcentred"].sum(axis=0))


@exercise.misconception
def averages_the_mean(dout, cache):
    """dmean is an average already. Every example had the mean subtracted: they add up."""
    return _steps(dout, cache, dmean=lambda k: -k["dcentred"].mean(axis=0))


@exercise.misconception
def forgets_the_mean_path(dout, cache):
    """x reaches the output through the mean as well: dx is not yet dcentred."""
    return _steps(dout, cache, dx=lambda k: k["dcentred"].copy())


@exercise.misconception
def mean_not_shared_out(dout, cache):
    """The mean takes 1/N of every example: in dx its contribution lacks 1/N."""
    return _steps(dout, cache, dx=lambda k: k["dcentred"] + k["dmean"])


@exercise.misconception
def overwrites_the_upstream_gradient(dout, cache):
    """The gradients are right, but the caller's dout is overwritten: use a new array."""
    steps = _steps(dout.copy(), cache)
    dout *= cache[2]
    return steps
