"""Random walks: whether they are as random as they should be.

Each question to `chance` fails a right answer with probability below 1e-12; an exercise asks fewer
than 100 of them.
"""

import math

import numpy as np

from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, as_array
from autograder.judging_hidden import chance


def walked(f, source, *arguments):
    """Where the walks end, and the generator as the call left it."""
    reply = f.reply(source, *arguments)
    if reply.error is not None:
        raise reply.error
    starts = np.asarray(arguments[1])
    ends = as_array(reply.value, "the ends")
    if ends.shape != starts.shape:
        raise Failed(f"the ends have shape {ends.shape}, expected {starts.shape}")
    if not np.isfinite(ends).all():
        raise Failed("some ends are NaN or infinite")
    return ends.astype(float, copy=False), reply.args_after[0]


def law(steepness, start, rate, noise, steps):
    """Mean and spread of a walk with noise on ½·k·x²: a sum of independent errors."""
    q = 1 - rate * steepness
    left = q ** (2 * np.arange(steps))
    return start * q**steps, rate * noise * math.sqrt(float(left.sum()))


def standard(u, what):
    """Raise `Failed` unless these are standard normal numbers, as far as mean and spread go."""
    found = f"mean {u.mean():.3g} and spread {u.std():.3g} where 0 and 1 are expected"
    if not (chance.sums_fit(u.sum(), u.size) and chance.squares_fit((u * u).sum(), u.size)):
        raise Failed(f"{what}: in units of the right spread the ends have {found}")


def normal(u):
    """Raise `Failed` unless the numbers are distributed normally."""
    edges = np.linspace(-3.5, 3.5, 141)
    below = lambda e: np.array([0.5 * math.erfc(-x / 2**0.5) for x in e])
    if not chance.fits(u, edges, below):
        raise Failed("the errors are not normal: too many or too few are large, or small")


def unrelated(rows):
    """Raise `Failed` if walks hang together."""
    if not (chance.unrelated_lines(rows) and chance.unrelated_lines(rows.T)):
        raise Failed("some walks hang together: each has errors of its own")


def fresh(f, rng, *arguments):
    """Raise `Failed` unless all chance comes from the generator, and moves on with it."""
    seed = int(rng.integers(2**62))
    first, moved = walked(f, np.random.default_rng(seed), *arguments)
    again, _ = walked(f, np.random.default_rng(seed), *arguments)
    if not np.array_equal(first, again):
        raise Failed("two generators in the same state led to different walks")
    for source in (moved, chance.generators(rng, 1)[0]):
        other, _ = walked(f, source, *arguments)
        if not chance.fair((first > np.median(first)) == (other > np.median(other))):
            raise Failed("the next call walked like the last: every call draws anew")


def size_class(value, expected):
    """How many times the expected one a spread is, in steps of a tenth."""
    return round(math.log(abs(float(value)) / expected + 1e-300) / math.log(1.1))


def look(features):
    """What diagnosis sees: the features, or how the answer failed."""

    def seen(f):
        try:
            return features(f)
        except LearnerError as error:
            return [{"raised": error.kind}]
        except Failed as failure:
            return [failure.message.split(",")[0]]

    return seen
