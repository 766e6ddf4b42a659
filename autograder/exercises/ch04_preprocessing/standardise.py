"""Standardise any data with the yardstick of the training data."""

import numpy as np

from autograder.exercises.ch04_preprocessing.clouds import cloud
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=5,
    difficulty=1,
    core=True,
    hints=(
        "A test example arrives alone, next year. What may you use to treat it?",
        "Only the two vectors that were handed in; NumPy lines them up with the columns.",
        r"$z_{ik} = (x_{ik}-\mu_k)/s_k$: which of the two has to happen first?",
    ),
)


def given(rng, examples, features):
    """New data, and a yardstick that was made from others."""
    x = cloud(rng, examples, features)
    return x, rng.normal(3, 2, features), rng.uniform(0.3, 4, features)


@exercise.probe
def five_examples(rng):
    return given(rng, 5, 3)


@exercise.probe
def as_many_features_as_examples(rng):
    return given(rng, 3, 3)


@exercise.probe
def far_away(rng):
    """Test data far outside of what training has seen."""
    x, mean, std = given(rng, 7, 2)
    return 100 * x, mean, std


@exercise.check
def worked_example(f):
    """With means 2 and 30 and spreads 1 and 20, the example (7, 20) becomes (5, −½)."""
    x = np.array([[7.0, 20.0], [2.0, 130.0], [1.0, 30.0]])
    expected = np.array([[5.0, -0.5], [0.0, 5.0], [-1.0, 0.0]])
    agree(f(x, np.array([2.0, 30.0]), np.array([1.0, 20.0])), expected)


@exercise.check
def one_example(f):
    """An example alone is treated as in company: 7 becomes 5, with mean 2 and spread 1."""
    agree(f(np.array([[7.0]]), np.array([2.0]), np.array([1.0])), np.array([[5.0]]))


@exercise.check
def arguments_stay(f):
    """x, mean and std are afterwards what they were before."""
    unchanged(f, np.array([[7.0, 20.0], [2.0, 130.0]]), np.array([2.0, 30.0]), np.array([1.0, 20]))


@exercise.check(points=1)
def random_data(f, reference, rng):
    """Standardises new data of several sizes."""
    for size in [(5, 3), (3, 7), (3, 3), (131, 2), (2, 5)]:
        arguments = given(rng, *size)
        agree(f(*arguments), reference(*arguments))
    x, mean, std = given(rng, 7, 3)
    agree(f(1e3 * x, mean, std), reference(1e3 * x, mean, std), what="data far outside")
    agree(f(1e-9 * x, 1e-9 * mean, 1e-9 * std), reference(x, mean, std), what="tiny numbers")


@exercise.check(points=1, after=random_data)
def whole_numbers_count(f, reference, rng):
    """Takes pixels, whole numbers from 0 to 255 without a sign, for what they are."""
    _, mean, std = given(rng, 5, 3)
    whole_numbers(f, reference, rng.integers(0, 256, (5, 3)), mean, std)
    pixels = rng.integers(0, 256, (5, 3)).astype(np.uint8)
    whole_numbers(f, reference, pixels, mean, std)


@exercise.check(points=1, after=random_data)
def each_for_itself(f, reference, rng):
    """An example comes out alone as in company, and a single one of a single feature."""
    x, mean, std = given(rng, 7, 3)
    together = reference(x, mean, std)
    for i in rng.permutation(7)[:3]:
        agree(f(x[i : i + 1], mean, std), together[i : i + 1], what="an example alone")
    alone = given(rng, 1, 1)
    agree(f(*alone), reference(*alone), what="one number")
    unchanged(f, x, mean, std)


@exercise.variant
def row_by_row(x, mean, std):
    return [
        [(v - m) / s for v, m, s in zip(row, mean.tolist(), std.tolist())] for row in x.tolist()
    ]


@exercise.variant
def as_a_matrix(x, mean, std):
    return (np.asarray(x, float) - mean) @ np.diag(1 / std)


@exercise.misconception
def by_its_own_statistics(x, mean, std):
    """The new data are standardised by themselves: a 3 would mean something else in each batch."""
    return (x - x.mean(axis=0)) / np.where(np.ptp(x, axis=0) == 0, 1, x.std(axis=0))


@exercise.misconception(keeps=0.5)
def centres_after_dividing(x, mean, std):
    """The mean is taken off after the division: it would have to be divided as well."""
    return x / std - mean


@exercise.misconception
def divides_by_the_variance(x, mean, std):
    """The data are divided by the squared spread, so the unit does not cancel."""
    return (x - mean) / std**2


@exercise.misconception
def centres_only(x, mean, std):
    """The data have been moved, but not stretched."""
    return x - mean


@exercise.misconception
def stretches_only(x, mean, std):
    """The data have been stretched, but not moved."""
    return x / std


@exercise.misconception
def multiplies(x, mean, std):
    """Multiplied by the spread, wide features become wider still."""
    return (x - mean) * std


@exercise.misconception
def cut_off(x, mean, std):
    """Whatever is more than three spreads away is cut off there. Nobody asked for that."""
    return np.clip((x - mean) / std, -3, 3)


@exercise.misconception
def overwrites_the_data(x, mean, std):
    """The result is right, but the caller's data are overwritten on the way."""
    x -= mean
    x /= std
    return x


@exercise.misconception
def only_the_mean_is_divided(x, mean, std):
    """x − mean / std divides the mean alone: brackets come first."""
    return x - mean / std


@exercise.misconception
def the_mean_is_added(x, mean, std):
    """Adds the mean; standardising takes it away."""
    return (x + mean) / std
