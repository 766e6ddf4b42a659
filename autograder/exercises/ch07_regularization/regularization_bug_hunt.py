"""Bug hunt: a decay that only looks right."""

import numpy as np

from autograder.exercises.ch07_regularization import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    hints=(
        "Fresh layers have biases of 0. Whose mistake does that hide? And a rate of 1?",
        "For each suspect: on which weights, gradients and numbers does it do the right thing?",
        "Weights of both signs, several rows, nothing at 0 or 1, and a rate and a λ that matter.",
    ),
)


def regularization_bug_hunt() -> list[tuple[np.ndarray | float, ...]]:
    """Steps of a layer on which a wrong weight decay gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (W, b, dW, db, rate, strength)
        Arguments of a suspect, which returns the new W and b: two matrices (D, M) of the same
        shape, two vectors (M,), and two numbers, the rate and λ, both from 0 to 100.
    """
    W = np.array([[2.0, -1.0], [0.5, 3.0], [-4.0, 1.5]])
    dW = np.array([[1.0, 2.0], [-3.0, 0.5], [2.5, -1.0]])
    return [(W, np.array([2.0, -3.0]), dW, np.array([0.5, 1.5]), 0.4, 0.3)]


MOST = 10_000
NAMES = ("W", "b", "dW", "db", "rate", "strength")


def input_set(item, what):
    parts = sequence(item, 6, what)
    arrays = [as_array(p, f"{n} of {what}") for p, n in zip(parts, NAMES, strict=True)]
    if any(a.dtype.kind == "c" for a in arrays):
        raise Failed(f"{what} holds complex numbers, expected real ones")
    W, b, dW, db, rate, strength = (a.astype(float) for a in arrays)
    if W.ndim != 2 or dW.shape != W.shape or not 0 < W.size <= MOST:
        raise Failed(f"W and dW of {what} must be matrices of one shape, at most {MOST:,} numbers")
    if b.shape != W.shape[1:] or db.shape != b.shape:
        raise Failed(f"b and db of {what} must be vectors with an entry for each column of W")
    if rate.ndim or strength.ndim or not (0 <= rate <= 100 and 0 <= strength <= 100):
        raise Failed(f"rate and strength of {what} must be numbers from 0 to 100")
    if not all(np.abs(a).max() <= 1e6 for a in (W, b, dW, db)):
        raise Failed(f"the entries of {what} must be finite, none beyond a million")
    return [W, b, dW, db, float(rate), float(strength)]


def truth(W, b, dW, db, rate, strength):
    """Entry by entry, by the gradient of loss plus λ/2 · Σ W²."""
    new = np.array([[0.0] * W.shape[1]] * len(W))
    for place in np.ndindex(W.shape):
        new[place] = W[place] - rate * dW[place] - rate * strength * W[place]
    return new, np.array([bias - rate * slope for bias, slope in zip(b, db, strict=True)])


SUSPECTS = hunt.lineup(suspects)
hunt.opens(exercise, input_set, SUSPECTS, "Returns one to three steps whose parts fit together.")
hunt.charges(exercise, input_set, SUSPECTS, innocent="f", truth=truth, points=1)


def step(seed, shape=(5, 3), rate=0.4, strength=0.3):
    rng = np.random.default_rng(seed)
    W, dW = rng.normal(size=(2, *shape))
    b, db = rng.normal(size=(2, shape[1]))
    return W, b, dW, db, rate, strength


@exercise.variant
def at_random():
    return (step(1), step(2, (2, 7), 0.1, 2.0))


@exercise.variant
def as_lists():
    W, b, dW, db, rate, strength = step(3, (3, 2), 0.5, 0.7)
    return [[W.tolist(), b.tolist(), dW.tolist(), db.tolist(), rate, strength]]


@exercise.misconception
def fresh_biases():
    """The biases are 0, as in a fresh layer: whoever shrinks them gets away."""
    W, b, *rest = step(4)
    return [(W, 0 * b, *rest)]


@exercise.misconception
def rate_of_one():
    """At a rate of 1 one cannot see whether the decay knows the rate."""
    return [step(5, rate=1.0)]


@exercise.misconception
def no_gradient():
    """Without a gradient one cannot see whether it is shrunk as well."""
    W, b, dW, db, rate, strength = step(6)
    return [(W, b, 0 * dW, db, rate, strength)]


@exercise.misconception
def one_row():
    """With a single row one cannot see who divides by their number."""
    return [step(7, (1, 5))]


@exercise.misconception
def positive_weights():
    """All weights are positive: whoever takes their absolute values gets away."""
    W, *rest = step(8)
    return [(np.abs(W), *rest)]


@exercise.misconception
def no_decay():
    """λ is 0: there is nothing to be done wrong."""
    return [step(9, strength=0.0)]


@exercise.misconception
def length_one():
    """The weights have length 1: whoever divides by their length gets away."""
    W, *rest = step(10)
    return [(W / np.linalg.norm(W), *rest)]
