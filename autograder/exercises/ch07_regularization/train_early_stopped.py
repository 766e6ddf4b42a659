"""Stop in time, and go back."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    core=True,
    hints=(
        "What do you have to remember besides the present weights, and when does it change?",
        "Three notes: the best weights so far, their loss, and how many epochs ago that was.",
        "New record: renew all three. None: one more epoch waited; stop when that is `patience`.",
    ),
)

NAN = float("nan")


def along(curve):
    """Training whose weights count the epochs, and whose losses are this curve."""
    curve = [float(loss) for loss in curve]
    advance = travels(lambda w: w + np.array([1.0, -2.0, 0.5]))
    validation = travels(lambda w: curve[round(float(w[0])) - 1])
    return np.zeros(3), advance, validation


def after(epoch):
    """The weights after so many epochs of such a training."""
    return epoch * np.array([1.0, -2.0, 0.5])


def bowl(rng):
    """Descent towards the training minimum; the validation minimum lies beside the way."""
    there, near = rng.normal(size=(2, 2, 3)), rng.uniform(0.3, 0.7)
    aim = near * there[0] + 0.1 * there[1]
    advance = travels(lambda w: w - 0.1 * (w - there[0]))
    return np.zeros((2, 3)), advance, travels(lambda w: float(np.sum((w - aim) ** 2)))


def wandering(rng, epochs):
    t = np.linspace(0, 1, epochs)
    return (1 + (t - rng.uniform(0.3, 0.7)) ** 2 + 0.02 * rng.normal(size=epochs)).tolist()


@exercise.probe
def in_a_bowl(rng):
    return *bowl(rng), 60, 3


@exercise.probe
def wobbles(rng):
    return *along(wandering(rng, 60)), 60, 4


@exercise.probe
def out_of_epochs(rng):
    return *along(np.linspace(3, 1, 9)), 5, 4


@exercise.probe
def second_valley_too_late(rng):
    return *along([4, 3, 3.5, 3.6, 3.7, 1, 0.5]), 7, 3


@exercise.probe
def second_valley_in_time(rng):
    return *along([4, 3, 3.5, 3.6, 2, 2.5, 2.6, 2.7, 2.8, 2.9]), 10, 3


@exercise.probe
def falls_again_but_no_record(rng):
    return *along([5, 3, 6, 5, 4, 3.5, 3.2, 1]), 8, 3


@exercise.probe
def ties(rng):
    return *along([3, 2, 2, 2, 2, 2]), 6, 3


@exercise.probe
def interrupted(rng):
    return *along([3, NAN, NAN, 2, NAN, 2.5, NAN, 1]), 8, 3


@exercise.probe
def starts_broken(rng):
    return *along([NAN, NAN, 2, 1, 3, 3, 3, 3]), 8, 4


@exercise.probe
def rises_only(rng):
    return *along([1, 2, 3, 4, 5]), 5, 2


@exercise.probe
def no_epoch(rng):
    return *along([1.0]), 0, 2


def trained(f, curve, patience, best, run, epochs=None):
    """Compare weights and losses with those after `best` epochs and of the first `run`."""
    weights, losses = sequence(f(*along(curve), epochs or len(curve), patience), 2)
    agree(weights, after(best), what="the weights")
    agree(losses, np.array(curve[:run], dtype=float), what="the losses")


@exercise.check
def worked_example(f):
    """The losses 5, 4, 3, 4, 5, 6, 1 with patience 2: five epochs, weights of the third."""
    trained(f, [5, 4, 3, 4, 5, 6, 1], 2, best=3, run=5)
    trained(f, [5, 4, 3, 4, 5, 6, 1], 4, best=7, run=7)


@exercise.check
def records_renew_the_patience(f):
    """A record renews the patience; a fall below the last loss, or an equal one, is no record."""
    trained(f, [5, 4, 6, 3, 6, 2, 7, 7, 7], 2, best=6, run=8)
    trained(f, [5, 3, 6, 5, 4, 4.5], 3, best=2, run=5)
    trained(f, [3, 2, 2, 2, 2], 2, best=2, run=4)


@exercise.check
def epochs_run_out(f):
    """After `epochs` epochs it is over; a NaN is no record, not even as the first."""
    trained(f, [5, 4, 3, 2, 1], 2, best=3, run=3, epochs=3)
    trained(f, [NAN, 4, NAN, 3, 5], 4, best=4, run=5)


@exercise.check
def weights_stay(f):
    """The weights that training starts from are afterwards what they were before."""
    unchanged(f, *along([3, 2, 1, 2, 3]), 5, 1)


@exercise.check(points=2)
def random_curves(f, reference, rng):
    """Stops and goes back on curves of many lengths, with much patience and little."""
    for epochs in (60, *rng.integers(5, 40, size=4).tolist()):
        curve = wandering(rng, epochs)
        for patience in rng.permutation([1, 3, 11]).tolist():
            arguments = *along(curve), epochs, patience
            weights, losses = sequence(f(*arguments), 2)
            best, expected = reference(*arguments)
            agree(weights, best, what="the weights")
            agree(losses, np.array(expected), what="the losses")


@exercise.check(points=1, after=random_curves)
def a_real_descent(f, reference, rng):
    """Goes back to the lowest point of a descent whose aim is not the training's."""
    for patience in (1, 4):
        arguments = *bowl(rng), 80, patience
        weights, losses = sequence(f(*arguments), 2)
        best, expected = reference(*arguments)
        agree(weights, best, what="the weights")
        agree(losses, np.array(expected), what="the losses")
        lowest = float(np.min(np.asarray(losses)))
        agree(arguments[2](np.asarray(weights)), lowest, what="the loss of these weights")


