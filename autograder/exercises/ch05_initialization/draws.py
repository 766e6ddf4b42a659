"""Whether weights are drawn as promised: what any right initialiser passes.

Each question to `chance` fails a right answer with probability below 1e-12. A run asks fewer than
500 of them, and the comparisons made here are rarer still: a right answer fails with probability
below 1e-9.
"""

import math
from dataclasses import dataclass

import numpy as np

from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, as_array
from autograder.judging_hidden import chance


@dataclass(frozen=True)
class Law:
    """A distribution of mean 0 and variance 1."""

    name: str
    below: object
    edges: np.ndarray
    """Cells whose shares are looked at."""
    typical: float
    """Half of all numbers are smaller than this in size."""
    limit: float = math.inf


def _normal_below(u):
    return np.array([0.5 * math.erfc(-number / 2**0.5) for number in u])


NORMAL = Law("normal", _normal_below, np.linspace(-3.5, 3.5, 141), 0.6744897501960817)
UNIFORM = Law(
    "uniform",
    lambda u: np.clip(0.5 + u / 12**0.5, 0, 1),
    np.linspace(-(3**0.5), 3**0.5, 141),
    3**0.5 / 2,
    limit=3**0.5,
)
WIDE, NARROW, SQUARE = (157, 199), (409, 307), (131, 131)
LARGE = (601, 839)
"""Half a million weights tell a variance that is 2 % off; fewer do not."""


def weights(value, n_in, n_out):
    """The answer as a matrix of finite floats, or `Failed`."""
    W = as_array(value, "W")
    if W.shape != (n_in, n_out):
        hint = "; that is the transpose" if W.shape == (n_out, n_in) else ""
        raise Failed(f"W has shape {W.shape}, expected ({n_in}, {n_out}){hint}")
    if W.dtype.kind != "f":
        raise Failed(f"W holds {W.dtype} values, expected floats")
    if not np.isfinite(W).all():
        raise Failed("W holds NaN or infinity")
    return W.astype(float, copy=False)


def draw(f, rng, n_in, n_out, *options):
    """Weights, and the generator as the call left it."""
    reply = f.reply(rng, n_in, n_out, *options)
    if reply.error is not None:
        raise reply.error
    return weights(reply.value, n_in, n_out), reply.args_after[0]


def standard(f, rng, promised, n_in, n_out, *options):
    """Weights drawn by a generator of their own, divided by the spread that was promised."""
    source = chance.generators(rng, 1)[0]
    return draw(f, source, n_in, n_out, *options)[0] / promised(n_in, n_out, *options)


def same_state_same_weights(f, *layer):
    """Raise `Failed` unless the chance is the generator's: repeated with it, and new after it."""
    first, moved = draw(f, np.random.default_rng(7), *layer)
    if not np.array_equal(first, draw(f, np.random.default_rng(7), *layer)[0]):
        raise Failed("two generators in the same state led to different weights")
    if np.array_equal(first, draw(f, moved, *layer)[0]):
        raise Failed("the next call gave the same weights again: every call draws anew")


def spread_near(f, calls, expected, n_in, n_out, *options):
    """Raise `Failed` unless the spread over many small layers is within a tenth of the expected."""
    given = [(np.random.default_rng(k), n_in, n_out, *options) for k in range(calls)]
    drawn = np.array([weights(W, n_in, n_out) for W in f.many(given)])
    if abs(drawn.std() / expected - 1) > 0.1:
        raise Failed(f"over {calls} layers ({n_in}, {n_out}) the spread is {drawn.std():.3g}")
    if calls > 1 and np.ptp(np.sqrt(np.mean(drawn**2, axis=(1, 2)))) < 0.01 * expected:
        raise Failed("every draw has exactly the same spread: chance varies")


def share_beyond_two_spreads(f, rng, low, high, *layer):
    """Raise `Failed` unless that share of a large layer's weights lies beyond two spreads."""
    W = draw(f, rng, *layer)[0]
    share = np.mean(np.abs(W) > 2 * np.sqrt(np.mean(W**2)))
    if not low <= share <= high:
        raise Failed(f"{share:.1%} of the weights are larger than two spreads")


def nearby(rng, shape):
    """About the same shape, but which one nobody knows before: sizes above 100 grow a little."""
    return tuple(n + int(rng.integers(24)) if n > 100 else n for n in shape)


