"""Every decade gets its share."""

import numpy as np

from autograder.exercises.ch11_tuning import draws
from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, agree
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "Between 0.001 and 0.1: which number should lie in the middle of what is drawn?",
        "Take the logarithm of both ends, draw uniformly between them, and go back.",
        "exp(u) with u uniform between ln(low) and ln(high)",
    ),
)

RANGES = [(1e-6, 1e-1), (2.0, 3.0), (0.3, 4e5), (1e-12, 7e-11)]
MANY = 4000
PAIRS = 240


@exercise.observe
def features(f):
    """Diagnosis looks at the distribution, not at the numbers drawn."""
    try:
        first = f.reply(np.random.default_rng(1), 1e-6, 1e-1, MANY)
        if first.error is not None:
            raise first.error
        if first.value is None:
            return [{"value": None}]
        drawn = draws.vector(first.value, MANY)
        bins = [0, 1e-7, 1e-6, 1e-5, 1e-3, 1e-2, 0.1000001, 1, 1.5, 10, np.inf]
        seen = [np.round(np.histogram(drawn, bins)[0] / MANY * 8).tolist()]
        logs = np.log10(np.maximum(np.abs(drawn), 1e-300))
        seen += [len(np.unique(drawn)) > MANY / 2, bool(np.all(np.diff(logs) >= 0))]
        again = f(np.random.default_rng(1), 1e-6, 1e-1, MANY)
        other = f(np.random.default_rng(2), 1e-6, 1e-1, MANY)
        second = f(first.args_after[0], 1e-6, 1e-1, MANY)
        seen += [bool(np.array_equal(drawn, x)) for x in (again, other, second)]
        wide = draws.vector(f(np.random.default_rng(3), 2.0, 3.0, MANY), MANY)
        seen += [np.round(np.histogram(wide, [0, 1.9, 2.4494897, 3.01, 60, np.inf])[0] / MANY * 8)]
        seen.append(draws.uneven(np.clip(np.log(np.abs(wide) / 2) / np.log(1.5), 0, 1)))
        return [*seen, np.shape(f(np.random.default_rng(4), 1.0, 2.0, 3))]
    except LearnerError as error:
        return [{"raised": error.kind}]
    except Failed as failure:
        return [failure.message]


@exercise.probe
def a_few(rng):
    return rng, 1e-4, 1.0, 5


@exercise.check
def shape_and_range(f, rng):
    """Draws as many numbers as asked for, all of them within the range."""
    for low, high in RANGES:
        draws.places(draws.vector(f(rng, low, high, 50), 50), low, high)


@exercise.check
def half_of_them_below_the_middle(f, rng):
    """Of 1000 draws between 0.001 and 0.1 about half are below 0.01."""
    # 500 ± 120 is missed with probability below 2·exp(−2·120²/1000) < 1e-12.
    below = int(np.sum(draws.vector(f(rng, 0.001, 0.1, 1000), 1000) < 0.01))
    if not 380 <= below <= 620:
        raise Failed(f"{below} of 1000 draws between 0.001 and 0.1 are below 0.01")


@exercise.check
def the_ends_get_their_share(f, rng):
    """Of 2000 draws between 0.0001 and 1 about 250 lie in the lowest and in the topmost eighth."""
    # 250 ± 120 is more than eight standard deviations.
    drawn = draws.vector(f(rng, 1e-4, 1.0, 2000), 2000)
    for low, high in ((1e-4, 10**-3.5), (10**-0.5, 1.0)):
        if not 130 <= np.sum((low <= drawn) & (drawn <= high)) <= 370:
            raise Failed(f"the part from {low:.2g} to {high:.2g} does not get its eighth")


@exercise.check
def chance_in_no_order(f):
    """Draws in no order, the same from the same generator state, and others from another one."""
    first, again, other = (
        draws.vector(f(np.random.default_rng(seed), 0.01, 10.0, 30), 30) for seed in (3, 3, 4)
    )
    agree(again, first, what="the draws from the same state")
    if np.any(np.isclose(other, first, rtol=1e-12, atol=0)):
        raise Failed("another generator gave the same numbers")
    if np.all(np.diff(first) >= 0):
        raise Failed("the draws are sorted")


@exercise.check(points=2)
def every_part_gets_its_share(f, rng):
    """Fills every part of the range as it should be filled, in wide ranges and narrow ones."""
    for low, high in rng.permutation(RANGES) * 10 ** rng.uniform(-1, 1):
        low, high = float(low), float(high)
        u = draws.places(draws.vector(f(rng, low, high, 20_000), 20_000), low, high)
        if len(np.unique(u)) < 0.9 * len(u):
            raise Failed("too many draws are equal: any number of the range may come")
        if draws.uneven(u):
            shares = ", ".join(f"{share:.2f}" for share in np.histogram(u, 5, (0, 1))[0] / len(u))
            raise Failed(f"the fifths of {low:g} to {high:g}, in logarithms, get {shares}")


