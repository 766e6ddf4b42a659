"""Which valley did it end in?"""

import numpy as np

from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    core=True,
    hints=(
        "For one end: how far is it from each of the minima? And which is the nearest?",
        "For all at once: `ends[:, None] - minima` has an entry for each end, minimum and axis.",
        "Distances have shape (N, K); the answer is the column of the smallest in each row.",
    ),
)


def task(rng, n, k, d, spread=1.0):
    """Ends and minima in the same region."""
    return spread * rng.normal(size=(n, d)), spread * rng.normal(size=(k, d))


@exercise.probe
def in_the_plane(rng):
    return task(rng, 11, 4, 2)


@exercise.probe
def in_five_dimensions(rng):
    return task(rng, 7, 3, 5)


@exercise.probe
def on_a_line(rng):
    return task(rng, 9, 5, 1)


@exercise.probe
def far_from_the_origin(rng):
    ends, minima = task(rng, 8, 3, 2)
    return ends + 50, minima + 50


@exercise.probe
def one_end(rng):
    return task(rng, 1, 5, 2)


@exercise.probe
def one_minimum(rng):
    return task(rng, 5, 1, 3)


@exercise.probe
def equally_near(rng):
    return np.zeros((3, 2)), np.array([[2.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])


def telling(rng):
    """Two ends at one place, two minima: the second is nearer, but not by other measures."""
    place, unit = rng.normal(size=2), np.exp(rng.normal())
    for minima in ([[0.0, 5.0], [3.0, 3.0]], [[3.0, 3.0], [4.0, 0.0]]):
        yield np.stack([place, place]), place + unit * np.array(minima)


def numbers(f, ends, minima):
    """The answer as whole numbers, one per end, or `Failed`."""
    got = as_array(f(ends, minima), "the numbers")
    if got.shape != (len(ends),):
        raise Failed(f"the numbers have shape {got.shape}, expected ({len(ends)},)")
    return got


@exercise.check
def worked_example(f):
    """Of the minima (0, 0), (4, 0) and (0, 3), (1, 1), (3, 0) and (0, 2) are nearest 0, 1, 2."""
    ends = np.array([[1.0, 1.0], [3.0, 0.0], [0.0, 2.0]])
    minima = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 3.0]])
    agree(numbers(f, ends, minima), [0, 1, 2], what="the numbers")
    unchanged(f, ends, minima)


@exercise.check
def distance_in_all_directions(f):
    """From (0, 0), (3, 3) is nearer than (0, 5), and (−1, 0) nearer than (2, 0)."""
    minima = np.array([[0.0, 5.0], [3.0, 3.0]])
    agree(numbers(f, np.zeros((1, 2)), minima), [1], what="the number")
    minima = np.array([[2.0, 0.0], [-1.0, 0.0]])
    agree(numbers(f, np.array([[0.0, 0.0], [1.5, 0.0]]), minima), [1, 0], what="the numbers")


@exercise.check
def halfway(f):
    """Half-way between two minima it names the first of them."""
    minima = np.array([[9.0, 9.0], [0.0, 2.0], [0.0, -2.0]])
    agree(numbers(f, np.zeros((1, 2)), minima), [1], what="the number")


@exercise.check(points=2)
def nearest_of_several(f, rng):
    """Names the nearest minimum for ends in one, two and more dimensions."""
    for n, k, d in [(13, 4, 2), (5, 7, 3), (11, 3, 1), (3, 5, 7)]:
        ends, minima = task(rng, n, k, d)
        expected = [min(range(k), key=lambda j: sum((e - minima[j]) ** 2)) for e in ends]
        agree(numbers(f, ends, minima), expected, what="the numbers")
    for ends, minima in telling(rng):
        agree(numbers(f, ends, minima), [1, 1], what="the numbers")


@exercise.check(points=1, after=nearest_of_several)
def one_of_each(f, rng):
    """Takes a single end, and a single minimum, which is always the nearest."""
    ends, minima = task(rng, 1, 5, 2)
    nearest = np.argmin(((ends - minima) ** 2).sum(axis=1))
    agree(numbers(f, ends, minima), [nearest], what="the number of one end")
    agree(numbers(f, *task(rng, 6, 1, 2)), np.zeros(6), what="the numbers of one minimum")


