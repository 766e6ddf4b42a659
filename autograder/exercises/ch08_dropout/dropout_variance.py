"""How much noise dropout adds."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    hints=(
        "What are mean and variance of one factor that is 0 with probability p, else 1/(1 − p)?",
        "Independent variances add, and Var(c·m) = c²·Var(m). What is c for one input?",
        "Var(m) = p/(1 − p), so the variance is p/(1 − p)·Σ_d x_d²·W_dm².",
    ),
)


def layer(rng, n, d, m):
    return rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.uniform(0.05, 0.9)


@exercise.probe
def rectangular(rng):
    x, W, _ = layer(rng, 5, 7, 3)
    return x, W, 0.2


@exercise.probe
def square(rng):
    """All sizes equal: a wrong axis raises no error here."""
    x, W, _ = layer(rng, 3, 3, 3)
    return x, W, 0.7


@exercise.probe
def one_example(rng):
    x, W, _ = layer(rng, 1, 4, 2)
    return x, W, 0.4


@exercise.probe
def no_dropout(rng):
    x, W, _ = layer(rng, 2, 3, 5)
    return x, W, 0.0


@exercise.check
def worked_example(f):
    """x = (1, 2), weights (3, −1) and p = ½: ½/½·(1·9 + 4·1) = 13."""
    agree(f(np.array([[1.0, 2.0]]), np.array([[3.0], [-1.0]]), 0.5), np.array([[13.0]]))


@exercise.check
def one_number_per_output(f, rng):
    """For five examples and three outputs the result has the shape (5, 3)."""
    agree(np.shape(f(*rectangular(rng))), (5, 3), what="the shape")


@exercise.check
def each_example_has_its_own(f):
    """With p = 0.2 the factor is ¼: x = (1, 2) and (2, 0) through weights 2 and 1 give 2 and 4."""
    x, W = np.array([[1.0, 2.0], [2.0, 0.0]]), np.array([[2.0], [1.0]])
    agree(f(x, W, 0.2), np.array([[2.0], [4.0]]), what="the variance")


@exercise.check(points=1)
def random_layers(f, reference, rng):
    """Gives the variance for layers and batches of several sizes, and for every rate."""
    for size in [(5, 7, 3), (2, 2, 5), (3, 3, 3), (11, 3, 2), (2, 13, 1)]:
        for scale in (1.0, 1e3, 1e-3):
            x, W, p = layer(rng, *size)
            agree(f(scale * x, W, p), reference(scale * x, W, p), atol=0, what="the variance")
    x, W, _ = layer(rng, 3, 5, 2)
    agree(f(x, W, 0.0), np.zeros((3, 2)), what="the variance for p = 0")
    agree(f(x, W, 0.999), reference(x, W, 0.999), atol=0, what="the variance for p = 0.999")


@exercise.check(points=2, after=random_layers)
def over_all_masks(f, rng):
    """Agrees with mean and variance over all masks, each with its probability."""
    for p in (0.2, 0.5, 0.8):
        x, W, _ = layer(rng, 2, 4, 3)
        mean = square = 0
        for m in np.ndindex(2, 2, 2, 2):
            chance = np.prod([1 - p if kept else p for kept in m])
            out = (x * m / (1 - p)) @ W
            mean, square = mean + chance * out, square + chance * out**2
        agree(f(x, W, p), square - mean**2, what="the variance")


@exercise.check(points=1, after=random_layers)
def laws(f, rng):
    """Twice the input is four times the variance; signs do not matter, nor the other examples."""
    x, W, p = layer(rng, 5, 7, 3)
    whole = np.asarray(f(x, W, p))
    agree(f(2 * x, W, p), 4 * whole, what="the variance for 2·x")
    agree(f(x, -3 * W, p), 9 * whole, what="the variance for −3·W")
    agree(f(x * rng.choice([-1, 1], (5, 7)), W, p), whole, what="the variance for other signs")
    agree(f(x[1:3], W[:, 1:], p), whole[1:3, 1:], what="the variance of a part")
    unchanged(f, x, W, p)


@exercise.check(points=1, after=random_layers)
def a_single_example(f, reference, rng):
    """Gives the variance for a single example, and for a single input."""
    for size in [(1, 2, 5), (1, 7, 1), (1, 1, 1), (1, 1, 3)]:
        x, W, p = layer(rng, *size)
        agree(f(x, W, p), reference(x, W, p), atol=0, what="the variance of a single example")
    x, W, p = layer(rng, 3, 1, 2)
    agree(f(x, W, p), reference(x, W, p), atol=0, what="the variance for a single input")


@exercise.check(points=1, after=random_layers)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are, not cutting the variance."""
    x, W = rng.integers(-9, 10, size=(3, 5)), rng.integers(-9, 10, size=(5, 2))
    whole_numbers(f, reference, x, W, 0.3, atol=0)


