"""Can a line do it?"""

import numpy as np

from autograder.exercises.ch01_neurons import _gates
from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    needs=("perceptron_train",),
    hints=(
        "You have a machine that finds a line if there is one. How does it tell that it has?",
        "Let `perceptron_train` start from zero, and look at the *last* entry of its mistakes.",
        r"Separable if and only if some epoch has no mistake, and training ends with it: "
        r"$m_{\text{last}} = 0$. All the epochs that are allowed may be needed.",
    ),
)


@exercise.probe
def two_switches(rng):
    return _gates.switches(2), np.array([1, 0, 0, 0])


@exercise.probe
def xor(rng):
    return _gates.switches(2), np.array([0, 1, 1, 0]), 60


@exercise.probe
def xnor(rng):
    return _gates.switches(2), np.array([1, 0, 0, 1]), 60


@exercise.probe
def conjunction(rng):
    """Learned in the sixth epoch, which has no mistake."""
    return _gates.switches(2), np.array([0, 0, 0, 1]), 60


@exercise.probe
def all_the_same(rng):
    return _gates.switches(2), np.full(4, int(rng.integers(2)))


@exercise.probe
def odd_number_of_ones(rng):
    x = _gates.switches(3)
    return x, (x.sum(axis=1) % 2).astype(int), 60


@exercise.probe
def two_diagonals_of_a_cube(rng):
    return _gates.switches(3), np.array([0, 1, 1, 0, 1, 1, 1, 1]), 60


@exercise.probe
def just_enough_epochs(rng):
    return _gates.switches(2), np.array([0, 0, 0, 1]), 6


@exercise.probe
def one_epoch_too_few(rng):
    return _gates.switches(2), np.array([0, 0, 0, 1]), 5


@exercise.probe
def clouds(rng):
    return (*_gates.two_clouds(rng, 17, 3), 2000)


@exercise.probe
def lopsided(rng):
    """A far-off point: the line halfway between the means of both classes does not do it."""
    x = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [30.0, 0.0]])
    return x + rng.uniform(0, 0.1, (4, 2)), np.array([0, 1, 1, 1]), 2000


@exercise.probe
def one_wrong_among_many(rng):
    x, labels = _gates.two_clouds(rng, 17, 3)
    middle = x[labels == 1].mean(axis=0, keepdims=True)
    return np.vstack([x, middle]), np.append(labels, 0), 80


def _cut_short(labels, epochs):
    """Training that ends too early shows which epoch decides, and what is looked at."""
    return lambda rng: (_gates.switches(2), np.array(labels), epochs)


for _epochs in (1, 2, 3, 4):
    exercise.probe(_cut_short([0, 0, 0, 1], _epochs))
    exercise.probe(_cut_short([0, 1, 1, 1], _epochs))


PROBES = tuple(exercise.probes)


@exercise.observe
def all_verdicts(f):
    """Diagnosis looks at all the verdicts at once: a single one may be right by chance."""
    replies = [f.reply(*probe(np.random.default_rng(s))) for probe in PROBES for s in (1, 2)]
    if broken := [reply for reply in replies if reply.error is not None]:
        return [{"raised": broken[0].error.kind}]
    if all(reply.value is None for reply in replies):
        return [{"value": None}]
    return [str([_verdict(reply.value) for reply in replies])]


def _verdict(value):
    """Yes or no as 1.0 or 0.0, or what the answer is instead."""
    try:
        found = as_array(value)
    except Failed as failure:
        return failure.message
    return str(found.astype(float).tolist())


def verdicts(f, calls, expected):
    """Compare yes or no, however it is written."""
    answers = f.many(calls)
    for got, wanted in zip(answers, expected, strict=True):
        found = as_array(got, "the verdict")
        if found.ndim:
            raise Failed(f"the verdict is an array of shape {found.shape}, expected True or False")
        agree(found.astype(float), float(wanted), what="the verdict")


