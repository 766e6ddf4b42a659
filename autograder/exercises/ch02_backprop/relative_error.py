"""How far apart are two gradients?"""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=1,
    hints=(
        "An error of 0.001 is small beside 1000 and huge beside 0.0001. Divide it by what?",
        "Divide by the two sizes added up, and think of what happens when both are 0.",
        "|a − n| / max(floor, |a| + |n|), entry by entry.",
    ),
)


FLOOR = 1e-8
"""The default, given all the same: who forgets the default loses its own check only."""


@exercise.probe
def gradients(rng):
    """Two matrices with the same signs, over many orders of magnitude."""
    numeric = rng.normal(size=(3, 5)) * 10.0 ** rng.integers(-4, 4, size=(3, 5))
    return numeric * (1 + 0.3 * np.clip(rng.normal(size=(3, 5)), -3, 3)), numeric


@exercise.probe
def near_zero(rng):
    """Entries at and around the floor, which is far from its default."""
    numeric = rng.normal(size=7) * 1e-3
    numeric[::3] = 0.0
    analytic = numeric + 1e-3 * rng.normal(size=7)
    analytic[0] = 0.0
    return analytic, numeric, 1e-2


@exercise.probe
def not_a_number(rng):
    """A NaN, and entries beside it that always have opposite signs somewhere."""
    analytic, numeric = rng.normal(size=(2, 5))
    analytic[0] = -2 * numeric[0]
    analytic[3] = np.nan
    return analytic, numeric


@exercise.check
def worked_example(f):
    """3 against 2 gives 1/5, opposite signs give 1, and 0 against 0 gives 0."""
    error = f(np.array([3.0, 1.0, 0.0]), np.array([2.0, -1.0, 0.0]))
    agree(error, np.array([0.2, 1.0, 0.0]), what="the error")


@exercise.check
def floor_in_the_denominator(f):
    """With a floor of 0.01, 1 against 2 stays 1/3, and 0.001 against 0.003 is 0.002/0.01."""
    error = f(np.array([1.0, 0.001]), np.array([2.0, 0.003]), 0.01)
    agree(error, np.array([1 / 3, 0.2]), what="the error with floor 0.01")


@exercise.check
def nan_stays(f):
    """A NaN gradient has a NaN error, and the entry beside it its own."""
    error = f(np.array([np.nan, 3.0]), np.array([1.0, 2.0]))
    agree(error, np.array([np.nan, 0.2]), what="the error")


@exercise.check(points=1)
def every_entry(f, reference, rng):
    """Gives the error of every entry, over many orders of magnitude."""
    for _ in range(5):
        analytic, numeric = gradients(rng)
        agree(f(analytic, numeric, FLOOR), reference(analytic, numeric), what="the error")


@exercise.check(points=1, after=every_entry)
def any_shape(f, rng):
    """Works for vectors, matrices, 3-d arrays and single entries."""
    for shape in [(7,), (1, 1), (2, 3, 2), (4, 11), ()]:
        pair = np.array(rng.normal(size=shape)), np.array(rng.normal(size=shape))
        expected = np.abs(pair[0] - pair[1]) / (np.abs(pair[0]) + np.abs(pair[1]))
        agree(f(*pair, FLOOR), expected, what=f"the error for shape {shape}")


@exercise.check(points=1, after=every_entry)
def floor_counts(f, reference, rng):
    """Uses the floor it is given (1e-8 if none is), and only where both entries are smaller."""
    for _ in range(5):
        arguments = near_zero(rng)
        agree(f(*arguments), reference(*arguments), what="the error")
    agree(f(np.zeros((2, 3)), np.zeros((2, 3))), np.zeros((2, 3)), what="the error of zeros")
    agree(f(np.array([3e-9]), np.array([-1e-9])), np.array([0.4]), what="the error below the floor")
    tiny = f(np.array([3e-9]), np.array([-1e-9]), 1e-12)
    agree(tiny, np.array([1.0]), what="the error above a floor of 1e-12")


@exercise.check(points=1, after=every_entry)
def symmetric_and_scale_free(f, rng):
    """Does not care which of the two comes first, nor in which unit both are measured."""
    analytic, numeric = rng.normal(size=(2, 3, 5))
    error = f(analytic, numeric, FLOOR)
    agree(f(numeric, analytic, FLOOR), error, what="the error with the arguments swapped")
    scaled = f(-7e5 * analytic, -7e5 * numeric, FLOOR)
    agree(scaled, error, what="the error of both times −700000")
    near = f(numeric * (1 + 2.0**-30), numeric, FLOOR)
    agree(near, np.full((3, 5), 2.0**-31), rtol=1e-5, atol=0, what="the error of a tiny difference")


