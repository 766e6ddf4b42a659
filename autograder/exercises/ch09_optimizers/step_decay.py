"""A staircase of learning rates."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    hints=(
        "How many drops have happened by epoch t, if the first is at t = every?",
        "Whole levels only: which operator of Python divides and drops the remainder?",
        "rate · factor^(number of drops), and the number of drops is t // every.",
    ),
)


@exercise.probe
def around_a_drop(rng):
    every = int(rng.integers(3, 12))
    return rng.uniform(0.1, 2), every * int(rng.integers(2, 5)), every, rng.uniform(0.2, 0.8)


@exercise.probe
def before_a_drop(rng):
    rate, t, every, factor = around_a_drop(rng)
    return rate, t - 1, every, factor


@exercise.probe
def within_a_level(rng):
    return rng.uniform(0.1, 2), 17, 7, rng.uniform(0.2, 0.8)


@exercise.probe
def by_default(rng):
    return rng.uniform(0.1, 2), 23, 5


@exercise.check
def worked_example(f):
    """0.8, halved every 10 epochs: 0.8 up to epoch 9, 0.4 from 10 on, 0.2 from 20 on."""
    got = f.many([(0.8, t, 10) for t in (0, 9, 10, 19, 20)])
    agree(got, [0.8, 0.8, 0.4, 0.4, 0.2], what="the rates")


@exercise.check
def other_factor(f):
    """2, cut to a tenth every 3 epochs: 0.002 in epoch 10."""
    agree(f(2.0, 10, 3, 0.1), 0.002, what="the rate")


@exercise.check(points=2)
def whole_staircases(f, rng):
    """Gives every epoch its rate, on each side of every drop, at any start, length and factor."""
    for every in (1, 2, 7, 13):
        rate, factor = rng.uniform(0.01, 3), rng.uniform(0.1, 0.9)
        levels = [rate]
        while len(levels) < 5:
            levels.append(levels[-1] * factor)
        calls = [(rate, t, every, factor) for t in range(5 * every)]
        agree(f.many(calls), np.repeat(levels, every), rtol=1e-9, what="the rates")


@exercise.check(points=1, after=whole_staircases)
def defaults_and_edges(f, rng):
    """Halves if no factor is given; factor 1 and rate 0 change nothing; epoch 0 has the start."""
    rate = rng.uniform(0.1, 2)
    agree(f.many([(rate, t, 4) for t in (3, 4, 8)]), [rate, rate / 2, rate / 4], what="the rates")
    agree(f.many([(rate, 99, 4, 1.0), (0.0, 5, 4, 0.3), (rate, 0, 1, 0.1)]), [rate, 0.0, rate])
    agree(f(1, 6, 3, 0.25), 0.0625, what="the rate from whole numbers")
    agree(f(rate, 60, 1, 0.3), rate * 0.3**60, rtol=1e-9, atol=0.0, what="the rate after 60 drops")


@exercise.check(points=1, after=whole_staircases)
def laws(f, rng):
    """Twice the start is twice the rate; one level later the rate is the factor times as large."""
    rate, t, every, factor = within_a_level(rng)
    here = f(rate, t, every, factor)
    agree(f(2 * rate, t, every, factor), 2 * here, rtol=1e-9, what="the rate from twice the start")
    agree(f(rate, t + every, every, factor), factor * here, rtol=1e-9, what="the rate a level on")
    agree(
        f(rate, 10 * t, 10 * every, factor), here, rtol=1e-9, what="the rate at ten times the time"
    )


@exercise.variant
def with_a_loop(rate, t, every, factor=0.5):
    while t >= every:
        rate, t = rate * factor, t - every
    return rate


@exercise.variant
def with_numpy(rate, t, every, factor=0.5):
    return rate * np.power(float(factor), np.floor_divide(t, every))


@exercise.misconception
def drops_early(rate, t, every, factor=0.5):
    """Each drop comes one epoch early: the first is at t = every, not at every − 1."""
    return rate * factor ** ((t + 1) // every)


@exercise.misconception
def drops_late(rate, t, every, factor=0.5):
    """Each drop comes one epoch late. Epochs count from 0; the first drop is at t = every."""
    return rate * factor ** (max(t - 1, 0) // every)


@exercise.misconception
def a_slope_not_a_staircase(rate, t, every, factor=0.5):
    """The rate falls at every epoch. It should stay level and drop: use whole levels."""
    return rate * factor ** (t / every)


@exercise.misconception
def drops_only_once(rate, t, every, factor=0.5):
    """There is only one drop. Every `every` epochs comes another."""
    return rate * factor if t >= every else rate


@exercise.misconception
def divides_by_the_factor(rate, t, every, factor=0.5):
    """The rate grows: each drop multiplies by the factor, which is at most 1."""
    return rate / factor ** (t // every)


@exercise.misconception
def subtracts(rate, t, every, factor=0.5):
    """Each drop takes the same amount off, down to 0. A drop *multiplies* by the factor."""
    return max(rate * (1 - factor * (t // every)), 0.0)


@exercise.misconception
def multiplies_by_the_level(rate, t, every, factor=0.5):
    """The factor is multiplied by the number of drops. It is applied that many times: a power."""
    return rate * factor * (t // every) if t >= every else rate


@exercise.misconception
def rounds_to_the_nearest(rate, t, every, factor=0.5):
    """t / every is rounded to the nearest level, so drops come half a level early."""
    return rate * factor ** round(t / every)


@exercise.misconception
def first_level_is_missing(rate, t, every, factor=0.5):
    """The first drop happens before the first epoch: up to t = every − 1 the rate is the start."""
    return rate * factor ** (t // every + 1)


@exercise.misconception
def always_halves(rate, t, every, factor=0.5):
    """Every drop halves the rate, whatever `factor` says."""
    return rate * 0.5 ** (t // every)


@exercise.misconception
def default_of_a_tenth(rate, t, every, factor=0.1):
    """All is well, but the contract's default factor is 0.5."""
    return rate * factor ** (t // every)
