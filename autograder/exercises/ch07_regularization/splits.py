"""Splits of rows into training and validation: whether they are fair, fresh and complete.

Each question to `chance` fails a right answer with probability below 1e-12; an exercise asks fewer
than 20 of them. Two fair splits of 60 rows are alike with probability below 1e-10 even if only ten
rows are set aside, and the checks compare at least two pairs of large ones.
"""

import numpy as np

from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging_hidden import chance

DEALS = 400


def rows(value, what):
    """A vector of row numbers as a list, or `Failed`."""
    found = as_array(value, what)
    if found.ndim != 1 or found.dtype.kind not in "iu":
        raise Failed(
            f"{what} is an array of {found.dtype}, shape {found.shape}, expected row numbers"
        )
    return found.tolist()


def split(value, number=""):
    """The two parts of a split, as lists."""
    train, validation = sequence(value, 2, f"split {number}".strip())
    return rows(train, "the training part"), rows(validation, "the validation part")


def every_row_once(parts, n):
    """Raise `Failed` unless the parts share out the rows 0 to n − 1."""
    dealt = sorted(row for part in parts for row in part)
    if len(set(dealt)) < len(dealt):
        raise Failed(f"of {n} rows some are in a split twice: what validates must be unseen")
    if dealt != list(range(n)):
        raise Failed(f"not every row from 0 to {n - 1} is in one of the parts")


def fair(member, size, n):
    """Raise `Failed` unless rows, and pairs, are set aside as often as chance would.

    `member` has a row per deal and a column per example: whether it is set aside, `size` of n are.
    """
    pairs = member.T.astype(float) @ member
    above = np.triu_indices(n, 1)
    together = size * (size - 1) / (n * (n - 1))
    if not chance.shares_are(member.sum(axis=0), len(member), size / n):
        raise Failed("some rows are set aside far more often than others: shuffle them")
    if size > 1 and not chance.shares_are(pairs[above], len(member), together):
        raise Failed("some rows are set aside together far too often, or too rarely")


def generators(rng, how_many):
    return [np.random.default_rng(int(seed)) for seed in rng.integers(2**62, size=how_many)]


def reply(f, source, *arguments):
    """The answer, and the generator as the call left it."""
    answered = f.reply(source, *arguments)
    if answered.error is not None:
        raise answered.error
    return answered.value, answered.args_after[0]


def fresh(f, read, seed, *arguments):
    """Raise `Failed` unless the same state splits alike, and the next call otherwise."""
    first, moved = reply(f, np.random.default_rng(seed), *arguments)
    again, _ = reply(f, np.random.default_rng(seed), *arguments)
    after, _ = reply(f, moved, *arguments)
    other, _ = reply(f, np.random.default_rng(seed + 1), *arguments)
    if read(first) != read(again):
        raise Failed("two generators in the same state led to two different splits")
    if read(first) in (read(after), read(other)):
        raise Failed("another call, or another generator, split the rows in the same way")


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