@exercise.check(points=1, after=every_entry)
def whole_numbers_count(f, rng):
    """Takes whole numbers for what they are, and rounds no error."""
    order = rng.permutation(3)
    expected = lambda *_: np.array([0.2, 1.0, 0.0])[order]
    whole_numbers(f, expected, np.array([3, -1, 0])[order], np.array([2, 1, 0])[order], FLOOR)


@exercise.check(points=1, after=every_entry)
def nan_shows(f, reference, rng):
    """A NaN gradient has a NaN error, in that entry only: it must not pass for right."""
    arguments = not_a_number(rng)
    agree(f(*arguments, FLOOR), reference(*arguments), what="the error")


@exercise.check(points=1, after=every_entry)
def leaves_inputs_alone(f, rng):
    """Leaves both gradients as they were."""
    unchanged(f, *gradients(rng), FLOOR)


@exercise.variant
def with_where(analytic, numeric, floor=1e-8):
    size = np.abs(analytic) + np.abs(numeric)
    return np.abs(numeric - analytic) / np.where(size > floor, size, floor)


@exercise.variant
def entry_by_entry(analytic, numeric, floor=1e-8):
    out = np.zeros(analytic.shape)
    for index in np.ndindex(analytic.shape):
        a, n = float(analytic[index]), float(numeric[index])
        out[index] = abs(a - n) / max(floor, abs(a) + abs(n))
    return out


@exercise.misconception
def one_number_for_all(analytic, numeric, floor=1e-8):
    """One norm over the whole tensor drowns a single wrong entry. Give an error per entry."""
    difference = np.linalg.norm(analytic - numeric)
    return difference / max(floor, np.linalg.norm(analytic) + np.linalg.norm(numeric))


@exercise.misconception
def absolute_error(analytic, numeric, floor=1e-8):
    """This is the absolute error: it calls a tiny gradient right even when it is all wrong."""
    return np.abs(analytic - numeric)


@exercise.misconception
def divides_by_one_of_them(analytic, numeric, floor=1e-8):
    """Dividing by only one of the two makes the result depend on which comes first."""
    return np.abs(analytic - numeric) / np.maximum(floor, np.abs(numeric))


@exercise.misconception(keeps=0.5)
def divides_by_the_larger(analytic, numeric, floor=1e-8):
    """The contract divides by the *sum* of the two sizes, not by the larger one."""
    largest = np.maximum(np.abs(analytic), np.abs(numeric))
    return np.abs(analytic - numeric) / np.maximum(floor, largest)


@exercise.misconception
def adds_the_floor(analytic, numeric, floor=1e-8):
    """Adding the floor shrinks every error a little. Use it only where the sum is smaller."""
    return np.abs(analytic - numeric) / (np.abs(analytic) + np.abs(numeric) + floor)


@exercise.misconception
def no_floor(analytic, numeric, floor=1e-8):
    """Without the floor 0 against 0 is 0/0, which is NaN."""
    with np.errstate(all="ignore"):
        return np.abs(analytic - numeric) / (np.abs(analytic) + np.abs(numeric))


@exercise.misconception
def keeps_the_sign(analytic, numeric, floor=1e-8):
    """An error has no sign: a negative one would pass every test of “smaller than”."""
    return (analytic - numeric) / np.maximum(floor, np.abs(analytic) + np.abs(numeric))


@exercise.misconception
def nan_becomes_right(analytic, numeric, floor=1e-8):
    """`nan_to_num` turns the error of a NaN gradient into 0, the best mark there is."""
    size = np.maximum(floor, np.abs(analytic) + np.abs(numeric))
    return np.nan_to_num(np.abs(analytic - numeric) / size)


@exercise.misconception
def divides_by_the_size_of_the_sum(analytic, numeric, floor=1e-8):
    """Opposite signs cancel below the fraction, so the error explodes: first sizes, then a sum."""
    return np.abs(analytic - numeric) / np.maximum(floor, np.abs(analytic + numeric))


@exercise.misconception(keeps=0.5)
def divides_by_the_mean_size(analytic, numeric, floor=1e-8):
    """You divide by the mean of the two sizes: every error is twice that of the contract."""
    size = (np.abs(analytic) + np.abs(numeric)) / 2
    return np.abs(analytic - numeric) / np.maximum(floor, size)
