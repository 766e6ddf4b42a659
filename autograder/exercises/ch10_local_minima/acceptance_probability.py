"""Sometimes uphill: the rule of Metropolis."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "Which changes are always welcome? What is their probability?",
        "exp(−ΔE/T) is more than 1 for a fall. A probability is not: cut the change at 0 first.",
        "e^(−max(ΔE, 0)/T); at T = 0 a rise has no chance, and everything else is certain.",
    ),
)


@exercise.probe
def rises_and_falls(rng):
    return rng.choice([-1.0, 1.0], size=7) * rng.uniform(0.2, 3, size=7), rng.uniform(0.3, 2)


@exercise.probe
def a_matrix_of_changes(rng):
    return rng.choice([-1.0, 1.0], size=(3, 2)) * rng.uniform(0.2, 3, size=(3, 2)), 0.4


@exercise.probe
def no_change(rng):
    return np.zeros(3), 0.7


@exercise.probe
def frozen(rng):
    return np.array([-1.0, 0.0, 2.0]), 0.0


@exercise.probe
def huge_falls(rng):
    return np.array([-1e4, 1e4, -3.0]), 1.0


@exercise.check
def worked_example(f):
    """At T = 1 a rise of ln 2 is accepted with ½, a rise of ln 4 with ¼, a fall always."""
    agree(f(np.array([np.log(2), np.log(4), -3.0]), 1.0), [0.5, 0.25, 1.0], what="the chances")


@exercise.check
def hot_and_cold(f):
    """A rise of 0.5 is accepted with 0.779 at T = 2 and with 0.0067 at T = 0.1."""
    agree(f(np.array([0.5]), 2.0), [0.77880078], rtol=1e-6, what="the chance at T = 2")
    agree(f(np.array([0.5]), 0.1), [0.00673795], rtol=1e-6, what="the chance at T = 0.1")


@exercise.check
def frozen_and_flat(f):
    """At T = 0 no rise is accepted; a change of 0 always is, and so is a huge fall."""
    agree(f(np.array([-1.0, 2.0]), 0.0), [1.0, 0.0], what="the chances at T = 0")
    agree(f(np.array([0.0, -1e4]), 0.5), [1.0, 1.0], what="the chances of no rise")
    unchanged(f, np.array([1.0, -1.0]), 0.5)


@exercise.check(points=2)
def random_changes(f, reference, rng):
    """Gives every rise its chance and every fall 1, at high and low temperatures."""
    for _ in range(3):
        change, temperature = rises_and_falls(rng)
        agree(f(change, temperature), reference(change, temperature), what="the chances")
    change, temperature = a_matrix_of_changes(rng)
    agree(f(change, temperature), reference(change, temperature), what="the chances of a matrix")


@exercise.check(points=1, after=random_changes)
def at_zero(f, reference, rng):
    """Freezes at T = 0: no rise has a chance, everything else is certain, also no change at all."""
    change = rng.permutation([-rng.uniform(1, 2), 0.0, rng.uniform(1, 2), 1e-9, 1e-200])
    agree(f(change, 0.0), (change <= 0).astype(float), what="the chances at T = 0")
    agree(
        f(np.zeros((2, 3)), rng.uniform(0.1, 1)), np.ones((2, 3)), what="the chances of no change"
    )


@exercise.check(points=1, after=random_changes)
def extremes(f, rng):
    """A huge fall is certain, not infinite; a huge rise, or one at T = 1e-300, has no chance."""
    size = 10.0 ** rng.uniform(4, 300)
    agree(f(np.array([-size, size]), 1.0), [1.0, 0.0], what="the chances of huge changes")
    agree(f(np.array([-1.0, 1e9]), 1e-300), [1.0, 0.0], what="the chances at T = 1e-300")


@exercise.check(points=1, after=random_changes)
def laws(f, rng):
    """Two rises together have the product of their chances; only the ratio ΔE/T counts."""
    a, b = rng.uniform(0.1, 2, size=(2, 5))
    temperature, unit = rng.uniform(0.3, 2), 10.0 ** rng.uniform(-3, 3)
    product = np.asarray(f(a, temperature)) * np.asarray(f(b, temperature))
    agree(f(a + b, temperature), product, what="the chances of both rises")
    agree(f(unit * a, unit * temperature), f(a, temperature), what="the chances in other units")


@exercise.check(points=1, after=random_changes)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are, not rounding the chances; takes a single change."""
    whole_numbers(f, reference, rng.integers(-4, 5, size=6), 2)
    agree(f(np.array(1.5), 1.0), np.exp(-1.5), what="the chance of a single change")


