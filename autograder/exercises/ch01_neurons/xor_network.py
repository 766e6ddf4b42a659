"""Three neurons do what one cannot."""

from typing import Any

import numpy as np

from autograder.exercises.ch01_neurons import _gates
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise, no_arguments

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    core=True,
    hints=(
        "Say XOR in words, with `or`, `and` and `not`. Which of these can one neuron do?",
        "Let one hidden neuron say “at least one” and the other “both”. What must the third make "
        "of these two answers?",
        r"Hidden: $x_1 + x_2 > \theta_1$ with $0 < \theta_1 < 1$, and $x_1 + x_2 > \theta_2$ with "
        r"$1 < \theta_2 < 2$. Biases are minus thresholds. The output likes the first and "
        "dislikes the second.",
    ),
)


def xor_network() -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Weights and biases with which three perceptrons compute XOR: one or the other, not both.

    Two hidden perceptrons see the inputs x1 and x2; the third, the output, sees only what those
    two say: `output = perceptron(hidden, v, c)`, where column j of `hidden` is
    `perceptron(x, W[:, j], b[j])`.

    Returns
    -------
    W : ndarray (2, 2)
        Column j holds the weights of hidden perceptron j.
    b : ndarray (2,)
        Biases of the hidden perceptrons.
    v : ndarray (2,)
        Weights of the output perceptron.
    c : float
        Its bias. Many choices are right; leave every sum at least 0.1 away from 0.
    """
    W = np.array([[1.0, 1.0], [1.0, 1.0]])  # both add up the inputs
    b = np.array([-0.5, -1.5])  # "at least one" and "both"
    return W, b, np.array([1.0, -1.0]), -0.5


CORNERS = _gates.switches(2)
XOR = [0, 1, 1, 0]
ROOM = 0.1


def read(answer: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """W, b, v and c as arrays, or `Failed`."""
    shapes = {"W": (2, 2), "b": (2,), "v": (2,), "c": ()}
    found = []
    for (name, shape), part in zip(shapes.items(), sequence(answer, 4), strict=True):
        array = as_array(part, name)
        if array.shape != shape:
            raise Failed(f"{name} has shape {array.shape}, expected {shape}")
        if array.dtype.kind not in "iuf" or not np.isfinite(array).all():
            raise Failed(f"{name} must hold finite real numbers")
        found.append(array.astype(float))
    return found[0], found[1], found[2], float(found[3])


def sums(answer: Any) -> tuple[np.ndarray, np.ndarray]:
    """The sums of the hidden perceptrons, and of the output, for the four inputs."""
    W, b, v, c = read(answer)
    hidden = CORNERS @ W + b
    return hidden, (hidden > 0) @ v + c


@exercise.observe
def what_it_says(f):
    """Diagnosis looks at what the three say to the four inputs, and at the room they leave."""
    reply = f.reply()
    if reply.error is not None:
        return [{"raised": reply.error.kind}]
    if reply.value is None:
        return [{"value": None}]
    try:
        hidden, output = sums(reply.value)
    except Failed as failure:
        return [failure.message.split(",")[0].split(" is ")[0]]
    said = (output > 0).astype(int).tolist()
    if said == XOR:
        return ["XOR", bool(min(np.abs(hidden).min(), np.abs(output).min()) > 0.99 * ROOM)]
    # Which of the two hidden neurons says what is the learner's choice.
    return [str(said), str(sorted((hidden > 0).astype(int).T.tolist()))]


exercise.probe(no_arguments)


@exercise.check
def four_parts(f):
    """Returns W, b, v and c, of the shapes that are asked for."""
    read(f())


@exercise.check(points=3, after=four_parts)
def computes_xor(f):
    """The output fires for (0, 1) and (1, 0), and is silent for (0, 0) and (1, 1)."""
    _, output = sums(f())
    for corner, total, wanted in zip(CORNERS, output, XOR, strict=True):
        if int(total > 0) != wanted:
            raise Failed(f"for the input {corner.astype(int).tolist()} it says {int(total > 0)}")


@exercise.check(points=1, after=computes_xor)
def leaves_room(f):
    """Every sum, hidden and at the output, is at least 0.1 away from 0."""
    for name, totals in zip(("a hidden sum", "the output's sum"), sums(f()), strict=True):
        nearest = totals.flat[int(np.argmin(np.abs(totals)))]
        if abs(nearest) < 0.99 * ROOM:
            raise Failed(f"{name} is {nearest:g}: a tiny change of a weight would flip it")


@exercise.variant
def or_and_nand():
    """One says “at least one”, the other “not both”, and the third asks for both."""
    W = [[2.0, -2.0], [2.0, -2.0]]
    return W, [-1.0, 3.0], [2.0, 2.0], -3.0


@exercise.variant
def one_without_the_other():
    """One says “the first but not the second”, the other the reverse; the third takes either."""
    return np.array([[1, -1], [-1, 1]]), np.array([-0.5, -0.5]), np.array([1, 1]), -0.5


@exercise.variant
def neither_or_both():
    """One says “neither”, the other “both”; the third fires if both are silent."""
    W = np.array([[-3.0, 0.5], [-3.0, 0.7]])
    return W, np.array([1.0, -1.0]), np.array([-8.0, -9.0]), np.float64(4.0)


def _but(W=None, b=None, v=None, c=None):
    parts = xor_network()
    return tuple(p if new is None else new for p, new in zip(parts, (W, b, v, c), strict=True))


@exercise.misconception
def at_least_one():
    """This is OR: it fires for two ones, too. “Both” should speak against: a weight below 0."""
    return _but(v=np.array([1.0, 1.0]))


@exercise.misconception
def both():
    """This is AND: it fires only for two ones, where XOR should be silent."""
    return _but(v=np.array([0.0, 1.0]))


@exercise.misconception
def equal_or_not_mixed_up():
    """This fires where the inputs are *equal*. XOR fires where they differ."""
    return _but(v=np.array([-1.0, 1.0]), c=0.5)


@exercise.misconception
def twins():
    """Both hidden perceptrons say the same, so the output learns nothing from the second."""
    return _but(b=np.array([-1.5, -1.5]))


@exercise.misconception
def thresholds_for_biases():
    """b and c have the signs of thresholds. A bias is *minus* the threshold."""
    _, b, _, c = xor_network()
    return _but(b=-b, c=-c)


@exercise.misconception
def biases_forgotten():
    """All biases are 0: then the hidden perceptrons cannot tell one from two."""
    return _but(b=np.zeros(2), c=0.0)


@exercise.misconception
def never_fires():
    """The output's sum is never above 0: its bias is too low."""
    return _but(c=-1.5)


@exercise.misconception(keeps=2 / 3)
def on_the_edge():
    """It is XOR, but some sum is exactly 0 (or nearly), where a tiny change of a weight flips it.
    Choose biases halfway between the sums that should fire and those that should not."""
    return np.ones((2, 2)), np.array([0.0, -1.0]), np.array([1.0, -2.0]), 0.0