def spread_is_promised(f, rng, promised, shapes, *options):
    """Raise `Failed` unless layers of about these shapes have mean 0 and the promised spread."""
    named = "".join(f', "{option}"' for option in options if isinstance(option, str))
    for n_in, n_out in (nearby(rng, shape) for shape in shapes):
        u = standard(f, rng, promised, n_in, n_out, *options)
        spread_is_1(u, promised(n_in, n_out, *options), f"in a layer ({n_in}, {n_out}){named}")
    one_scale(f, rng, promised, *options)


SMALLER = ((1, 3), (3, 1), (1, 4), (2, 3), (3, 2), (1, 6), (4, 3), (3, 10), (31, 2), (16, 25))


def one_scale(f, rng, promised, *options):
    """Raise `Failed` if layers of two sizes hold the same draws, but not on the scales promised.

    From generators in one state most answers draw the same numbers for any layer. Divided by what
    was promised these are equal then, up to rounding, where counting would take thousands of
    layers. Three numbers of other draws are so nearly in proportion with probability below 1e-10.
    """
    seed = int(rng.integers(2**62))
    sizes = ((61, 7), *SMALLER)
    calls = [(np.random.default_rng(seed), *size, *options) for size in sizes]
    drawn = [
        weights(W, *size) / promised(*size, *options)
        for W, size in zip(f.many(calls), sizes, strict=True)
    ]
    for size, u in zip(sizes[1:], drawn[1:], strict=True):
        times = proportion(u, drawn[0])
        if times and abs(times - 1) > 1e-5:
            raise Failed(f"in a layer {size} the spread is {times:.4g} times that asked for")


def proportion(u, longer):
    """How many times the numbers that another matrix begins with these are; 0 if they are not.

    In single precision the ratios of right weights differ by 5e-7 at most.
    """
    for order in "CF":
        with np.errstate(all="ignore"):
            ratios = u.ravel(order) / longer.ravel(order)[: u.size]
        if np.ptp(ratios) < 2e-6 * abs(ratios[0]):
            return float(ratios[0])
    return 0.0


def spread_is_1(u, size, what):
    """Raise `Failed` unless mean and spread of weights divided by `size` are 0 and 1: over all, in
    each row and column, and in each half."""
    for u_or_square, fit in ((u, chance.sums_fit), (u * u, chance.squares_fit)):
        for axis in (0, 1):
            lines, n = u_or_square.sum(axis=axis), u.shape[axis]
            half = len(lines) // 2
            if not fit(lines.sum(), u.size):
                found = f"mean {u.mean() * size:.3g} and spread {u.std() * size:.3g}"
                raise Failed(f"{what} the weights have {found}; a spread of {size:.3g} was asked")
            halves = [lines[:half].sum(), lines[half:].sum()], [half * n, (len(lines) - half) * n]
            if not (fit(lines, n) and fit(*halves)):
                raise Failed(f"{what} some rows or columns have another mean or spread than others")


def follows(u, law):
    """Raise `Failed` unless numbers are distributed by the law."""
    inside = np.abs(u).max() <= law.limit * (1 + 1e-6)
    if not (inside and chance.fits(u, law.edges, law.below)):
        raise Failed(f"the weights are not {law.name}: too many or too few are large, or small")