@exercise.check
def and_but_not_xor(f):
    """AND and OR can be separated, XOR cannot."""
    x = _gates.switches(2)
    gates = [[0, 0, 0, 1], [0, 1, 1, 1], [0, 1, 1, 0]]
    verdicts(f, [(x, np.array(gate)) for gate in gates], [True, True, False])


@exercise.check
def sixteen_gates(f):
    """Of the sixteen gates with two inputs all can be separated but two, XOR and “equal”."""
    x = _gates.switches(2)
    gates = _gates.switches(4).astype(int)
    unable = ([0, 1, 1, 0], [1, 0, 0, 1])
    verdicts(f, [(x, g, 60) for g in gates], [g.tolist() not in unable for g in gates])


@exercise.check
def epochs_that_are_allowed(f):
    """AND is learned in 6 epochs, the last of which shows it: 6 are enough, 5 are not."""
    x, gate = _gates.switches(2), np.array([0, 0, 0, 1])
    verdicts(f, [(x, gate, 6), (x, gate, 5), (x, gate, 7)], [True, False, True])


@exercise.check
def far_from_the_others(f):
    """A point far away spoils nothing: 0 against 1, 2 and 30 can be separated."""
    x = np.array([[0.0], [1.0], [2.0], [30.0]])
    verdicts(f, [(x, np.array([0, 1, 1, 1]), 2000)], [True])


@exercise.check(points=2)
def gates_and_clouds(f, reference, rng):
    """Tells gates of three inputs apart, and clouds of points, with and without a stray one."""
    x = _gates.switches(3)
    gates = rng.permutation(_gates.switches(8)[1:-1])[:40].astype(int)
    calls = [(x, gate, 60) for gate in gates]
    calls += [probe(rng) for probe in (xor, clouds, odd_number_of_ones, xnor, clouds)]
    calls += [probe(rng) for probe in (lopsided, one_wrong_among_many, two_diagonals_of_a_cube)]
    calls = [calls[k] for k in rng.permutation(len(calls))]
    verdicts(f, calls, [reference(*call) for call in calls])


@exercise.check(points=1, after=gates_and_clouds)
def last_epoch_counts(f, rng):
    """Neither gives up an epoch too early, nor goes on longer than it may."""
    x = _gates.switches(2)
    needed = {(0, 0, 0, 1): 6, (0, 1, 1, 1): 4, (1, 1, 1, 0): 6, (0, 0, 0, 0): 1}
    calls = [(x, np.array(g), n + more) for g, n in needed.items() for more in (-1, 0, 1)]
    expected = [more >= 0 for _ in needed for more in (-1, 0, 1)]
    order = [k for k in rng.permutation(len(calls)) if calls[k][2] > 0]
    verdicts(f, [calls[k] for k in order], [expected[k] for k in order])


@exercise.check(points=1, after=gates_and_clouds)
def laws(f, rng):
    """Exchanging 0 and 1, or listing inputs in another order, changes no verdict."""
    calls, expected = [], []
    gates = rng.permutation(_gates.switches(4)[1:-1])[:10].astype(int)
    for gate in [*gates, np.array([0, 1, 1, 0])]:
        order, can = rng.permutation(4), gate.tolist() not in ([0, 1, 1, 0], [1, 0, 0, 1])
        calls += [(_gates.switches(2)[order], 1 - gate[order]), (_gates.switches(2), gate)]
        expected += [can, can]
    order = rng.permutation(len(calls))
    verdicts(f, [calls[k] for k in order], [expected[k] for k in order])


@exercise.check(points=1, after=gates_and_clouds)
def leaves_inputs_alone(f, rng):
    """Leaves inputs and labels as they were."""
    all_unchanged(f, [probe(rng) for probe in (xor, clouds)])


