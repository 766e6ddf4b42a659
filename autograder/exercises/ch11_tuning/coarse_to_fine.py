"""From coarse to fine."""

import functools
import math
from typing import Any

import numpy as np

from autograder.exercises.ch11_tuning import draws, searches
from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=4,
    needs=("random_configurations", "log_uniform"),
    hints=(
        "What is known after the first round that was not known before, and how can it be used?",
        "Keep all configurations and losses. After a round, `ranking(losses)[:keep]` are the best.",
        "New range of a name: from the smallest to the largest of its values in the best runs "
        "so far.",
    ),
)

RANGES = {"rate": (1e-6, 1.0), "penalty": (1e-5, 10.0)}
MIDDLE = {"rate": -2.3, "penalty": -1.1, "momentum": -0.3}


def valley(configuration, broken=0.0):
    """A loss with its minimum inside; above some rate the training breaks."""
    if broken and configuration["rate"] > broken:
        return math.nan
    return float(sum((math.log10(v) - MIDDLE[n]) ** 2 for n, v in configuration.items()))


def downhill(configuration):
    """The smaller the rate, the better: the best runs are at one end."""
    return float(configuration["rate"])


CASES: tuple[Any, ...] = (
    ({}, 12, 3, 3, True),
    ({"broken": 1e-5}, 9, 2, 5, True),
    ({}, 10, 3, 2, False),
    ({}, 7, 1, 3, True),
    ({}, 6, 2, 1, True),
    ({}, 70, 2, 66, True),
)


@exercise.observe
def features(f):
    """Diagnosis looks at how a search narrows, not at the numbers drawn."""
    seen = []
    try:
        for k, (how, trials, rounds, keep, flag) in enumerate(CASES):
            score = functools.partial(valley, **how)
            ranges = RANGES if flag else {"rate": (1e-4, 1.0), "penalty": (1e-3, 1.0)}
            rng = np.random.default_rng(k)
            try:
                found = searches.search(f, rng, score, ranges, trials, rounds, keep, flag)
                decades = [np.ptp(np.log10(part)) for part in np.split(found[0]["rate"], rounds)]
                seen.append([bool(d > 2.5) for d in decades] if trials >= 9 else 0)
                seen.append(bool(np.all(np.diff(found[1]) >= 0)))
                u = searches.located(found, ranges, trials, rounds, keep, flag)
                seen.append(draws.uneven(u["rate"][-1]) if trials == 70 else 0)
                rate = np.concatenate([part[~np.isnan(part)] for part in u["rate"]])
                late = np.concatenate([part[~np.isnan(part)] for part in u["penalty"]])
                table = found[0]["rate"]
                seen.append([draws.uneven(rate), draws.uneven(late), len(np.unique(table)) > 6])
                if rounds > 1 and keep > 1:
                    widths = [np.ptp(part) > 0.35 for part in u["rate"]]
                    again = np.allclose(u["rate"][0], u["rate"][1], rtol=1e-6)
                    seen.append([*map(bool, widths), bool(again)])
            except Failed as failure:
                seen.append(failure.message.split(" was drawn")[0].split(" is ")[0][:30])
                if failure.message.startswith("round"):
                    seen[-1] = failure.message.split(":")[0]
        try:
            table, losses = searches.search(
                f, np.random.default_rng(9), valley, RANGES, 40, short=True
            )
            u = searches.located((table, losses), RANGES, 40, 2, 3)
            seen.append([draws.uneven(u["rate"][0]), bool(np.max(u["rate"][1]) < 1.01)])
        except Failed as failure:
            seen.append(failure.message[:12])
        return seen
    except LearnerError as error:
        return [{"raised": error.kind}]


@exercise.probe
def a_short_search(rng):
    return rng, valley, RANGES, 4


@exercise.check
def runs_and_losses(f, rng):
    """Two rounds of five trials return ten configurations, and the loss of each."""
    searches.search(f, rng, valley, RANGES, 5, 2, 3)


@exercise.check
def one_parent(f, rng):
    """If only the best run is kept, the second round repeats it again and again."""
    table, losses = searches.search(f, rng, valley, RANGES, 4, 2, 1)
    best = searches.ranked(losses[:4])[0]
    agree(table["rate"][4:], np.full(4, table["rate"][best]), rtol=1e-6, what="rates of round 2")


