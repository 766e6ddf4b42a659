"""Where do units switch?"""

import numpy as np

from autograder.judging.compare import agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    hints=(
        "A line is at −1 here and at 3 there. After which share of the way is it zero?",
        "Only signs that differ count, plus and minus; a line that touches zero at a knot crosses "
        "nothing *between* knots. Choose these pairs first.",
        "place = knot + left / (left − right) · distance to the next knot.",
    ),
)


def lines(rng, knots, units):
    x = np.sort(rng.uniform(-3, 3, size=knots)) + np.arange(knots) * 0.1
    return x, rng.choice([-1.0, 1.0], size=(knots, units)) * rng.uniform(0.2, 3, (knots, units))


@exercise.probe
def several_units(rng):
    return lines(rng, 5, 3)


@exercise.probe
def one_unit(rng):
    return lines(rng, 7, 1)


@exercise.probe
def touching(rng):
    return np.array([-1.0, 0.5, 1.0, 4.0]), np.array([[1.0, -2], [0, 1], [-3, 0], [2, 0]])


@exercise.probe
def no_crossing(rng):
    return np.array([0.0, 2.0, 3.0]), np.array([[1.0, -2], [2, -1], [0.5, -3]])


@exercise.probe
def two_at_once(rng):
    """Each unit has a twin, turned upside down and twice as high."""
    x, z = lines(rng, 6, 2)
    return x, np.hstack([z, -2 * z])


def placed(answer):
    found = as_array(answer, "the places")
    return np.sort(found) if found.ndim == 1 and found.dtype.kind in "biuf" else found


def by_bisection(knots, z):
    """Halve each piece of each line until the place is known."""
    found = []
    for k in range(len(knots) - 1):
        for left, right in zip(z[k], z[k + 1], strict=True):
            if min(left, right) < 0 < max(left, right):
                low, high = 0.0, 1.0
                for _ in range(60):
                    middle = (low + high) / 2
                    value = left + middle * (right - left)
                    low, high = (middle, high) if value * left > 0 else (low, middle)
                found.append(knots[k] + low * (knots[k + 1] - knots[k]))
    return np.sort(found)


@exercise.check
def worked_example(f):
    """Knots 0, 2, 6: a line through −1, 3, 1 crosses at ½; one through 2, 1, −3 at 3."""
    z = np.array([[-1.0, 2.0], [3.0, 1.0], [1.0, -3.0]])
    agree(placed(f(np.array([0.0, 2.0, 6.0]), z)), [0.5, 3.0], what="the places")


@exercise.check
def touching_is_no_crossing(f):
    """A line through 2, 0, −4 at the knots −3, 1, 2 crosses at no place between them."""
    knots = np.array([-3.0, 1.0, 2.0])
    agree(placed(f(knots, np.array([[2.0], [0.0], [-4.0]]))), np.zeros(0), what="the places")
    agree(placed(f(knots, np.array([[1.0], [-3.0], [1.0]]))), [-2.0, 1.75], what="two places")
    unchanged(f, knots, np.array([[1.0], [-3.0], [1.0]]))


@exercise.check(points=2)
def random_lines(f, rng):
    """Finds every place for several units at once."""
    for knots, units in [(5, 3), (7, 2), (4, 6)]:
        x, z = lines(rng, knots, units)
        agree(placed(f(x, z)), by_bisection(x, z), atol=1e-9, what="the places, sorted")


@exercise.check(points=1, after=random_lines)
def none_and_touching(f, rng):
    """Gives an empty array if nothing crosses, and does not count zeros at knots."""
    x, z = lines(rng, 5, 3)
    agree(placed(f(x, np.abs(z))), np.zeros(0), what="the places of lines above zero")
    agree(placed(f(x, -np.abs(z))), np.zeros(0), what="the places of lines below zero")
    z[1::2] = 0
    agree(placed(f(x, z)), np.zeros(0), what="the places of lines that are 0 at every other knot")
    agree(placed(f(x[:1], z[:1])), np.zeros(0), what="the places with one knot")


