"""And the winner is …"""

import math

import numpy as np

from autograder.judging.compare import Failed, agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "What do `nan < 1` and `1 < nan` say? And what does `min` make of it?",
        "Look only at the runs whose loss is not NaN; the smallest of them wins.",
        "The lowest of the losses that are numbers, and of several the first.",
    ),
)

NAN, INF = math.nan, math.inf


def runs(rng, losses):
    """A configuration of its own for every loss."""
    rates = rng.permutation(1000)[: len(losses)] / 8
    return [{"rate": float(r), "width": float(k)} for k, r in enumerate(rates)], losses


@exercise.probe
def all_finished(rng):
    return runs(rng, [float(v) for v in rng.permutation(20)[:7] + 1])


@exercise.probe
def all_finished_again(rng):
    return runs(rng, [0.7, 0.5, 0.9, 0.4, 0.8])


@exercise.probe
def nan_in_front(rng):
    return runs(rng, [NAN, 3.0, 2.0, 5.0])


@exercise.probe
def nan_in_the_middle(rng):
    return runs(rng, [3.0, 4.0, NAN, 2.0, 5.0, NAN])


@exercise.probe
def nan_at_the_end(rng):
    return runs(rng, [4.0, 2.0, 3.0, NAN])


@exercise.probe
def infinite_losses(rng):
    return runs(rng, [INF, 7.0, INF, 9.0])


@exercise.probe
def negative_losses(rng):
    return runs(rng, [-1.0, 2.0, -3.0, 0.0, NAN])


@exercise.probe
def a_tie(rng):
    return runs(rng, [4.0, 1.0, 3.0, 1.0])


def wins(f, arguments, where):
    configurations, losses = arguments
    configuration, loss = sequence(f(*arguments), 2)
    agree(configuration, configurations[where], rtol=0, atol=0, what="the configuration")
    if len(configuration) != len(configurations[where]):
        raise Failed("the configuration has entries that none of the given ones has")
    if as_array(loss, "the loss").ndim:
        raise Failed("the loss is an array, expected a number")
    agree(loss, float(losses[where]), rtol=0, atol=0, what="the loss")


@exercise.check
def worked_example(f):
    """Of the losses 3, NaN, 1 and 2 the third one wins."""
    wins(f, ([{"rate": r} for r in (0.1, 10.0, 0.5, 0.01)], [3.0, NAN, 1.0, 2.0]), 2)


@exercise.check
def a_broken_run_in_front(f):
    """A first run that ended in NaN does not win."""
    wins(f, ([{"rate": r} for r in (0.1, 1.0, 0.5)], [NAN, 3.0, 2.0]), 2)


@exercise.check
def first_of_equals_and_below_zero(f):
    """Of equally good runs the first wins, and a loss of −3 is lower than one of 0."""
    wins(f, ([{"rate": r} for r in (1.0, 2.0, 3.0, 4.0)], [4.0, 1.0, 3.0, 1.0]), 1)
    wins(f, ([{"rate": r} for r in (1.0, 2.0, 3.0, 4.0)], [-1.0, 0.0, -3.0, 2.0]), 2)


@exercise.check(points=2)
def wherever_it_is(f, rng):
    """Finds the lowest loss wherever it is, and wherever the NaNs are."""
    for n in (1, 2, 5, 13):
        for where in range(n):
            for share in (0.0, 0.4, 1.0):
                losses = rng.uniform(1, 9, size=n)
                losses[rng.random(n) < share] = NAN
                losses[where] = rng.uniform(0.1, 0.99)
                wins(f, runs(rng, losses.tolist()), where)


@exercise.check(points=1, after=wherever_it_is)
def odd_losses(f, rng):
    """Handles infinite, negative, huge, tiny and equal losses, and losses in an array."""
    for losses, where in [
        ([INF, 7.0, INF, 9.0], 1),
        ([NAN, INF, 1e300, NAN], 2),
        ([INF, INF, NAN], 0),
        ([3.0, -INF, NAN, 2.0], 1),
        ([-1.0, 2.0, -3.0, 0.0, NAN], 2),
        ([0.0, 1e-300, NAN], 0),
        ([NAN, 0.0, -0.5], 2),
        ([4.0, 1.0, 3.0, 1.0], 1),
        ([NAN, 2.0, 2.0, 2.0], 1),
        ([1.0 + 1e-12, 1.0, 1.0 + 1e-12], 1),
        ([1e9, 1e9 - 1e-3, NAN], 1),
        ([1, 3, 0, 2], 2),
    ]:
        wins(f, runs(rng, losses), where)
        wins(f, runs(rng, np.array(losses, dtype=float)), where)