@exercise.check
def within_what_the_best_span(f, rng):
    """Each round stays within what the best two runs so far, of all rounds, span in every name."""
    for score in (valley, downhill):
        found = searches.search(f, rng, score, RANGES, 7, 5, 2)
        searches.located(found, RANGES, 7, 5, 2)


@exercise.check
def broken_runs_do_not_count(f, rng):
    """Runs that ended in NaN are left out of the next range, though fewer are left than asked."""
    score = functools.partial(valley, broken=1e-3)
    searches.located(searches.search(f, rng, score, RANGES, 40, 2, 40), RANGES, 40, 2, 40)


@exercise.check
def logarithmic_or_linear(f, rng):
    """The second round fills its ranges evenly: in logarithms, or linearly if so asked."""
    small = {"rate": (1e-4, 1.0), "penalty": (1e-3, 1.0)}
    for flag, ranges in [(True, RANGES), (False, small)]:
        u = searches.located(
            searches.search(f, rng, valley, ranges, 90, 2, 86, flag), ranges, 90, 2, 86, flag
        )
        if any(draws.uneven(parts[1]) for parts in u.values()):
            raise Failed(f"with logarithmic={flag} the second round does not fill its ranges")


@exercise.check(points=2)
def every_round_in_its_range(f, rng):
    """Searches each round within what the best runs so far span, and nowhere else."""
    for trials, rounds, keep in [(11, 2, 3), (7, 4, 2), (5, 3, 5), (13, 1, 3), (6, 3, 4)]:
        for score in (valley, downhill):
            found = searches.search(f, rng, score, RANGES, trials, rounds, keep)
            searches.located(found, RANGES, trials, rounds, keep)


@exercise.check(points=1, after=every_round_in_its_range)
def fills_the_narrow_range(f, rng):
    """Fills the second round's range evenly, in logarithms or linearly as asked."""
    small = {"rate": (1e-4, 1.0), "penalty": (1e-3, 1.0)}
    for flag, ranges, trials in [(True, RANGES, 60), (False, small, 90)]:
        found = searches.search(f, rng, valley, ranges, trials, 2, trials - 4, flag)
        if len(set(zip(*found[0].values()))) < 2 * trials:
            raise Failed("some configurations are tried twice")
        u = searches.located(found, ranges, trials, 2, trials - 4, flag)
        second = [parts[1] for parts in u.values()]
        whole = (np.concatenate(parts) for parts in u.values())
        if any(draws.uneven(part) for part in (*second, np.concatenate(second), *whole)):
            raise Failed("the second round does not fill its ranges evenly")
        if any(draws.dependent(*pair) for pair in (second, *u.values())):
            raise Failed("rate and penalty, or the rounds, depend on each other: draw all anew")


@exercise.check(points=1, after=every_round_in_its_range)
def keeps_as_many_as_asked(f, rng):
    """Uses the whole of the next range, also with equal losses, and repeats the best one alone."""
    for score in (valley, downhill):
        for flag, ranges in [(True, RANGES), (False, {"rate": (0.1, 1.0), "penalty": (0.2, 1.0)})]:
            u = searches.located(
                searches.search(f, rng, score, ranges, 40, 2, 2, flag), ranges, 40, 2, 2, flag
            )
            if any(draws.uneven(parts[1]) for parts in u.values()):
                raise Failed("with two runs kept, the second round does not fill what they span")
    u = searches.located(
        searches.search(f, rng, lambda c: 0.0, RANGES, 60, 2, 60), RANGES, 60, 2, 60
    )
    if any(draws.uneven(parts[1]) for parts in u.values()):
        raise Failed("the next round leaves out runs of equal loss")
    table, losses = searches.search(f, rng, valley, RANGES, 7, 3, 1)
    for name, column in table.items():
        best = column[searches.ranked(losses[:7])[0]]
        agree(column[7:], np.full(14, best), rtol=1e-6, what=f"{name} after round 1")


