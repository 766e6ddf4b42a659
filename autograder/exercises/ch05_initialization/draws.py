"""Whether weights are drawn as promised: statistics that any right way of drawing passes.

Every comparison fails for a right answer with probability at most 2·exp(−33) < 1e-14; a run makes
fewer than 20,000 of them, so that a right answer fails with probability below 2e-10.
"""

import math
from dataclasses import dataclass

import numpy as np

from autograder.compare import Failed, as_array
from autograder.learner import LearnerError

NATS = 33


@dataclass(frozen=True)
class Law:
    """A distribution of mean 0 and variance 1."""

    name: str
    below: object
    typical: float
    """Half of all numbers are smaller than this in size."""
    square_spread: float
    """The standard deviation of the square."""
    limit: float = math.inf


NORMAL = Law(
    "normal", np.vectorize(lambda u: 0.5 * (1 + math.erf(u / 2**0.5))), 0.6744897501960817, 2**0.5
)
UNIFORM = Law(
    "uniform", lambda u: np.clip(0.5 + u / 12**0.5, 0, 1), 3**0.5 / 2, 0.8**0.5, limit=3**0.5
)
WIDE = (211, 307)


def generators(rng, how_many):
    """Generators of their own, so that no two questions share their chance."""
    return [np.random.default_rng(int(seed)) for seed in rng.integers(2**62, size=how_many)]


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
    return W.astype(float)


def draw(f, rng, n_in, n_out, *options):
    """Weights, and the generator as the call left it."""
    reply = f.reply(rng, n_in, n_out, *options)
    if reply.error is not None:
        raise reply.error
    return weights(reply.value, n_in, n_out), reply.args_after[0]


def means_are_0(u, axis=None):
    """Bernstein's inequality, with variance 1 and, where bounded, a bound below 2."""
    n = u.size if axis is None else u.shape[axis]
    return np.abs(u.mean(axis=axis)) <= math.sqrt(2 * NATS / n) + 1.4 * NATS / n


def squares_are_1(u, axis=None):
    """Laurent and Massart's bound for χ²; squares of uniform numbers vary less."""
    n = u.size if axis is None else u.shape[axis]
    return np.abs(np.mean(u**2, axis=axis) - 1) <= 2 * math.sqrt(NATS / n) + 2 * NATS / n


def spread_is(u, promised, what):
    """Raise `Failed` unless mean and spread of weights divided by `promised` are 0 and 1."""
    for axis in (None, 0, 1)[: u.ndim + 1]:
        if not (np.all(means_are_0(u, axis)) and np.all(squares_are_1(u, axis))):
            share = "" if axis is None else "in some row or column "
            found = f"mean {u.mean() * promised:.3g} and spread {u.std() * promised:.3g}"
            wanted = f"a spread of {promised:.3g} was asked"
            raise Failed(f"{what}, {share}the weights have {found}; {wanted}")


def share_is(hits, p):
    """Whether independent trials succeed with probability p (Bernstein)."""
    n = len(hits)
    limit = (NATS / 3 + math.sqrt(NATS**2 / 9 + 2 * NATS * n * p * (1 - p))) / n
    return abs(np.mean(hits) - p) <= limit


def shape_is(u, law):
    """Raise `Failed` unless numbers are distributed by the law (Dvoretzky, Kiefer, Wolfowitz)."""
    u = np.sort(u)
    n, expected = len(u), law.below(u)
    steps = np.arange(n + 1) / n
    far = max(np.max(steps[1:] - expected), np.max(expected - steps[:-1]))
    tails = [(k, 1 - float(law.below(k) - law.below(-k))) for k in (1.6, 2.3, 3.1)]
    ok = all(share_is(np.abs(u) > k, p) for k, p in tails) and np.abs(u).max() <= law.limit * (
        1 + 1e-6
    )
    if far > math.sqrt(NATS / (2 * n)) or not ok:
        raise Failed(f"the weights are not {law.name}: too many or too few are large, or small")


