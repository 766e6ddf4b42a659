"""Least squares on a leash."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=14,
    difficulty=3,
    hints=(
        "Where the sum of both costs is smallest, its gradient with respect to w is 0. What is it?",
        "Bring everything with w to one side: a matrix times w equals xᵀy. `np.linalg.solve` and "
        "`np.linalg.lstsq` solve such a thing.",
        r"$x^\top(xw - y) + \lambda w = 0$; and $\lambda w$ is $\lambda I w$, a matrix times $w$.",
    ),
)


def line(rng, examples, inputs, noise=0.3):
    """Inputs, and targets that lie near a plane."""
    x = rng.normal(size=(examples, inputs)) * rng.uniform(0.5, 2, inputs)
    return x, x @ rng.normal(size=inputs) + noise * rng.normal(size=examples)


@exercise.probe
def more_examples_than_inputs(rng):
    return *line(rng, 11, 3), rng.uniform(0.5, 3)


@exercise.probe
def more_inputs_than_examples(rng):
    return *line(rng, 3, 7), rng.uniform(0.5, 3)


@exercise.probe
def one_input(rng):
    return *line(rng, 5, 1), rng.uniform(2, 3)


@exercise.probe
def no_penalty(rng):
    return *line(rng, 7, 2), 0.0


@exercise.check
def worked_example(f):
    """With x = (1, 2), y = (2, 4): λ = 5 halves the slope 2 to 1; λ = 0 leaves it at 2."""
    x, y = np.array([[1.0], [2.0]]), np.array([2.0, 4.0])
    agree(f(x, y, 5.0), [1.0], what="the weight at λ = 5")
    agree(f(x, y, 0.0), [2.0], what="the weight at λ = 0")


@exercise.check
def two_inputs(f):
    """With x = ((3, 0), (0, 1)) and y = (9, 4), λ = 3 leaves 27/12 and 4/4."""
    x = np.array([[3.0, 0.0], [0.0, 1.0]])
    agree(f(x, np.array([9.0, 4.0]), 3.0), [2.25, 1.0], what="the weights")
    twice = np.vstack([x, x])
    agree(f(twice, np.array([9.0, 4.0, 9.0, 4.0]), 6.0), [2.25, 1.0], what="the weights of four")


@exercise.check
def correlated_inputs(f):
    """Two copies of the input 1, …, 4 share the work: at λ = 1 each weight is 60/61, if y = 2x."""
    x = np.repeat(np.arange(1.0, 5)[:, None], 2, axis=1)
    agree(f(x, 2 * x[:, 0], 1.0), [60 / 61, 60 / 61], what="the weights")


@exercise.check
def data_stay(f):
    """Inputs and targets are afterwards what they were before."""
    unchanged(f, np.array([[1.0], [2.0]]), np.array([2.0, 4.0]), 5.0)


def by_singular_values(x, y, strength):
    """Along each singular direction by itself: s·(uᵀy)/(s² + λ)."""
    u, s, rows = np.linalg.svd(x, full_matrices=False)
    return rows.T @ (s * (u.T @ y) / (s**2 + strength))


@exercise.check(points=2)
def random_planes(f, rng):
    """Fits many and few examples, with small and large λ."""
    for size, strength in [((11, 3), 0.7), ((31, 5), 13.0), ((7, 2), 0.02), ((13, 7), 2.0)]:
        x, y = line(rng, *size)
        agree(f(x, y, strength), by_singular_values(x, y, strength), what="the weights")


@exercise.check(points=1, after=random_planes)
def optimal(f, rng):
    """At the answer the pulls balance, xᵀ(y − xw) = λw, also with more inputs than examples."""
    for size in ((17, 3), (3, 7), (1, 2)):
        (x, y), strength = line(rng, *size), rng.uniform(0.3, 3)
        w = np.asarray(f(x, y, strength))
        agree(strength * w, x.T @ (y - x @ w), atol=1e-9, what="λ times the weights")


@exercise.check(points=1, after=random_planes)
def without_a_penalty(f, rng):
    """At λ = 0 it is ordinary least squares; of many solutions it gives the shortest."""
    x, y = line(rng, 9, 3)
    w = np.asarray(f(x, y, 0.0))
    agree(x.T @ (x @ w), x.T @ y, atol=1e-9, what="xᵀxw")
    x, y = line(rng, 3, 5)
    dual = x.T @ np.linalg.solve(x @ x.T, y)
    agree(f(x, y, 0.0), dual, rtol=1e-6, atol=1e-8, what="the shortest weights")


@exercise.check(points=1, after=random_planes)
def laws(f, rng):
    """Ten times the targets, ten times the weights; turned inputs turn them; units do not count."""
    (x, y), strength = line(rng, 13, 4), rng.uniform(0.3, 3)
    turn, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    w = np.asarray(f(x, y, strength))
    agree(f(x, 10 * y, strength), 10 * w, what="the weights for ten times the targets")
    tiny = 1e-6 * x, y, 1e-12 * strength
    agree(1e-6 * np.asarray(f(*tiny)), w, what="the weights of tiny inputs")
    agree(f(x @ turn, y, strength), turn.T @ w, what="the weights of turned inputs")


@exercise.check(points=1, after=random_planes)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are; leaves inputs and targets as they were."""
    x, y = rng.integers(-9, 10, size=(7, 3)), rng.integers(-9, 10, size=7)
    whole_numbers(f, reference, x, y, 3)
    unchanged(f, *more_examples_than_inputs(rng))