def independent(u, law):
    """Raise `Failed` if weights hang together, in sign or in size, at any distance."""
    # Of 8,000 draws in single precision some 2 pairs are equal, 160 are out of the question.
    some = np.abs(u).ravel()[:: max(1, u.size // 8000)]
    if len(np.unique(np.round(some, 9))) < 0.98 * len(some):
        raise Failed("many weights are equal: each needs a draw of its own, in full precision")
    sizes = np.where(np.abs(u) < law.typical, -1.0, 1.0)
    lines = all(chance.unrelated_lines(v) for v in (u, u.T, sizes, sizes.T))
    if not (lines and chance.unrelated_places(u > 0)):
        raise Failed("some weights hang together: each needs a draw of its own")
    if not all(chance.wavers(v) for v in (u, u.T, sizes, sizes.T)):
        raise Failed("the lines of W differ far too little in mean or size, or far too much")


def own_draws(f, rng, promised, law, *options):
    """Raise `Failed` unless every weight of a large layer has its own draw from the law."""
    u = standard(f, rng, promised, *WIDE, *options)
    independent(u, law)
    follows(standard(f, rng, promised, *NARROW, *options), law)
    u = standard(f, rng, promised, *SQUARE, *options)
    above = np.triu_indices(len(u), 1)
    mirrored = not chance.fair(u[above] * u.T[above] > 0)
    if mirrored or not (chance.unrelated_lines(u) and chance.unrelated_lines(u.T)):
        raise Failed("in a square W some weights hang together: each needs a draw of its own")


def small_ones(f, rng, promised, law, *choices):
    """Raise `Failed` unless small layers, drawn many times, are as random as large ones.

    With several choices of options, the calls are shared out among them.
    """
    choices, everything = choices or ((),), []
    for n_in, n_out, calls in [(3, 2, 110), (1, 1, 20), (2, 7, 20)]:
        options = [choices[k % len(choices)] for k in range(calls)]
        sources = chance.generators(rng, calls)
        given = [(g, n_in, n_out, *o) for g, o in zip(sources, options, strict=True)]
        drawn = zip(f.many(given), options, strict=True)
        u = np.array([weights(W, n_in, n_out) / promised(n_in, n_out, *o) for W, o in drawn])
        u = u.reshape(calls, -1)
        spread_is_1(u, 1.0, f"over {calls} layers ({n_in}, {n_out}), in units of what was asked")
        follows(u, law)
        # One of 6 weights has the same sign in all of 110 layers: 12/2**110. Means or mean squares
        # of 20 layers that all lie within a tenth: below 0.2**19 · 20 < 2e-12.
        if calls >= 40 and np.any(np.all(u > 0, axis=0) | np.all(u < 0, axis=0)):
            raise Failed("some weight of a small layer always has the same sign")
        if u.shape[1] > 1 and (np.ptp(np.mean(u**2, axis=1)) < 0.1 or np.ptp(u.mean(axis=1)) < 0.1):
            raise Failed("every draw has exactly the same mean or spread: chance varies")
        everything.append(np.round(np.abs(u), 9).ravel())
    # In single precision, 960 draws have 0.1 pairs of equal sizes; 12 or more: below 1e-20.
    together = np.concatenate(everything)
    if len(np.unique(together)) <= len(together) - 12:
        raise Failed("small layers repeat: every call needs fresh chance")


def fresh(f, rng, promised, law, *options):
    """Raise `Failed` unless the chance comes from the generator, and moves on with it."""
    seed = int(rng.integers(2**62))
    first, moved = draw(f, np.random.default_rng(seed), *WIDE, *options)
    again, _ = draw(f, np.random.default_rng(seed), *WIDE, *options)
    if not np.array_equal(first, again):
        raise Failed("two generators in the same state led to different weights")
    drawn, size = [first], promised(*WIDE, *options)
    for _ in range(2):
        W, moved = draw(f, moved, *WIDE, *options)
        drawn.append(W)
    drawn.append(draw(f, chance.generators(rng, 1)[0], *WIDE, *options)[0])
    coins = [(W > 0, np.abs(W) < law.typical * size) for W in drawn]
    for i, one in enumerate(coins):
        for two in coins[:i]:
            if not all(chance.fair(a == b) for a, b in zip(one, two, strict=True)):
                raise Failed("the next call gave weights like the last: every call draws anew")


def features(f, promised, *others):
    """What diagnosis looks at: how an answer draws, as classes and truth values."""
    try:
        seen = []
        for n_in, n_out, *options in [(400, 90), (90, 400), (1, 30_000), *others]:
            reply = f.reply(np.random.default_rng(5), n_in, n_out, *options)
            if reply.error is not None:
                raise reply.error
            if reply.value is None:
                return [{"value": None}]
            W = as_array(reply.value, "W")
            u = W / promised(n_in, n_out, *options)
            seen += [W.shape, W.dtype.kind, round(4 * float(u.mean())), _class(u)]
            seen += [bool(np.mean(np.abs(u) > far) > 0.004) for far in (1.8, 2.3)]
            seen.append(bool(np.ptp(u) == 0))
            seen += [bool(np.all(np.isclose(W, line))) for line in (W[:1], W[:, :1])]
            seen.append(bool(abs(np.mean(u**2) - 1) < 1e-9))
        sizes = ((2, 3), (61, 7))
        drawn = [draw(f, np.random.default_rng(9), *n)[0] / promised(*n) for n in sizes]
        seen.append(round(proportion(*drawn), 6) not in (0, 1))
        one, moved = draw(f, np.random.default_rng(9), 7, 5)
        two, three = (draw(f, g, 7, 5)[0] for g in (np.random.default_rng(9), moved))
        return [*seen, bool(np.array_equal(one, two)), bool(np.array_equal(one, three))]
    except LearnerError as error:
        return [{"raised": error.kind}]
    except Failed as failure:
        return [failure.message.split(", expected")[0]]


def _class(u):
    """The spread in steps of a tenth; a right answer is within 0.05 of 0 steps."""
    return round(math.log(float(np.sqrt(np.mean(u**2))) + 1e-300) / math.log(1.1))