def independent(u, law):
    """Raise `Failed` if entries hang together in sign or in size.

    Whether an entry and the one k places on have the same sign is a fair coin, and these coins
    are independent of each other; the same goes for "smaller than the median size".
    """
    rows, columns = u.shape
    # Even in single precision, 65,000 draws have some 130 pairs of equal numbers: 0.2 %.
    if len(np.unique(u)) < 0.95 * u.size:
        raise Failed("many weights are equal: each needs a draw of its own, in full precision")
    steps = [*range(1, 40), *(k * columns for k in range(1, rows, 5)), u.size // 2, rows]
    for coins in ((u > 0).ravel(), (np.abs(u) < law.typical).ravel()):
        agreements = [coins[k:] == coins[:-k] for k in steps]
        agreements.append((coins == coins[::-1])[: u.size // 2])
        if not all(share_is(agreement, 0.5) for agreement in agreements):
            raise Failed("some weights hang together: each needs a draw of its own")
    for lines in (u, u.T):
        n = lines.shape[1]
        waver = (np.mean(lines**2, axis=1) - 1) * math.sqrt(n) / law.square_spread
        # The mean of 200 or more squares of nearly normal numbers below 0.3: exp(-50).
        if np.mean(waver**2) < 0.3:
            raise Failed("the spread hardly varies from line to line: something was tidied up")
        sums = lines.sum(axis=1) / math.sqrt(n)
        if np.mean(sums**2) < 0.3:
            raise Failed("the mean hardly varies from line to line: something was tidied up")


def transposed_is_another(u):
    """Raise `Failed` if a square matrix resembles its own transpose."""
    above = np.triu_indices(len(u), 1)
    if not share_is(u[above] * u.T[above] > 0, 0.5):
        raise Failed("a square W resembles its own transpose: each weight needs its own draw")


def small_ones(f, rng, promised, law, *options):
    """Raise `Failed` unless small layers, drawn many times, have the promised distribution."""
    for n_in, n_out, calls in [(3, 2, 600), (1, 1, 2500), (2, 7, 250)]:
        given = [(g, n_in, n_out, *options) for g in generators(rng, calls)]
        drawn = np.array([weights(W, n_in, n_out) for W in f.many(given)])
        size = promised(n_in, n_out)
        u = drawn.reshape(calls, -1) / size
        spread_is(u, size, f"over {calls} layers ({n_in}, {n_out})")
        shape_is(u.ravel(), law)
        if u.shape[1] > 1 and (np.ptp(np.mean(u**2, axis=1)) < 0.1 or np.ptp(u.mean(axis=1)) < 0.1):
            raise Failed("every draw has exactly the same mean or spread: chance varies")


def fresh(f, rng, law, promised, *options):
    """Raise `Failed` unless the chance comes from the generator, and moves on with it."""
    seed = int(rng.integers(2**62))
    first, moved = draw(f, np.random.default_rng(seed), 61, 67, *options)
    again, _ = draw(f, np.random.default_rng(seed), 61, 67, *options)
    if not np.array_equal(first, again):
        raise Failed("two generators in the same state led to different weights")
    drawn = [first]
    for _ in range(3):
        W, moved = draw(f, moved, 61, 67, *options)
        drawn.append(W)
    drawn.append(draw(f, generators(rng, 1)[0], 61, 67, *options)[0])
    size = promised(61, 67)
    for i, one in enumerate(drawn):
        for two in drawn[:i]:
            alike = [(one > 0) == (two > 0)]
            alike.append((abs(one) < law.typical * size) == (abs(two) < law.typical * size))
            if not all(share_is(a.ravel(), 0.5) for a in alike):
                raise Failed("the next call gave weights like the last: every call draws anew")
    short, _ = draw(f, np.random.default_rng(seed), 5, 3, *options)
    if np.ptp(short) == 0:
        raise Failed("all weights of a small layer are equal")


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
            seen += [bool(np.mean(np.abs(u) > 2.3) > 0.004), bool(np.ptp(u) == 0)]
            seen += [bool(np.all(np.isclose(W, line))) for line in (W[:1], W[:, :1])]
            seen.append(bool(abs(np.mean(u**2) - 1) < 1e-9))
        one, moved = draw(f, np.random.default_rng(9), 7, 5)
        two, three = (draw(f, g, 7, 5)[0] for g in (np.random.default_rng(9), moved))
        return [*seen, bool(np.array_equal(one, two)), bool(np.array_equal(one, three))]
    except LearnerError as error:
        return [{"raised": error.kind}]
    except Failed as failure:
        return [failure.message.split(",")[0]]


def _class(u):
    """The spread in steps of a tenth; a right answer is within 0.05 of 0 steps."""
    return round(math.log(float(np.sqrt(np.mean(u**2))) + 1e-300) / math.log(1.1))