@exercise.check(points=1, after=random_curves)
def odd_curves(f, rng):
    """Handles ties, NaN, one epoch, and curves that only rise or only fall."""
    cases = [
        ([3, 2, 2, 2, 2, 2], 3, 2, 5),
        ([3, NAN, NAN, 2, NAN, 2.5, NAN, 1], 3, 4, 7),
        ([NAN, NAN, 2, 1, 3, 3, 3, 3], 4, 4, 8),
        ([1, 2, 3, 4, 5], 2, 1, 3),
        ([4.0], 1, 1, 1),
        ([5, 4, 3, 2, 1], 1, 5, 5),
        ([-1, -3, -2, -2.5, -2, -9], 3, 2, 5),
        ([2, 0, 1, 1, 1], 2, 2, 4),
        ([2e9, 1e9, 3e9, 3e9, 3e9], 2, 2, 4),
    ]
    for i in rng.permutation(len(cases)):
        curve, patience, best, run = cases[i]
        trained(f, curve, patience, best, run)


@exercise.check(points=1, after=random_curves)
def nothing_to_go_back_to(f, rng):
    """Trains no epoch too many; without any, or without a number, gives back the first weights."""
    start, advance, validation = along([3, 2, 4, 4, 1, 1])
    epochs = []

    def counted(w):
        epochs.append(1)
        return advance(w)

    sequence(f(start, counted, validation, 6, 2), 2)
    agree(len(epochs), 4, what="the number of epochs that were trained")
    start, advance, validation = along([NAN] * 9)
    start = start + rng.normal()
    weights, losses = sequence(f(start, advance, travels(lambda w: float("nan")), 9, 3), 2)
    agree(weights, start, what="the weights after NaN alone")
    agree(len(losses), 3, what="the number of epochs")
    weights, losses = sequence(f(start, advance, validation, 0, 3), 2)
    agree(weights, start, what="the weights without an epoch")
    agree(len(losses), 0, what="the number of epochs")


@exercise.check(points=1, after=random_curves)
def leaves_the_start_alone(f, rng):
    """Leaves the weights it starts from as they were."""
    unchanged(f, *in_a_bowl(rng))


@exercise.variant
def by_the_age_of_the_record(params, advance, validation_loss, epochs, patience):
    history, losses, record = [params], [], None
    for epoch in range(epochs):
        history.append(advance(history[-1]))
        loss = validation_loss(history[-1])
        losses.append(loss)
        if loss == loss and (record is None or loss < losses[record]):
            record = epoch
        if epoch - (-1 if record is None else record) >= patience:
            break
    return (params if record is None else history[record + 1]), losses


@exercise.variant
def copies_and_breaks(params, advance, validation_loss, epochs, patience):
    now, best = np.array(params, dtype=float), np.array(params, dtype=float)
    left, losses, lowest = patience, np.array([]), float("inf")
    for _ in range(epochs):
        now = np.array(advance(now))
        losses = np.append(losses, validation_loss(now))
        left -= 1
        if losses[-1] < lowest:
            best, left, lowest = now.copy(), patience, losses[-1]
        if left == 0:
            break
    return best, losses


def _run(params, advance, score, epochs, patience, *, late=0, ties=False, reset=True, back=True):
    """The right training, but for what is named."""
    best, lowest, waited, losses = params, np.inf, 0, []
    while len(losses) < epochs and waited < patience + late:
        params = advance(params)
        losses.append(score(params))
        if losses[-1] < lowest or (ties and losses[-1] == lowest):
            best, lowest, waited = params, losses[-1], 0 if reset else waited
        else:
            waited += 1
    return (best if back else params), losses


