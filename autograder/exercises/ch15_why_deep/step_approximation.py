"""Follow a curve with steps."""

import numpy as np

from autograder.exercises.ch15_why_deep.curves import interval, wave
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    core=True,
    hints=(
        "Between two edges the output is flat. Where on a piece should it be right, so that it is "
        "nowhere far off?",
        "After k steps the output is the sum of k jumps. So each jump is a difference; and the "
        "first? Before it the output is 0.",
        "edges: a + k · (b − a)/units; jump k: f(middle of piece k) − f(middle of piece k − 1), "
        "the first one f(middle of the first piece).",
    ),
)


def task(rng, units):
    return wave(rng), *interval(rng), units


@exercise.probe
def five_pieces(rng):
    return task(rng, 5)


@exercise.probe
def two_pieces(rng):
    return task(rng, 2)


@exercise.probe
def one_piece(rng):
    return task(rng, 1)


@exercise.probe
def steep(rng):
    return travels(lambda x: 50 * np.asarray(x) - 7), -1.0, 2.0, 3


def parts(result):
    return dict(zip(("edges", "jumps"), sequence(result, 2, "the result"), strict=True))


def fits(f, reference, *arguments):
    got, (edges, jumps) = parts(f(*arguments)), reference(*arguments)
    agree(got["edges"], edges, what="the edges")
    agree(got["jumps"], jumps, what="the jumps")


@exercise.check
def worked_example(f):
    """x² on [1, 7] with three units: edges 1, 3, 5 and jumps 4, 12, 20."""
    got = parts(f(travels(lambda x: np.asarray(x) ** 2), 1.0, 7.0, 3))
    # The middles are 2, 4 and 6, the heights 4, 16 and 36.
    agree(got["edges"], [1.0, 3.0, 5.0], what="the edges")
    agree(got["jumps"], [4.0, 12.0, 20.0], what="the jumps")


@exercise.check
def a_falling_line(f):
    """8 − 2x on [−1, 3] with two units: edges −1, 1 and jumps 8, −4; one unit jumps to 6."""
    line = travels(lambda x: 8 - 2 * np.asarray(x))
    got = parts(f(line, -1.0, 3.0, 2))
    agree(got["edges"], [-1.0, 1.0], what="the edges")
    agree(got["jumps"], [8.0, -4.0], what="the jumps")
    agree(parts(f(line, -1.0, 3.0, 1))["jumps"], [6.0], what="the jump of one unit")


@exercise.check(points=2)
def random_curves(f, reference, rng):
    """Finds edges and jumps for smooth curves on any interval."""
    for units in rng.permutation([4, 7, 13]):
        fits(f, reference, *task(rng, int(units)))


@exercise.check(points=1, after=random_curves)
def middles_are_exact(f, rng):
    """In the middle of each piece the sum of the jumps so far is the curve."""
    curve, a, b, units = task(rng, 9)
    got = parts(f(curve, a, b, units))
    middles = a + (b - a) * (np.arange(9) + 0.5) / 9
    agree(np.cumsum(got["jumps"]), curve(middles), what="the sum of the jumps so far")


@exercise.check(points=1, after=random_curves)
def edges_of_the_task(f, reference, rng):
    """Takes one unit, a flat curve, and ends that are whole numbers."""
    fits(f, reference, *task(rng, 1))
    level = float(rng.uniform(1, 5))
    flat = travels(lambda x: np.full(np.shape(x), level))
    fits(f, reference, flat, -2.0, 1.0, 4)
    fits(f, reference, wave(rng), -1, 3, 5)
    for end, units in ((1, 49), (2, 49), (3, 47)):  # here sums of widths miss the end by a hair
        fits(f, reference, wave(rng), 0, end, units)


@exercise.variant
def with_a_loop(f, a, b, units):
    edges, jumps, before = [], [], 0.0
    for k in range(units):
        left, right = a + (b - a) * k / units, a + (b - a) * (k + 1) / units
        height = float(f(np.array([(left + right) / 2]))[0])
        edges.append(left)
        jumps.append(height - before)
        before = height
    return np.array(edges), np.array(jumps)


