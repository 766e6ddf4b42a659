"""All the networks inside the network."""

import numpy as np

from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    hints=(
        "Count from 0 to 7 in binary, with three digits each. What do you see?",
        "`itertools.product([0, 1], repeat=n)`, or the binary digits of 0, 1, …, 2ⁿ − 1.",
        "Row i is i written in binary with n digits, the most significant first.",
    ),
)


@exercise.probe
def three(rng):
    return (3,)


@exercise.probe
def one(rng):
    return (1,)


@exercise.probe
def nine(rng):
    return (9,)


@exercise.check
def two_units(f):
    """For two units: drop both, keep the second, keep the first, keep both."""
    agree(f(2), np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), what="the masks")


@exercise.check
def eight_of_three(f):
    """For three units there are eight masks."""
    if np.shape(f(3)) != (8, 3):
        raise Failed(f"the masks of 3 units have shape {np.shape(f(3))}, expected (8, 3)")


@exercise.check
def row_five_of_three(f):
    """Of three units, row 5 is 1, 0, 1 and row 3 is 0, 1, 1; of nine, row 256 keeps the first."""
    agree(as_array(f(3))[[5, 3]], np.array([[1, 0, 1], [0, 1, 1]]), what="rows 5 and 3")
    agree(as_array(f(9))[256], np.array([1, 0, 0, 0, 0, 0, 0, 0, 0]), what="row 256 of nine units")


@exercise.check(points=2)
def in_binary_order(f, reference, rng):
    """Row i is i in binary, for 1 to 13 units."""
    for n in rng.permutation([1, 2, 3, 4, 5, 7, 8, 9, 11, 13]).tolist():
        agree(f(n), reference(n), what=f"the masks of {n} units")


@exercise.check(points=1)
def every_subset_once(f, rng):
    """Every choice of units occurs exactly once."""
    for n in rng.permutation(np.arange(3, 11)).tolist():
        masks = as_array(f(n), "the masks")
        if masks.shape != (2**n, n):
            raise Failed(f"the masks of {n} units have shape {masks.shape}, expected {(2**n, n)}")
        if not np.all((masks == 0) | (masks == 1)):
            raise Failed("a mask holds other values than 0 and 1")
        different = len({tuple(row) for row in masks.tolist()})
        if different != 2**n:
            raise Failed(f"only {different} of the {2**n} masks are different")


@exercise.check(points=1, after=in_binary_order)
def grows_by_one_unit(f, rng):
    """One more unit on the left: all masks without it, then all masks with it."""
    n = int(rng.integers(3, 9))
    less, more = as_array(f(n)), as_array(f(n + 1))
    agree(more[: 2**n, 1:], less, what="the upper half")
    agree(more[2**n :, 1:], less, what="the lower half")
    agree(more[:, 0], np.repeat([0, 1], 2**n), what="the first column")


@exercise.variant
def by_digits(n):
    return [[int(digit) for digit in format(i, f"0{n}b")] for i in range(2**n)]


@exercise.variant
def by_halving(n):
    columns = [np.tile(np.repeat([False, True], 2 ** (n - 1 - j)), 2**j) for j in range(n)]
    return np.stack(columns, axis=1)


@exercise.variant
def by_recursion(n):
    if n == 1:
        return np.array([[0.0], [1.0]])
    rest = by_recursion(n - 1)
    zeros, ones = np.zeros((len(rest), 1)), np.ones((len(rest), 1))
    return np.vstack([np.hstack([zeros, rest]), np.hstack([ones, rest])])


def _binary(n):
    return (np.arange(2**n)[:, None] >> np.arange(n)[::-1]) % 2 * 1.0


@exercise.misconception(keeps=0.5)
def last_digit_first(n):
    """The digits are in reverse: row 1 should keep the *last* unit, as 001 does."""
    return _binary(n)[:, ::-1]


@exercise.misconception(keeps=0.5)
def ones_are_dropped(n):
    """The rows count down: row 0 is 00…0, which drops all, and the last row keeps all."""
    return 1 - _binary(n)


@exercise.misconception
def empty_network_left_out(n):
    """The mask that drops all units is missing. It has a probability like any other."""
    return _binary(n)[1:]


@exercise.misconception
def full_network_left_out(n):
    """The mask that keeps all units is missing: range and arange leave out their end."""
    return _binary(n)[:-1]


@exercise.misconception
def one_at_a_time(n):
    """Only one unit is kept in each row. There are 2ⁿ ways to choose, not n."""
    return np.eye(n)


@exercise.misconception
def numbers_not_digits(n):
    """These are the numbers 0 to 2ⁿ − 1. Write each of them in binary, one digit per unit."""
    return np.arange(2**n)


@exercise.misconception
def masks_in_columns(n):
    """The masks are the columns. Each should be a row."""
    return _binary(n).T


@exercise.misconception
def plus_and_minus_one(n):
    """Dropped is written as −1. A mask multiplies: dropping is 0."""
    return 2 * _binary(n) - 1


@exercise.misconception
def sorted_by_size(n):
    """All masks are there, but sorted by how many they keep. Row i should be i in binary."""
    masks = _binary(n)
    return masks[np.argsort(masks.sum(axis=1), kind="stable")]


@exercise.misconception
def drawn_at_random(n):
    """Masks are drawn by chance: some come twice and others never. List them all."""
    return (np.random.default_rng(0).random((2**n, n)) < 0.5) * 1.0


@exercise.misconception
def eight_digits_only(n):
    """From the ninth unit on digits are lost: a byte has only eight."""
    return (np.arange(2**n).astype(np.uint8)[:, None] >> np.arange(n)[::-1]) % 2 * 1.0
