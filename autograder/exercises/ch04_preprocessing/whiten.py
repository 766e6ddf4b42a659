"""Whitening: a round cloud."""

import numpy as np

from autograder.exercises.ch04_preprocessing.clouds import cloud, turn
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    hints=(
        "After the rotation each coordinate has a variance. What has to happen to make it 1?",
        "Two or three steps: rotate, stretch each coordinate, and for ZCA rotate back. Which of "
        "them needs a root?",
        r"PCA: $Z = X_c U (\Lambda + \epsilon)^{-1/2}$. ZCA goes back to the original axes: which "
        r"matrix undoes the turn by $U$?",
    ),
)


def given(rng, examples, features):
    """New data, with directions and variances that were found in others."""
    variances = np.sort(rng.uniform(0.2, 5, features))[::-1].copy()
    return (
        cloud(rng, examples, features),
        rng.normal(3, 2, features),
        turn(rng, features),
        variances,
    )


@exercise.probe
def rotated(rng):
    return *given(rng, 5, 3), 0.3, False


@exercise.probe
def rotated_back(rng):
    return *given(rng, 5, 3), 0.3, True


@exercise.probe
def as_many_features_as_examples(rng):
    return *given(rng, 3, 3), 0.01, False


@exercise.probe
def by_default(rng):
    """Variances so small that the default ε counts."""
    x, mean, components, variances = given(rng, 7, 2)
    return x, mean, components, 1e-7 * variances


@exercise.probe
def a_direction_without_variance(rng):
    x, mean, components, variances = given(rng, 7, 3)
    return x, mean, components, variances * [1, 1, 0], 1e-3, True


TURN = np.array([[0.6, -0.8], [0.8, 0.6]])


@exercise.check
def worked_example(f):
    """From (1, 1), (7, 9) is 10 along (0.6, 0.8): with a variance of 25 there it becomes (2, 0)."""
    x = np.array([[7.0, 9.0], [-7.0, 7.0]])
    got = f(x, np.array([1.0, 1.0]), TURN, np.array([25.0, 4.0]), 0.0, False)
    agree(got, np.array([[2.0, 0.0], [0.0, 5.0]]))


@exercise.check
def rotated_back_by_zca(f):
    """ZCA then turns back: (2, 0) becomes 2 · (0.6, 0.8), and (0, 5) becomes 5 · (−0.8, 0.6)."""
    x = np.array([[7.0, 9.0], [-7.0, 7.0]])
    got = f(x, np.array([1.0, 1.0]), TURN, np.array([25.0, 4.0]), 0.0, True)
    agree(got, np.array([[1.2, 1.6], [-4.0, 3.0]]))


@exercise.check
def epsilon_is_added_to_the_variance(f):
    """A variance of 0 and ε = 0.25: the coordinate is divided by √0.25 = ½."""
    got = f(np.array([[4.0]]), np.array([1.0]), np.eye(1), np.zeros(1), 0.25)
    agree(got, np.array([[6.0]]))
    standard = f(np.array([[1e-4]]), np.zeros(1), np.eye(1), np.zeros(1))
    agree(standard, np.array([[1.0]]), what="the result with the default ε, 1e-8")


@exercise.check
def arguments_stay(f):
    """The data and what was fitted are afterwards what they were before."""
    unchanged(f, np.array([[7.0, 9.0]]), np.ones(2), TURN, np.array([25.0, 4.0]), 0.1, True)


@exercise.check(points=2)
def random_data(f, reference, rng):
    """Whitens new data of several sizes, with several ε, by PCA and by ZCA."""
    for size in [(5, 3), (3, 7), (3, 3), (131, 2)]:
        for zca in rng.permutation([False, True]).tolist():
            arguments = *given(rng, *size), rng.uniform(0.05, 1), zca
            agree(f(*arguments), reference(*arguments), what=f"the result with zca={zca}")


@exercise.check(points=1, after=random_data)
def defaults(f, reference, rng):
    """Without more being said ε is 1e-8, and nothing is rotated back."""
    x, mean, components, variances = given(rng, 7, 3)
    small = x, mean, components, 1e-7 * variances
    agree(f(*small), reference(*small))


@exercise.check(points=1, after=random_data)
def the_identity(f, rng):
    """The fitted data's covariance becomes the identity; ZCA's matrix is symmetric."""
    x = cloud(rng, 29, 3)
    mean = x.mean(axis=0)
    _, s, vt = np.linalg.svd(x - mean, full_matrices=False)
    for zca in (False, True):
        z = np.asarray(f(x, mean, vt.T, s**2 / 29, 0.0, zca))
        agree(z.T @ z / 29, np.eye(3), atol=1e-9, what=f"the covariance with zca={zca}")
    matrix = np.asarray(f(np.eye(3), np.zeros(3), vt.T, s**2 / 29, 0.0, True))
    agree(matrix, matrix.T, atol=1e-9, what="the transpose of ZCA's matrix")


