"""Inputs that several exercises of this chapter ask about: switches, and clouds of points."""

import itertools

import numpy as np


def switches(n):
    """All 2ⁿ settings of n switches, counting upwards: 00, 01, 10, 11."""
    return np.array(list(itertools.product([0.0, 1.0], repeat=n)))


def mixed(sums, rng):
    """A bar for these sums that some of them pass and some do not, with room on both sides."""
    if len(sums) < 2:
        return 0.0
    ranked = np.sort(sums)
    gaps = np.diff(ranked)
    # The widest of the gaps away from the ends: no answer hangs on the last digit.
    first = len(ranked) // 4
    k = first + int(np.argmax(gaps[first : len(gaps) - first or None]))
    return float(ranked[k] + rng.uniform(0.3, 0.7) * gaps[k])


def two_clouds(rng, n, features, gap=0.4):
    """Points on both sides of a plane that is not through the origin, and their sides."""
    w, b = rng.normal(size=features), rng.uniform(0.3, 0.6) * rng.choice([-1, 1])
    w /= np.linalg.norm(w)
    x = rng.normal(size=(40 * n, features))
    x = x[np.abs(x @ w + b) > gap]
    sides = (x @ w + b > 0).astype(int)
    chosen = np.concatenate([np.flatnonzero(sides == k)[: n // 2 + k * (n % 2)] for k in (0, 1)])
    chosen = rng.permutation(chosen)
    return x[chosen], sides[chosen]
