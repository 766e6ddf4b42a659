"""Whether masks are drawn fairly: statistics that any right way of drawing passes.

A drawer is a function (rng, shape, p) -> (kept, rng afterwards), kept being an array of truth
values. Every comparison below fails for a right answer with probability at most 2·exp(−31) <
7e-14 (Bernstein's inequality, or an exact count); there are fewer than 4,000 of them in a run, so
that a right answer fails with probability below 3e-10.
"""

import math

import numpy as np

from autograder.compare import Failed

WIDE = (211, 307)


def allowed(p, n):
    """How far the share of successes in n independent trials may be from p (Bernstein)."""
    nats = 31
    return (nats / 3 + math.sqrt(nats**2 / 9 + 2 * nats * n * p * (1 - p))) / n


def generator(rng):
    """A generator of its own, so that no two questions share their chance."""
    return np.random.default_rng(int(rng.integers(2**62)))


def rate_is(kept, p):
    """Whether a share of about p is dropped, over all and in each row and column."""
    dropped = ~kept
    shares = [dropped.mean(), *dropped.mean(axis=0), *dropped.mean(axis=1)]
    trials = [dropped.size, *[kept.shape[0]] * kept.shape[1], *[kept.shape[1]] * kept.shape[0]]
    return all(abs(share - p) <= allowed(p, n) for share, n in zip(shares, trials, strict=True))


def fair_coins(agreement):
    """Whether truth values, of which each is a fair coin of its own, look like fair coins."""
    return abs(agreement.mean() - 0.5) <= allowed(0.5, agreement.size)


def independent(kept):
    """Whether the coins of a mask drawn with p = ½ do not hang together, at any distance.

    Written as ±1, the products of each fair coin with the one k places further on are fair coins
    themselves, and independent (each brings in a new coin); so are the products of the coins that
    mirror each other. Sums of m of them exceed √(80·m) with probability at most 2·exp(−40)
    (Hoeffding): below 2e-12 for all distances and all mirrors.
    """
    signs = np.where(kept.ravel(), 1.0, -1.0)
    n = signs.size
    spectrum = np.fft.rfft(signs, 2 * n)
    shifted = np.fft.irfft(np.abs(spectrum) ** 2, 2 * n)[1:n]
    mirrored = np.fft.irfft(spectrum**2, 2 * n)[: 2 * n - 1]
    mirrored[::2] -= 1  # a coin in the middle meets itself; all others are counted twice
    places = np.arange(2 * n - 1)
    pairs = (np.minimum(places, 2 * n - 2 - places) + 1) // 2
    apart = np.all(np.abs(shifted) <= np.sqrt(80 * np.arange(n - 1, 0, -1)) + 1e-3)
    return bool(apart and np.all(np.abs(mirrored) / 2 <= np.sqrt(80 * pairs) + 1e-3))


def every_axis(draw, rng):
    """Raise `Failed` unless neighbours along every axis of images, and of one row, are independent.

    Each comparison is of fair coins. None or all of 2,000 dropped at p = ½: 0.5**1999.
    """
    for shape in [(13, 5, 12, 11), (40, 7, 31)]:
        kept, _ = draw(generator(rng), shape, 0.5)
        for axis, size in enumerate(shape):
            one, two = (kept.take(range(k, k + size - 1), axis=axis) for k in (0, 1))
            if not fair_coins((one == two).ravel()):
                raise Failed(f"for x of shape {shape}, neighbours along axis {axis} share a coin")
    for shape in [(1, 2000), (2000,), (2000, 1), (1, 40, 50), (40, 50, 1), (1, 1, 40, 50)]:
        kept, _ = draw(generator(rng), shape, 0.5)
        if kept.all() or not kept.any():
            raise Failed(f"for the shape {shape} all or none are dropped at p = 0.5")


def wavering(kept):
    """Whether the number kept varies from row to row, and column to column, as chance has it."""
    return all(_binomial_spread(lines) for lines in (kept, kept.T))


def _binomial_spread(lines):
    """With p = ½: are as many lines near their mean as the binomial distribution says?"""
    n = lines.shape[1]
    near = [abs(int(line.sum()) - n / 2) < 0.34 * math.sqrt(n) for line in lines]
    inside = [k for k in range(n + 1) if abs(k - n / 2) < 0.34 * math.sqrt(n)]
    share = sum(math.comb(n, k) for k in inside) / 2**n
    return abs(np.mean(near) - share) <= allowed(share, len(near))


