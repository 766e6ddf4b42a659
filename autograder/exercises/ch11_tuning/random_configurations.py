"""Draw configurations at random."""

import numpy as np

from autograder.exercises.ch11_tuning import draws
from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, agree, as_array, describe, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    needs=("log_uniform",),
    hints=(
        "How many draws does one configuration need, and how many do all of them?",
        "Draw a column of `trials` numbers for every name; trial i takes entry i of each column.",
        "Each name is drawn on its own: evenly in its logarithm or evenly, as the space says.",
    ),
)

RANGES = {"rate": (1e-5, 1.0), "penalty": (2, 300), "width": (0.5, 1.5)}
MANY = 1500


def columns(answer, ranges, trials):
    """The draws of each name, or `Failed` if the configurations are malformed."""
    if not isinstance(answer, list | tuple | np.ndarray):
        raise Failed(f"the result is {describe(answer)}, expected a list of dicts")
    found = sequence(answer, trials, "the list")
    for i, configuration in enumerate(found):
        if not isinstance(configuration, dict):
            raise Failed(f"entry {i} is {describe(configuration)}, expected a dict")
        if set(configuration) != set(ranges):
            raise Failed(f"entry {i} has the names {sorted(configuration)}"[:150])
    drawn = {n: as_array([c[n] for c in found], f"the draws of {n}") for n in ranges}
    for name, column in drawn.items():
        if column.shape != (trials,) or (trials and column.dtype.kind != "f"):
            raise Failed(f"the values of {name!r} are no plain floats")
    return drawn


def located(f, rng, ranges, trials, *logarithmic):
    drawn = columns(f(rng, ranges, trials, *logarithmic), ranges, trials)
    flag = logarithmic[0] if logarithmic else True
    return {name: draws.places(drawn[name], *ranges[name], flag) for name in ranges}


@exercise.observe
def features(f):
    """Diagnosis looks at the distribution, not at the numbers drawn."""
    try:
        if f(np.random.default_rng(1), RANGES, 3) is None:
            return [{"value": None}]
        seen = []
        for flag in ([], [True], [False]):
            reply = f.reply(np.random.default_rng(7), RANGES, 600, *flag)
            if reply.error is not None:
                raise reply.error
            drawn = columns(reply.value, RANGES, 600)
            for name, (low, high) in RANGES.items():
                middles = [low, np.sqrt(low * high), (low + high) / 2, high * 1.0001]
                seen.append(np.round(np.histogram(drawn[name], middles)[0] / 100).tolist())
            for one, other in [("rate", "penalty"), ("penalty", "width"), ("rate", "width")]:
                ranks = [np.argsort(np.argsort(drawn[n])) / 600 for n in (one, other)]
                seen.append(draws.dependent(*ranks))
            seen.append([len(np.unique(column)) > 300 for column in drawn.values()])
            seen.append(bool(np.all(np.diff(drawn["rate"]) >= 0)))
            second = columns(f(reply.args_after[0], RANGES, 600, *flag), RANGES, 600)
            seen.append(bool(np.array_equal(drawn["rate"], second["rate"])))
        return seen
    except LearnerError as error:
        return [{"raised": error.kind}]
    except Failed as failure:
        return [failure.message.split(" was drawn")[-1]]


@exercise.probe
def a_few(rng):
    return rng, RANGES, 4


@exercise.check
def names_and_ranges(f, rng):
    """Returns as many dicts as asked for, with every name, and all values within their ranges."""
    for flag in (True, False):
        located(f, rng, RANGES, 20, flag)


@exercise.check
def all_different(f, rng):
    """Twelve trials have twelve different rates."""
    if len({float(rate) for rate in columns(f(rng, RANGES, 12), RANGES, 12)["rate"]}) < 12:
        raise Failed("some of the twelve rates are equal")


@exercise.check
def logarithmic_unless_told(f, rng):
    """Of 1000 rates from 0.001 to 0.1 half are below 0.01; with `logarithmic=False` a tenth."""
    # 500 ± 120 and 91 ± 80 are missed with probability below 1e-11.
    for flag, low, high in [((), 380, 620), ((True,), 380, 620), ((False,), 11, 171)]:
        rates = columns(f(rng, {"rate": (0.001, 0.1)}, 1000, *flag), {"rate": ()}, 1000)["rate"]
        if not low <= np.sum(rates < 0.01) <= high:
            said = f"logarithmic={flag[0]}" if flag else "no fourth argument"
            raise Failed(f"with {said}, {np.sum(rates < 0.01)} of 1000 rates are below 0.01")