@exercise.check(points=1, after=every_round_in_its_range)
def broken_runs(f, rng):
    """Never lets a run that ended in NaN into the next range, even if too few others are left."""
    # All runs of the first round are NaN, which the contract leaves open, with probability
    # 2^-40 < 1e-12; `keep` is so large that the finished ones never suffice (or often do not).
    score = functools.partial(valley, broken=1e-3)
    for trials, rounds, keep in [(40, 2, 3), (40, 3, 38), (40, 2, 40)]:
        searches.located(
            searches.search(f, rng, score, RANGES, trials, rounds, keep),
            RANGES,
            trials,
            rounds,
            keep,
        )
    fails_first = functools.partial(valley, broken=0.9)
    ranges = RANGES | {"rate": (1e-2, 1.0)}
    searches.located(searches.search(f, rng, fails_first, ranges, 15, 2, 15), ranges, 15, 2, 15)


@exercise.check(points=1, after=every_round_in_its_range)
def defaults_and_other_spaces(f, rng):
    """By default takes two logarithmic rounds and keeps three; leaves the ranges as they were."""
    u = searches.located(searches.search(f, rng, valley, RANGES, 40, short=True), RANGES, 40, 2, 3)
    if any(draws.uneven(np.concatenate(parts)) for parts in u.values()):
        raise Failed("without the last arguments the draws do not fill their ranges")
    one = {"momentum": (0.1, 1.0)}
    searches.located(searches.search(f, rng, valley, one, 9, 3, 2), one, 9, 3, 2)
    u = searches.located(searches.search(f, rng, downhill, RANGES, 30, 5, 150), RANGES, 30, 5, 150)
    if draws.uneven(np.concatenate(u["rate"][2:])):
        raise Failed("if more runs are kept than a round has, those of all rounds count")
    unchanged(f, rng, valley, RANGES, 4)


@exercise.check(points=1, after=every_round_in_its_range)
def only_chance_is_the_generator(f, rng):
    """The same generator state makes the same search, another one another."""
    origin = int(rng.integers(2**62))
    first, again, other = (
        searches.search(f, np.random.default_rng(s), valley, RANGES, 5)[0]
        for s in (origin, origin, origin + 1)
    )
    agree(again, first, what="the search from the same state")
    if np.isclose(first["rate"], other["rate"], rtol=1e-12, atol=0).any():
        raise Failed("another generator made the same search")


def drawn(rng, ranges, trials, logarithmic):
    """Random configurations."""
    table = {}
    for name, (low, high) in ranges.items():
        u = rng.random(trials)
        table[name] = low * (high / low) ** u if logarithmic else low + (high - low) * u
    return [{name: float(column[i]) for name, column in table.items()} for i in range(trials)]