def fair(draw, rng):
    """Raise `Failed` unless every entry is dropped with probability p and on its own."""
    for p in (0.15, 0.5, 0.8, 0.98, 0.01):
        kept, _ = draw(generator(rng), WIDE, p)
        if not rate_is(kept, p):
            share = f"{np.mean(~kept):.3f} of all entries were dropped"
            raise Failed(
                f"with p = {p}, {share}; or in some rows or columns far more than in others"
            )
    kept, _ = draw(generator(rng), WIDE, 0.5)
    if not independent(kept):
        raise Failed("some entries are dropped together: each needs a coin of its own")
    if not wavering(kept):
        raise Failed("the number dropped hardly varies, or too much: coins vary, quotas do not")


def fair_when_small(draw, rng):
    """Raise `Failed` unless 60 small masks in a row from one generator are fair and fresh."""
    source, p, masks = generator(rng), 0.3, []
    for _ in range(60):
        kept, source = draw(source, (7, 5), p)
        masks.append(kept)
    dropped = ~np.array(masks)
    # Exactly the same number of 35 in 60 masks: 0.15**59. Two equal masks: 0.58**35 per pair,
    # 1e-5 for any of 1770; 30 repetitions or more are impossible in practice (< 1e-100).
    if len({int(mask.sum()) for mask in masks}) == 1:
        raise Failed("always the same number of entries is dropped: coins vary, quotas do not")
    if len({mask.tobytes() for mask in masks}) < 30:
        raise Failed("masks repeat: every call needs a fresh one")
    if np.any(np.abs(dropped.mean(axis=0) - p) > allowed(p, 60)):
        raise Failed("some entries are dropped far more often than others, call after call")
    if abs(dropped.mean() - p) > allowed(p, dropped.size):
        raise Failed(f"with p = {p}, a share of {dropped.mean():.3f} was dropped in small masks")
    fair_and_all_different(draw, source)


def fair_and_all_different(draw, source):
    """Raise `Failed` if 100 masks of 77 coins with p = ½ repeat, have a quota, or a fixed entry."""
    masks = []
    for _ in range(100):
        kept, source = draw(source, (7, 11), 0.5)
        masks.append(kept)
    # Two of 100 masks alike: 4950/2**77 < 4e-20. Some entry always the same: 154/2**100.
    if len({mask.tobytes() for mask in masks}) < 100:
        raise Failed("masks repeat: every call needs a fresh one")
    if not np.all(np.any(masks, axis=0) & ~np.all(masks, axis=0)):
        raise Failed("some entry is dropped in every mask, or in none")
    # 35 to 42 of 77 are kept with probability below 0.64; 100 times in a row: 5e-20.
    if all(35 <= mask.sum() <= 42 for mask in masks):
        raise Failed("the number dropped hardly varies: coins vary, quotas do not")


def fresh(draw, rng):
    """Raise `Failed` unless the chance comes from the generator, and moves on with it."""
    seed = int(rng.integers(2**62))
    (first, moved), (again, _) = (draw(np.random.default_rng(seed), WIDE, 0.5) for _ in range(2))
    if not np.array_equal(first, again):
        raise Failed("two generators in the same state led to two different masks")
    second, moved = draw(moved, WIDE, 0.5)
    third, _ = draw(moved, WIDE, 0.5)
    other, _ = draw(generator(rng), WIDE, 0.5)
    pairs = [(first, second), (second, third), (first, third), (first, other)]
    if not all(fair_coins((one == two).ravel()) for one, two in pairs):
        raise Failed("one mask tells something about the next: every call needs a fresh one")


def features(draw, seed):
    """What diagnosis looks at: how an answer draws, as truth values, not what came out."""
    rng = np.random.default_rng(seed)
    seen = []
    for p in (0.2, 0.5):
        kept, _ = draw(generator(rng), WIDE, p)
        dropped = ~kept
        columns, rows = dropped.mean(axis=0), dropped.mean(axis=1)
        # A shared mask has shares of exactly 0 and 1, so these bands are wide.
        seen += [abs(dropped.mean() - q) < 0.03 for q in (0, p, 1 - p, p**2, 1 - p**2, 1)]
        seen += [bool(np.ptp(columns) > 0.7), bool(np.ptp(rows) > 0.7)]
        seen += [bool(np.ptp(rows) == 0), bool(np.ptp(columns) == 0)]
    (first, moved), (again, _) = (draw(np.random.default_rng(seed), WIDE, 0.5) for _ in range(2))
    second, _ = draw(moved, WIDE, 0.5)
    return [*seen, np.array_equal(first, again), np.array_equal(first, second)]
