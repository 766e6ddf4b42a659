"""Small random weights."""

import numpy as np

from autograder.exercises.ch05_initialization import draws
from autograder.judging.compare import Failed
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=5,
    difficulty=1,
    hints=(
        "A standard normal number has spread 1. What happens to its spread if you multiply it?",
        "`rng.normal(size=(n_in, n_out))` draws a whole matrix of standard normal numbers.",
        "W = scale · z, each z standard normal.",
    ),
)


def promised(n_in, n_out, scale=0.01):
    return scale


@exercise.observe
def features(f):
    return draws.features(f, promised, (50, 70, 3.0), (40, 80, 0.2))


@exercise.probe
def small(rng):
    return rng, 5, 3, 0.3


@exercise.check
def shape(f, rng):
    """Returns a matrix (n_in, n_out)."""
    for n_in, n_out in [(5, 3), (1, 7), (4, 1)]:
        draws.draw(f, rng, n_in, n_out, 0.5)


@exercise.check
def spread_of_a_tenth(f, rng):
    """With scale 0.1, the standard deviation of 10,000 weights is between 0.095 and 0.105."""
    # The standard deviation of 10,000 normal numbers varies by 0.7 %: these are 7 of them.
    std = draws.draw(f, rng, 50, 200, 0.1)[0].std()
    if not 0.095 < std < 0.105:
        raise Failed(f"the standard deviation is {std:.4g}")


@exercise.check
def repeatable(f):
    """The same state of the generator gives the same weights, and the next call new ones."""
    draws.same_state_same_weights(f, 5, 3, 0.5)


@exercise.check(points=2)
def spread_is_the_scale(f, rng):
    """Has mean 0 and the spread `scale`, large or small, whatever the size of the layer."""
    for shape, scale in [
        (draws.LARGE, 0.037),
        (draws.NARROW, 1.0),
        ((1, 20011), 1e3),
        ((20011, 1), 7),
    ]:
        draws.spread_is_promised(f, rng, promised, [shape], scale)


@exercise.check(points=1, after=spread_is_the_scale)
def default_scale(f, rng):
    """Without a scale it is 0.01; with scale 0 all weights are 0."""
    draws.spread_is_promised(f, rng, promised, [draws.WIDE])
    if draws.draw(f, rng, 5, 3, 0.0)[0].any():
        raise Failed("with scale 0 some weights are not 0")


@exercise.check(points=1, after=spread_is_the_scale)
def normal_and_independent(f, rng):
    """Draws every weight on its own, from the normal distribution."""
    draws.own_draws(f, rng, promised, draws.NORMAL, 0.3)
    draws.small_ones(f, rng, promised, draws.NORMAL, (0.7,))


@exercise.check(points=1, after=spread_is_the_scale)
def fresh_every_time(f, rng):
    """Takes all chance from the generator handed in: same state, same weights; then new."""
    draws.fresh(f, rng, promised, draws.NORMAL, 0.4)


@exercise.variant
def scale_inside(rng, n_in, n_out, scale=0.01):
    return rng.normal(0, scale, (n_in, n_out))


@exercise.variant
def unit_by_unit(rng, n_in, n_out, scale=0.01):
    return np.stack([scale * rng.standard_normal(n_in) for _ in range(n_out)], axis=1)


@exercise.variant
def nested_lists(rng, n_in, n_out, scale=0.01):
    return [[float(rng.normal()) * scale for _ in range(n_out)] for _ in range(n_in)]


@exercise.misconception
def scale_as_variance(rng, n_in, n_out, scale=0.01):
    """The spread is √scale: scale is the standard deviation, not the variance."""
    return np.sqrt(scale) * rng.normal(size=(n_in, n_out))


@exercise.misconception
def scale_forgotten(rng, n_in, n_out, scale=0.01):
    """The weights have spread 1: where does `scale` come in?"""
    return rng.normal(size=(n_in, n_out))


@exercise.misconception
def scale_always_a_hundredth(rng, n_in, n_out, scale=0.01):
    """0.01 is only the default: use the argument."""
    return 0.01 * rng.normal(size=(n_in, n_out))


@exercise.misconception
def scale_as_mean(rng, n_in, n_out, scale=0.01):
    """The first argument of rng.normal is the mean, so the weights lie around `scale`."""
    return rng.normal(scale, size=(n_in, n_out))


@exercise.misconception
def uniform_instead(rng, n_in, n_out, scale=0.01):
    """rng.random is uniform between 0 and 1: no weight is negative."""
    return scale * rng.random((n_in, n_out))


@exercise.misconception
def divided_by_fan_in(rng, n_in, n_out, scale=0.01):
    """The size of the layer plays no part here; that idea comes later."""
    return scale * rng.normal(size=(n_in, n_out)) / np.sqrt(n_in)


@exercise.misconception
def units_stored_as_rows(rng, n_in, n_out, scale=0.01):
    """This matrix is (n_out, n_in). For z = x @ W + b it must be (n_in, n_out)."""
    return scale * rng.normal(size=(n_out, n_in))


@exercise.misconception
def one_unit_for_all(rng, n_in, n_out, scale=0.01):
    """All units get the same weights, so they stay twins. Draw for each its own."""
    return np.repeat(scale * rng.normal(size=(n_in, 1)), n_out, axis=1)


@exercise.misconception
def seed_of_its_own(rng, n_in, n_out, scale=0.01):
    """A fixed seed inside gives all layers of one shape the same weights. Use `rng`."""
    return scale * np.random.default_rng(0).normal(size=(n_in, n_out))


@exercise.misconception
def chance_from_elsewhere(rng, n_in, n_out, scale=0.01):
    """The generator handed in is not used, so nobody can repeat your run."""
    return scale * np.random.default_rng().normal(size=(n_in, n_out))
