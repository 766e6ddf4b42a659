"""How many units for so many pieces?"""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=4,
    difficulty=1,
    core=True,
    hints=(
        "A line without any hidden unit: how many pieces has it?",
        "Each unit of one hidden layer has one place where it switches, so it bends the sum once.",
        "Pieces are one more than bends.",
    ),
)


@exercise.probe
def some(rng):
    return (int(rng.integers(5, 100)),)


@exercise.probe
def two(rng):
    return (2,)


@exercise.probe
def one(rng):
    return (1,)


@exercise.probe
def many(rng):
    return (2**40,)


@exercise.check
def worked_example(f):
    """Five pieces have four bends: four units. A straight line needs none."""
    agree(f.many([(5,), (1,)]), [4, 0], what="the units for five pieces and for one")


@exercise.check
def a_deep_sawtooth(f):
    """A sawtooth of ten folds has 1024 pieces; one layer needs 1023 units at least."""
    agree(f.many([(1024,), (2,)]), [1023, 1], what="the units for 1024 pieces and for two")


@exercise.check(points=1)
def any_number(f, rng):
    """Counts the units for any number of pieces, also for one and for very many."""
    pieces = [int(p) for p in rng.integers(3, 5000, size=6)] + [1, 2, 2**40]
    pieces = [pieces[k] for k in rng.permutation(9)]
    bends = [len(range(1, p)) for p in pieces]
    agree(f.many([(p,) for p in pieces]), bends, rtol=0, atol=0, what="the units")


@exercise.variant
def by_counting_up(pieces):
    return len(range(1, pieces))


@exercise.variant
def with_numpy(pieces):
    return int(np.subtract(pieces, 1))


@exercise.misconception
def one_per_piece(pieces):
    """A straight line is one piece, and needs no unit."""
    return pieces


@exercise.misconception
def one_more_than_pieces(pieces):
    """Here are more units than pieces: which of them bend nothing?"""
    return pieces + 1


@exercise.misconception
def two_per_piece(pieces):
    """Two units make a tower, but pieces join: each unit bends the line once."""
    return 2 * pieces


@exercise.misconception
def as_if_deep(pieces):
    """The logarithm is what *folding* needs. One layer adds bends, it does not double them."""
    return 2 * int(np.ceil(np.log2(pieces)))


@exercise.misconception
def every_second(pieces):
    """A tooth of two pieces is bent twice, at its tip and where the next one begins."""
    return pieces // 2
