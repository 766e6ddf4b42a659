"""Small networks for the ensembles: functions of the units that dropout acts on.

Each maps rows of units (M, n) to outputs (M, C) or (M,), and a single row (n,) to (C,) or ().
"""

import numpy as np

from autograder.judging.travel import travels


def linear(rng, n, outputs):
    W, b = rng.normal(size=(n, outputs)), rng.normal(size=outputs)
    return travels(lambda h: h @ W + b)


def deep(rng, n, outputs):
    """Two bent layers: the mean of its outputs is not its output for the mean."""
    V, W, b = rng.normal(size=(n, 6)), rng.normal(size=(6, outputs)), rng.normal(size=6)
    return travels(lambda h: np.tanh(h @ V + b) ** 2 @ W + 0.5)


def one_number(rng, n):
    """A network of one output per row, without an axis for it."""
    w, b = rng.normal(size=n), rng.normal()
    return travels(lambda h: np.sin(h @ w + b) + 2)


def unit(rng, n):
    """One sigmoid unit."""
    w, b = rng.normal(size=n), rng.normal()
    return travels(lambda h: 1 / (1 + np.exp(-(h @ w + b))))


def deep_unit(rng, n, sharpness=1.0):
    """A probability that a hidden layer has a say in, between e⁻¹² and 1 − e⁻¹²."""
    V, w, b = rng.normal(size=(n, 5)), rng.normal(size=5), rng.normal()

    def says_yes(h):
        z = 12 * np.tanh(sharpness * (np.tanh(h @ V + 0.3) @ w + b) / 12)
        return 1 / (1 + np.exp(-z))

    return travels(says_yes)


def all_kept_or_dropped(n, p):
    """Every mask of n units with its probability, one after the other."""
    for mask in np.ndindex(*[2] * n):
        m = np.array(mask, dtype=float)
        yield m, float(np.prod(np.where(m == 1, 1 - p, p)))
