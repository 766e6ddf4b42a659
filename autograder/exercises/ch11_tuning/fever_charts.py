"""Loss curves that fall, bounce and bend, in any unit."""

import numpy as np


def scaled(rng, curve):
    """The same curve in another unit, which changes no verdict."""
    return (np.asarray(curve, dtype=float) * float(2.0 ** rng.integers(-3, 4)),)


def curve(rng, n, fall, bounces=0.0, bend=0.1):
    """n losses that fall from 1 by `fall`, quickly (small bend) or evenly (large bend), with
    rises of `bounces` altogether."""
    t = np.linspace(0, 1, n)
    losses = 1 - fall * (1 - np.exp(-t / bend)) / (1 - np.exp(-1 / bend))
    steps = np.diff(losses)
    jumps = np.zeros(n - 1)
    where = 1 + 2 * rng.permutation((n - 3) // 2)[:3]
    jumps[where] = bounces / 3
    jumps[where + 1] = -bounces / 3
    up = np.where(jumps > 0, jumps, steps + jumps)
    up[where + 1] += steps[where]
    return np.concatenate([[1.0], 1 + np.cumsum(up)])
