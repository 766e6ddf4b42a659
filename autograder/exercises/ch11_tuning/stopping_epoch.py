"""When to stop."""

import math

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged

exercise = Exercise(
    __name__,
    minutes=14,
    difficulty=3,
    hints=(
        "Walk through the losses by hand, with two notes: the lowest loss that counted, and when.",
        "A loss is a record if it is below the last *record* by more than the margin.",
        "record: loss < lowest − margin. Otherwise stop if epoch − best ≥ patience.",
    ),
)

NAN = math.nan


def wandering(rng, epochs):
    """A loss that falls, wobbles, and rises in the end."""
    t = np.linspace(0, 1, epochs)
    return 1 + (t - rng.uniform(0.3, 0.7)) ** 2 + 0.02 * rng.normal(size=epochs)


@exercise.probe
def falls_and_rises(rng):
    return wandering(rng, 60), int(rng.integers(3, 6)), 0.0


@exercise.probe
def with_a_margin(rng):
    """Many small improvements; only some of them count."""
    return np.cumsum(-rng.uniform(0, 0.1, size=30)), 3, 0.08


@exercise.probe
def creeping(rng):
    """Every epoch is better by less than the margin, but together they count."""
    return 5 - 0.3 * np.arange(20), 4, 0.5


@exercise.probe
def creeping_for_an_impatient(rng):
    return 5 - 0.3 * np.arange(20), 1, 0.5


@exercise.probe
def default_margin(rng):
    return np.array([5.0, 4.0, 3.9999, 4.1, 4.2, 4.3, 1.0]), 3


@exercise.probe
def never_ends(rng):
    return np.sort(rng.uniform(1, 2, size=11))[::-1], 3, 0.0


@exercise.probe
def second_valley(rng):
    """The deeper valley comes after patience has ended."""
    return np.array([4.0, 3.0, 3.5, 3.6, 3.7, 1.0, 0.5]), 3, 0.0


@exercise.probe
def second_valley_in_time(rng):
    return np.array([4.0, 3.0, 3.5, 3.6, 2.0, 2.5, 2.6, 2.7, 2.8]), 3, 0.0


@exercise.probe
def ties(rng):
    return np.array([3.0, 2.0, 2.0, 2.0, 2.0, 2.0]), 3, 0.0


@exercise.probe
def margin_ties(rng):
    return np.array([8.0, 7.5, 7.0, 6.0, 5.5, 5.5, 5.5, 5.5]), 2, 0.5


@exercise.probe
def interrupted(rng):
    return np.array([3.0, NAN, NAN, 2.0, NAN, 2.5, NAN, 2.4, 1.0]), 3, 0.0


@exercise.probe
def starts_broken(rng):
    return np.array([NAN, NAN, 2.0, 1.0, 3.0, 3.0, 3.0, 3.0, 3.0]), 4, 0.0


@exercise.probe
def rises_only(rng):
    return np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 2, 0.0


@exercise.probe
def negative_losses(rng):
    return np.array([-1.0, -3.0, -2.0, -2.5, -2.0, -9.0]), 3, 0.0


PROBES = tuple(exercise.probes)


def decisions(f, cases):
    """Compare the decisions on (arguments, expected) pairs."""
    for got, (_, expected) in zip(f.many([a for a, _ in cases]), cases, strict=True):
        agree(got, expected, what="(best, stop)")


@exercise.check
def worked_example(f):
    """Of 5, 4, 3, 4, 5, 6, 1 a patience of 2 sees five losses, and goes back to epoch 2."""
    losses = np.array([5.0, 4.0, 3.0, 4.0, 5.0, 6.0, 1.0])
    decisions(f, [((losses, 2), (2, 4)), ((losses, 4), (6, 6))])


@exercise.check
def records_renew_the_patience(f):
    """Waits `patience` epochs since the last record; equal to it, or below the last, is none."""
    renewed = np.array([5.0, 4.0, 6.0, 3.0, 6.0, 2.0, 7.0, 7.0, 7.0])
    climbs_down = np.array([5.0, 3.0, 6.0, 5.0, 4.0, 4.5, 4.6])
    equal = np.array([3.0, 2.0, 2.0, 2.0, 2.0])
    decisions(f, [((renewed, 2), (5, 7)), ((climbs_down, 3), (1, 4)), ((equal, 2), (1, 3))])


