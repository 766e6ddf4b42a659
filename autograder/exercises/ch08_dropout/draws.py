"""Whether masks are drawn fairly: what any right way of drawing passes.

A row is a function (rng, shape, p, times) -> (masks drawn one after the other, rng afterwards),
masks being arrays of truth values; a drawer is (rng, shape, p) -> (mask, rng afterwards). Each
question to `chance` fails a right answer with probability below 1e-12; a run asks fewer than 200
of them, and the other comparisons are rarer still: a right answer fails with probability below
1e-9.
"""

import numpy as np

from autograder.judging.compare import Failed
from autograder.judging_hidden import chance

WIDE = (157, 199)


def generator(rng):
    """A generator of its own, so that no two questions share their chance. (Students have this.)"""
    return np.random.default_rng(int(rng.integers(2**62)))


def drawer(row):
    """A row of one."""

    def draw(rng, shape, p):
        (kept,), after = row(rng, shape, p, 1)
        return kept, after

    return draw


def rate_is(kept, p):
    """Whether a share of about p is dropped, over all, in each half, row and column."""
    if not chance.shares_are(np.count_nonzero(~kept), kept.size, p):
        return False
    for axis in (0, 1):
        lines, n = np.count_nonzero(~kept, axis=axis), kept.shape[axis]
        half = len(lines) // 2
        if not chance.shares_are([*lines, lines[:half].sum()], [n] * len(lines) + [half * n], p):
            return False
    return True


def fair(draw, rng):
    """Raise `Failed` unless every entry is dropped with probability p and on its own."""
    for p in rng.permutation([rng.uniform(0.1, 0.2), 0.5, rng.uniform(0.75, 0.85), 0.995, 0.005]):
        kept, _ = draw(generator(rng), WIDE, float(p))
        if not rate_is(kept, p):
            share = f"{np.mean(~kept):.3f} of all entries were dropped"
            raise Failed(
                f"with p = {p:.3g}, {share}; or in some rows or columns far more than in others"
            )
    for shape in [WIDE, (101, 2003), (83, 83)]:
        kept, _ = draw(generator(rng), shape, 0.5)
        signs = np.where(kept, 1.0, -1.0)
        if not (chance.wavers(signs) and chance.wavers(signs.T)):
            raise Failed("the numbers dropped vary too little, or too much: coins vary, quotas not")
        apart = shape != WIDE or chance.unrelated_places(kept)
        lines = (signs, signs.T) if max(shape) < 500 else ()
        if not (apart and all(chance.unrelated_lines(v) for v in lines)):
            raise Failed("some entries are dropped together: each needs a coin of its own")
    above = np.triu_indices(len(kept), 1)
    if not chance.fair(kept[above] == kept.T[above]):
        raise Failed("a square mask resembles its own transpose: each entry needs its own coin")


def fair_when_small(row, rng):
    """Raise `Failed` unless small masks, drawn in a row from one generator, are fair and fresh."""
    source = generator(rng)
    for p, calls in [(0.5, 100), (0.3, 20)]:
        masks, source = row(source, (7, 11), p, calls)
        dropped = ~np.array(masks)
        # Two masks alike: 0.58**77 · 5000 < 4e-15. All of 20 numbers dropped, whose spread is 4 or
        # more, equal: 0.11**19; all of 100 within 3 of each other: below 0.4**99 · 77.
        if len({mask.tobytes() for mask in masks}) < calls:
            raise Failed("masks repeat: every call needs a fresh one")
        if np.ptp(dropped.sum(axis=(1, 2))) <= (3 if calls == 100 else 0):
            raise Failed("the number dropped hardly varies: coins vary, quotas do not")
        if not chance.shares_are(np.count_nonzero(dropped), dropped.size, p):
            raise Failed(
                f"with p = {p}, a share of {dropped.mean():.3f} was dropped in small masks"
            )
        # An entry that is dropped in all of 100 masks, or in none: 154 · 0.5**100.
        always = (dropped.all(axis=0) | ~dropped.any(axis=0)) & (calls == 100)
        if always.any() or not chance.shares_are(dropped.sum(axis=0), calls, p):
            raise Failed("some entries are dropped far more often than others, call after call")
    for shape, p, times in [((1,), 0.5, 41), ((2, 1), 0.8, 28)]:
        source = all_at_once(row, source, shape, p, times)