@exercise.check(points=1, after=random_lines)
def laws(f, rng):
    """Lines twice as high cross where they did, and so do lines turned upside down."""
    x, z = lines(rng, 6, 4)
    found = placed(f(x, z))
    size = np.array([1e-9, 3.0, 50.0, 1e9])
    agree(placed(f(x, -z * size)), found, atol=1e-9, what="the places of other heights")
    agree(placed(f(10 * x + 5, z)), 10 * found + 5, atol=1e-8, what="the places on another scale")
    both = placed(f(x, np.hstack([z, -3 * z])))
    agree(both, np.repeat(found, 2), atol=1e-9, what="the places where two units cross each time")


@exercise.check(points=1, after=random_lines)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are, and leaves knots and lines alone."""
    z = np.array([[-1], [2], [-2], [1]])
    whole_numbers(f, reference, np.array([0, 1, 2, 3]) + int(rng.integers(5)), z)
    unchanged(f, *several_units(rng))


@exercise.variant
def with_loops(knots, z):
    found = []
    for k in range(len(knots) - 1):
        for unit in range(z.shape[1]):
            left, right = z[k, unit], z[k + 1, unit]
            if (left < 0 < right) or (right < 0 < left):
                share = abs(left) / (abs(left) + abs(right))
                found.append((1 - share) * knots[k] + share * knots[k + 1])
    return np.array(found)


@exercise.variant
def with_slopes(knots, z):
    """From the right end, against the slope."""
    slope = np.diff(z, axis=0) / np.diff(knots)[:, None]
    crossed = ((z[:-1] > 0) & (z[1:] < 0)) | ((z[:-1] < 0) & (z[1:] > 0))
    k, unit = np.where(crossed)
    return knots[k + 1] - z[k + 1, unit] / slope[k, unit]


def _pairs(z):
    left, right = z[:-1], z[1:]
    k, unit = np.nonzero(np.sign(left) * np.sign(right) < 0)
    return k, left[k, unit], right[k, unit]


@exercise.misconception
def half_way(knots, z):
    """Every crossing is put half way between its knots: the heights say where it is."""
    k, _, _ = _pairs(z)
    return (knots[k] + knots[k + 1]) / 2


@exercise.misconception
def share_from_the_other_side(knots, z):
    """The share of the way is measured from the right: near which knot is the line closer to 0?"""
    k, left, right = _pairs(z)
    return knots[k] + right / (right - left) * np.diff(knots)[k]


@exercise.misconception
def knots_one_apart(knots, z):
    """The knots are taken to be 1 apart: the share must be multiplied by their distance."""
    k, left, right = _pairs(z)
    return knots[k] + left / (left - right)


@exercise.misconception
def from_zero(knots, z):
    """The share of the way is measured from 0, not from the knot on the left."""
    k, left, right = _pairs(z)
    return left / (left - right) * np.diff(knots)[k]


@exercise.misconception(keeps=0.5)
def touching_counts(knots, z):
    """A line that is 0 at a knot is counted: only places strictly between knots are asked for."""
    left, right = z[:-1], z[1:]
    k, unit = np.nonzero((left * right <= 0) & (left != right))
    left, right = left[k, unit], right[k, unit]
    return knots[k] + left / (left - right) * np.diff(knots)[k]


@exercise.misconception
def only_upwards(knots, z):
    """Only units that switch on are found, not those that switch off."""
    k, left, right = _pairs(z)
    up = right > 0
    k, left, right = k[up], left[up], right[up]
    return knots[k] + left / (left - right) * np.diff(knots)[k]


@exercise.misconception
def first_crossing_of_each_unit(knots, z):
    """Each unit is found once. A bent line can cross several times."""
    found = []
    for line in z.T:
        k, left, right = _pairs(line[:, None])
        found += list((knots[k] + left / (left - right) * np.diff(knots)[k])[:1])
    return np.array(found)


@exercise.misconception
def knots_before_the_crossings(knots, z):
    """These are the knots before the crossings. Where between the knots is the line 0?"""
    return knots[_pairs(z)[0]] * 1.0


@exercise.misconception
def first_unit_only(knots, z):
    """Only the first unit is looked at."""
    k, left, right = _pairs(z[:, :1])
    return knots[k] + left / (left - right) * np.diff(knots)[k]


@exercise.misconception
def each_place_only_once(knots, z):
    """Where two units switch at the same place it is listed once. Each crossing counts."""
    k, left, right = _pairs(z)
    return np.unique(knots[k] + left / (left - right) * np.diff(knots)[k])
