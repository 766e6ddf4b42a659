"""Bug hunt: a backward pass that only looks right."""

import numpy as np

from autograder.exercises.ch06_batchnorm import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    hints=(
        "If dout is 1 everywhere, what is dx? How much can such a test tell?",
        "No two sizes alike, a γ of its own for every feature, an eps that can be noticed, and "
        "columns whose spread is not 1.",
        "A γ unlike 1, an eps that is not small beside the variances, and upstream gradients "
        "without pattern.",
    ),
)


def batchnorm_bug_hunt() -> list[tuple[np.ndarray, np.ndarray, np.ndarray, float]]:
    """Inputs on which a wrong backward pass of batch normalisation gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (dout, x, gamma, eps)
        Arguments of `suspect(dout, x, gamma, eps)`, which returns dx, dgamma and dbeta: dout and
        x (N, D), gamma (D,) and a number eps, not negative. N and D are yours to choose.
    """
    rng = np.random.default_rng(0)
    dout, x, gamma = rng.normal(size=(5, 3)), 2 * rng.normal(size=(5, 3)), rng.uniform(0.5, 2, 3)
    return [(dout, x, gamma, 0.3)]


MAX_ENTRIES = 10_000


def input_set(item, what):
    names = ("dout", "x", "gamma", "eps")
    parts = sequence(item, 4, what)
    arrays = [as_array(p, f"{n} of {what}") for p, n in zip(parts, names, strict=True)]
    dout, x, gamma, eps = arrays
    if any(a.dtype.kind == "c" for a in arrays):
        raise Failed(f"{what} holds complex numbers, expected real ones")
    if [a.ndim for a in arrays] != [2, 2, 1, 0]:
        raise Failed(f"dout and x of {what} must be matrices, gamma a vector, eps a number")
    if not (dout.shape == x.shape and x.shape[1:] == gamma.shape):
        shapes = ", ".join(f"{n} {a.shape}" for n, a in zip(names, arrays, strict=True))
        raise Failed(f"the shapes of {what} do not fit together: {shapes}")
    if not all(np.isfinite(a).all() and 0 < a.size <= MAX_ENTRIES for a in arrays):
        raise Failed(f"{what} must hold finite numbers, at most {MAX_ENTRIES:,} per array")
    if eps < 0 or np.any(x.var(axis=0) + eps == 0):
        raise Failed(f"{what} divides by 0: eps is negative, or 0 beside a constant feature")
    if not dout.any():
        raise Failed(f"dout of {what} is all zeros, so nothing flows back at all")
    return [*(a.astype(float) for a in (dout, x, gamma)), float(eps)]


def truth(dout, x, gamma, eps):
    """One feature at a time, through the matrix of all slopes from x to x̂."""
    n = len(x)
    dx, dgamma = np.zeros(x.shape), np.zeros(len(gamma))
    for k, column in enumerate(x.T):
        centred = column - column.sum() / n
        std = ((centred @ centred) / n + eps) ** 0.5
        slopes = (np.eye(n) - 1 / n) / std - np.outer(centred, centred) / (n * std**3)
        dx[:, k] = slopes @ (gamma[k] * dout[:, k])
        dgamma[k] = dout[:, k] @ centred / std
    return dx, dgamma, dout.sum(axis=0)


SUSPECTS = hunt.lineup(suspects)
hunt.opens(
    exercise, input_set, SUSPECTS, "Returns one to three input sets whose shapes fit together."
)
hunt.charges(exercise, input_set, SUSPECTS, innocent="c", truth=truth, points=1)


def inputs(seed, n, d, eps=0.3):
    rng = np.random.default_rng(seed)
    dout, x = rng.normal(size=(n, d)), rng.normal(3, 2, (n, d))
    return dout, x, rng.uniform(0.5, 2, d), eps


@exercise.variant
def random_rectangular():
    return (inputs(1, 7, 2, 0.1),)


@exercise.variant
def two_sets():
    return [inputs(2, 11, 5, 1.0), list(inputs(3, 2, 3, 1))]


@exercise.variant
def by_hand():
    dout = [[1, -2], [0.5, 3], [4, -1]]
    x = [[1, 10], [2, -20], [6, 5]]
    return [[dout, x, [2, -3], 0.5]]


@exercise.misconception
def upstream_of_ones():
    """dout is 1 everywhere: dx and dgamma are 0 whatever is done to them."""
    dout, x, gamma, eps = inputs(4, 5, 3)
    return [(np.ones_like(dout), x, gamma, eps)]


@exercise.misconception
def the_same_scale_everywhere():
    """All γ are equal, so a mean over the features looks like each of them."""
    dout, x, gamma, eps = inputs(5, 5, 3)
    return [(dout, x, np.ones_like(gamma), eps)]


@exercise.misconception
def standard_eps():
    """eps is 1e-5: whoever writes 1e-5 into the code gets away."""
    return [inputs(6, 5, 3, 1e-5)]


@exercise.misconception
def as_many_features_as_examples():
    """N and D are equal, so dividing by the wrong one cannot be seen."""
    return [inputs(7, 4, 4)]


@exercise.misconception
def one_example():
    """A batch of one: x − mean is 0, and a variance has nothing to differ in."""
    return [inputs(8, 1, 3)]


@exercise.misconception
def normalised_already():
    """√(var + eps) is 1 in every column: dividing or not makes no difference."""
    dout, x, gamma, eps = inputs(9, 5, 3)
    return [(dout, np.sqrt(1 - eps) * (x - x.mean(axis=0)) / x.std(axis=0), gamma, eps)]