@exercise.check
def free_of_each_other(f, rng):
    """The draws of one name say nothing about those of another, nor do early ones about late."""
    # A quarter of 1000 trials, 250 ± 110, is missed with probability below 1e-10.
    ranges = {"rate": (0.1, 10.0), "width": (0.1, 10.0)}
    drawn = columns(f(rng, ranges, 1000), ranges, 1000)
    low = {name: column < 1 for name, column in drawn.items()}
    early = np.arange(1000) < 500
    for other, kind in [(low["width"], "width is small"), (early, "trial comes early")]:
        if not 140 <= np.sum(low["rate"] & other) <= 360:
            raise Failed(f"where the {kind}, the rate is small too often, or too rarely")


@exercise.check
def only_the_generator_decides(f):
    """The same generator state makes the same trials, another one others."""
    first, again, other = (
        columns(f(np.random.default_rng(seed), RANGES, 5), RANGES, 5) for seed in (3, 3, 4)
    )
    agree(again, first, what="the draws from the same state")
    if any(np.isclose(other[n], first[n], rtol=1e-12, atol=0).any() for n in RANGES):
        raise Failed("another generator gave the same numbers")


@exercise.check(points=2)
def every_range_is_filled(f, rng):
    """Fills each range evenly: in logarithms, or, if so asked, in the numbers themselves."""
    for flag in ((), (True,), (False,)):
        unit = 10 ** rng.uniform(-1, 1)
        ranges = {name: (unit * low, unit * high) for name, (low, high) in RANGES.items()}
        for name, u in located(f, rng, ranges, MANY, *flag).items():
            if draws.uneven(u):
                kind = "uniform" if flag == (False,) else "log-uniform"
                raise Failed(f"{name!r} is not {kind} between its ends (arguments after 3: {flag})")
            if len(np.unique(u)) < 0.9 * MANY:
                raise Failed(f"too many values of {name!r} are equal")
    if not all(isinstance(c, dict) for c in sequence(f(rng, RANGES, 3), 3)):
        raise Failed("the configurations are no dicts")


