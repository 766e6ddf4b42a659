"""Bug hunt: a way back through max pooling that only looks right."""

import numpy as np

from autograder.exercises.ch12_convolution import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    hints=(
        "If pixels are positive and all different, and windows do not overlap, what can be seen?",
        "Windows that overlap, pixels below zero, equal pixels, several channels.",
        "Whole numbers of both signs make ties; a stride below the size makes windows overlap; "
        "errors without pattern show who got what.",
    ),
)


def convolution_bug_hunt() -> list[tuple[np.ndarray, np.ndarray, int, int]]:
    """Inputs on which a wrong way back through max pooling gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (dout, x, size, stride)
        Arguments of `suspect(dout, x, size, stride)`, which returns dx. x is (N, C, H, W), the
        windows have the side `size`, at most H and W, and dout has an entry for each place that
        a window has.
    """
    rng = np.random.default_rng(0)
    x = rng.integers(-4, 3, size=(2, 3, 6, 7)).astype(float)
    return [(rng.normal(size=(2, 3, 4, 5)), x, 3, 1)]


MAX_ENTRIES = 5_000


def input_set(item, what):
    dout, x, size, stride = sequence(item, 4, what)
    dout, x = as_array(dout, f"dout of {what}"), as_array(x, f"x of {what}")
    sides = [as_array(s, f"size and stride of {what}") for s in (size, stride)]
    if any(s.ndim or s.dtype.kind not in "iu" or not 1 <= s <= 100 for s in sides):
        raise Failed(f"size and stride of {what} must be whole numbers above 0")
    size, stride = map(int, sides)
    if dout.ndim != 4 or x.ndim != 4 or x.dtype.kind == "c" or dout.dtype.kind == "c":
        raise Failed(f"dout and x of {what} must be real arrays of four axes")
    if size > min(x.shape[2:]):
        raise Failed(f"the windows of {what} do not fit into its images")
    places = tuple((s - size) // stride + 1 for s in x.shape[2:])
    if dout.shape != (*x.shape[:2], *places):
        raise Failed(f"dout of {what} has shape {dout.shape}, expected {(*x.shape[:2], *places)}")
    if not all(np.isfinite(a).all() and 0 < a.size <= MAX_ENTRIES for a in (dout, x)):
        raise Failed(f"{what} must hold finite numbers, at most {MAX_ENTRIES:,} per array")
    if not dout.any():
        raise Failed(f"dout of {what} is all zeros, so nothing flows back at all")
    return [dout.astype(float), x.astype(float), size, stride]


def truth(dout, x, size, stride):
    """Place by place through the window in reading order; the first that nothing beats has it."""
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        places = [(p * stride + i, q * stride + j) for i in range(size) for j in range(size)]
        best = max(places, key=lambda place: (x[n, c][place], -places.index(place)))
        dx[n, c][best] += dout[n, c, p, q]
    return dx


SUSPECTS = hunt.lineup(suspects)
hunt.opens(
    exercise, input_set, SUSPECTS, "Returns one to three input sets whose shapes fit together."
)
hunt.charges(exercise, input_set, SUSPECTS, innocent="e", truth=truth, points=1)


def inputs(seed, size=3, stride=1, shape=(2, 3, 6, 7)):
    rng = np.random.default_rng(seed)
    x = rng.integers(-4, 3, size=shape).astype(float)
    places = [(s - size) // stride + 1 for s in shape[2:]]
    return rng.normal(size=(*shape[:2], *places)), x, size, stride


@exercise.variant
def two_sets():
    return (inputs(1, 2, 1), inputs(2, 3, 2, (1, 2, 7, 9)))


@exercise.variant
def as_lists():
    dout, x, size, stride = inputs(3, 2, 1, (1, 2, 5, 5))
    return [[dout.tolist(), x.tolist(), size, stride], list(inputs(4))]


@exercise.misconception
def side_by_side():
    """The windows stand side by side: overlap, and a stride of its own, cannot be seen."""
    return [inputs(5, 2, 2, (2, 3, 6, 8))]


@exercise.misconception
def only_positive():
    """No pixel is below 0: whoever compares sizes instead of values gets away."""
    dout, x, size, stride = inputs(6)
    return [(dout, x + 5, size, stride)]


@exercise.misconception
def no_equal_pixels():
    """All pixels differ: what is done with ties cannot be seen."""
    dout, x, size, stride = inputs(7)
    return [(dout, np.random.default_rng(7).normal(size=x.shape), size, stride)]


@exercise.misconception
def one_channel():
    """With one channel, nobody can mix channels up."""
    return [inputs(8, shape=(2, 1, 6, 7))]


@exercise.misconception
def one_pixel_windows():
    """Windows of one pixel: there is nothing to choose from."""
    return [inputs(9, 1, 1)]


@exercise.misconception
def constant_images():
    """All pixels are equal: the first always wins, wherever one looks."""
    dout, x, size, stride = inputs(10)
    return [(dout, np.ones_like(x), size, stride)]