def _history(x, labels, epochs=1000):
    """Mistakes in each epoch, until one has none."""
    rows = np.column_stack([x, np.ones(len(x))])
    signs, theta, history = np.where(labels == 1, 1.0, -1.0), np.zeros(rows.shape[1]), []
    while len(history) < epochs and 0 not in history:
        history.append(0)
        for row, sign in zip(rows, signs):
            if (row @ theta > 0) != (sign > 0):
                theta = theta + sign * row
                history[-1] += 1
    return history


@exercise.variant
def training_by_hand(x, labels, epochs=1000):
    return 0 in _history(x, labels, epochs)


@exercise.variant
def with_the_final_weights(x, labels, epochs=1000):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(epochs):
        before = (w, b)
        for row, label in zip(x, labels):
            error = int(label) - (1 if row @ w + b > 0 else 0)
            if error:
                w, b = w + error * row, b + error
        if before[0] is w:
            return np.True_
    return np.False_


@exercise.misconception(keeps=0.5)
def last_epoch_does_not_count(x, labels, epochs=1000):
    """Training that ends in the very last epoch allowed is taken for a failure."""
    history = _history(x, labels, epochs)
    return len(history) < epochs


@exercise.misconception
def not_one_mistake_allowed(x, labels, epochs=1000):
    """All the mistakes are added up. Learners do make mistakes: only the last epoch tells."""
    return sum(_history(x, labels, epochs)) == 0


@exercise.misconception
def fewer_mistakes_are_enough(x, labels, epochs=1000):
    """Fewer mistakes than in the beginning do not mean that none are left."""
    history = _history(x, labels, epochs)
    return history[-1] == 0 or history[-1] < history[0]


@exercise.misconception
def three_quarters_are_enough(x, labels, epochs=1000):
    """An epoch with few mistakes passes for separable. It has to be one with none."""
    return min(_history(x, labels, epochs)) <= len(x) / 2


@exercise.misconception(keeps=0.5)
def verdict_turned_round(x, labels, epochs=1000):
    """The verdicts are the wrong way round."""
    return _history(x, labels, epochs)[-1] != 0


@exercise.misconception(keeps=0.5)
def epochs_not_handed_on(x, labels, epochs=1000):
    """`epochs` is never used: was it handed on to the training?"""
    return _history(x, labels, 1000)[-1] == 0


@exercise.misconception(keeps=2 / 3)
def one_epoch_more(x, labels, epochs=1000):
    """It is enough here that the last weights are right, or that one epoch more would have no
    mistake: one of the `epochs` itself should pass without any."""
    return _history(x, labels, epochs + 1)[-1] == 0


@exercise.misconception
def only_xor_is_known(x, labels, epochs=1000):
    """Only XOR itself is recognised. Other labels cannot be separated, either."""
    return list(labels) != [0, 1, 1, 0]


@exercise.misconception
def both_answers_must_occur(x, labels, epochs=1000):
    """Labels that are all the same are refused. A line with everything on one side will do."""
    return len(set(labels.tolist())) == 2 and _history(x, labels, epochs)[-1] == 0


@exercise.misconception
def between_the_means(x, labels, epochs=1000):
    """Only one line is tried, halfway between the means of the classes. Another might do it."""
    if len(set(labels.tolist())) < 2:
        return True
    low, high = x[labels == 0].mean(axis=0), x[labels == 1].mean(axis=0)
    side = (x - (low + high) / 2) @ (high - low) > 0
    return bool((side == (labels == 1)).all()) and _history(x, labels, epochs)[-1] == 0


@exercise.misconception(keeps=0.5)
def all_the_mistakes(x, labels, epochs=1000):
    """The mistakes of each epoch come back. A single yes or no is wanted."""
    return np.array(_history(x, labels, epochs))


@exercise.misconception
def least_squares(x, labels, epochs=1000):
    """Fits a line by least squares, which may miss one that exists: train a perceptron."""
    table = np.column_stack([x, np.ones(len(x))])
    v = np.linalg.lstsq(table, 2.0 * labels - 1, rcond=None)[0]
    return bool((((table @ v) > 0) == labels).all())
