"""Chance: whether numbers are drawn as they should be, within limits that a right drawer keeps.

Every function here that says yes or no is one *question*. However many comparisons it makes, a
right drawer gets a no with probability below `RARE`; a run may thus ask a few hundred questions
and still wrong one right answer in less than 1e9. "Standard" numbers have mean 0, variance 1 and a
law whose sums are no wilder than normal ones (strictly sub-Gaussian): normal, uniform, fair ±1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating[Any]]

RARE = 1e-12


def generators(rng: np.random.Generator, how_many: int) -> list[np.random.Generator]:
    """Generators of their own, so that no two questions share their chance."""
    return [np.random.default_rng(int(seed)) for seed in rng.integers(2**62, size=how_many)]


def nats(comparisons: int = 1) -> float:
    """The x for which that many comparisons, each two-sided and missed by exp(−x), share RARE."""
    return math.log(2 * comparisons / RARE)


def shares_are(hits: ArrayLike, trials: ArrayLike, p: ArrayLike) -> bool:
    """Whether so many of these trials should have succeeded, each with chance p (Bernstein)."""
    hits, trials, p = np.broadcast_arrays(np.asarray(hits, dtype=float), trials, p)
    x = nats(hits.size)
    limit = x / 3 + np.sqrt(x**2 / 9 + 2 * x * trials * p * (1 - p))
    return bool(np.all(np.abs(hits - trials * p) <= limit))


def fair(coins: NDArray[np.bool_]) -> bool:
    """Whether about half of these independent coins show heads."""
    return shares_are(np.count_nonzero(coins), coins.size, 0.5)


def sums_fit(sums: ArrayLike, n: ArrayLike) -> bool:
    """Whether sums of n standard numbers each are near enough to 0."""
    sums, n = np.broadcast_arrays(np.asarray(sums, dtype=float), n)
    return bool(np.all(np.abs(sums) <= np.sqrt(2 * nats(sums.size) * n)))


def squares_fit(sums: ArrayLike, n: ArrayLike) -> bool:
    """Whether sums of the squares of n standard numbers each are near enough to n.

    Laurent and Massart's limits for χ²; squares of what is less wild than normal vary less.
    """
    sums, n = np.broadcast_arrays(np.asarray(sums, dtype=float), n)
    x = nats(sums.size)
    room = 2 * np.sqrt(n * x)
    return bool(np.all((sums >= n - room) & (sums <= n + room + 2 * x)))


def fits(u: Floats, edges: Floats, below: Callable[[Floats], Floats]) -> bool:
    """Whether numbers follow a law: between evenly spaced edges, below each, and outside each pair.

    `below` gives the chance to be below a number.
    """
    cells = len(edges) - 1
    places = np.floor((u.ravel() - edges[0]) * (cells / (edges[-1] - edges[0])))
    counts = np.bincount(places.clip(-1, cells).astype(np.intp) + 1, minlength=cells + 2)
    chances = np.diff(below(edges), prepend=0.0, append=1.0).clip(0, 1)
    # χ² over 100 cells or more is below a tenth of its mean with probability e**-70 at most.
    plenty = cells >= 100 and u.size >= 10 * cells
    expected = np.maximum(u.size * chances, 1)
    if plenty and np.mean((counts - expected) ** 2 / expected) < 0.1:
        return False
    return shares_are(_gathered(counts), u.size, _gathered(chances).clip(0, 1))


def _gathered(cells: NDArray[Any]) -> NDArray[Any]:
    """What is in each cell, in all cells up to each edge, and outside each pair of edges."""
    below, above = np.cumsum(cells)[:-1], np.cumsum(cells[::-1])[:-1]
    return np.concatenate([cells, below, (below + above)[: len(below) // 2]])


def uneven(places: Floats) -> bool:
    """Whether numbers from 0 to 1 are too far from uniform (Dvoretzky, Kiefer, Wolfowitz)."""
    u, n = np.sort(places), len(places)
    steps = np.arange(n + 1) / n
    distance = max(np.max(steps[1:] - u), np.max(u - steps[:-1]))
    return bool(distance > math.sqrt(nats() / (2 * n)))


def unrelated_places(coins: NDArray[np.bool_]) -> bool:
    """Whether fair coins hang together with those k places on, for any k, or with their mirrors.

    Written as ±1, the products of each coin with the one k places on are fair coins themselves, and
    independent (each brings in a new coin); so are the products of coins that mirror each
    other. Sums of m of them exceed √(2·x·m) with probability at most 2·exp(−x) (Hoeffding).
    """
    signs = np.where(coins.ravel(), 1.0, -1.0)
    n = signs.size
    whole = 1 << (2 * n - 1).bit_length()  # a power of two: other lengths take five times as long
    spectrum = np.fft.rfft(signs, whole)
    shifted = np.fft.irfft(np.abs(spectrum) ** 2, whole)[1:n]
    mirrored = np.fft.irfft(spectrum**2, whole)[: 2 * n - 1]
    mirrored[::2] -= 1  # a coin in the middle meets itself; all others are counted twice
    places = np.arange(2 * n - 1)
    pairs = (np.minimum(places, 2 * n - 2 - places) + 1) // 2
    x = nats(3 * n)
    apart = np.all(np.abs(shifted) <= np.sqrt(2 * x * np.arange(n - 1, 0, -1)) + 1e-3)
    return bool(apart and np.all(np.abs(mirrored) / 2 <= np.sqrt(2 * x * pairs) + 1e-3))


def unrelated_lines(u: Floats) -> bool:
    """Whether no two rows of standard numbers resemble each other, nor are all at right angles.

    Given one row, its inner product with another, divided by its own length, is as wild as a normal
    number at most.
    """
    products = u @ u.T
    lengths = np.sqrt(np.maximum(products.diagonal(), 1e-300))
    alike = np.abs(products) / lengths
    np.fill_diagonal(alike, 0)
    # All within a tenth of the first row's right angle: below 0.09 each, 0.09**30 < 1e-31.
    tidy = len(u) > 30 and float(alike[0].max()) < 0.1
    return not tidy and bool(alike.max() <= math.sqrt(2 * nats(alike.size)))


def wavers(u: Floats) -> bool:
    """Whether the sums of rows of standard numbers vary from row to row as chance has it.

    The squares of m such sums, each of variance 1, add up to no more than χ² does (Laurent and
    Massart). Sums of a hundred numbers or more are nearly normal; that the squares of 70 or more of
    them add up to less than m/5 has probability e**(−0.4·m) at most (Chernoff).
    """
    sums = u.sum(axis=1) / math.sqrt(u.shape[1])
    m, x, total = len(sums), nats(), float(sums @ sums)
    tidied = min(u.shape) >= 70 and total < m / 5
    return not tidied and total <= m + 2 * math.sqrt(m * x) + 2 * x