@exercise.variant
def pseudo_inverse(x, y, strength):
    return np.linalg.pinv(x.T @ x + strength * np.eye(x.shape[1]), hermitian=True) @ (x.T @ y)


@exercise.variant
def along_singular_vectors(x, y, strength):
    u, s, rows = np.linalg.svd(x * 1.0, full_matrices=False)
    return rows.T @ (s / (s**2 + strength) * (y @ u))


def _solved(a, b):
    return np.linalg.lstsq(a, b, rcond=None)[0]


@exercise.misconception
def no_leash(x, y, strength):
    """This is ordinary least squares: λ does nothing."""
    return _solved(x, y)


@exercise.misconception(keeps=0.5)
def strength_times_examples(x, y, strength):
    """λ is multiplied by the number of examples. The cost here is the sum, not the mean."""
    return _solved(x.T @ x + strength * len(x) * np.eye(x.shape[1]), x.T @ y)


@exercise.misconception(keeps=0.5)
def twice_the_strength(x, y, strength):
    """λ counts twice: both terms of the cost have their ½, which cancel alike."""
    return _solved(x.T @ x + 2 * strength * np.eye(x.shape[1]), x.T @ y)


@exercise.misconception(keeps=0.5)
def half_the_strength(x, y, strength):
    """λ counts half: both terms of the cost have their ½, which cancel alike."""
    return _solved(x.T @ x + strength / 2 * np.eye(x.shape[1]), x.T @ y)


@exercise.misconception
def strength_everywhere(x, y, strength):
    """λ is added to *every* entry of xᵀx. λ·w is λ times the identity times w."""
    return _solved(x.T @ x + strength, x.T @ y)


@exercise.misconception
def strength_subtracted(x, y, strength):
    """λ has the wrong sign: the weights grow with it, instead of shrinking."""
    return _solved(x.T @ x - strength * np.eye(x.shape[1]), x.T @ y)


@exercise.misconception
def shrinks_all_alike(x, y, strength):
    """Least squares, and then all weights shrink by 1/(1 + λ): that ignores what the data say."""
    return _solved(x, y) / (1 + strength)


@exercise.misconception
def first_weight_spared(x, y, strength):
    """The first weight is not penalised. Here no input is a constant: all are."""
    pull = strength * np.eye(x.shape[1])
    pull[0, 0] = 0
    return _solved(x.T @ x + pull, x.T @ y)


@exercise.misconception
def strength_squared(x, y, strength):
    """λ² is added where λ should be: rows that do the same must carry its root."""
    return _solved(x.T @ x + strength**2 * np.eye(x.shape[1]), x.T @ y)


@exercise.misconception
def targets_shrunk_too(x, y, strength):
    """λ was added on both sides of the equation: the right side is xᵀy alone."""
    return _solved(x.T @ x + strength * np.eye(x.shape[1]), x.T @ y + strength)


@exercise.misconception
def centred(x, y, strength):
    """Subtracts the means of x and y, as if there were a bias: here there is none."""
    x, y = x - x.mean(axis=0), y - y.mean()
    table = np.vstack([x, np.sqrt(strength) * np.eye(x.shape[1])])
    return np.linalg.lstsq(table, np.append(y, np.zeros(x.shape[1])), rcond=None)[0]