@exercise.variant
def with_linspace(f, a, b, units):
    knots = np.linspace(a, b, units + 1)
    heights = np.asarray(f((knots[1:] + knots[:-1]) / 2))
    return knots[:-1], np.concatenate([heights[:1], heights[1:] - heights[:-1]])


def _steps(f, a, b, units, at=0.5, pieces=None):
    """Edges, and the heights at that share of each piece."""
    width = (b - a) / (pieces or units)
    edges = a + width * np.arange(units)
    return edges, np.asarray(f(edges + at * width))


@exercise.misconception
def heights_instead_of_jumps(f, a, b, units):
    """These are heights. All units that have fired stay on: each adds only the *change*."""
    return _steps(f, a, b, units)


@exercise.misconception(keeps=0.5)
def right_on_the_left(f, a, b, units):
    """The height is right at the left end of each piece, so the error is twice what it must be."""
    edges, heights = _steps(f, a, b, units, at=0)
    return edges, np.diff(heights, prepend=0)


@exercise.misconception(keeps=0.5)
def right_on_the_right(f, a, b, units):
    """The height is right at the right end of each piece: where is the error smallest?"""
    edges, heights = _steps(f, a, b, units, at=1)
    return edges, np.diff(heights, prepend=0)


@exercise.misconception(keeps=0.5)
def first_jump_is_zero(f, a, b, units):
    """The first jump is 0, so the curve is too low: the first unit lifts the output from 0."""
    edges, heights = _steps(f, a, b, units)
    return edges, np.diff(heights, prepend=heights[0])


@exercise.misconception
def first_jump_missing(f, a, b, units):
    """There is a jump fewer than units: what does the first unit do?"""
    edges, heights = _steps(f, a, b, units)
    return edges, np.diff(heights)


@exercise.misconception
def edges_in_the_middle(f, a, b, units):
    """The units fire in the middle of their pieces: half a piece too late."""
    edges, heights = _steps(f, a, b, units)
    return edges + (b - a) / units / 2, np.diff(heights, prepend=0)


@exercise.misconception
def one_edge_at_the_end(f, a, b, units):
    """The last unit fires at b, where the interval is over: there are as many pieces as units."""
    edges = np.linspace(a, b, units)
    return edges, np.diff(np.asarray(f(edges + (b - a) / units / 2)), prepend=0)


@exercise.misconception
def interval_from_zero(f, a, b, units):
    """The pieces begin at 0 here: the interval begins at a."""
    edges, heights = _steps(f, 0, b - a, units)
    return edges, np.diff(heights, prepend=0)


@exercise.misconception
def jumps_the_other_way(f, a, b, units):
    """Every jump has the wrong sign: new height minus old height."""
    edges, heights = _steps(f, a, b, units)
    return edges, -np.diff(heights, prepend=0)


@exercise.misconception
def mean_of_both_ends(f, a, b, units):
    """Takes the mean of both ends of a piece; the height is f in its middle."""
    edges = np.linspace(a, b, units + 1)
    heights = (f(edges[:-1]) + f(edges[1:])) / 2
    return edges[:-1], np.diff(heights, prepend=0)


@exercise.misconception
def pieces_up_to_the_end(f, a, b, units):
    """Divides by units − 1, so that the last piece begins where the curve ends."""
    width = (b - a) / max(units - 1, 1)
    edges = a + width * np.arange(units)
    return edges, np.diff(f(edges + width / 2), prepend=0)


@exercise.misconception
def first_jump_from_the_curve(f, a, b, units):
    """The first jump starts at f(a): it starts at 0, where nothing has been added yet."""
    edges = np.linspace(a, b, units + 1)[:-1]
    heights = f(edges + (b - a) / units / 2)
    return edges, np.diff(heights, prepend=f(np.array([a]))[0])