@exercise.check(points=1, after=every_range_is_filled)
def names_are_independent(f, rng):
    """Tells nothing about one hyper-parameter, or one trial, by another."""
    for flag in (True, False):
        u = located(f, rng, RANGES, MANY, flag)
        for one, other in [("rate", "penalty"), ("rate", "width"), ("penalty", "width")]:
            if draws.dependent(u[one], u[other]):
                raise Failed(f"{one!r} and {other!r} depend on each other")
        for name, column in u.items():
            halves = (column[::2], column[1::2]), (column[: MANY // 2], column[MANY // 2 :])
            if any(draws.dependent(a, b) for a, b in halves):
                raise Failed(f"the {name!r} of one trial depends on that of another")


@exercise.check(points=1, after=every_range_is_filled)
def trials_are_independent(f, rng):
    """Two trials are two free draws, not one from each half of the range."""
    # The limits of draws.dependent hold for any number of pairs; 240 tell one from each half.
    same = dict.fromkeys(("rate", "penalty", "width"), (0.1, 10.0))
    for flag in (True, False):
        calls = [(g, same, 2, flag) for g in draws.generators(rng, 80)]
        pairs = [pair for a in f.many(calls) for pair in columns(a, same, 2).values()]
        one, other = draws.places(np.array(pairs), 0.1, 10.0, flag).T
        if draws.uneven(one) or draws.uneven(other) or draws.dependent(one, other):
            raise Failed("in 80 calls of two trials, the two are not independent")
        rates, penalties = one[::3], one[1::3]
        if draws.dependent(rates, penalties):
            raise Failed("'rate' and 'penalty', drawn from one range, depend on each other")


@exercise.check(points=1, after=every_range_is_filled)
def only_chance_is_the_generator(f, rng):
    """The same generator state draws the same; a used one, or another one, draws anew."""
    for flag in (True, False):
        seed = int(rng.integers(2**62))
        first = f.reply(np.random.default_rng(seed), RANGES, 5, flag)
        if first.error is not None:
            raise first.error
        drawn = columns(first.value, RANGES, 5)
        again = columns(f(np.random.default_rng(seed), RANGES, 5, flag), RANGES, 5)
        agree(again, drawn, what="the draws from the same state")
        for generator in (first.args_after[0], np.random.default_rng(seed + 1)):
            new = columns(f(generator, RANGES, 5, flag), RANGES, 5)
            if any(np.isclose(new[n], drawn[n], rtol=1e-12, atol=0).any() for n in RANGES):
                raise Failed("a used generator, or another one, gave the same numbers again")


@exercise.check(points=1, after=every_range_is_filled)
def other_spaces(f, rng):
    """Works for one name, for seven, for no trial, and for ranges that are a single number."""
    seven = {f"h{k}": (0.1 + k, 5.0 + 3 * k) for k in range(7)}
    for flag in (True, False):
        located(f, rng, seven, 11, flag)
        located(f, rng, {"momentum": (0.5, 0.99)}, 1, flag)
        columns(f(rng, seven, 0, flag), seven, 0)
        still = f(rng, {"rate": (0.3, 0.3)}, 3, flag)
        agree(
            columns(still, {"rate": ()}, 3)["rate"], np.full(3, 0.3), what="rates from 0.3 to 0.3"
        )
    located(f, rng, {"bias": (-3.0, 2.0)}, 9, False)
    unchanged(f, rng, RANGES, 3, True)


@exercise.variant
def one_dict_at_a_time(rng, ranges, trials, logarithmic=True):
    found = []
    for _ in range(trials):
        one = {}
        for name, (low, high) in ranges.items():
            if logarithmic:
                one[name] = 10 ** rng.uniform(np.log10(low), np.log10(high))
            else:
                one[name] = low + (high - low) * rng.random()
        found.append(one)
    return found


@exercise.variant
def one_table(rng, ranges, trials, logarithmic=True):
    low, high = np.array(list(ranges.values()), dtype=float).reshape(-1, 2).T
    u = rng.random((trials, len(ranges)))
    table = low * (high / low) ** u if logarithmic else low + (high - low) * u
    return tuple(dict(zip(ranges, row)) for row in table)


def drawn(rng, ranges, trials, logarithmic=True, u=None):
    """Right configurations, but for the places u(k) of the k-th name in its range."""
    draw = u or (lambda k: rng.random(trials))
    table = {}
    for k, (name, (low, high)) in enumerate(ranges.items()):
        places = draw(k)
        table[name] = low * (high / low) ** places if logarithmic else low + (high - low) * places
    return [{name: float(column[i]) for name, column in table.items()} for i in range(trials)]


@exercise.misconception
def always_linear(rng, ranges, trials, logarithmic=True):
    """The numbers themselves are uniform even where logarithms are asked for."""
    return drawn(rng, ranges, trials, False)


@exercise.misconception
def always_logarithmic(rng, ranges, trials, logarithmic=True):
    """`logarithmic=False` makes no difference."""
    return drawn(rng, ranges, trials, True)


@exercise.misconception
def linear_by_default(rng, ranges, trials, logarithmic=False):
    """Without the last argument, the draws should be logarithmic."""
    return drawn(rng, ranges, trials, logarithmic)


@exercise.misconception
def flag_upside_down(rng, ranges, trials, logarithmic=True):
    """Logarithmic and linear have been exchanged."""
    return drawn(rng, ranges, trials, not logarithmic)


@exercise.misconception
def one_draw_for_all_names(rng, ranges, trials, logarithmic=True):
    """All names share one draw, so that the trials lie on a diagonal: high rate, high penalty."""
    shared = rng.random(trials)
    return drawn(rng, ranges, trials, logarithmic, lambda k: shared)


@exercise.misconception
def the_same_trial_again_and_again(rng, ranges, trials, logarithmic=True):
    """All trials are the same configuration."""
    return drawn(rng, ranges, trials, logarithmic, lambda k: np.full(trials, rng.random()))


@exercise.misconception
def generator_of_its_own(rng, ranges, trials, logarithmic=True):
    """A generator with a fixed seed is made inside: every search tries the same configurations."""
    own = np.random.default_rng(0)
    return drawn(own, ranges, trials, logarithmic)


@exercise.misconception
def random_order_on_a_grid(rng, ranges, trials, logarithmic=True):
    """The values are evenly spaced and only their order is random. Where is the freedom?"""
    places = (np.arange(trials) + 0.5) / max(trials, 1)
    coarse = np.floor(10 * places) / 9
    return drawn(rng, ranges, trials, logarithmic, lambda k: rng.permutation(coarse))


@exercise.misconception
def sorted_trials(rng, ranges, trials, logarithmic=True):
    """Every column has been sorted, so that the first trials are all small."""
    return drawn(rng, ranges, trials, logarithmic, lambda k: np.sort(rng.random(trials)))


@exercise.misconception
def dict_of_columns(rng, ranges, trials, logarithmic=True):
    """This is one dict of columns; a list of dicts is wanted, one per trial."""
    rows = drawn(rng, ranges, trials, logarithmic)
    return {name: np.array([row[name] for row in rows]) for name in ranges}


@exercise.misconception
def one_trial_short(rng, ranges, trials, logarithmic=True):
    """One trial is missing."""
    return drawn(rng, ranges, trials, logarithmic)[1:]
