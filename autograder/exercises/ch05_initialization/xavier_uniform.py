"""The same spread from a uniform distribution"""

import numpy as np

from autograder.exercises.ch05_initialization import draws
from autograder.judging.compare import Failed
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=3,
    hints=(
        "How large is the variance of a number that is uniform between −a and a?",
        "It is a²/3. Set it equal to the variance that you want, and solve for a.",
        "±√(6/(n_in + n_out)), or ±√(3/n_in) for fan_in.",
    ),
)


def promised(n_in, n_out, form="average"):
    return np.sqrt(2 / (n_in + n_out) if form == "average" else 1 / n_in)


FORMS = [(400, 90, "fan_in"), (90, 400, "fan_in"), (3, 6000, "fan_in"), (400, 90, "average")]


@exercise.observe
def features(f):
    return draws.features(f, promised, *FORMS)


@exercise.probe
def small(rng):
    return rng, 5, 3, "fan_in"


@exercise.check
def shape(f, rng):
    """Returns a matrix (n_in, n_out), in both forms."""
    for n_in, n_out in [(5, 3), (1, 7), (4, 1)]:
        for form in ("average", "fan_in"):
            draws.draw(f, rng, n_in, n_out, form)


@exercise.check
def limit_of_a_tenth(f, rng):
    """In a layer (500, 100), all weights are within ±0.1, and some are beyond ±0.099."""
    # √(6/600) = 0.1. That none of 50,000 comes so near the ends: 0.99**50000 < 1e-200.
    largest = np.abs(draws.draw(f, rng, 500, 100)[0]).max()
    if not 0.099 < largest < 0.1000001:
        raise Failed(f"the largest weight has size {largest:.4g}")


SHAPES = [(1, 20011), (2, 10007), (20011, 1), draws.SQUARE, draws.NARROW]


@exercise.check
def limit_with_fan_in(f, rng):
    """With "fan_in" the limits of a layer (300, 200) are ±0.1, on both sides."""
    W = draws.draw(f, rng, 300, 200, "fan_in")[0]
    for end in (W.max(), -W.min()):
        if not 0.099 < end < 0.1000001:
            raise Failed(f"the weights reach from {W.min():.4g} to {W.max():.4g}")


@exercise.check
def small_layers(f):
    """In layers (1, 2) the variance is 2/3, and it varies."""
    draws.spread_near(f, 300, np.sqrt(2 / 3), 1, 2)


@exercise.check
def repeatable(f):
    """The same state of the generator gives the same weights, and the next call new ones."""
    draws.same_state_same_weights(f, 5, 3, "fan_in")


@exercise.check(points=2)
def spread_of_the_average_form(f, rng):
    """Has mean 0 and variance 2/(n_in + n_out)."""
    draws.spread_is_promised(f, rng, promised, [*SHAPES, draws.LARGE], "average")


@exercise.check(points=2)
def spread_of_the_fan_in_form(f, rng):
    """Has mean 0 and variance 1/n_in when asked for "fan_in"."""
    draws.spread_is_promised(f, rng, promised, [*SHAPES, draws.WIDE], "fan_in")


both = (spread_of_the_average_form, spread_of_the_fan_in_form)


@exercise.check(points=1, after=both)
def average_by_default(f, rng):
    """Draws the "average" form if none is named."""
    draws.spread_is_promised(f, rng, promised, [draws.WIDE, draws.NARROW])


@exercise.check(points=1, after=both)
def uniform_and_independent(f, rng):
    """Draws every weight on its own, from the uniform distribution, in large layers and small."""
    for form in ("average", "fan_in"):
        draws.own_draws(f, rng, promised, draws.UNIFORM, form)
    draws.small_ones(f, rng, promised, draws.UNIFORM, ("average",), ("fan_in",))


@exercise.check(points=1, after=both)
def fresh_every_time(f, rng):
    """Takes all chance from the generator handed in: same state, same weights; then new."""
    for form in ("average", "fan_in"):
        draws.fresh(f, rng, promised, draws.UNIFORM, form)


@exercise.variant
def stretched(rng, n_in, n_out, form="average"):
    a = (6 / (n_in + n_out)) ** 0.5 if form == "average" else (3 / n_in) ** 0.5
    return (2 * rng.random((n_in, n_out)) - 1) * a


