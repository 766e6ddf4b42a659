"""Follow a curve with straight lines."""

import numpy as np

from autograder.exercises.ch15_why_deep.curves import interval, network, outputs, says, seen, wave
from autograder.judging.compare import Failed
from autograder.judging.exercise import Exercise
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=4,
    core=True,
    hints=(
        "What does one more ReLU, switched on at a knot, do to a line that runs on from the left?",
        "A unit max(0, x − knot) adds its output weight to the slope from its knot on. So a weight "
        "is a *change* of slope; the height at a comes from the last bias.",
        "slope k = (f(knot k+1) − f(knot k)) / width; weight k = slope k − slope k−1, the first "
        "one slope 0; the last bias is f(a).",
    ),
)


def task(rng, units):
    return wave(rng), *interval(rng), units


@exercise.probe
def five_pieces(rng):
    return task(rng, 5)


@exercise.probe
def one_piece(rng):
    return task(rng, 1)


def _cubic():
    return travels(lambda x: np.asarray(x) ** 3 + 2)


@exercise.observe
def behaviour(f):
    calls = [(_cubic(), -1.0, 2.0, 3), (_cubic(), -1.5, 0.5, 1), (_cubic(), 1.0, 2.0, 4)]
    return seen(f, calls, [np.linspace(a, b, 13) for _, a, b, _ in calls])


def fits(f, curve, a, b, units, count=101):
    """Compare with straight lines between the knots, drawn by NumPy."""
    x, knots = np.linspace(a, b, count), np.linspace(a, b, units + 1)
    expected = np.interp(x, knots, curve(knots))
    # The parameters may be rounded once to single precision, and their errors add up.
    says(f(curve, a, b, units), [units], x, expected, "the output", rtol=1e-5, atol=3e-5)


@exercise.check
def worked_example(f):
    """x² on [1, 5] with two units is 1, 5, 9, 17, 25 at 1, 2, 3, 4, 5."""
    square = travels(lambda x: np.asarray(x) ** 2)
    x = np.arange(1.0, 6.0)
    says(f(square, 1.0, 5.0, 2), [2], x, [1.0, 5, 9, 17, 25], "the output at 1, 2, 3, 4, 5")


@exercise.check
def a_corner(f):
    """|x| on [−2, 2] with two units is 2, 1, 0, 1, 2; x³ with four is −8, −4.5, −1, −½, 0, ½."""
    corner = travels(lambda x: np.abs(np.asarray(x)))
    x = np.arange(-2.0, 3.0)
    says(f(corner, -2.0, 2.0, 2), [2], x, [2.0, 1, 0, 1, 2], "the output at −2 to 2")
    cube = travels(lambda x: np.asarray(x) ** 3)
    x = np.arange(-2.0, 1.0, 0.5)
    says(f(cube, -2.0, 2.0, 4), [4], x, [-8.0, -4.5, -1, -0.5, 0, 0.5], "the output at −2 to ½")


@exercise.check(points=2)
def random_curves(f, rng):
    """Joins the points of smooth curves by straight lines, on any interval."""
    for units in rng.permutation([3, 5, 8]):
        fits(f, *task(rng, int(units)))


@exercise.check(points=1, after=random_curves)
def one_unit_and_lines(f, rng):
    """One unit is one straight line; a curve that is a line, or flat, is met exactly."""
    curve, a, b, _ = task(rng, 1)
    fits(f, curve, a, b, 1)
    slope, level = rng.uniform(-3, 3, size=2)
    line = travels(lambda x: slope * np.asarray(x) + level)
    fits(f, line, a, b, 4)
    flat = travels(lambda x: np.full(np.shape(x), level))
    fits(f, flat, -2, 1, 3)


@exercise.check(points=1, after=random_curves)
def error_falls_fourfold(f, rng):
    """Twice the units leave a quarter of the error."""
    phase = rng.uniform(0, 6)
    curve = travels(lambda x: np.sin(2 * np.asarray(x) + phase))
    x, errors = np.linspace(0, 4, 3001), []
    for units in (40, 80):
        net = network(f(curve, 0.0, 4.0, units))
        errors.append(np.abs(outputs(net, x) - curve(x)).max())
    if not 3.6 < errors[0] / errors[1] < 4.4:
        raise Failed(f"with 40 units the error is {errors[0]:.3g}, with 80 it is {errors[1]:.3g}")