@exercise.misconception
def last_weights(params, advance, validation_loss, epochs, patience):
    """Training stops in time, but the last weights come back, not the best."""
    return _run(params, advance, validation_loss, epochs, patience, back=False)


@exercise.misconception(keeps=0.5)
def one_epoch_too_many(params, advance, validation_loss, epochs, patience):
    """It waits for one epoch more than patience allows."""
    return _run(params, advance, validation_loss, epochs, patience, late=1)


@exercise.misconception
def patience_never_renewed(params, advance, validation_loss, epochs, patience):
    """Bad epochs are counted over the whole training. A record renews the patience."""
    return _run(params, advance, validation_loss, epochs, patience, reset=False)


@exercise.misconception
def ties_count_as_records(params, advance, validation_loss, epochs, patience):
    """A loss that equals the record counts as a new one: only a lower one does."""
    return _run(params, advance, validation_loss, epochs, patience, ties=True)


@exercise.misconception
def never_stops(params, advance, validation_loss, epochs, patience):
    """All epochs are run: patience is not used."""
    return _run(params, advance, validation_loss, epochs, epochs + 1)


@exercise.misconception
def stops_at_the_first_rise(params, advance, validation_loss, epochs, patience):
    """It stops at the first epoch that is no record: patience is not used."""
    return _run(params, advance, validation_loss, epochs, 1)


@exercise.misconception
def compares_with_the_epoch_before(params, advance, validation_loss, epochs, patience):
    """Each loss is compared with the one before it, not with the best so far."""
    best, before, waited, losses = params, np.inf, 0, []
    while len(losses) < epochs and waited < patience:
        params = advance(params)
        losses.append(validation_loss(params))
        waited = 0 if losses[-1] < before else waited + 1
        best = params if losses[-1] < before else best
        before = losses[-1]
    return best, losses


@exercise.misconception
def goes_back_and_trains_on(params, advance, validation_loss, epochs, patience):
    """After a bad epoch training begins again at the best weights, and never gets past them."""
    best, lowest, waited, losses = params, np.inf, 0, []
    while len(losses) < epochs and waited < patience:
        tried = advance(best)
        losses.append(validation_loss(tried))
        waited += 1
        if losses[-1] < lowest:
            best, lowest, waited = tried, losses[-1], 0
    return best, losses


@exercise.misconception
def weights_before_the_epoch(params, advance, validation_loss, epochs, patience):
    """The weights are noted before the epoch, the loss after it: they do not belong together."""
    best, lowest, waited, losses = params, np.inf, 0, []
    while len(losses) < epochs and waited < patience:
        earlier, params = params, advance(params)
        losses.append(validation_loss(params))
        waited += 1
        if losses[-1] < lowest:
            best, lowest, waited = earlier, losses[-1], 0
    return best, losses


@exercise.misconception
def stops_at_nan(params, advance, validation_loss, epochs, patience):
    """A NaN ends the training. The contract says that it is no improvement, and no more."""
    best, lowest, waited, losses = params, np.inf, 0, []
    while len(losses) < epochs and waited < patience:
        params = advance(params)
        losses.append(validation_loss(params))
        waited += 1
        if np.isnan(losses[-1]):
            break
        if losses[-1] < lowest:
            best, lowest, waited = params, losses[-1], 0
    return best, losses


@exercise.misconception
def nan_becomes_the_record(params, advance, validation_loss, epochs, patience):
    """A first loss of NaN becomes the record, and no number is lower than NaN."""
    best, lowest, waited, losses = params, None, 0, []
    while len(losses) < epochs and waited < patience:
        params = advance(params)
        losses.append(validation_loss(params))
        waited += 1
        if lowest is None or losses[-1] < lowest:
            best, lowest, waited = params, losses[-1], 0
    return best, losses


@exercise.misconception
def highest_is_best(params, advance, validation_loss, epochs, patience):
    """The highest loss counts as the record: lower is better."""
    best, losses = _run(params, advance, lambda w: -validation_loss(w), epochs, patience)
    return best, [-loss for loss in losses]


@exercise.misconception(keeps=0.5)
def impatient_by_one(params, advance, validation_loss, epochs, patience):
    """Stops an epoch too early: epochs without a record are counted from 0."""
    return _run(params, advance, validation_loss, epochs, patience, late=-1)


@exercise.misconception(keeps=0.5)
def losses_up_to_the_record(params, advance, validation_loss, epochs, patience):
    """Returns the losses up to the record only: those of all trained epochs are asked for."""
    best, losses = _run(params, advance, validation_loss, epochs, patience)
    records = [i + 1 for i, x in enumerate(losses) if x < min([*losses[:i], np.inf])]
    return best, losses[: max(records, default=0)]
