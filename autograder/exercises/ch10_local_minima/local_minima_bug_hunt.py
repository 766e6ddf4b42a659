"""Bug hunt: a rule of acceptance that only looks right."""

import numpy as np

from autograder.exercises.ch10_local_minima import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    hints=(
        "If every proposal is a fall, or the temperature is 1, which mistakes can you see?",
        "Falls and rises, small and large, each met by small and large coins; and a place that is "
        "high up already.",
        "Many runs, heights of several units, a temperature unlike 1, and coins all over (0, 1).",
    ),
)


def local_minima_bug_hunt() -> list[tuple[np.ndarray | float, ...]]:
    """Steps of annealing on which a wrong rule of acceptance gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (x, proposed, height, new_height, temperature, coins)
        Arguments of a suspect, which returns where the runs are after the step: five arrays (K,)
        and a temperature above 0. The coins lie between 0 and 1, neither 0 nor 1, and no proposed
        place is the present one.
    """
    rng = np.random.default_rng(0)
    x, proposed = rng.normal(size=(2, 400))
    height, new_height = rng.uniform(2, 6, size=(2, 400))
    return [(x, proposed, height, new_height, 2.0, rng.uniform(size=400))]


MAX_RUNS = 10_000
NAMES = ("x", "proposed", "height", "new_height", "temperature", "coins")


def input_set(item, what):
    parts = sequence(item, 6, what)
    arrays = [as_array(p, f"{n} of {what}") for p, n in zip(parts, NAMES, strict=True)]
    if any(a.dtype.kind == "c" for a in arrays):
        raise Failed(f"{what} holds complex numbers, expected real ones")
    lines = [a for n, a in zip(NAMES, arrays, strict=True) if n != "temperature"]
    if arrays[4].ndim != 0 or any(a.ndim != 1 for a in lines):
        raise Failed(f"the temperature of {what} must be a number, all else a vector")
    if len({len(a) for a in lines}) != 1 or not 0 < len(lines[0]) <= MAX_RUNS:
        raise Failed(f"the vectors of {what} must be equally long, at most {MAX_RUNS:,}")
    if not all(np.isfinite(a).all() for a in arrays) or arrays[4] <= 0:
        raise Failed(f"{what} must hold finite numbers and a temperature above 0")
    x, proposed, height, new_height, temperature, coins = (a.astype(float) for a in arrays)
    if np.any((coins <= 0) | (coins >= 1)):
        raise Failed(f"the coins of {what} must lie between 0 and 1")
    if np.any(x == proposed):
        raise Failed(f"in {what} a proposed place is the present one: nothing could be seen")
    return [x, proposed, height, new_height, float(temperature), coins]


def truth(x, proposed, height, new_height, temperature, coins):
    """One run after the other, by the rule's own words."""
    after = []
    for here, there, low, high, coin in zip(x, proposed, height, new_height, coins, strict=True):
        chance = 1.0 if high <= low else np.exp(-(high - low) / temperature)
        after.append(there if coin < chance else here)
    return np.array(after)


SUSPECTS = hunt.lineup(suspects)
hunt.opens(exercise, input_set, SUSPECTS, "Returns one to three steps whose parts fit together.")
hunt.charges(exercise, input_set, SUSPECTS, innocent="d", truth=truth, points=1)


def step(seed, runs, heights=(2, 6), temperature=2.0):
    rng = np.random.default_rng(seed)
    x, proposed = rng.normal(size=(2, runs))
    height, new_height = rng.uniform(*heights, size=(2, runs))
    return x, proposed, height, new_height, temperature, rng.uniform(0.001, 0.999, size=runs)


@exercise.variant
def fewer_runs_twice():
    return (step(1, 150), step(2, 200, (3, 9), 4.0))


@exercise.variant
def as_lists():
    return [[part.tolist() if np.ndim(part) else part for part in step(3, 300, (-9, 9), 5.0)]]


@exercise.misconception
def only_falls():
    """Every proposal is a fall: the rule for rises is never asked."""
    x, proposed, height, new_height, temperature, coins = step(4, 300)
    low, high = np.minimum(height, new_height), np.maximum(height, new_height) + 0.1
    return [(x, proposed, high, low, temperature, coins)]


@exercise.misconception
def only_rises():
    """Every proposal is a rise: what happens to falls is never asked."""
    x, proposed, height, new_height, temperature, coins = step(5, 400)
    low, high = np.minimum(height, new_height), np.maximum(height, new_height) + 0.1
    return [(x, proposed, low, high, temperature, coins)]


@exercise.misconception
def temperature_of_one():
    """At T = 1 one cannot see whether somebody multiplies or divides by it."""
    return [step(6, 400, temperature=1.0)]


@exercise.misconception
def one_run():
    """A single run: whether each has its own coin cannot be seen, and much else is luck."""
    return [(np.zeros(1), np.ones(1), np.array([3.0]), np.array([4.0]), 2.0, np.array([0.99]))]


@exercise.misconception
def near_the_ground():
    """All heights are below 1, so that whoever divides the change by the height gets away."""
    return [step(7, 800, (0.0, 0.9), 0.3)]


@exercise.misconception
def one_coin_for_all():
    """All coins are equal: whoever uses the first for all runs gets away."""
    x, proposed, height, new_height, temperature, _ = step(8, 400)
    return [(x, proposed, height, new_height, temperature, np.full(400, 0.55))]
