"""Weights that keep the signal's size"""

import numpy as np

from autograder.exercises.ch05_initialization import draws
from autograder.judging.compare import Failed
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "A sum of n terms has n times the variance of one term. What cancels this n?",
        "Choose the variance by `form`, then take its root: numbers are multiplied by a spread.",
        "√(2/(n_in + n_out)) or √(1/n_in), times standard normal numbers.",
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
def three_hundred_and_one_hundred(f, rng):
    """In a layer (300, 100), the spread is about 0.0707, or 0.0577 for "fan_in"."""
    # √(2/400) and √(1/300); 3 % are 7 standard deviations of what is measured.
    for form, expected in [("average", 0.0707), ("fan_in", 0.0577)]:
        std = draws.draw(f, rng, 300, 100, form)[0].std()
        if abs(std / expected - 1) > 0.03:
            raise Failed(f'with form "{form}" the spread is {std:.4g}')


SHAPES = [(1, 20011), (2, 10007), (20011, 1), draws.SQUARE, draws.NARROW]


@exercise.check
def default_form(f):
    """Without a form it is "average": in layers (1, 2) the variance is 2/3, and it varies."""
    draws.spread_near(f, 300, np.sqrt(2 / 3), 1, 2)


@exercise.check
def as_normal_numbers(f, rng):
    """About 4.6 % of 10,000 weights are larger than two standard deviations."""
    draws.share_beyond_two_spreads(f, rng, 0.035, 0.057, 50, 200)


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
def normal_and_independent(f, rng):
    """Draws every weight on its own, from the normal distribution, in large layers and small."""
    for form in ("average", "fan_in"):
        draws.own_draws(f, rng, promised, draws.NORMAL, form)
    draws.small_ones(f, rng, promised, draws.NORMAL, ("average",), ("fan_in",))


@exercise.check(points=1, after=both)
def fresh_every_time(f, rng):
    """Takes all chance from the generator handed in: same state, same weights; then new."""
    for form in ("average", "fan_in"):
        draws.fresh(f, rng, promised, draws.NORMAL, form)


@exercise.variant
def scale_inside(rng, n_in, n_out, form="average"):
    fan = n_in if form == "fan_in" else (n_in + n_out) / 2
    return rng.normal(scale=fan**-0.5, size=(n_in, n_out))


@exercise.variant
def from_a_dict(rng, n_in, n_out, form="average"):
    variance = {"average": 2 / (n_in + n_out), "fan_in": 1 / n_in}[form]
    return [rng.standard_normal(n_out) * variance**0.5 for _ in range(n_in)]


@exercise.variant
def drawn_the_other_way_round(rng, n_in, n_out, form="average"):
    W = rng.standard_normal((n_out, n_in)).T
    return W / (np.sqrt(n_in) if form == "fan_in" else np.sqrt((n_in + n_out) / 2))


def _with(size):
    def answer(rng, n_in, n_out, form="average"):
        return size(n_in, n_out, form) * rng.normal(size=(n_in, n_out))

    return answer


@exercise.misconception
def variance_taken_for_spread(rng, n_in, n_out, form="average"):
    """These are variances. rng.normal wants, and you multiply by, a standard deviation."""
    return _with(lambda i, o, _: promised(i, o, form) ** 2)(rng, n_in, n_out)


@exercise.misconception
def outputs_counted(rng, n_in, n_out, form="average"):
    """ "fan_in" counts the inputs: the terms that one z adds up. You count the units."""
    return _with(lambda i, o, _: promised(o, i, form))(rng, n_in, n_out)


@exercise.misconception
def the_other_form(rng, n_in, n_out, form="average"):
    """Each form does what the other one should."""
    return _with(lambda i, o, _: promised(i, o, "fan_in" if form == "average" else "average"))(
        rng, n_in, n_out
    )


@exercise.misconception
def always_the_average(rng, n_in, n_out, form="average"):
    """`form` is not looked at: "fan_in" is drawn like "average"."""
    return _with(lambda i, o, _: promised(i, o))(rng, n_in, n_out)


@exercise.misconception
def always_the_fan_in(rng, n_in, n_out, form="average"):
    """`form` is not looked at: "average" is drawn like "fan_in"."""
    return _with(lambda i, o, _: promised(i, o, "fan_in"))(rng, n_in, n_out)


@exercise.misconception
def fan_in_by_default(rng, n_in, n_out, form="fan_in"):
    """Both forms are right, but without an argument "average" is meant."""
    return _with(lambda i, o, _: promised(i, o, form))(rng, n_in, n_out)


@exercise.misconception
def average_cut_to_a_whole_number(rng, n_in, n_out, form="average"):
    """`//` cuts the average of the sizes to a whole number. In a layer (1, 2) it is 1.5."""
    fan = n_in if form == "fan_in" else (n_in + n_out) // 2
    return rng.normal(size=(n_in, n_out)) / np.sqrt(fan)


@exercise.misconception
def sum_not_average(rng, n_in, n_out, form="average"):
    """The variance is 1/(n_in + n_out): the average of both sizes is half their sum."""
    half = 2 if form == "average" else 1
    return _with(lambda i, o, _: promised(i, o, form) / np.sqrt(half))(rng, n_in, n_out)


@exercise.misconception
def a_relus_factor_two(rng, n_in, n_out, form="average"):
    """The variance is twice too large: the extra 2 belongs to ReLU layers."""
    return _with(lambda i, o, _: promised(i, o, form) * np.sqrt(2))(rng, n_in, n_out)


@exercise.misconception
def root_of_each_size(rng, n_in, n_out, form="average"):
    """You divide by the mean of both roots. Average the sizes first, then take the root."""
    mean_root = (np.sqrt(n_in) + np.sqrt(n_out)) / 2
    size = 1 / mean_root if form == "average" else 1 / np.sqrt(n_in)
    return size * rng.normal(size=(n_in, n_out))


@exercise.misconception
def uniform_instead(rng, n_in, n_out, form="average"):
    """The spread is right, but the weights are uniform; this one is asked to be normal."""
    limit = np.sqrt(3) * promised(n_in, n_out, form)
    return rng.uniform(-limit, limit, (n_in, n_out))


@exercise.misconception
def tails_cut_off(rng, n_in, n_out, form="average"):
    """No weight is further from 0 than two spreads. A normal distribution has tails; keep them."""
    u = np.clip(rng.normal(size=(n_in, n_out)), -2, 2)
    return promised(n_in, n_out, form) * u


@exercise.misconception
def seed_of_its_own(rng, n_in, n_out, form="average"):
    """A fixed seed inside gives all layers of one shape the same weights. Use `rng`."""
    return _with(lambda i, o, _: promised(i, o, form))(np.random.default_rng(0), n_in, n_out)