@exercise.variant
def units_from_the_right(f, a, b, units):
    """Every unit grows to the left, from the right end of its piece."""
    knots = np.linspace(a, b, units + 1)
    heights = np.asarray(f(knots))
    slopes = np.diff(heights) / np.diff(knots)
    out = np.diff(slopes, append=0)
    return [-np.ones((1, units)), out[:, None]], [knots[1:], heights[-1:]]


@exercise.variant
def with_a_loop(f, a, b, units):
    width, before, out, places = (b - a) / units, 0.0, [], []
    for k in range(units):
        left = a + k * width
        slope = (f(np.array([left + width]))[0] - f(np.array([left]))[0]) / width
        out.append([slope - before])
        places.append(-left / width)
        before = slope
    # Units that are steeper by 1 / width, and outputs that make up for it.
    return (
        (np.full((1, units), 1 / width), np.array(out) * width),
        (np.array(places), np.asarray(f(np.array([float(a)])))),
    )


def _net(knots, out, level):
    return [np.ones((1, len(knots))), np.reshape(out, (-1, 1))], [-knots, np.reshape(level, 1)]


def _parts(f, a, b, units):
    knots = np.linspace(a, b, units + 1)
    heights = np.asarray(f(knots))
    return knots, heights, np.diff(heights) / np.diff(knots)


@exercise.misconception
def slopes_instead_of_bends(f, a, b, units):
    """Every unit gets its piece's slope. The units before it are still on: give it the *change*."""
    knots, heights, slopes = _parts(f, a, b, units)
    return _net(knots[:-1], slopes, heights[0])


@exercise.misconception(keeps=0.5)
def level_forgotten(f, a, b, units):
    """At a all units are off, so the output is the last bias: it must be f(a), not 0."""
    knots, _, slopes = _parts(f, a, b, units)
    return _net(knots[:-1], np.diff(slopes, prepend=0), 0.0)


@exercise.misconception(keeps=0.5)
def differences_instead_of_slopes(f, a, b, units):
    """Heights were subtracted but not divided by the width of a piece: slopes are asked for."""
    knots, heights, _ = _parts(f, a, b, units)
    return _net(knots[:-1], np.diff(np.diff(heights), prepend=0), heights[0])


@exercise.misconception
def first_slope_lost(f, a, b, units):
    """The first piece is flat: its unit takes the slope from 0 to the first slope."""
    knots, heights, slopes = _parts(f, a, b, units)
    return _net(knots[:-1], np.diff(slopes, prepend=slopes[0]), heights[0])


@exercise.misconception
def bends_at_the_right_end(f, a, b, units):
    """Every unit bends the line where its piece ends, one piece too late."""
    knots, heights, slopes = _parts(f, a, b, units)
    return _net(knots[1:], np.diff(slopes, prepend=0), heights[0])


@exercise.misconception
def bias_with_the_wrong_sign(f, a, b, units):
    """The units bend at −knot: where is x + bias zero?"""
    knots, heights, slopes = _parts(f, a, b, units)
    return _net(-knots[:-1], np.diff(slopes, prepend=0), heights[0])


@exercise.misconception
def jumps_as_for_steps(f, a, b, units):
    """These output weights are jumps of the height, right for steps: a ReLU changes the slope."""
    knots, heights, _ = _parts(f, a, b, units)
    return _net(knots[:-1], np.diff(heights[:-1], prepend=0), 0.0)


@exercise.misconception
def slopes_in_the_middle(f, a, b, units):
    """The slopes are tangents at the left ends: lines that *join* points are asked for."""
    knots, heights, _ = _parts(f, a, b, units)
    h = 1e-6
    tangents = (np.asarray(f(knots[:-1] + h)) - np.asarray(f(knots[:-1] - h))) / (2 * h)
    return _net(knots[:-1], np.diff(tangents, prepend=0), heights[0])


@exercise.misconception
def a_knot_too_few(f, a, b, units):
    """There is a piece fewer than units: the last unit stands at b and does nothing."""
    if units == 1:
        return _net(np.array([float(b)]), np.zeros(1), np.asarray(f(np.array([float(a)]))))
    knots = np.linspace(a, b, units)
    heights = np.asarray(f(knots))
    slopes = np.append(np.diff(heights) / np.diff(knots), 0.0)
    return _net(knots, np.diff(slopes, prepend=0), heights[0])


@exercise.misconception
def starts_at_the_far_end(f, a, b, units):
    """The output's bias is f at the right end; the curve starts at the left."""
    knots = np.linspace(a, b, units + 1)
    slopes = np.diff(f(knots)) / np.diff(knots)
    changes = np.diff(slopes, prepend=0)[:, None]
    return [np.ones((1, units)), changes], [-knots[:-1], f(knots)[-1:]]