@exercise.check
def improvements_add_up(f):
    """With a margin of 0.5, falls of 0.5 are no records, but together they beat the last one."""
    losses = np.array([8.0, 7.5, 7.0, 6.0, 5.5, 5.5, 5.5, 5.5])
    decisions(f, [((losses, 2, 0.5), (3, 5)), ((losses, 1, 0.5), (0, 1))])


@exercise.check(points=2)
def random_curves(f, reference, rng):
    """Decides on curves of many lengths, with much patience and little."""
    calls = []
    for epochs in (*rng.integers(1, 80, size=20).tolist(), 1, 2, 200):
        losses = wandering(rng, epochs)
        for patience in (1, 2, 5, 17):
            calls += [(losses, patience, 0.0), (losses - 2, patience)]
    decisions(f, [(arguments, reference(*arguments)) for arguments in calls])


@exercise.check(points=2, after=random_curves)
def margins(f, reference, rng):
    """Improvements within the margin do not count one by one, but they add up."""
    by_hand = [
        ([8, 7.5, 7, 6, 5.5, 5.5, 5.5, 5.5], 2, 0.5, (3, 5)),
        ([8, 7.5, 7, 6, 5.5, 5.5, 5.5, 5.5], 1, 0.5, (0, 1)),
        ([4, 3, 2, 1, 0, -1, -2, -3], 3, 2, (6, 7)),
        ([4, 3, 2, 1, 0, -1, -2, -3], 2, 2, (0, 2)),
        ([5, 5, 5, 4], 3, 1, (0, 3)),
    ]
    decisions(f, [((np.array(losses, float), *rest), end) for losses, *rest, end in by_hand])
    calls = []
    for _ in range(25):
        losses = np.cumsum(rng.normal(-0.02, 0.1, size=int(rng.integers(2, 60))))
        calls += [(losses, int(rng.integers(1, 9)), margin) for margin in (0.03, 0.15)]
    decisions(f, [(arguments, reference(*arguments)) for arguments in calls])


@exercise.check(points=1, after=random_curves)
def odd_curves(f, reference, rng):
    """Handles ties, NaN, a loss of 0, tiny steps, one epoch, and a curve that only rises."""
    calls = [probe(rng) for probe in PROBES]
    for losses in ([2.0], [NAN], [NAN] * 7, [2.0, NAN], [NAN, 3.0], [1e300, 1e200, 1e250]):
        calls += [(np.array(losses), patience) for patience in (1, 3, 10)]
    tiny = np.arange(9.0, 0, -1)
    for losses in ([1, 0, 0.5, 0.7, 0.4, 0.3], 1e-12 * tiny):
        calls += [(np.array(losses), patience) for patience in (1, 2, 3)]
    calls.append((1 + 1e-9 * tiny, 2))
    cases = [(arguments, reference(*arguments)) for arguments in calls]
    decisions(f, [*cases, ((np.linspace(9, 1, 401), 3), (400, 400))])


@exercise.check(points=1, after=random_curves)
def laws(f, rng):
    """What comes after the stop cannot matter, nor does the unit of the loss, nor a list."""
    curves = [(wandering(rng, 50), int(rng.integers(2, 6)), 0.01) for _ in range(5)]
    cases = []
    for (losses, patience, _), decided in zip(curves, f.many(curves), strict=True):
        best, stop = (int(epoch) for epoch in decided)
        others = [(losses.tolist(), 0.01), (1024 * losses + 5, 10.24)]
        if stop < 49:
            after = np.where(np.arange(50) > stop, -100.0, losses)
            others += [(after, 0.01), (losses[: stop + 1], 0.01)]
        cases += [((other, patience, margin), (best, stop)) for other, margin in others]
    decisions(f, cases)


@exercise.check(points=1, after=random_curves)
def leaves_the_curve_alone(f, rng):
    """Leaves the losses as they were."""
    calls = [probe(rng) for probe in PROBES]
    all_unchanged(f, [*calls, ([3.0, 1.0, 2.0, 4.0, 5.0], 2, 0.5)])


