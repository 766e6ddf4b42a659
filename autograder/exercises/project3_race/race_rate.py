"""Your own schedule: warm up, then come to rest."""

import numpy as np

from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=2,
    hints=(
        "What are the two parts of the curve, and what must both say where they meet?",
        "While step < warmup: a share of the peak, full at the last of these steps. After that: "
        "how far along the rest of the way are you, from 0 to 1?",
        "peak · (step + 1)/warmup, then peak · (1 + cos(π s))/2 with "
        "s = (step − warmup)/(steps − warmup).",
    ),
)


def race_rate(step: int, steps: int, peak: float, warmup: int) -> float:
    """The learning rate of one step: up along a straight line, then down along half a cosine.

    Parameters
    ----------
    step : int
        0 to steps − 1.
    steps : int
        In the whole race.
    peak : float
        The highest rate.
    warmup : int
        The first so many steps (0 to steps − 1) go up: from peak/warmup at step 0 to peak at step
        warmup − 1.

    Returns
    -------
    float
        After the warm-up half a cosine: the peak at step `warmup`, half of it in the middle of
        what is left, and 0 at `steps` (which is never taken).
    """
    if step < warmup:
        return peak * (step + 1) / warmup
    along = (step - warmup) / (steps - warmup)
    return float(peak * (1 + np.cos(np.pi * along)) / 2)


@exercise.probe
def on_the_way_down(rng):
    steps = int(rng.integers(50, 300))
    warmup = int(rng.integers(3, 20))
    return int(rng.integers(warmup + 5, steps - 5)), steps, float(rng.uniform(0.01, 3)), warmup


@exercise.probe
def on_the_way_up(rng):
    return int(rng.integers(1, 6)), 61, float(rng.uniform(0.01, 3)), 11


@exercise.probe
def at_the_top(rng):
    return 11, 61, float(rng.uniform(0.01, 3)), 11


@exercise.check
def worked_example(f):
    """Peak 0.8, 4 of 12 steps to warm up: 0.2, 0.4, 0.6, 0.8, 0.8; 0.683 at step 6, 0.4 at 8."""
    found = f.many([(step, 12, 0.8, 4) for step in (0, 1, 2, 3, 4, 6, 8)])
    agree(found, [0.2, 0.4, 0.6, 0.8, 0.8, 0.4 + 0.4 * np.sqrt(0.5), 0.4])


@exercise.check
def without_a_warm_up(f):
    """With no step to warm up, it begins at the peak and only falls."""
    found = as_array(f.many([(step, 8, 2.0, 0) for step in range(8)]))
    agree(found[0], 2.0, what="the first rate")
    agree(found[4], 1.0, what="the rate half-way")
    if not np.all(np.diff(found) < 0):
        raise Failed("the rates do not fall all the way")


@exercise.check(points=2)
def whole_races(f, reference, rng):
    """Gives all the rates of several races."""
    for steps, warmup in ((60, 10), (7, 6), (113, 1), (40, 0)):
        peak = float(rng.uniform(0.01, 3))
        calls = [(step, steps, peak, warmup) for step in range(steps)]
        agree(f.many(calls), [reference(*call) for call in calls])


@exercise.check(points=1, after=whole_races)
def laws(f, rng):
    """Never above the peak, in proportion to it, and half-way down at half of the way."""
    warmup, half = int(rng.integers(2, 9)), int(rng.integers(10, 40))
    steps = warmup + 2 * half
    calls = [(step, steps, 1.0, warmup) for step in range(steps)]
    rates = as_array(f.many(calls), "the rates")
    agree(rates.max(), 1.0, what="the highest rate")
    agree(rates[warmup + half], 0.5, what="the rate half-way down")
    agree(f(warmup + 3, steps, 7.0, warmup), 7 * rates[warmup + 3], what="a peak of 7")


@exercise.variant
def in_one_line(step, steps, peak, warmup):
    up = (step + 1) / max(warmup, 1)
    down = np.cos(0.5 * np.pi * max(step - warmup, 0) / (steps - warmup)) ** 2
    return peak * (up if step < warmup else down)


@exercise.variant
def from_a_table(step, steps, peak, warmup):
    up = np.linspace(0, 1, warmup + 1)[1:]
    down = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, steps - warmup + 1))
    return float(np.concatenate([up, down])[step] * peak)


@exercise.misconception
def begins_at_zero(step, steps, peak, warmup):
    """The first step has rate 0 and is wasted: step 0 is already one of the warm-up's."""
    if step < warmup:
        return peak * step / warmup
    return float(peak * (1 + np.cos(np.pi * (step - warmup) / (steps - warmup))) / 2)


@exercise.misconception
def no_warm_up(step, steps, peak, warmup):
    """It begins at the peak: the warm-up is missing."""
    along = max(step - warmup, 0) / (steps - warmup)
    return float(peak * (1 + np.cos(np.pi * along)) / 2)


@exercise.misconception
def cosine_over_the_whole_race(step, steps, peak, warmup):
    """The cosine counts from step 0, so that it has begun to fall before the warm-up is over."""
    if step < warmup:
        return peak * (step + 1) / warmup
    return float(peak * (1 + np.cos(np.pi * step / steps)) / 2)


@exercise.misconception
def down_along_a_line(step, steps, peak, warmup):
    """It falls along a straight line. Asked for is half a cosine."""
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * (1 - (step - warmup) / (steps - warmup))


@exercise.misconception
def a_whole_cosine(step, steps, peak, warmup):
    """The cosine goes down to −peak: the last steps walk uphill. Lift it by one and halve it."""
    if step < warmup:
        return peak * (step + 1) / warmup
    return float(peak * np.cos(np.pi * (step - warmup) / (steps - warmup)))