@exercise.check(points=1, after=nearest_of_several)
def the_first_of_equals(f, rng):
    """Of equally near minima it names the first."""
    corners = rng.permutation([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    far = 5 + rng.normal(size=(int(rng.integers(1, 4)), 2))
    minima = np.concatenate([far, corners])
    agree(numbers(f, np.zeros((2, 2)), minima), [len(far)] * 2, what="the numbers")


@exercise.check(points=1, after=nearest_of_several)
def laws(f, rng):
    """Moving and turning everything changes nothing; other order of minima gives their places."""
    ends, minima = task(rng, 9, 4, 3)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    here = numbers(f, ends, minima)
    moved = numbers(f, ends @ turn + 7, minima @ turn + 7)
    agree(moved, here.astype(float), what="the numbers after a move")
    order = rng.permutation(4)
    shuffled = numbers(f, ends, minima[order])
    agree(order[shuffled.astype(int)], here.astype(float), what="the minima in other order")


@exercise.check(points=1, after=nearest_of_several)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are, also large ones."""
    minima = rng.permutation([[-40, 3], [-11, 7], [12, -5], [37, 1]])
    ends = minima[rng.integers(0, 4, size=7)] + rng.integers(-3, 4, size=(7, 2))
    whole_numbers(f, reference, ends, minima)
    whole_numbers(f, reference, np.array([[100, 90]], np.int8), np.array([[-100, -90], [50, 40]]))


@exercise.check(points=1, after=nearest_of_several)
def leaves_inputs_alone(f, rng):
    """Leaves ends and minima as they were."""
    unchanged(f, *in_the_plane(rng))


@exercise.variant
def with_loops(ends, minima):
    found = []
    for end in ends:
        distances = [np.sum((np.asarray(end, float) - minimum) ** 2) for minimum in minima]
        found.append(distances.index(min(distances)))
    return found


@exercise.variant
def one_minimum_after_the_other(ends, minima):
    best, record = np.zeros(len(ends), dtype=int), np.full(len(ends), np.inf)
    for k, minimum in enumerate(minima):
        distance = np.hypot.reduce(np.asarray(ends, float) - minimum, axis=1)
        nearer = distance < record
        best[nearer], record[nearer] = k, distance[nearer]
    return best


def _differences(ends, minima):
    return np.asarray(ends)[:, None] - np.asarray(minima)


@exercise.misconception(keeps=0.5)
def sum_of_absolute_differences(ends, minima):
    """Distances are added along the axes. The straight line is shorter: squares, and a root."""
    return np.abs(_differences(ends, minima)).sum(axis=2).argmin(axis=1)


@exercise.misconception
def only_the_first_coordinate(ends, minima):
    """Only the first coordinate is compared."""
    return np.abs(_differences(ends, minima)[:, :, 0]).argmin(axis=1)


@exercise.misconception
def differences_with_their_sign(ends, minima):
    """Differences are added with their signs, so that they cancel: square them first."""
    return _differences(ends, minima).sum(axis=2).argmin(axis=1)


@exercise.misconception
def nearest_end_for_each_minimum(ends, minima):
    """This is the nearest end of each minimum: it has K entries, not N."""
    return np.linalg.norm(_differences(ends, minima), axis=2).argmin(axis=0)


@exercise.misconception
def the_farthest(ends, minima):
    """This is the farthest minimum."""
    return np.linalg.norm(_differences(ends, minima), axis=2).argmax(axis=1)


@exercise.misconception
def counts_from_one(ends, minima):
    """The minima are numbered from 1. In Python the first is number 0."""
    return np.linalg.norm(_differences(ends, minima), axis=2).argmin(axis=1) + 1


@exercise.misconception
def the_last_of_equals(ends, minima):
    """Of equally near minima the last is named: the contract wants the first."""
    distances = np.linalg.norm(_differences(ends, minima), axis=2)
    return distances.shape[1] - 1 - distances[:, ::-1].argmin(axis=1)


@exercise.misconception
def largest_scalar_product(ends, minima):
    """The largest scalar product is not the nearest point: far minima win too often."""
    return (np.asarray(ends) @ np.asarray(minima).T).argmax(axis=1)


@exercise.misconception
def smallest_coordinate_difference(ends, minima):
    """One coordinate that fits is enough here. A point is near if all its coordinates are."""
    return np.abs(_differences(ends, minima)).min(axis=2).argmin(axis=1)


@exercise.misconception
def distances_returned(ends, minima):
    """These are the distances. The *number* of the nearest minimum is asked for."""
    return np.linalg.norm(_differences(ends, minima), axis=2).min(axis=1)


@exercise.misconception
def signed_differences_cancel(ends, minima):
    """The differences are added with their signs, so that +1 and −1 cancel: square them first."""
    return np.abs((ends[:, None] - minima).sum(axis=-1)).argmin(axis=1)


@exercise.misconception
def the_largest_difference(ends, minima):
    """Compares the largest difference along any axis; near is meant along a straight line."""
    return np.abs(ends[:, None] - minima).max(axis=-1).argmin(axis=1)
