"""The factor two: weights for ReLU."""

import numpy as np

from autograder.exercises.ch05_initialization import draws
from autograder.judging.compare import Failed
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=2,
    core=True,
    hints=(
        "A ReLU halves the mean square. By what must the variance of the weights grow?",
        "The variance is 2 divided by the number of terms that one z adds up. Which size is that?",
        "W = √(2/n_in) · z, each z standard normal.",
    ),
)


def promised(n_in, n_out):
    return np.sqrt(2 / n_in)


@exercise.observe
def features(f):
    return draws.features(f, promised, (2, 9001))


@exercise.probe
def small(rng):
    return rng, 5, 3


@exercise.check
def shape(f, rng):
    """Returns a matrix (n_in, n_out)."""
    for n_in, n_out in [(5, 3), (1, 7), (4, 1)]:
        draws.draw(f, rng, n_in, n_out)


@exercise.check
def two_hundred_inputs(f, rng):
    """With 200 inputs, the standard deviation of 10,000 weights is between 0.095 and 0.105."""
    # The standard deviation of 10,000 normal numbers varies by 0.7 %: these are 7 of them.
    std = draws.draw(f, rng, 200, 50)[0].std()
    if not 0.095 < std < 0.105:
        raise Failed(f"the standard deviation is {std:.4g}; √(2/200) is 0.1")


@exercise.check
def one_input(f):
    """With one input the spread over 300 layers of two units is about √2, and it varies."""
    draws.spread_near(f, 300, np.sqrt(2), 1, 2)


@exercise.check
def as_normal_numbers(f, rng):
    """About 4.6 % of 10,000 weights are larger than two standard deviations."""
    draws.share_beyond_two_spreads(f, rng, 0.035, 0.057, 50, 200)


@exercise.check
def repeatable(f):
    """The same state of the generator gives the same weights, and the next call new ones."""
    draws.same_state_same_weights(f, 5, 3)


@exercise.check(points=3)
def spread_fits_the_inputs(f, rng):
    """Has mean 0 and the right spread in wide, narrow and square layers, with 1 input or 20,000."""
    shapes = [(1, 20011), (2, 10007), (20011, 1), draws.SQUARE, draws.NARROW, draws.LARGE]
    draws.spread_is_promised(f, rng, promised, shapes)


@exercise.check(points=1, after=spread_fits_the_inputs)
def normal_and_independent(f, rng):
    """Draws every weight on its own, from the normal distribution, in large layers and small."""
    draws.own_draws(f, rng, promised, draws.NORMAL)
    draws.small_ones(f, rng, promised, draws.NORMAL)


@exercise.check(points=1, after=spread_fits_the_inputs)
def fresh_every_time(f, rng):
    """Takes all chance from the generator handed in: same state, same weights; then new."""
    draws.fresh(f, rng, promised, draws.NORMAL)


@exercise.variant
def scale_inside(rng, n_in, n_out):
    return rng.normal(0.0, (2.0 / n_in) ** 0.5, size=(n_in, n_out))


@exercise.variant
def divided(rng, n_in, n_out):
    return rng.standard_normal((n_out, n_in)).T / np.sqrt(n_in / 2)


@exercise.variant
def row_by_row(rng, n_in, n_out):
    W = np.empty((n_in, n_out))
    for i in range(n_in):
        W[i] = rng.normal(scale=np.sqrt(2 / n_in), size=n_out)
    return W


@exercise.misconception
def outputs_counted(rng, n_in, n_out):
    """The spread follows the number of units. How many terms does one z add up?"""
    return np.sqrt(2 / n_out) * rng.normal(size=(n_in, n_out))


@exercise.misconception
def variance_taken_for_spread(rng, n_in, n_out):
    """2/n_in is the variance. The standard deviation is its root."""
    return 2 / n_in * rng.normal(size=(n_in, n_out))


@exercise.misconception
def factor_two_forgotten(rng, n_in, n_out):
    """The variance is 1/n_in: that is right for tanh; a ReLU halves the mean square."""
    return np.sqrt(1 / n_in) * rng.normal(size=(n_in, n_out))


@exercise.misconception
def two_outside_the_root(rng, n_in, n_out):
    """The variance is 4/n_in: the 2 belongs under the root."""
    return 2 / np.sqrt(n_in) * rng.normal(size=(n_in, n_out))


@exercise.misconception
def upside_down(rng, n_in, n_out):
    """The more inputs, the *larger* these weights are. It should be the other way round."""
    return np.sqrt(n_in / 2) * rng.normal(size=(n_in, n_out))


@exercise.misconception
def half_instead_of_double(rng, n_in, n_out):
    """The variance is 1/(2·n_in): the ReLU has halved it already; make up for it."""
    return np.sqrt(1 / (2 * n_in)) * rng.normal(size=(n_in, n_out))


@exercise.misconception
def both_sizes_averaged(rng, n_in, n_out):
    """Inputs and outputs are averaged, as in Xavier's form. He's form counts the inputs only."""
    return np.sqrt(4 / (n_in + n_out)) * rng.normal(size=(n_in, n_out))


@exercise.misconception
def same_spread_but_uniform(rng, n_in, n_out):
    """The spread is right, but the weights are uniform; this one is asked to be normal."""
    limit = np.sqrt(6 / n_in)
    return rng.uniform(-limit, limit, (n_in, n_out))


@exercise.misconception
def bias_counted_as_an_input(rng, n_in, n_out):
    """The spread is √(2/(n_in + 1)). The bias starts at 0 and adds nothing to the variance."""
    return np.sqrt(2 / (n_in + 1)) * rng.normal(size=(n_in, n_out))


@exercise.misconception
def forced_to_the_exact_spread(rng, n_in, n_out):
    """Every draw is rescaled until its own spread is exact, so the weights hang together."""
    W = rng.normal(size=(n_in, n_out))
    return np.sqrt(2 / n_in) * W / np.sqrt(np.mean(W**2))


@exercise.misconception
def seed_of_its_own(rng, n_in, n_out):
    """A fixed seed inside gives all layers of one shape the same weights. Use `rng`."""
    return np.sqrt(2 / n_in) * np.random.default_rng(0).normal(size=(n_in, n_out))
