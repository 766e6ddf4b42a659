"""Statistics of random draws, with limits that a right answer misses once in 1e11 runs."""

import numpy as np

from autograder.judging.compare import Failed, as_array

SLACK = 1e-9
"""How far rounding may carry a number across the end of its range, relatively."""


def generators(rng, how_many):
    return [np.random.default_rng(int(seed)) for seed in rng.integers(2**62, size=how_many)]


def places(values, low, high, logarithmic=True):
    """Where in their range numbers are, from 0 to 1; `Failed` if they are outside."""
    values = np.asarray(values, dtype=float)
    if not np.all((low * (1 - SLACK) <= values) & (values <= high * (1 + SLACK))):
        worst = values[np.argmax(np.abs(values - (low + high) / 2))] if values.size else values
        raise Failed(f"{worst:.4g} was drawn, which is outside of {low:g} to {high:g}")
    scale = np.log if logarithmic else np.asarray
    width = scale(high) - scale(low)
    return (scale(values) - scale(low)) / width if width else np.full(values.shape, np.nan)


def uneven(u):
    """Whether the places are too far from uniform.

    By the Dvoretzky-Kiefer-Wolfowitz inequality the largest distance between the share below any
    place and that place is above ε with probability 2·exp(−2nε²): with 2nε² = 26 below 1.1e-11.
    """
    u = np.sort(u)
    n = len(u)
    steps = np.arange(n + 1) / n
    distance = max(np.max(steps[1:] - u), np.max(u - steps[:-1]))
    # Both ends must be reached: no u is below t, or above 1 − t, with probability exp(−tn).
    return bool(distance > np.sqrt(13 / n) or max(u[0], 1 - u[-1]) > 26 / n)


def dependent(u, v):
    """Whether u and v are in the same halves of their ranges too often, or too rarely.

    Of n independent pairs a quarter is in both lower halves; by Hoeffding's inequality the share
    is off by more than ε with probability 2·exp(−2nε²): below 1.1e-11 again, for each of three.
    """
    low, high = u < 0.5, v < 0.5
    shares = np.array([np.mean(low & high), np.mean(low & ~high), np.mean(~low & ~high)])
    if np.any(np.abs(shares - 0.25) > np.sqrt(13 / len(u))):
        return True
    # A copy of u, or its mirror image, is told from few pairs: both of these are uniform too.
    return uneven((u - v) % 1) or uneven((u + v) % 1)


def vector(value, size, what="the draws"):
    """The answer as `size` real numbers, or `Failed`."""
    drawn = as_array(value, what)
    if drawn.shape != (size,):
        raise Failed(f"{what} have shape {drawn.shape}, expected ({size},)")
    if drawn.dtype.kind != "f" and size:
        raise Failed(f"{what} are {drawn.dtype} values, expected floats")
    return drawn
