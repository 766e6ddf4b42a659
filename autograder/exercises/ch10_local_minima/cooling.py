"""Slowly, slowly: a schedule of temperatures."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=4,
    difficulty=1,
    hints=(
        "What is the temperature of step 0? And of step 1?",
        "Every step multiplies by the same factor.",
        "T = start · factorᵗ.",
    ),
)


@exercise.probe
def some_steps(rng):
    return rng.uniform(0.5, 5), rng.uniform(0.8, 0.99), int(rng.integers(2, 40))


@exercise.probe
def the_first(rng):
    return rng.uniform(0.5, 5), rng.uniform(0.8, 0.99), 0


@exercise.probe
def the_second(rng):
    return rng.uniform(0.5, 5), rng.uniform(0.8, 0.99), 1


@exercise.probe
def no_cooling(rng):
    return rng.uniform(0.5, 5), 1.0, 9


@exercise.probe
def long_after(rng):
    return rng.uniform(0.5, 5), rng.uniform(0.8, 0.9), 60


@exercise.check
def worked_example(f):
    """From 8 with the factor ½: 8, 4, 2 and 1."""
    agree(f.many([(8.0, 0.5, t) for t in range(4)]), [8.0, 4.0, 2.0, 1.0], what="temperatures")


@exercise.check
def slower(f):
    """From 1 with the factor 0.9, step 2 has 0.81; from 3 with 0.1, step 1 has 0.3."""
    agree(f.many([(1.0, 0.9, 2), (3.0, 0.1, 1)]), [0.81, 0.3], what="the temperatures")


@exercise.check(points=2)
def random_schedules(f, rng):
    """Gives every step its temperature, fast and slow, from high and low starts."""
    for _ in range(3):
        start, factor = rng.uniform(0.5, 5), rng.uniform(0.6, 0.98)
        expected = [start]
        while len(expected) < 30:
            expected.append(expected[-1] * factor)
        order = rng.permutation(30)
        got = f.many([(start, factor, int(t)) for t in order])
        agree(got, np.array(expected)[order], what="the temperatures")


@exercise.check(points=1, after=random_schedules)
def edges(f, rng):
    """Step 0 has the start; a factor of 1 never cools; whole numbers are no trouble."""
    start, factor = rng.uniform(0.5, 5), rng.uniform(0.6, 0.98)
    calls = [((start, factor, 0), start), ((start, 1.0, 50), start), ((8, 0.25, 2), 0.5)]
    calls += [((start, 1, 7), start), ((1, 0.1, 300), 1e-300)]
    order = rng.permutation(len(calls))
    got = f.many([calls[k][0] for k in order])
    agree(got, [calls[k][1] for k in order], rtol=1e-9, atol=0.0, what="the temperatures")


@exercise.check(points=1, after=random_schedules)
def laws(f, rng):
    """Twice the start is twice the temperature; cooling in two stretches is cooling in one."""
    start, factor, t = some_steps(rng)
    here = f(start, factor, t)
    agree(f(2 * start, factor, t), 2 * here, what="the temperature from twice the start")
    agree(f(here, factor, 7), f(start, factor, t + 7), what="the temperature seven steps on")


@exercise.variant
def with_a_loop(start, factor, t):
    for _ in range(t):
        start = start * factor
    return start


@exercise.variant
def with_numpy(start, factor, t):
    return np.exp(np.log(float(start)) + t * np.log(float(factor)))


@exercise.misconception
def linear(start, factor, t):
    """The temperature falls by equal amounts. Each step should multiply."""
    return max(start * (1 - (1 - factor) * t), 0.0)


@exercise.misconception
def one_step_ahead(start, factor, t):
    """Step 0 is already cooled: it has the start."""
    return start * factor ** (t + 1)


@exercise.misconception
def one_step_behind(start, factor, t):
    """The first cooling comes one step late: step 1 has start · factor."""
    return start * factor ** max(t - 1, 0)


@exercise.misconception
def factor_times_t(start, factor, t):
    """The factor is multiplied by t. It is applied t times: a power."""
    return start * factor * t if t else start


@exercise.misconception
def divides(start, factor, t):
    """It gets hotter: a factor below 1 is multiplied, not divided by."""
    return start / factor**t


@exercise.misconception
def exponential_of_the_factor(start, factor, t):
    """exp(−factor·t) cools much faster: the factor itself is what is left after a step."""
    return start * np.exp(-factor * t)


@exercise.misconception
def one_over_t(start, factor, t):
    """1/(1 + t) is another schedule: here each step multiplies by the factor."""
    return start / (1 + (1 - factor) * t)


@exercise.misconception
def start_in_the_power(start, factor, t):
    """The start is raised to the power as well: only the factor is applied t times."""
    return (start * factor) ** t if t else start


@exercise.misconception
def one_minus_the_factor(start, factor, t):
    """Keeps the share 1 − factor in each step; the factor is what is kept."""
    return start * (1 - factor) ** t


@exercise.misconception
def an_exponential_of_its_own(start, factor, t):
    """Cools by exp(−(1 − factor)·t), which is near factorᵗ only for a factor near 1."""
    return start * np.exp(-(1 - factor) * t)


@exercise.misconception
def linear_to_below_zero(start, factor, t):
    """The temperature falls by equal amounts, in the end below 0. Each step should multiply."""
    return start * (1 - (1 - factor) * t)


@exercise.misconception
def times_t_so_nothing_at_step_0(start, factor, t):
    """t is a factor here, so that step 0 has no temperature at all. How often is `factor` used?"""
    return start * factor * t