@exercise.variant
def with_loops(x, W, p):
    variance = np.zeros((len(x), W.shape[1]))
    for n, m in np.ndindex(variance.shape):
        for d in range(len(W)):
            variance[n, m] += p / (1 - p) * (x[n, d] * W[d, m]) ** 2
    return variance


@exercise.variant
def with_einsum(x, W, p):
    return np.einsum("nd,nd,dm,dm->nm", x, x, W, W) * (1 / (1 - p) - 1)


@exercise.variant
def by_broadcasting(x, W, p):
    return list(np.sum(np.square(x[:, :, None] * W), axis=1) * p / (1 - p))


@exercise.misconception
def variance_of_plain_coins(x, W, p):
    """p(1 − p) is the variance of a coin of 0 or 1. Inverted dropout's coins are 0 or 1/(1 − p)."""
    return p * (1 - p) * (x**2 @ W**2)


@exercise.misconception
def weights_not_squared(x, W, p):
    """The weights are not squared, so that a variance may become negative."""
    return p / (1 - p) * (x**2 @ W)


@exercise.misconception
def inputs_not_squared(x, W, p):
    """The inputs are not squared, so that a variance may become negative."""
    return p / (1 - p) * (x @ W**2)


@exercise.misconception
def squares_the_sum(x, W, p):
    """The sum is squared. It is the variances of the single terms that add."""
    return p / (1 - p) * (x @ W) ** 2


@exercise.misconception(keeps=0.5)
def standard_deviation(x, W, p):
    """This is the standard deviation, the root of what is asked for."""
    return np.sqrt(p / (1 - p) * (x**2 @ W**2))


@exercise.misconception
def mean_square(x, W, p):
    """That is the mean square of the single terms. The square of the mean has to go."""
    return 1 / (1 - p) * (x**2 @ W**2)


@exercise.misconception
def rates_swapped(x, W, p):
    """p is the rate of *dropping*: the more is dropped, the noisier."""
    return (1 - p) / max(p, 1e-6) * (x**2 @ W**2)


@exercise.misconception
def rate_alone(x, W, p):
    """The enlarging of the survivors is forgotten: it adds noise, too."""
    return p * (x**2 @ W**2)


@exercise.misconception
def scale_squared(x, W, p):
    """1/(1 − p)² times p: but a coin's variance is p·(1 − p), and that cancels once."""
    return p / (1 - p) ** 2 * (x**2 @ W**2)


@exercise.misconception
def averages_over_the_inputs(x, W, p):
    """The variances are averaged over the inputs. The output is a sum, so they add."""
    return p / (1 - p) * (x**2 @ W**2) / x.shape[1]


@exercise.misconception
def averages_over_the_batch(x, W, p):
    """The examples are averaged. Each one has a variance of its own."""
    return np.broadcast_to((p / (1 - p) * (x**2 @ W**2)).mean(axis=0), (len(x), W.shape[1])).copy()


@exercise.misconception
def spread_of_the_inputs(x, W, p):
    """This uses how the inputs vary over the batch. They are given; only the mask is random."""
    return np.broadcast_to(p / (1 - p) * (x.var(axis=0) @ W**2), (len(x), W.shape[1])).copy()