@exercise.check(points=1, after=random_changes)
def leaves_the_changes_alone(f, rng):
    """Leaves the changes as they were."""
    unchanged(f, *rises_and_falls(rng))


@exercise.variant
def with_where(change, temperature):
    chance = np.ones(np.shape(change))
    rise = np.asarray(change) > 0
    with np.errstate(divide="ignore", over="ignore"):
        chance[rise] = np.exp(-np.asarray(change)[rise] / np.float64(temperature))
    return chance


@exercise.variant
def with_minimum(change, temperature):
    if temperature == 0:
        return 1.0 * (np.asarray(change) <= 0)
    with np.errstate(over="ignore"):
        return np.minimum(1.0, np.exp(-np.asarray(change) / temperature))


def _chance(change, temperature):
    if temperature == 0:
        return np.where(change > 0, 0.0, 1.0)
    with np.errstate(over="ignore"):
        return np.exp(-np.maximum(change, 0) / temperature)


@exercise.misconception
def not_cut_at_one(change, temperature):
    """For a fall the answer is more than 1: that is no probability. A fall is always accepted."""
    with np.errstate(over="ignore"):
        return np.exp(-np.float64(change) / temperature) if temperature else _chance(change, 0)


@exercise.misconception
def sign_flipped(change, temperature):
    """Rises are always accepted and falls sometimes. ΔE = new − current: which is a rise?"""
    return _chance(-change, temperature)


@exercise.misconception
def times_the_temperature(change, temperature):
    """The change is multiplied by T. A hot system should accept *more*: divide."""
    return _chance(change, 1 / temperature) if temperature else _chance(change, 0)


@exercise.misconception
def temperature_ignored(change, temperature):
    """The temperature plays no part: every T gives the chances of T = 1."""
    return _chance(change, 1.0)


@exercise.misconception
def only_downhill(change, temperature):
    """No rise is ever accepted: that is plain descent, and it stays in its valley."""
    return np.where(change > 0, 0.0, 1.0)


@exercise.misconception
def fermi_rule(change, temperature):
    """1/(1 + exp(ΔE/T)) is another rule: by Metropolis a fall is accepted for certain."""
    if temperature == 0:
        return _chance(change, 0)
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(np.float64(change) / temperature))


@exercise.misconception
def size_of_the_change(change, temperature):
    """The size of the change counts, whatever its direction: falls should be certain."""
    return _chance(np.abs(change), temperature)


@exercise.misconception
def accepts_or_not(change, temperature):
    """This is a decision, 0 or 1. A probability is asked for; the coin is tossed elsewhere."""
    return np.round(_chance(change, temperature))


@exercise.misconception
def base_two(change, temperature):
    """The base of the power is 2, not e."""
    return _chance(change * np.log(2), temperature)


@exercise.misconception
def fails_when_frozen(change, temperature):
    """At T = 0 the division gives NaN for a change of 0: that temperature needs its own answer."""
    with np.errstate(all="ignore"):
        return np.exp(-np.maximum(change, 0) / np.float64(temperature))


@exercise.misconception
def falls_are_doubtful(change, temperature):
    """Rises are certain and falls doubtful: it is the rise that costs, exp(−change/T)."""
    return np.exp(-np.maximum(-change, 0) / temperature) if temperature else 1.0 * (change <= 0)