@exercise.variant
def from_a_dict(rng, n_in, n_out, form="average"):
    fan = {"average": (n_in + n_out) / 2, "fan_in": n_in}[form]
    return [list(rng.uniform(-1, 1, n_out) * np.sqrt(3 / fan)) for _ in range(n_in)]


@exercise.variant
def sign_and_size(rng, n_in, n_out, form="average"):
    shape = (n_in, n_out)
    a = np.sqrt(6 / (n_in + n_out) if form == "average" else 3 / n_in)
    return rng.choice([-1, 1], size=shape) * rng.uniform(0, a, size=shape)


def _within(rng, n_in, n_out, limit):
    return rng.uniform(-limit, limit, size=(n_in, n_out))


@exercise.misconception
def spread_taken_for_the_limit(rng, n_in, n_out, form="average"):
    """The limit is the standard deviation. Uniform numbers within ±a have a spread of only a/√3."""
    return _within(rng, n_in, n_out, promised(n_in, n_out, form))


@exercise.misconception
def length_instead_of_half(rng, n_in, n_out, form="average"):
    """Variance is (length of the interval)²/12; from −a to a the length is 2a."""
    return _within(rng, n_in, n_out, np.sqrt(12) * promised(n_in, n_out, form))


@exercise.misconception
def positive_only(rng, n_in, n_out, form="average"):
    """No weight is negative: the interval begins at 0 instead of −limit."""
    return rng.uniform(0, np.sqrt(3) * promised(n_in, n_out, form), size=(n_in, n_out))


@exercise.misconception
def average_cut_to_a_whole_number(rng, n_in, n_out, form="average"):
    """`//` cuts the average of the sizes to a whole number. In a layer (1, 2) it is 1.5."""
    fan = n_in if form == "fan_in" else (n_in + n_out) // 2
    return _within(rng, n_in, n_out, np.sqrt(3 / fan))


@exercise.misconception
def root_forgotten(rng, n_in, n_out, form="average"):
    """A root is missing: 6/(n_in + n_out) is the limit squared."""
    return _within(rng, n_in, n_out, 3 * promised(n_in, n_out, form) ** 2)


@exercise.misconception
def six_in_both_forms(rng, n_in, n_out, form="average"):
    """For "fan_in" the limit is √(6/n_in), which is He's. Three times 1/n_in is 3/n_in."""
    factor = 3 if form == "average" else 6
    return _within(rng, n_in, n_out, np.sqrt(factor) * promised(n_in, n_out, form))


@exercise.misconception
def three_in_both_forms(rng, n_in, n_out, form="average"):
    """For "average" the limit is √(3/(n_in + n_out)). Three times 2/(n_in + n_out) has a 6."""
    factor = 1.5 if form == "average" else 3
    return _within(rng, n_in, n_out, np.sqrt(factor) * promised(n_in, n_out, form))


@exercise.misconception
def outputs_counted(rng, n_in, n_out, form="average"):
    """ "fan_in" counts the inputs: the terms that one z adds up. You count the units."""
    return _within(rng, n_in, n_out, np.sqrt(3) * promised(n_out, n_in, form))


@exercise.misconception
def always_the_average(rng, n_in, n_out, form="average"):
    """`form` is not looked at: "fan_in" is drawn like "average"."""
    return _within(rng, n_in, n_out, np.sqrt(3) * promised(n_in, n_out))


@exercise.misconception
def normal_instead(rng, n_in, n_out, form="average"):
    """The spread is right, but the weights are normal, and some lie beyond any limit."""
    return promised(n_in, n_out, form) * rng.normal(size=(n_in, n_out))


@exercise.misconception
def seed_of_its_own(rng, n_in, n_out, form="average"):
    """A fixed seed inside gives all layers of one shape the same weights. Use `rng`."""
    limit = np.sqrt(3) * promised(n_in, n_out, form)
    return _within(np.random.default_rng(0), n_in, n_out, limit)


@exercise.misconception
def chance_from_elsewhere(rng, n_in, n_out, form="average"):
    """The generator handed in is not used, so nobody can repeat your run."""
    limit = np.sqrt(3) * promised(n_in, n_out, form)
    return _within(np.random.default_rng(), n_in, n_out, limit)


@exercise.misconception
def a_row_for_each_output(rng, n_in, n_out, form="average"):
    """W is turned round: it has a row for each output. In this course x @ W has to fit."""
    limit = np.sqrt(3) * promised(n_in, n_out, form)
    return _within(rng, n_out, n_in, limit)
