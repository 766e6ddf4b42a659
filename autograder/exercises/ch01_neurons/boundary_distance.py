"""How far from the line?"""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Walk from the line one step of length 1, straight away from it. By how much has x·w + b "
        "grown?",
        "It has grown by the length of w. So the sum tells the distance, in units of that length. "
        "`np.linalg.norm` measures it.",
        r"$d = \dfrac{w \cdot x + b}{\lVert w \rVert}$, with $\lVert w \rVert = \sqrt{w_1^2 + "
        r"w_2^2 + \dots}$; positive on the side that fires.",
    ),
)


def points(rng, examples, features):
    return rng.normal(size=(examples, features)), 2 * rng.normal(size=features), rng.uniform(0.5, 2)


@exercise.probe
def seven_points(rng):
    return points(rng, 7, 3)


@exercise.probe
def in_the_plane(rng):
    return points(rng, 11, 2)


@exercise.probe
def heavy_weights(rng):
    x, w, b = points(rng, 5, 3)
    return x, 100 * w, 100 * b


@exercise.check
def three_four_five(f):
    """The line 3·x1 + 4·x2 − 5 = 0: (0, 0) is 1 away on the silent side, (3, 4) 4 on the other."""
    x = np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 0.5]])
    agree(f(x, np.array([3.0, 4.0]), -5.0), np.array([-1.0, 4.0, 0.0]), what="the distances")


@exercise.check
def ten_times_the_weights(f):
    """30, 40 and −50 describe the same line, and the same distances; a bias of 5 another line."""
    x, w = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([30.0, 40.0])
    agree(f(x, w, -50.0), np.array([-1.0, 4.0]), what="the distances")
    agree(f(x, -w, 50.0), np.array([1.0, -4.0]), what="the distances seen from the other side")


@exercise.check
def inputs_stay(f):
    """x and w are afterwards what they were before."""
    unchanged(f, np.array([[1.0, 2.0], [3.0, 0.5]]), np.array([1.0, -1.0]), 0.25)


@exercise.check(points=2)
def random_points(f, reference, rng):
    """Gives the distances of random points from random lines and planes."""
    for size in [(7, 3), (11, 2), (5, 5), (2, 7)]:
        arguments = points(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the distances")


@exercise.check(points=1, after=random_points)
def foot_of_the_perpendicular(f, rng):
    """Going back by the distance, straight towards the line, ends on the line."""
    x, w, b = points(rng, 7, 3)
    distance = np.array(f(x, w, b))
    foot = x - distance[:, None] * w / np.sqrt(np.sum(w**2))
    agree(foot @ w + b, np.zeros(7), atol=1e-9, what="the sum at the foot")
    on_the_line = foot + np.outer(rng.normal(size=7), np.cross(w, rng.normal(size=3)))
    agree(f(on_the_line, w, b), np.zeros(7), atol=1e-9, what="the distance on the plane")


@exercise.check(points=1, after=random_points)
def edges(f, reference, rng):
    """Works for one point, one input, no bias, huge and tiny weights, and whole numbers."""
    for size in [(1, 5), (7, 1), (1, 1)]:
        x, w, b = points(rng, *size)
        agree(f(x, w, b), reference(x, w, b), what="the distances")
        agree(f(x, w, 0.0), reference(x, w, 0.0), what="the distances without a bias")
    x, w, b = points(rng, 7, 3)
    for scale in rng.permutation([1e-6, 1e6]):
        agree(f(x, scale * w, scale * b), reference(x, w, b), what=f"{scale:g} times w and b")
    whole_numbers(f, reference, rng.integers(-5, 6, size=(7, 3)), np.array([2, -1, 3]), 4)


@exercise.check(points=1, after=random_points)
def leaves_inputs_alone(f, rng):
    """Leaves points and weights as they were."""
    unchanged(f, *seven_points(rng))


@exercise.variant
def with_a_loop(x, w, b):
    length = sum(v * v for v in w) ** 0.5
    return [(sum(p * v for p, v in zip(point, w)) + b) / length for point in x]


@exercise.variant
def from_a_point_on_the_plane(x, w, b):
    normal = w / np.linalg.norm(w)
    foot = -b / np.linalg.norm(w) * normal
    return np.dot(x - foot, normal)


@exercise.misconception
def not_divided(x, w, b):
    """This is the sum x·w + b. Ten times the weights would give ten times the distance."""
    return x @ w + b


@exercise.misconception(keeps=0.5)
def without_the_sign(x, w, b):
    """All distances are positive. The sign should tell the side."""
    return np.abs(x @ w + b) / np.linalg.norm(w)


@exercise.misconception
def divided_by_the_square(x, w, b):
    """The sum is divided by the *squared* length of w."""
    return (x @ w + b) / (w @ w)


@exercise.misconception(keeps=0.5)
def bias_counted_in_the_length(x, w, b):
    """The length is taken of w and b together. Only w says how steeply the sum grows."""
    return (x @ w + b) / np.sqrt(w @ w + b * b)


@exercise.misconception(keeps=0.5)
def bias_not_divided(x, w, b):
    """Only x·w is divided by the length of w. The bias has to be divided as well."""
    return x @ w / np.linalg.norm(w) + b


@exercise.misconception(keeps=0.5)
def bias_forgotten(x, w, b):
    """b is never used: this is the distance from a parallel line through the origin."""
    return x @ w / np.linalg.norm(w)


@exercise.misconception
def city_blocks(x, w, b):
    """The length of w is taken as the sum of its entries' sizes. Remember Pythagoras."""
    return (x @ w + b) / np.abs(w).sum()


@exercise.misconception
def divided_by_the_points(x, w, b):
    """The sum is divided by the length of each point. It is w that sets the unit."""
    return (x @ w + b) / np.maximum(np.linalg.norm(x, axis=1), 1e-9)


@exercise.misconception
def side_only(x, w, b):
    """This only tells the side. How far is it?"""
    return np.sign(x @ w + b)


@exercise.misconception
def overwrites_the_weights(x, w, b):
    """The distances are right, but the caller's w is divided in place."""
    length = np.linalg.norm(w)
    w /= length
    return x @ w + b / length
