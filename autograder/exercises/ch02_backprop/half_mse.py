"""The quadratic cost."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=1,
    hints=(
        "How far is one output row from its target row? What is averaged over what?",
        "Square the differences, add all of them, then divide by twice the number of examples.",
        "C = 1/(2N) · Σₙ Σⱼ (yₙⱼ − aₙⱼ)²; N is the number of rows.",
    ),
)


def batch(rng, examples, outputs):
    """Outputs and targets that have nothing to do with each other."""
    return rng.normal(size=(examples, outputs)), 1 + 2 * rng.normal(size=(examples, outputs))


@exercise.probe
def five_examples(rng):
    return batch(rng, 5, 3)


@exercise.probe
def one_example(rng):
    return batch(rng, 1, 7)


@exercise.probe
def one_output(rng):
    return batch(rng, 11, 1)


@exercise.check
def worked_example(f):
    """Two examples with squared distances 5 and 9 cost (5 + 9)/(2·2) = 3.5."""
    a, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[2.0, 4.0], [3.0, 1.0]])
    agree(f(a, y), 3.5, what="the cost")


@exercise.check
def three_outputs(f):
    """One example that misses its target by 1, 2 and 3 costs 14/2 = 7."""
    agree(f(np.array([[1.0, 0.0, 0.0]]), np.array([[0.0, 2.0, 3.0]])), 7.0, what="the cost")


@exercise.check(points=2)
def random_batches(f, reference, rng):
    """Gives the cost of random batches of several sizes."""
    for size in [(5, 3), (3, 5), (11, 2), (2, 7), (5, 3)]:
        arguments = batch(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the cost")


@exercise.check(points=1, after=random_batches)
def edges(f, reference, rng):
    """Works for a batch of one, one output, huge and tiny misses and none at all."""
    for a, y in [one_example(rng), one_output(rng), batch(rng, 1, 1)]:
        for scale in (1.0, 1e6, 1e-3):
            pair = scale * a, scale * y
            agree(f(*pair), reference(*pair), atol=1e-16, what="the cost")
        agree(f(y, y), 0.0, what="the cost of a perfect answer")
    y = 2.0**22 + rng.normal(size=(5, 3))  # squaring before subtracting loses the difference
    near = y + 2.0**-9
    agree(f(near, y), reference(near, y), what="the cost of near misses of large targets")


@exercise.check(points=1, after=random_batches)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are: neither the cost nor a square is cut or overflows."""
    whole_numbers(f, reference, *rng.integers(-300, 300, size=(2, 5, 3)))
    whole_numbers(f, reference, np.array([[1, 9], [4, 9]]), np.array([[0, 9], [4, 9]]))
    whole_numbers(f, reference, rng.random((5, 3)), rng.integers(0, 2, (5, 3)))
    whole_numbers(f, reference, rng.integers(0, 2, (5, 3)), rng.random((5, 3)))


@exercise.check(points=1, after=random_batches)
def laws(f, rng):
    """Does not change if outputs and targets move together or swap roles; grows as the square."""
    a, y = five_examples(rng)
    cost = f(a, y)
    agree(f(a + 3.7, y + 3.7), cost, what="the cost after a common shift")
    agree(f(y, a), cost, what="the cost with the roles swapped")
    agree(f(3 * a, 3 * y), 9 * cost, what="the cost of three times the miss")
    agree(f(a[:, ::-1], y[:, ::-1]), cost, what="the cost with the columns reversed")


@exercise.check(points=1, after=random_batches)
def averages_over_examples(f, rng):
    """The cost of a batch is the mean of its halves' costs, so doubling the batch keeps it."""
    a, y = batch(rng, 6, 3)
    halves = [f(a[:3], y[:3]), f(a[3:], y[3:])]
    agree(f(a, y), np.mean(halves), what="the cost of the batch")
    agree(f(np.vstack([a, a]), np.vstack([y, y])), f(a, y), what="the cost of the doubled batch")


@exercise.check(points=1, after=random_batches)
def leaves_inputs_alone(f, rng):
    """Leaves outputs and targets as they were."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def with_loops(a, y):
    total = 0.0
    for output, target in zip(a, y, strict=True):
        for o, t in zip(output, target, strict=True):
            total += (t - o) ** 2
    return total / (2 * len(a))


@exercise.variant
def with_einsum(a, y):
    miss = y - a
    return np.einsum("nc,nc->", miss, miss) / a.shape[0] / 2


@exercise.variant
def mean_of_squared_norms(a, y):
    return 0.5 * np.mean(np.linalg.norm(a - y, axis=1) ** 2)


@exercise.misconception(keeps=0.5)
def forgets_the_half(a, y):
    """The cost is twice too large: this is the plain mean of squared distances, without the ½."""
    return np.sum((y - a) ** 2) / len(a)


@exercise.misconception(keeps=1 / 3)
def averages_over_outputs_too(a, y):
    """The mean also divides by the number of outputs. Only the examples are averaged."""
    return np.mean((y - a) ** 2) / 2


@exercise.misconception
def plain_mean_of_squares(a, y):
    """This is the mean over all entries: it divides by the outputs too, and has no ½."""
    return np.mean((y - a) ** 2)


@exercise.misconception(keeps=0.5)
def forgets_to_average(a, y):
    """The cost grows with the batch: it is a sum over the examples, not yet a mean."""
    return np.sum((y - a) ** 2) / 2


@exercise.misconception
def averages_over_outputs_only(a, y):
    """You divide by the number of outputs. Which axis counts the examples?"""
    return np.sum((y - a) ** 2) / (2 * a.shape[1])


@exercise.misconception
def forgets_to_square(a, y):
    """The differences are added as they are: misses of opposite sign cancel. What is squared?"""
    return np.sum(y - a) / (2 * len(a))


@exercise.misconception
def absolute_differences(a, y):
    """These are absolute differences. The cost is quadratic: twice the miss costs four times."""
    return np.sum(np.abs(y - a)) / (2 * len(a))


@exercise.misconception
def distance_not_squared(a, y):
    """The length of each miss is averaged, but its square is asked for."""
    return np.mean(np.linalg.norm(y - a, axis=1)) / 2


@exercise.misconception
def squares_the_sum(a, y):
    """Square first, then add: here the misses of one example cancel before they are squared."""
    return np.sum(np.sum(y - a, axis=1) ** 2) / (2 * len(a))


@exercise.misconception
def one_cost_per_example(a, y):
    """There is one number per example left. The cost of a batch is a single number."""
    return np.sum((y - a) ** 2, axis=1) / (2 * len(a))


@exercise.misconception
def root_of_the_mean(a, y):
    """A square root has slipped in: the cost is the mean square itself."""
    return np.sqrt(np.sum((y - a) ** 2) / (2 * len(a)))


@exercise.misconception
def overwrites_the_outputs(a, y):
    """The cost is right, but the caller's outputs are overwritten with the differences."""
    a -= y
    return np.sum(a**2) / (2 * len(a))