@exercise.check(points=1, after=wherever_it_is)
def the_same_configuration_twice(f):
    """Works when a configuration was tried twice, or when all are alike."""
    twice = [{"rate": 1.0}, {"rate": 2.0}, {"rate": 1.0}]
    wins(f, (twice, [5.0, 4.0, 3.0]), 2)
    wins(f, (twice, [3.0, 4.0, 5.0]), 0)
    wins(f, (twice, [NAN, 4.0, 9.0]), 1)
    wins(f, ([{}, {}], [2.0, 1.0]), 1)


@exercise.check(points=1, after=wherever_it_is)
def leaves_inputs_alone(f, rng):
    """Leaves configurations and losses as they were."""
    unchanged(f, *nan_in_the_middle(rng))
    unchanged(f, *runs(rng, np.array([NAN, 2.0, 1.0])))


@exercise.variant
def with_a_loop(configurations, losses):
    best = None
    for configuration, loss in zip(configurations, losses):
        if loss == loss and (best is None or loss < best[1]):
            best = configuration, loss
    return best


@exercise.variant
def nan_becomes_infinite(configurations, losses):
    losses = np.array(losses, dtype=float)
    k = np.argmin(np.where(np.isnan(losses), np.inf, losses))
    return [dict(configurations[k]), losses[k]]


@exercise.variant
def sorted_pairs(configurations, losses):
    pairs = [(loss, i) for i, loss in enumerate(losses) if not np.isnan(loss)]
    loss, i = sorted(pairs)[0]
    return configurations[i], np.float64(loss)


@exercise.misconception
def nan_is_the_smallest(configurations, losses):
    """A run that ended in NaN wins: to `argmin`, NaN is smaller than everything."""
    k = int(np.argmin(losses))
    return configurations[k], losses[k]


@exercise.misconception
def nan_in_front_stays(configurations, losses):
    """If the first run is NaN, nothing is ever smaller, and it wins. What is `2 < nan`?"""
    best = 0
    for i in range(len(losses)):
        if losses[i] < losses[best]:
            best = i
    return configurations[best], losses[best]


@exercise.misconception
def nan_counts_as_zero(configurations, losses):
    """NaN has been replaced by 0, the best loss there is."""
    filled = np.nan_to_num(np.array(losses, dtype=float), posinf=np.inf)
    k = int(np.argmin(filled))
    return configurations[k], filled[k]


@exercise.misconception
def highest_loss_wins(configurations, losses):
    """This is the *worst* run. A loss is better when it is lower."""
    k = int(np.nanargmax(losses))
    return configurations[k], losses[k]


@exercise.misconception
def number_shifted_by_the_nans(configurations, losses):
    """The NaNs were taken out of the losses, but not of the configurations: the loss is right,
    the configuration beside it belongs to another run."""
    kept = [loss for loss in losses if not math.isnan(loss)]
    k = int(np.argmin(kept))
    return configurations[k], kept[k]


@exercise.misconception
def last_of_equals(configurations, losses):
    """Of several equally good runs the first should win, not the last."""
    finished = [i for i in range(len(losses)) if not math.isnan(losses[i])]
    k = min(finished, key=lambda i: (losses[i], -i))
    return configurations[k], losses[k]


@exercise.misconception
def smallest_in_size(configurations, losses):
    """The loss nearest to zero wins. A negative loss is lower still."""
    finished = [i for i in range(len(losses)) if not math.isnan(losses[i])]
    k = min(finished, key=lambda i: abs(losses[i]))
    return configurations[k], losses[k]


@exercise.misconception
def the_last_run(configurations, losses):
    """This is the last run that finished, whatever its loss."""
    k = [i for i in range(len(losses)) if not math.isnan(losses[i])][-1]
    return configurations[k], losses[k]


@exercise.misconception
def number_instead_of_configuration(configurations, losses):
    """The number of the run comes back; the configuration itself is wanted."""
    finished = [i for i in range(len(losses)) if not math.isnan(losses[i])]
    k = min(finished, key=lambda i: losses[i])
    return k, losses[k]


@exercise.misconception
def only_the_configuration(configurations, losses):
    """The loss is missing: configuration and loss are wanted."""
    finished = [i for i in range(len(losses)) if not math.isnan(losses[i])]
    return configurations[min(finished, key=lambda i: losses[i])]
