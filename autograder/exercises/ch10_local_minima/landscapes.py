"""Slopes and heights that checks walk on: pure functions, which travel with the questions."""

import numpy as np

from autograder.judging.travel import travels


def valleys(rng):
    """The slope of waves on a bowl: several valleys, none like another."""
    tilt, wave, phase = rng.uniform(0.2, 0.6), rng.uniform(1.5, 2.5), rng.uniform(0, 6)
    return travels(lambda x: tilt * np.asarray(x) + wave * np.sin(2 * np.asarray(x) + phase))


def heights(rng):
    """A height and its slope, as two functions: waves on a bowl."""
    tilt, wave, phase = rng.uniform(0.2, 0.6), rng.uniform(1.5, 2.5), rng.uniform(0, 6)
    height = travels(
        lambda x: tilt * np.asarray(x) ** 2 / 2 - wave * np.cos(2 * np.asarray(x) + phase) / 2
    )
    return height, travels(
        lambda x: tilt * np.asarray(x) + wave * np.sin(2 * np.asarray(x) + phase)
    )


def bowl(steepness):
    """The slope of ½·k·x²: every step multiplies x by 1 − rate·k."""
    return travels(lambda x: steepness * np.asarray(x))


def wells(rng):
    """A double well whose deeper valley is on a side that is drawn: height, slope, side."""
    side = rng.choice([-1.0, 1.0])
    tilt = -side * rng.uniform(0.3, 0.5)
    height = travels(lambda x: (np.asarray(x) ** 2 - 1) ** 2 + tilt * np.asarray(x))
    slope = travels(lambda x: 4 * np.asarray(x) ** 3 - 4 * np.asarray(x) + tilt)
    return height, slope, side
