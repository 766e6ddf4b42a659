"""Bug hunt: six wrong ways back through time."""

import numpy as np

from autograder.exercises.ch14_classic_networks import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    hints=(
        "If a sequence has a single step, which part of going back *through time* is tested?",
        "Several sequences, several steps, a loss at every step, a first state and biases that are "
        "not 0, and a W_h that is not its own transpose.",
        "Shapes such as $N = 3$, $T = 4$, $D = 2$, $H = 5$, all entries from a random generator.",
    ),
)


def classic_networks_bug_hunt() -> list[tuple[np.ndarray, ...]]:
    """Inputs on which a wrong way back through an Elman layer gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (dstates, x, h0, W_x, W_h, b)
        Arguments of `suspect(dstates, x, h0, W_x, W_h, b)`, which returns dh0 and dW_h: dstates
        (N, T, H), x (N, T, D), h0 (N, H), W_x (D, H), W_h (H, H) and b (H,). N, T, D and H are
        yours to choose, with at most 100 entries in an array.
    """
    rng = np.random.default_rng(0)
    N, T, D, H = 3, 4, 2, 5
    shapes = (N, T, H), (N, T, D), (N, H), (D, H), (H, H), H
    return [tuple(0.5 * rng.normal(size=shape) for shape in shapes)]


MAX_ENTRIES = 100
NAMES = ("dstates", "x", "h0", "W_x", "W_h", "b")
LARGEST = 100.0


def input_set(item, what):
    parts = sequence(item, 6, what)
    arrays = [as_array(p, f"{n} of {what}") for p, n in zip(parts, NAMES, strict=True)]
    dstates, W_x = arrays[0], arrays[3]
    if any(a.dtype.kind == "c" for a in arrays):
        raise Failed(f"{what} holds complex numbers, expected real ones")
    if [a.ndim for a in arrays] != [3, 3, 2, 2, 2, 1]:
        raise Failed(f"the arrays of {what} must have 3, 3, 2, 2, 2 and 1 axes")
    (N, T, H), D = dstates.shape, W_x.shape[0]
    wanted = [(N, T, H), (N, T, D), (N, H), (D, H), (H, H), (H,)]
    if [a.shape for a in arrays] != wanted:
        shapes = ", ".join(f"{n} {a.shape}" for n, a in zip(NAMES, arrays, strict=True))
        raise Failed(f"the shapes of {what} do not fit together: {shapes}")
    if not all(0 < a.size <= MAX_ENTRIES for a in arrays):
        raise Failed(f"{what} must hold 1 to {MAX_ENTRIES} entries per array")
    if not all(np.all(np.abs(a.astype(float)) <= LARGEST) for a in arrays):
        raise Failed(f"{what} must hold finite numbers, none larger than {LARGEST:g}")
    if not dstates.any():
        raise Failed(f"dstates of {what} is all zeros, so nothing flows back at all")
    return [a.astype(float) for a in arrays]


def truth(dstates, x, h0, W_x, W_h, b):
    """Every slope by itself: a step of 1e-30 along the imaginary axis shows it without rounding."""

    def loss(h, W):
        total = 0
        for t in range(x.shape[1]):
            h = np.tanh(x[:, t] @ W_x + h @ W + b)
            total = total + (dstates[:, t] * h).sum()
        return total

    dh0, dW = np.zeros(h0.shape), np.zeros(W_h.shape)
    for at in np.ndindex(*h0.shape):
        step = np.zeros(h0.shape, dtype=complex)
        step[at] = 1e-30j
        dh0[at] = loss(h0 + step, W_h).imag / 1e-30
    for at in np.ndindex(*W_h.shape):
        step = np.zeros(W_h.shape, dtype=complex)
        step[at] = 1e-30j
        dW[at] = loss(h0, W_h + step).imag / 1e-30
    return dh0, dW


SUSPECTS = hunt.lineup(suspects)
hunt.opens(
    exercise, input_set, SUSPECTS, "Returns one to three input sets whose shapes fit together."
)
hunt.charges(exercise, input_set, SUSPECTS, innocent="e", truth=truth, points=1)


def inputs(seed, n=3, steps=4, d=2, units=5):
    rng = np.random.default_rng(seed)
    shapes = (n, steps, units), (n, steps, d), (n, units), (d, units), (units, units), units
    return [0.5 * rng.normal(size=shape) for shape in shapes]


@exercise.variant
def two_steps():
    return (tuple(inputs(1, 2, 2, 3, 4)),)


@exercise.variant
def two_sets():
    return [inputs(2, 7, 3, 1, 2), inputs(3, 5, 5, 2, 3)]


@exercise.variant
def by_hand():
    dstates = [[[1, -1], [2, 0.5]], [[-1, 1], [0.5, -2]]]
    x, h0 = [[[0.5], [-0.25]], [[-0.5], [0.75]]], [[0.5, -0.5], [0.25, 0.5]]
    return [[dstates, x, h0, [[0.5, -1]], [[0.5, 1], [-0.25, 0.75]], [0.5, -0.25]]]


@exercise.misconception
def a_single_step():
    """Sequences of one step: nothing is ever carried back, whatever is done with it."""
    return [inputs(4, steps=1)]


@exercise.misconception
def a_single_sequence():
    """There is one sequence only: a mean over the batch is the same as its sum."""
    return [inputs(5, n=1)]


@exercise.misconception
def starts_from_zero():
    """The first state is 0, so the first step's share of W_h is 0 for everyone."""
    dstates, x, h0, *weights = inputs(6)
    return [(dstates, x, 0 * h0, *weights)]


@exercise.misconception
def no_biases():
    """All biases are 0: whoever forgets them gets away."""
    *others, b = inputs(7)
    return [(*others, 0 * b)]


@exercise.misconception
def its_own_transpose():
    """W_h is symmetric (a single unit's always is): turned round it is the same."""
    dstates, x, h0, W_x, W_h, b = inputs(8)
    return [(dstates, x, h0, W_x, W_h + W_h.T, b)]


@exercise.misconception
def loss_at_the_end_only():
    """Only the last step has a loss: whoever looks at no other is right."""
    dstates, *others = inputs(9)
    dstates[:, :-1] = 0
    return [(dstates, *others)]


@exercise.misconception
def saturated_states():
    """All states are ±1 to the last digit: tanh is flat there, and all gradients are 0."""
    dstates, x, h0, W_x, W_h, b = inputs(10)
    return [(dstates, x, h0, W_x, W_h, np.where(b > 0, 60.0, -60.0))]