@exercise.variant
def by_counting(validation, patience, margin=0.0):
    best, waited, record = 0, 0, None
    for epoch in range(len(validation)):
        loss = validation[epoch]
        if not math.isnan(loss) and (record is None or record - margin > loss):
            best, record, waited = epoch, loss, 0
        elif epoch > 0:
            waited += 1
        if waited == patience:
            return best, epoch
    return [best, len(validation) - 1]


@exercise.variant
def records_first(validation, patience, margin=0.0):
    records = [0]
    level = np.inf if np.isnan(validation[0]) else validation[0]
    for epoch, loss in enumerate(validation):
        if loss < level - margin:
            records.append(epoch)
            level = loss
    for this, following in zip(records, [*records[1:], np.inf]):
        if following - this > patience:
            return np.array([this, min(this + patience, len(validation) - 1)])
    return records[-1], len(validation) - 1


def stopped(
    validation, patience, margin=0.0, *, late=0, ties=False, moving=False, reset=True, ever=False
):
    """The right decision, but for what is named."""
    best, lowest, waited = 0, math.inf, 0
    for epoch, loss in enumerate(validation):
        if loss < lowest - margin or (ties and loss == lowest - margin):
            best, lowest, waited = epoch, loss, 0 if reset else waited
        elif epoch > 0:
            waited += 1
        if moving and loss < lowest:
            lowest = loss
        if waited >= patience + late and epoch != best:
            return (int(np.nanargmin(validation)) if ever else best), epoch
    return best, len(validation) - 1


@exercise.misconception(keeps=0.5)
def one_epoch_too_many(validation, patience, margin=0.0):
    """Training goes on for one epoch more than patience allows."""
    return stopped(validation, patience, margin, late=1)


@exercise.misconception
def goes_back_to_the_best_of_the_future(validation, patience, margin=0.0):
    """The best epoch comes after the stop: nobody has trained that far. Look back only."""
    return stopped(validation, patience, margin, ever=True)


@exercise.misconception
def patience_never_renewed(validation, patience, margin=0.0):
    """Bad epochs are counted over the whole training. A record renews the patience."""
    return stopped(validation, patience, margin, reset=False)


@exercise.misconception
def ties_count_as_records(validation, patience, margin=0.0):
    """A loss that equals the record counts as a new one. *More* than the margin is asked for."""
    return stopped(validation, patience, margin, ties=True)


@exercise.misconception
def a_gain_of_just_the_margin_counts(validation, patience, margin=0.0):
    """A gain that equals the margin counts as a record. *More* than the margin is asked for."""
    low, best = float("inf"), 0
    for epoch, loss in enumerate(validation):
        if loss <= low - margin and loss < low:
            low, best = loss, epoch
        elif epoch - best >= patience:
            return best, epoch
    return best, len(validation) - 1


@exercise.misconception
def margin_ignored(validation, patience, margin=0.0):
    """Every improvement counts, however small: the margin is not used."""
    return stopped(validation, patience)


@exercise.misconception
def small_improvements_move_the_record(validation, patience, margin=0.0):
    """Improvements within the margin lower the record, so they can never add up."""
    return stopped(validation, patience, margin, moving=True)


@exercise.misconception
def stops_at_the_first_rise(validation, patience, margin=0.0):
    """Training ends at the first epoch that is no record: patience is not used."""
    return stopped(validation, 1, margin)


@exercise.misconception
def compares_with_the_epoch_before(validation, patience, margin=0.0):
    """Each loss is compared with the one before it, not with the best so far."""
    best, waited = 0, 0
    for epoch in range(1, len(validation)):
        better = validation[epoch] < validation[epoch - 1] - margin
        best, waited = (epoch, 0) if better else (best, waited + 1)
        if waited >= patience:
            return best, epoch
    return best, len(validation) - 1


@exercise.misconception
def returns_the_last_epoch_twice(validation, patience, margin=0.0):
    """The weights to go back to are those of the record, not those of the stop."""
    return (stopped(validation, patience, margin)[1],) * 2


@exercise.misconception
def margin_with_the_wrong_sign(validation, patience, margin=0.0):
    """A loss slightly *above* the record counts as a record: the margin has the wrong sign."""
    return stopped(validation, patience, -margin)
