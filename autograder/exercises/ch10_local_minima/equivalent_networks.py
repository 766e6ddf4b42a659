"""How many copies of a minimum are there?"""

import math

import numpy as np

from autograder.judging.compare import Failed
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=2,
    hints=(
        "Two units swap places, with all their weights. What does the network compute then?",
        "tanh(−z) = −tanh(z): which weights of a unit can change sign together?",
        "In how many orders can H units stand, and how many choices of signs have they?",
    ),
)


def count(f, hidden):
    """The answer as a whole number, or `Failed`."""
    answer = f(hidden)
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        answer = answer.item()
    whole = isinstance(answer, int | np.integer) and not isinstance(answer, bool)
    if not whole and not (isinstance(answer, float | np.floating) and answer == int(answer)):
        raise Failed(f"the answer is {answer!r:.60}, expected a whole number")
    return int(answer)


def told(f, hidden, expected):
    got = count(f, hidden)
    if got != expected:
        raise Failed(f"for {hidden} units it says {got}, expected {expected}")


@exercise.probe
def a_few(rng):
    return (int(rng.integers(3, 8)),)


@exercise.probe
def one(rng):
    return (1,)


@exercise.probe
def two(rng):
    return (2,)


@exercise.check
def one_unit(f):
    """A single unit can flip its signs: 2 networks."""
    told(f, 1, 2)


@exercise.check
def two_and_four_units(f):
    """Two units can swap and flip: 8 networks. Four units make 384."""
    told(f, 2, 8)
    told(f, 4, 384)


@exercise.check(points=2)
def by_building_up(f, rng):
    """One unit more can stand in so many places, with two signs: counts for up to 12 units."""
    expected = [1]
    for hidden in range(1, 13):
        expected.append(expected[-1] * 2 * hidden)
    for hidden in rng.permutation(np.arange(3, 13)):
        told(f, int(hidden), expected[hidden])


@exercise.check(points=1, after=by_building_up)
def very_many(f, rng):
    """Stays exact for layers of 20 to 60 units: Python's whole numbers never overflow."""
    for hidden in rng.permutation([21, 25, 40, int(rng.integers(41, 60))]):
        hidden = int(hidden)
        told(f, hidden, math.prod(2 * k for k in range(1, hidden + 1)))


@exercise.check(points=1, after=by_building_up)
def a_single_unit(f, rng):
    """A single unit has two, and the count for H + 1 is 2(H + 1) times that for H."""
    told(f, 1, 2)
    hidden = int(rng.integers(2, 9))
    if count(f, hidden + 1) != 2 * (hidden + 1) * count(f, hidden):
        raise Failed(f"from {hidden} to {hidden + 1} units the count does not grow as it should")


@exercise.variant
def with_a_loop(hidden):
    total = 1
    for unit in range(1, hidden + 1):
        total *= 2 * unit
    return total


@exercise.variant
def by_shifting(hidden):
    return math.prod(range(1, hidden + 1)) << hidden


@exercise.misconception(keeps=0.5)
def signs_forgotten(hidden):
    """The order is counted, the signs are not: tanh(−z) = −tanh(z)."""
    return math.factorial(hidden)


@exercise.misconception(keeps=0.5)
def orders_forgotten(hidden):
    """The signs are counted, the orders are not: units can swap places."""
    return 2**hidden


@exercise.misconception
def added(hidden):
    """Orders and signs are added. Each order goes with each choice of signs: multiply."""
    return math.factorial(hidden) + 2**hidden


@exercise.misconception
def one_flip_for_all(hidden):
    """All units flip together in this count. Each can flip for itself."""
    return 2 * math.factorial(hidden)


@exercise.misconception
def units_squared(hidden):
    """H² signs: each unit has 2 choices, so H units have 2ᴴ."""
    return math.factorial(hidden) * hidden**2


@exercise.misconception
def without_the_network_itself(hidden):
    """The network itself counts, too."""
    return math.factorial(hidden) * 2**hidden - 1


@exercise.misconception
def two_per_unit_added(hidden):
    """Counts 2 per unit as a sum: every unit may flip by itself, which doubles the number."""
    return math.factorial(hidden) * 2 * hidden
