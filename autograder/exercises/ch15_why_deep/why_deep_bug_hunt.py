"""Bug hunt: counts of pieces that only look right."""

from fractions import Fraction

import numpy as np

from autograder.exercises.ch15_why_deep import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    hints=(
        "If all units bend at places of their own, well inside the interval, who is wrong?",
        "Several units at one place, whose bends add up, cancel, or cancel only if one forgets "
        "which side a unit is on for; a bend at an end; one outside; weights below zero.",
        "A unit's bend at −b/w is v·|w|. The units max(0, x) and max(0, −x) with v = 1 and 1 bend "
        "by 2, with 1 and −1 not at all.",
    ),
)


def why_deep_bug_hunt() -> list[tuple[np.ndarray | float, ...]]:
    """Networks on which a wrong count of straight pieces gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (w, b, v, left, right)
        Arguments of a suspect, which returns how many straight pieces Σ v · max(0, w · x + b) has
        between left and right. w, b and v (H,) have an entry for each unit, between −100 and 100;
        no w is 0. left < right.
    """
    together = [1.0, -1.0, 2.0, 1.0], [0.0, 0.0, -2.0, -1.0], [1.0, 1.0, 1.0, -2.0]
    outside = [-2.0, 1.0, 1.0], [5.0, -3.0, -7.0], [3.0, 1.0, 1.0]
    return [(*map(np.array, net), -1.0, 3.0) for net in (together, outside)]


MAX_UNITS = 200
NAMES = ("w", "b", "v", "left", "right")


def input_set(item, what):
    parts = sequence(item, 5, what)
    arrays = [as_array(p, f"{n} of {what}") for p, n in zip(parts, NAMES, strict=True)]
    if any(a.dtype.kind == "c" for a in arrays):
        raise Failed(f"{what} holds complex numbers, expected real ones")
    if any(a.ndim != 1 for a in arrays[:3]) or any(a.ndim for a in arrays[3:]):
        raise Failed(f"w, b and v of {what} must be vectors, left and right numbers")
    if len({len(a) for a in arrays[:3]}) != 1 or not 0 < len(arrays[0]) <= MAX_UNITS:
        raise Failed(f"the vectors of {what} must be equally long, at most {MAX_UNITS}")
    if not all(np.isfinite(a).all() and np.abs(a).max() <= 100 for a in arrays):
        raise Failed(f"{what} must hold numbers between −100 and 100")
    w, b, v, left, right = (a.astype(float) for a in arrays)
    if np.any(w == 0) or left >= right:
        raise Failed(f"in {what} no w may be 0, and left must be less than right")
    return [w, b, v, float(left), float(right)]


def truth(w, b, v, left, right):
    """Slopes between neighbouring places, in fractions: nothing is rounded."""
    w, b, v = ([Fraction(float(n)) for n in part] for part in (w, b, v))
    ends = [Fraction(left), Fraction(right)]
    places = sorted({-y / x for x, y in zip(w, b, strict=True) if ends[0] < -y / x < ends[1]})
    places = [ends[0], *places, ends[1]]
    middles = [(one + other) / 2 for one, other in zip(places[:-1], places[1:], strict=True)]
    units = list(zip(w, b, v, strict=True))
    slopes = [sum(o * x for x, y, o in units if x * at + y > 0) for at in middles]
    return 1 + sum(one != other for one, other in zip(slopes[:-1], slopes[1:], strict=True))


SUSPECTS = hunt.lineup(suspects)
hunt.opens(exercise, input_set, SUSPECTS, "Returns one to three networks whose parts fit together.")
hunt.charges(exercise, input_set, SUSPECTS, innocent="f", truth=truth, points=1)


def net(units, left=-1.0, right=3.0):
    """A network from units (w, b, v)."""
    return (*np.array(units, dtype=float).T, left, right)


@exercise.variant
def three_sets():
    return (
        net([(1, -1, 2), (-2, 2, -1), (1, 0.5, 1)]),
        net([(1, -2, 1), (-1, 2, 1), (-1, -0.5, 1), (1, -5, 1)]),
        net([(1, 1, 2), (3, -9, 1), (2, -1, 1)]),
    )


@exercise.variant
def as_lists():
    units = [(1, 0, 1), (-1, 0, 1), (2, -2, 1), (1, -1, -2), (-2, 5, 3), (1, -3, 1), (1, -7, 1)]
    w, b, v, *_ = net(units)
    return [[w.tolist(), b.tolist(), v.tolist(), -1, 3]]


@exercise.misconception
def places_of_their_own():
    """No two units bend at one place: who counts units instead of places gets away."""
    return [net([(1, -1, 2), (-2, 1, -1), (1, 0.25, 1), (1, -9, 1), (1, 1, 3)])]


@exercise.misconception
def only_steep_upwards():
    """All w are positive: who mistakes the side of a unit, or loses a sign, gets away."""
    return [
        net(
            [(1, -1, 2), (2, -2, -1), (1, 0.25, 1), (1, -0.5, 1), (2, -1, 1), (1, -9, 1), (1, 1, 3)]
        )
    ]


@exercise.misconception
def all_well_inside():
    """Every bend lies inside: ends of the interval, and what is beyond them, cannot be seen."""
    return [net([(1, 0, 1), (-1, 0, 1), (2, -2, 1), (1, -1, -2), (-2, 5, 3)])]


@exercise.misconception
def nothing_at_the_ends():
    """No bend lies exactly at an end of the interval."""
    return [net([(1, 0, 1), (-1, 0, 1), (2, -2, 1), (1, -1, -2), (-2, 5, 3), (1, -7, 1)])]


@exercise.misconception
def nothing_cancels():
    """Bends at one place always add up here: let some cancel."""
    return [net([(1, 0, 1), (-1, 0, 1), (-2, 5, 3), (1, -3, 1), (1, -7, 1)])]


@exercise.misconception
def one_unit():
    """With one unit there is little to get wrong."""
    return [net([(2, -2, 1)])]
