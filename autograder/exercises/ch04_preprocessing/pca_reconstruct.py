"""Back from a few numbers to the whole point."""

import numpy as np

from autograder.exercises.ch04_preprocessing.clouds import turn
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    core=True,
    hints=(
        "z says how far to go along each direction. Where does one start, and which way?",
        "From the mean, K steps: coordinate k times direction k. Directions are columns.",
        r"$\hat x = \bar x + \sum_k z_k u_k$; over all examples at once that is one product with "
        r"the transpose of a matrix.",
    ),
)


def given(rng, examples, features, kept):
    return (
        rng.normal(0, 2, (examples, kept)),
        rng.normal(3, 2, features),
        turn(rng, features)[:, :kept],
    )


@exercise.probe
def two_of_three(rng):
    return given(rng, 5, 3, 2)


@exercise.probe
def square(rng):
    """A transposed matrix raises no error here."""
    return given(rng, 3, 3, 3)


@exercise.probe
def one_of_seven(rng):
    return given(rng, 4, 7, 1)


@exercise.check
def worked_example(f):
    """From (1, 1), five steps along (0.6, 0.8) lead to (4, 5); none, to the mean."""
    got = f(np.array([[5.0], [0.0]]), np.array([1.0, 1.0]), np.array([[0.6], [0.8]]))
    agree(got, np.array([[4.0, 5.0], [1.0, 1.0]]))


@exercise.check
def two_directions(f):
    """With the directions (0.6, 0.8) and (−0.8, 0.6), z = (5, 10) belongs to (−5, 10)."""
    components = np.array([[0.6, -0.8], [0.8, 0.6]])
    agree(f(np.array([[5.0, 10.0]]), np.zeros(2), components), np.array([[-5.0, 10.0]]))


@exercise.check
def arguments_stay(f):
    """Coordinates, mean and components are afterwards what they were before."""
    unchanged(f, np.array([[5.0], [0.0]]), np.array([1.0, 1.0]), np.array([[0.6], [0.8]]))


@exercise.check(points=2)
def random_points(f, reference, rng):
    """Finds the points of several sizes of data, from any number of directions."""
    for size in [(5, 3, 2), (3, 3, 3), (4, 7, 1), (7, 5, 3), (2, 11, 2)]:
        arguments = given(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the points")


@exercise.check(points=1, after=random_points)
def there_and_back(f, rng):
    """With all directions the data come back; with fewer, what is lost is at right angles."""
    x, (_, mean, components) = rng.normal(2, 3, (11, 5)), given(rng, 2, 5, 5)
    agree(f((x - mean) @ components, mean, components), x, what="the data from all directions")
    few = components[:, :2]
    lost = x - np.asarray(f((x - mean) @ few, mean, few))
    agree(lost @ few, np.zeros((11, 2)), atol=1e-9, what="what is lost, along the directions kept")


@exercise.check(points=1, after=random_points)
def edges(f, reference, rng):
    """Takes one example, whole numbers, and directions that are not of length 1, as they are."""
    for size in [(1, 5, 2), (1, 3, 3), (2, 1, 1)]:
        arguments = given(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the points")
    z, mean, components = given(rng, 5, 3, 2)
    whole_numbers(f, reference, rng.integers(-5, 6, (5, 2)), mean, components)
    agree(f(z, mean, 2 * components), reference(z, mean, 2 * components), what="longer directions")
    unchanged(f, z, mean, components)


@exercise.variant
def step_by_step(z, mean, components):
    points = []
    for coordinates in z:
        point = np.array(mean, dtype=float)
        for k, distance in enumerate(coordinates):
            point = point + distance * components[:, k]
        points.append(point)
    return points


@exercise.variant
def with_einsum(z, mean, components):
    return np.einsum("nk,dk->nd", z, components) + mean[None]


@exercise.misconception(keeps=0.5)
def mean_forgotten(z, mean, components):
    """The steps are right, but they start at the origin. Where is the middle of the data?"""
    return z @ components.T


@exercise.misconception
def without_the_transpose(z, mean, components):
    """z meets the rows of the matrix, where the directions are in the columns."""
    return z @ components + mean


@exercise.misconception
def mean_turned_along(z, mean, components):
    """The mean was added to the coordinates. It is a point of the original space."""
    return (z + mean @ components) @ components.T


@exercise.misconception(keeps=0.5)
def mean_subtracted(z, mean, components):
    """On the way there the mean was taken off. On the way back …?"""
    return z @ components.T - mean


@exercise.misconception
def steps_averaged(z, mean, components):
    """Dividing by the number of directions: the steps add up, they are not averaged."""
    return z @ components.T / z.shape[1] + mean


@exercise.misconception
def one_direction_only(z, mean, components):
    """Only the first direction is used."""
    return z[:, :1] @ components[:, :1].T + mean


@exercise.misconception
def overwrites_the_coordinates(z, mean, components):
    """The points are right, but the caller's z has been overwritten."""
    answer = z @ components.T + mean
    z *= 0
    return answer