@exercise.check(points=1, after=random_data)
def edges(f, reference, rng):
    """Takes one example, whole numbers, and directions without variance; changes nothing."""
    for zca in (False, True):
        arguments = *given(rng, 1, 5), 0.1, zca
        agree(f(*arguments), reference(*arguments), what="one example")
    flat = a_direction_without_variance(rng)
    agree(f(*flat), reference(*flat), what="a direction without variance")
    _, *fitted = given(rng, 5, 3)
    whole_numbers(f, reference, rng.integers(0, 256, (5, 3)), *fitted, 0.1, True)
    unchanged(f, *rotated_back(rng))


@exercise.variant
def with_one_matrix(x, mean, components, variances, epsilon=1e-8, zca=False):
    matrix = components @ np.diag((np.asarray(variances) + epsilon) ** -0.5)
    if zca:
        matrix = matrix @ components.T
    return x @ matrix - mean @ matrix


@exercise.variant
def direction_by_direction(x, mean, components, variances, epsilon=1e-8, zca=False):
    centred = x - mean
    scores = [
        centred @ u / (v + epsilon) ** 0.5 for u, v in zip(components.T, variances, strict=True)
    ]
    if not zca:
        return np.stack(scores, axis=1)
    return sum(np.outer(score, u) for score, u in zip(scores, components.T, strict=True))


def _whitened(x, mean, components, spread, zca):
    with np.errstate(all="ignore"):
        white = (x - mean) @ components / spread
    return white @ components.T if zca else white


@exercise.misconception(keeps=0.5)
def divides_by_the_variance(x, mean, components, variances, epsilon=1e-8, zca=False):
    """Divided by a variance, a coordinate of variance 4 ends with ¼. Which divisor gives 1?"""
    return _whitened(x, mean, components, variances + epsilon, zca)


@exercise.misconception
def rotates_only(x, mean, components, variances, epsilon=1e-8, zca=False):
    """The data are decorrelated, but each direction still has a variance of its own."""
    return _whitened(x, mean, components, 1, zca)


@exercise.misconception
def never_rotates_back(x, mean, components, variances, epsilon=1e-8, zca=False):
    """`zca` makes no difference in your code."""
    return _whitened(x, mean, components, np.sqrt(variances + epsilon), False)


@exercise.misconception
def always_rotates_back(x, mean, components, variances, epsilon=1e-8, zca=False):
    """The data are rotated back even if `zca` was not asked for."""
    return _whitened(x, mean, components, np.sqrt(variances + epsilon), True)


@exercise.misconception
def rotates_on_instead_of_back(x, mean, components, variances, epsilon=1e-8, zca=False):
    """At the end the data are turned a second time in the same direction. Turn them back."""
    white = _whitened(x, mean, components, np.sqrt(variances + epsilon), False)
    return white @ components if zca else white


@exercise.misconception
def directions_taken_for_rows(x, mean, components, variances, epsilon=1e-8, zca=False):
    """The directions are the columns; you project on the rows."""
    return _whitened(x, mean, components.T, np.sqrt(variances + epsilon), zca)


@exercise.misconception(keeps=0.5)
def epsilon_outside_the_root(x, mean, components, variances, epsilon=1e-8, zca=False):
    """ε is added to the root. It belongs to the variance, under the root."""
    return _whitened(x, mean, components, np.sqrt(variances) + epsilon, zca)


@exercise.misconception
def epsilon_forgotten(x, mean, components, variances, epsilon=1e-8, zca=False):
    """A direction without variance is divided by 0. What is ε for?"""
    return _whitened(x, mean, components, np.sqrt(variances), zca)


@exercise.misconception
def not_centred(x, mean, components, variances, epsilon=1e-8, zca=False):
    """The mean is still in the data: take it off before you rotate."""
    return _whitened(x, 0 * mean, components, np.sqrt(variances + epsilon), zca)


@exercise.misconception
def fitted_to_itself(x, mean, components, variances, epsilon=1e-8, zca=False):
    """Centred by its own mean: use the one handed in, from the training data."""
    return _whitened(x, x.mean(axis=0), components, np.sqrt(variances + epsilon), zca)


@exercise.misconception(keeps=0.5)
def mean_added_back(x, mean, components, variances, epsilon=1e-8, zca=False):
    """ZCA turns back but stays centred: the mean is not added again."""
    z = (x - mean) @ components / np.sqrt(variances + epsilon)
    return z @ components.T + mean if zca else z


@exercise.misconception(keeps=0.5)
def two_roots(x, mean, components, variances, epsilon=1e-8, zca=False):
    """√v + √ε is not √(v + ε): add ε under the root."""
    z = (x - mean) @ components / (np.sqrt(variances) + np.sqrt(epsilon))
    return z @ components.T if zca else z