@exercise.variant
def round_by_round(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    history = []
    for _ in range(rounds):
        for configuration in drawn(rng, ranges, trials, logarithmic):
            history.append((score(configuration), configuration))
        good = sorted((h for h in history if h[0] == h[0]), key=lambda h: h[0])[:keep]
        ranges = {}
        for name in good[0][1]:
            tried = sorted(configuration[name] for _, configuration in good)
            ranges[name] = tried[0], tried[-1]
    return tuple(c for _, c in history), [loss for loss, _ in history]


@exercise.variant
def recursive(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True, old=((), ())):
    to, back = (math.log, math.exp) if logarithmic else (float, float)
    new = []
    for _ in range(trials):
        new.append({n: back(rng.uniform(*map(to, ends))) for n, ends in ranges.items()})
    tried = [*old[0], *new]
    losses = np.append(old[1], [score(one) for one in new])
    if rounds == 1:
        return tried, losses
    order = np.argsort(losses)[:keep]  # NaN comes last
    best = [tried[i] for i in order if not np.isnan(losses[i])]
    spans = {n: (min(b[n] for b in best), max(b[n] for b in best)) for n in ranges}
    return recursive(rng, score, spans, trials, rounds - 1, keep, logarithmic, (tried, losses))


def searched(rng, score, ranges, trials, rounds, keep, logarithmic, choose=None, span=None):
    """The right search, but for which runs are chosen and what they span."""
    tried, losses = [], []
    for _ in range(rounds):
        tried += drawn(rng, ranges, trials, logarithmic)
        losses += [score(c) for c in tried[-trials:]]
        best = [tried[i] for i in (choose or (lambda ls: searches.ranked(ls)[:keep]))(losses)]
        whole = {n: (min(b[n] for b in best), max(b[n] for b in best)) for n in ranges}
        ranges = span(best, ranges, whole) if span else whole
    return tried, np.array(losses)


@exercise.misconception
def never_narrows(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """Every round searches the whole range again. What has the first one been for?"""
    keeps = lambda best, old, whole: old
    return searched(rng, score, ranges, trials, rounds, keep, logarithmic, span=keeps)


@exercise.misconception
def narrows_to_the_worst(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """The ranges close in on the *worst* runs. A lower loss is better."""
    worst = lambda losses: searches.ranked(losses)[::-1][:keep]
    return searched(rng, score, ranges, trials, rounds, keep, logarithmic, worst)


@exercise.misconception
def only_the_last_round_counts(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """The best runs of the latest round alone span the next range. Earlier ones may be better."""

    def latest(losses):
        start = len(losses) - trials
        return [start + i for i in searches.ranked(losses[start:])[:keep]]

    return searched(rng, score, ranges, trials, rounds, keep, logarithmic, latest)


@exercise.misconception
def only_the_first_round_counts(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """The ranges narrow once, after the first round, and then stay. Every round knows more."""
    first = lambda losses: searches.ranked(losses[:trials])[:keep]
    return searched(rng, score, ranges, trials, rounds, keep, logarithmic, first)


@exercise.misconception
def broken_runs_may_stay(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """Runs that ended in NaN help to span the next range when there are too few others."""
    everyone = lambda losses: np.argsort(losses, kind="stable")[:keep]
    return searched(rng, score, ranges, trials, rounds, keep, logarithmic, everyone)


@exercise.misconception
def a_tenth_around_the_best(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """The next range is a fixed factor around the best run; it should be what the best span."""
    around = lambda best, old, whole: {n: (v * 0.3, v / 0.3) for n, v in best[0].items()}
    return searched(rng, score, ranges, trials, rounds, keep, logarithmic, span=around)


@exercise.misconception
def narrows_only_the_first_name(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """Only the first hyper-parameter is narrowed; the others keep their whole range."""

    def first(best, old, whole):
        name = next(iter(old))
        return {**old, name: whole[name]}

    return searched(rng, score, ranges, trials, rounds, keep, logarithmic, span=first)


@exercise.misconception
def always_keeps_three(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """Three runs are kept, whatever `keep` says."""
    return searched(rng, score, ranges, trials, rounds, 3, logarithmic)


@exercise.misconception
def logarithm_forgotten_when_narrow(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """The draws are linear in the rounds after the first."""
    tried = drawn(rng, ranges, trials, logarithmic)
    losses = [score(c) for c in tried]
    for _ in range(rounds - 1):
        best = [tried[i] for i in searches.ranked(losses)[:keep]]
        spans = {n: (min(b[n] for b in best), max(b[n] for b in best)) for n in ranges}
        tried += drawn(rng, spans, trials, False)
        losses += [score(c) for c in tried[-trials:]]
    return tried, losses


@exercise.misconception
def always_logarithmic(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """`logarithmic=False` makes no difference."""
    return searched(rng, score, ranges, trials, rounds, keep, True)


@exercise.misconception
def one_round_too_many(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """One round too many is run: `rounds` counts the first one, too."""
    return searched(rng, score, ranges, trials, rounds + 1, keep, logarithmic)


@exercise.misconception
def only_the_last_round_is_returned(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """Only the last round's runs come back; all that were tried are wanted."""
    tried, losses = searched(rng, score, ranges, trials, rounds, keep, logarithmic)
    return tried[-trials:], losses[-trials:]


@exercise.misconception
def best_first(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """The runs have been sorted by their losses. The order in which they were tried is wanted."""
    tried, losses = searched(rng, score, ranges, trials, rounds, keep, logarithmic)
    order = np.argsort(losses, kind="stable")
    return [tried[i] for i in order], losses[order]


@exercise.misconception
def broken_runs_rank_first(rng, score, ranges, trials, rounds=2, keep=3, logarithmic=True):
    """Runs that ended in NaN count as the best: NaN is sorted to the end, and the order is read
    from there."""
    from_the_end = lambda losses: np.argsort(-np.array(losses))[::-1][:keep]
    return searched(rng, score, ranges, trials, rounds, keep, logarithmic, from_the_end)
