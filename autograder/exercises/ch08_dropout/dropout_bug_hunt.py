"""Bug hunt: a dropout layer that only looks right."""

import numpy as np

from autograder.exercises.ch08_dropout import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    hints=(
        "How many of the suspects does an input set in test mode convict? And one with p = ½?",
        "Two sets, one for each mode. In training: several examples, a p far from ½, and an x "
        "with zeros in it, as after a ReLU.",
        "In training: x with zeros, p unlike ½, an upstream gradient that is random. Another "
        "set: test mode.",
    ),
)


def dropout_bug_hunt() -> list[tuple[np.ndarray, np.ndarray, np.ndarray, float, bool]]:
    """Inputs on which a wrong layer of inverted dropout gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (dout, x, u, p, training)
        Arguments of `suspect(dout, x, u, p, training)`, which returns out and dx: dout, x and u
        (N, D), p at least 0 and below 1, and training True or False. u stands for the draws: an
        entry is dropped in training where u < p, so u must be at least 0 and below 1.
    """
    rng = np.random.default_rng(0)
    dout, u = rng.normal(size=(5, 4)), rng.random((5, 4))
    x = np.maximum(rng.normal(size=(5, 4)), 0)
    return [(dout, x, u, 0.7, True), (dout, x + 1, u, 0.7, False)]


MAX_ENTRIES = 10_000


def input_set(item, what):
    names = ("dout", "x", "u", "p", "training")
    parts = sequence(item, 5, what)
    arrays = [as_array(p, f"{n} of {what}") for p, n in zip(parts, names, strict=True)]
    dout, x, u, p, training = arrays
    if any(a.dtype.kind == "c" for a in arrays):
        raise Failed(f"{what} holds complex numbers, expected real ones")
    if [a.ndim for a in arrays] != [2, 2, 2, 0, 0] or not dout.shape == x.shape == u.shape:
        raise Failed(f"dout, x and u of {what} must be matrices of the same shape, p a number")
    if not all(np.isfinite(a).all() and 0 < a.size <= MAX_ENTRIES for a in arrays):
        raise Failed(f"{what} must hold finite numbers, at most {MAX_ENTRIES:,} per array")
    if training.dtype.kind != "b":
        raise Failed(f"training of {what} must be True or False")
    if not 0 <= p < 1 or u.min() < 0 or u.max() >= 1:
        raise Failed(f"p and u of {what} must be at least 0 and below 1")
    return [*(a.astype(float) for a in (dout, x, u)), float(p), bool(training)]


def truth(dout, x, u, p, training):
    """Dropout and its way back, one entry at a time."""
    out, dx = np.array(x), np.array(dout)
    for index in np.ndindex(x.shape):
        if training:
            factor = 0.0 if u[index] < p else 1 / (1 - p)
            out[index], dx[index] = factor * x[index], factor * dout[index]
    return out, dx


SUSPECTS = hunt.lineup(suspects)
hunt.opens(
    exercise, input_set, SUSPECTS, "Returns one to three input sets whose shapes fit together."
)
hunt.charges(exercise, input_set, SUSPECTS, innocent="e", truth=truth, points=1)


def inputs(seed, n, d, p, training):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d)) * (np.arange(n * d).reshape(n, d) % 3 > 0)
    return rng.normal(size=(n, d)), x, rng.random((n, d)), p, training


@exercise.variant
def random_pair():
    return (inputs(1, 7, 5, 0.8, True), inputs(2, 3, 2, 0.4, False))


@exercise.variant
def three_sets():
    return [
        list(inputs(3, 5, 3, 0.9, True)),
        inputs(4, 2, 11, 0.6, True),
        inputs(5, 7, 7, 0.9, False),
    ]


@exercise.variant
def by_hand():
    dout, x = [[1, -2, 3], [4, 5, 6]], [[0, 1, 2], [3, 0, 5]]
    u = [[0.9, 0.95, 0.1], [0.2, 0.99, 0.3]]
    return [[dout, x, u, 0.8, True], [dout, x, u, 0.8, False]]


@exercise.misconception
def only_training():
    """All sets are in training mode. Who goes wrong in the test gets away."""
    return [inputs(1, 7, 5, 0.8, True)]


@exercise.misconception
def only_test_mode():
    """All sets are in test mode: nothing is dropped, so who drops wrongly gets away."""
    return [inputs(1, 7, 5, 0.8, False)]


@exercise.misconception
def half_and_half():
    """p is ½, where p and 1 − p are the same number."""
    return [inputs(1, 7, 5, 0.5, True), inputs(2, 7, 5, 0.5, False)]


@exercise.misconception
def one_example():
    """The training batch has one example: nobody can share its mask with others."""
    return [inputs(3, 1, 11, 0.7, True), inputs(2, 1, 11, 0.7, False)]


@exercise.misconception
def no_zeros_in_x():
    """x is nowhere 0. After a ReLU it often is, and a kept 0 still deserves its gradient."""
    rng = np.random.default_rng(4)
    dout, x, u = rng.normal(size=(5, 7)), 1 + rng.random((5, 7)), rng.random((5, 7))
    return [(dout, x, u, 0.7, True), (dout, x, u, 0.7, False)]


@exercise.misconception
def evenly_spread_draws():
    """Exactly the share p of u is below p. Real draws hit the rate only on average."""
    dout, x, _, _, _ = inputs(5, 5, 4, 0.7, True)
    u = ((np.arange(20) * 7 % 20 + 0.5) / 20).reshape(5, 4)
    return [(dout, x, u, 0.7, True), (dout, x, u, 0.7, False)]


@exercise.misconception
def nothing_flows_back():
    """dout is all 0, so nothing can be seen of the way back."""
    sets = inputs(1, 7, 5, 0.8, True), inputs(2, 7, 5, 0.8, False)
    return [(0 * dout, *rest) for dout, *rest in sets]


@exercise.misconception
def no_dropout():
    """p is 0: nothing is dropped and nothing enlarged, so hardly anything can go wrong."""
    return [inputs(1, 7, 5, 0.0, True), inputs(2, 7, 5, 0.0, False)]
