"""Bug hunt: inputs that tell right from wrong."""

import numpy as np

from autograder.exercises.ch03_activations import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    hints=(
        "On which inputs is a sum the same as a mean, and on which is out > 0 the same as x > 0?",
        "Several examples, several channels, a third axis, errors of both signs, and slopes that "
        "have learned something unusual.",
        "Three axes of different lengths; a slope below 0, one between 0 and 1, one above 1.",
    ),
)


def activations_bug_hunt() -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Inputs on which a wrong backward pass of a parametric ReLU gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (dout, x, slope)
        Arguments of a backward pass that returns (dx, dslope): dout and x (N, C) or
        (N, C, d1, ...), slope (C,), with sizes of your choice and no 0 in x.
    """
    # Several of everything, errors of both signs, and slopes below 0, between 0 and 1, and above.
    dout = np.cos(np.arange(30.0)).reshape(5, 3, 2)
    x = 2 * np.sin(1 + np.arange(30.0)).reshape(5, 3, 2)
    slope = np.array([-0.5, 0.3, 2.0])
    return [(dout, x, slope), (dout[:, :, 0], x[:, :, 0], slope)]


MAX_ENTRIES = 10_000


def input_set(item, what):
    names = ("dout", "x", "slope")
    parts = sequence(item, 3, what)
    arrays = [as_array(p, f"{n} of {what}") for p, n in zip(parts, names, strict=True)]
    dout, x, slope = arrays
    if any(a.dtype.kind == "c" for a in arrays):
        raise Failed(f"{what} holds complex numbers, expected real ones")
    if x.ndim < 2 or slope.ndim != 1:
        raise Failed(f"x of {what} needs two axes or more, and slope one")
    if not (dout.shape == x.shape and slope.shape == x.shape[1:2]):
        shapes = ", ".join(f"{n} {a.shape}" for n, a in zip(names, arrays, strict=True))
        raise Failed(f"the shapes of {what} do not fit together: {shapes}")
    if not all(np.isfinite(a).all() and 0 < a.size <= MAX_ENTRIES for a in arrays):
        raise Failed(f"{what} must hold finite numbers, at most {MAX_ENTRIES:,} per array")
    if not x.all():
        raise Failed(f"x of {what} contains a 0, where there is no slope to argue about")
    return [a.astype(float) for a in arrays]


def truth(dout, x, slope):
    """The backward pass, one entry at a time."""
    dx, dslope = np.zeros(x.shape), np.zeros(len(slope))
    for index in np.ndindex(x.shape):
        c = index[1]
        if x[index] > 0:
            dx[index] = dout[index]
        else:
            dx[index] = slope[c] * dout[index]
            dslope[c] += x[index] * dout[index]
    return dx, dslope


SUSPECTS = hunt.lineup(suspects)
hunt.opens(
    exercise, input_set, SUSPECTS, "Returns one to three input sets whose shapes fit together."
)
hunt.charges(exercise, input_set, SUSPECTS, innocent="c", truth=truth, points=1)


def images(seed, n=5, channels=3, slope=(-0.5, 0.3, 2.0)):
    rng = np.random.default_rng(seed)
    dout, x = rng.normal(size=(2, n, channels, 4))
    return dout, x, np.array(slope)


@exercise.variant
def one_random_set():
    return [images(0)]


@exercise.variant
def several_sets_as_tuple():
    dout, x, slope = images(1, 7, 2, (-1.5, 0.2))
    return ((dout[..., 0], x[..., 0], slope), (dout, x, slope))


@exercise.variant
def by_hand():
    x = [[[-1.0, 2.0], [3.0, -4.0]], [[-5.0, -6.0], [-2.0, 0.5]]]
    dout = [[[2.0, -1.0], [0.5, -3.0]], [[-1.0, 4.0], [1.5, 2.5]]]
    return [[dout, x, [-2.0, 0.25]]]


@exercise.misconception
def one_example():
    """A batch of one: sums and means over the examples are the same thing there."""
    return [images(2, 1)]


@exercise.misconception
def matrices_only():
    """x has two axes only. Who forgets what lies behind the channels gets away."""
    dout, x, slope = images(3)
    return [(dout[..., 0], x[..., 0], slope)]


@exercise.misconception
def positive_slopes():
    """Your slopes are all positive: x and the output have the same sign everywhere."""
    return [images(4, slope=(0.1, 0.3, 2.0))]


@exercise.misconception
def upstream_of_ones():
    """dout is all ones, which hides who asks for its sign where x should be asked."""
    _, x, slope = images(5)
    return [(np.ones(x.shape), x, slope)]


@exercise.misconception
def one_channel():
    """With one channel nobody can mix the channels up."""
    return [images(6, channels=1, slope=(-0.5,))]


@exercise.misconception
def slopes_of_one():
    """All slopes are 1, so that multiplying with them, or forgetting to, is the same."""
    return [images(7, slope=(1.0, 1.0, 1.0))]


@exercise.misconception
def nothing_below_zero():
    """x is positive everywhere: the half where mistakes are made is never visited."""
    dout, x, slope = images(8)
    return [(dout, np.abs(x), slope)]