@exercise.check(points=1, after=every_part_gets_its_share)
def draws_are_independent(f, rng):
    """No draw depends on another: not within a call, not from call to call."""
    u = draws.places(draws.vector(f(rng, 1e-5, 1.0, 8000), 8000), 1e-5, 1.0)
    for one, other in ((u[::2], u[1::2]), (u[:4000], u[4000:]), (u[:4000], u[:3999:-1])):
        if draws.dependent(one, other):
            raise Failed("where one draw is tells too much about where another one is")
    calls = [(generator, 1e-5, 1.0, 2) for generator in draws.generators(rng, PAIRS)]
    pairs = np.array([draws.vector(drawn, 2) for drawn in f.many(calls)])
    one, other = draws.places(pairs, 1e-5, 1.0).T
    if draws.uneven(one) or draws.uneven(other) or draws.dependent(one, other):
        raise Failed(f"in {PAIRS} calls of two draws, the draws are not independent and even")


@exercise.check(points=1, after=every_part_gets_its_share)
def only_chance_is_the_generator(f, rng):
    """The same generator state draws the same; another one, or a used one, draws anew."""
    seed = int(rng.integers(2**62))
    first = f.reply(np.random.default_rng(seed), 1e-3, 1e3, 7)
    if first.error is not None:
        raise first.error
    again = f(np.random.default_rng(seed), 1e-3, 1e3, 7)
    agree(again, draws.vector(first.value, 7), what="the draws from the same state")
    for generator in (first.args_after[0], np.random.default_rng(seed + 1)):
        new = draws.vector(f(generator, 1e-3, 1e3, 7), 7)
        if np.any(np.isclose(new, first.value, rtol=1e-12, atol=0)):
            raise Failed("a used generator, or another one, gave the same numbers again")


@exercise.check(points=1, after=every_part_gets_its_share)
def small_cases(f, rng):
    """No draw, one draw, and a range that is a single number."""
    for size in (0, 1, 3):
        draws.vector(f(rng, 0.01, 10.0, size), size)
    agree(f(rng, 0.02, 0.02, 5), np.full(5, 0.02), rtol=1e-9, what="draws from 0.02 to 0.02")
    draws.places(draws.vector(f(rng, 1, 1000, 9), 9), 1, 1000)


@exercise.variant
def powers_of_ten(rng, low, high, size):
    return 10 ** rng.uniform(np.log10(low), np.log10(high), size=size)


@exercise.variant
def powers_of_the_quotient(rng, low, high, size):
    return [low * (high / low) ** rng.random() for _ in range(size)]


@exercise.variant
def from_the_other_end(rng, low, high, size):
    return np.asarray(high) / np.exp(np.log(high / low) * rng.random(size))


@exercise.misconception
def uniform_between_the_ends(rng, low, high, size):
    """The numbers themselves are uniform: nine in ten fall into the topmost decade."""
    return rng.uniform(low, high, size)


@exercise.misconception
def ends_taken_for_exponents(rng, low, high, size):
    """low and high are used as exponents; they are the ends of the range themselves."""
    return 10 ** rng.uniform(low, high, size)


@exercise.misconception
def mixed_bases(rng, low, high, size):
    """The natural logarithm on the way there, powers of ten on the way back."""
    return 10 ** rng.uniform(np.log(low), np.log(high), size)


@exercise.misconception
def mixed_bases_the_other_way(rng, low, high, size):
    """The logarithm to base 10 on the way there, exp on the way back."""
    return np.exp(rng.uniform(np.log10(low), np.log10(high), size))


@exercise.misconception
def forgets_to_come_back(rng, low, high, size):
    """These are the logarithms. How do you get back to a rate?"""
    return rng.uniform(np.log(low), np.log(high), size)


@exercise.misconception
def whole_exponents_only(rng, low, high, size):
    """Only a few different values are drawn. The exponent need not be a whole number."""
    exponents = np.arange(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
    return 10.0 ** rng.choice(exponents if len(exponents) else [np.log10(low)], size)


@exercise.misconception
def evenly_spaced(rng, low, high, size):
    """No chance is in these numbers: they are a grid."""
    return np.geomspace(low, high, size)


@exercise.misconception
def sorted_draws(rng, low, high, size):
    """The draws come in ascending order. If a search is stopped early, what has it seen?"""
    return np.sort(np.exp(rng.uniform(np.log(low), np.log(high), size)))


@exercise.misconception
def generator_of_its_own(rng, low, high, size):
    """A new generator with a fixed seed is made inside, so that every call draws the same."""
    return np.exp(np.random.default_rng(0).uniform(np.log(low), np.log(high), size))


@exercise.misconception
def draws_once_for_all(rng, low, high, size):
    """One number is drawn and repeated. Every entry needs a draw of its own."""
    return np.full(size, np.exp(rng.uniform(np.log(low), np.log(high))))


@exercise.misconception
def gaussian_exponents(rng, low, high, size):
    """The exponents crowd around the middle: they are normal, not uniform."""
    middle, half = np.log(low * high) / 2, np.log(high / low) / 2
    return np.exp(middle + half * np.clip(rng.normal(0, 0.4, size), -1, 1))


@exercise.misconception
def a_digit_and_a_power_of_ten(rng, low, high, size):
    """An exponent is drawn, and then a number from 1 to 10 evenly: half of each decade lies above
    5.5 times its start, where a quarter should, and the range is left at its ends."""
    first, last = int(np.floor(np.log10(low))), max(int(np.ceil(np.log10(high))), 0)
    return rng.uniform(1, 10, size) * 10.0 ** rng.integers(first, last, size, endpoint=True)