def all_at_once(row, source, shape, p, times):
    """Raise `Failed` if something is kept in every mask: 0.5**41 < 1e-12, and 0.36**28 < 1e-12."""
    masks, source = row(source, shape, p, times)
    if all(mask.any() for mask in masks):
        raise Failed(f"with p = {p} all entries of the shape {shape} are never dropped at once")
    return source


def every_axis(draw, rng):
    """Raise `Failed` unless neighbours along every axis, of many or of one, have their own coins.

    Two masks of 2,000 coins are alike with probability 2**-2000.
    """
    for shape in [(13, 5, 12, 11), (40, 7, 31), (5, 3, 7, 2, 11)]:
        kept, _ = draw(generator(rng), shape, 0.5)
        for axis, size in enumerate(shape):
            one, two = (kept.take(range(k, k + size - 1), axis=axis) for k in (0, 1))
            if not chance.fair(one == two):
                raise Failed(f"for x of shape {shape}, neighbours along axis {axis} share a coin")
    _of_many_units(draw, rng, [(2000,), (2000, 1), (40, 50, 1)])


def one_example(row, rng):
    """Raise `Failed` unless the units of a single example have coins of their own."""
    _of_many_units(drawer(row), rng, [(1, 2000), (1, 40, 50), (1, 1, 40, 50)])
    all_at_once(row, generator(rng), (1, 2), 0.8, 28)


def _of_many_units(draw, rng, shapes):
    for shape in shapes:
        kept, source = draw(generator(rng), shape, 0.5)
        after, _ = draw(source, shape, 0.5)
        if kept.all() or not kept.any():
            raise Failed(f"for the shape {shape} all or none are dropped at p = 0.5")
        if not (chance.fair(kept) and chance.fair(kept == after)):
            raise Failed(f"for the shape {shape} the next mask, at p = 0.5, is like the last")


def fresh(draw, rng):
    """Raise `Failed` unless the chance comes from the generator, and moves on with it."""
    seed = int(rng.integers(2**62))
    (first, moved), (again, _) = (draw(np.random.default_rng(seed), WIDE, 0.5) for _ in range(2))
    if not np.array_equal(first, again):
        raise Failed("two generators in the same state led to two different masks")
    second, moved = draw(moved, WIDE, 0.5)
    third, _ = draw(moved, WIDE, 0.5)
    other, _ = draw(generator(rng), WIDE, 0.5)
    coins = [_coins(mask) for mask in (first, second, third, other)]
    pairs = [(coins[i], coins[j]) for i, j in ((0, 1), (1, 2), (0, 2), (0, 3))]
    if not all(chance.fair(one == two) for one, two in pairs):
        raise Failed("one mask tells something about the next: every call needs a fresh one")


def _coins(mask):
    """The coins of a mask, each once: where rows or columns share them, another check says so."""
    shared = (mask == mask[0]).all() or (mask == mask[:, :1]).all()
    return np.diagonal(mask) if shared else mask


def coins_vary(draw):
    """Raise `Failed` if examples or units share coins, or calls a mask. (Students have this.)

    Twenty rows of 30 coins drop equally many with probability below 0.15**19.
    """
    kept, moved = draw(np.random.default_rng(5), (20, 30), 0.5)
    for lines, name in ((kept, "examples"), (kept.T, "units")):
        if (lines == lines[0]).all():
            raise Failed(f"all {name} are dropped alike: each entry needs a coin of its own")
    if np.ptp(kept.sum(axis=1)) == 0:
        raise Failed("every example loses the same number of units: coins vary, quotas do not")
    if not np.array_equal(draw(np.random.default_rng(5), (20, 30), 0.5)[0], kept):
        raise Failed("two generators in the same state led to two different masks")
    if np.array_equal(draw(moved, (20, 30), 0.5)[0], kept):
        raise Failed("the next call with the same generator drew the same mask")


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
