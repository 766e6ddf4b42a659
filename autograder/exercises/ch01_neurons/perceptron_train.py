"""Again and again, until nothing is wrong."""

import numpy as np

from autograder.exercises.ch01_neurons import _gates
from autograder.judging.compare import Failed, agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=14,
    difficulty=3,
    core=True,
    needs=("perceptron_step",),
    hints=(
        "Two loops: one over epochs, one over the examples. What has to be remembered from one "
        "example to the next, and what starts anew in each epoch?",
        "Hand every example to `perceptron_step` and keep the w and b that come back. Count its "
        "mistakes in a list, one entry for each epoch.",
        r"An epoch: for $i = 1, \dots, N$: $(w, b, m_i) \leftarrow$ step$(x_i, y_i, w, b)$. Note "
        r"down $\sum_i m_i$, also if it is 0; then stop if it is, or if there were enough epochs.",
    ),
)

AND, OR = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1])


def training(rng, examples, features, epochs, share=0.0):
    """Two clouds of points, a start that is not zero, and a share of wrong labels."""
    x, labels = _gates.two_clouds(rng, examples, features)
    wrong = rng.permutation(examples)[: round(share * examples)]
    labels[wrong] = 1 - labels[wrong]
    w, b = rng.normal(size=features), float(rng.normal())
    return x, labels, w, b, rng.uniform(0.1, 0.8), epochs


@exercise.probe
def never_done(rng):
    """Switches that no perceptron can learn: all three epochs are run."""
    x = rng.normal(size=(4, 2)) * 0.1 + _gates.switches(2)
    return x, np.array([0, 1, 1, 0]), rng.normal(size=2), 0.3, 0.7, 3


@exercise.probe
def two_clouds(rng):
    return training(rng, 13, 3, 200)


@exercise.probe
def wrong_labels(rng):
    return training(rng, 17, 2, 4, 0.3)


@exercise.probe
def from_zero(rng):
    x = _gates.switches(3)
    return x, (x @ [3, 2, 2] > rng.choice([2.5, 3.5])).astype(int), np.zeros(3), 0.0, 1.0, 50


@exercise.probe
def defaults(rng):
    return _gates.switches(2), AND, rng.normal(size=2), 0.2


@exercise.probe
def at_once(rng):
    """The start is right already: one epoch, no mistake."""
    x = training(rng, 7, 3, 9)[0]
    return x, np.ones(7, dtype=int), np.zeros(3), 5.0, 0.5, 9


def trained(f, arguments, expected):
    """Compare one training, part by part."""
    w, b, mistakes = sequence(f(*arguments), 3, "the result")
    agree(mistakes, expected[2], what="the mistakes of each epoch")
    agree(w, expected[0], what="w")
    agree(b, expected[1], what="b")


@exercise.check
def learns_or(f):
    """From zero at rate 1 OR takes 4 epochs, with 1, 2, 1 and 0 mistakes: w = (1, 1), b = 0."""
    x = _gates.switches(2)
    trained(f, (x, OR, np.zeros(2), 0.0), (np.array([1.0, 1.0]), 0.0, np.array([1, 2, 1, 0])))


@exercise.check
def two_epochs_by_hand(f):
    """Inputs 2, 1, labels 1, 0, rate ½: from w = −1, b = ½ two epochs lead to w = 0, b = ½."""
    x, labels = np.array([[2.0], [1.0]]), np.array([1, 0])
    expected = np.array([0.0]), 0.5, np.array([2, 2])
    trained(f, (x, labels, np.array([-1.0]), 0.5, 0.5, 2), expected)


@exercise.check
def right_from_the_start(f):
    """Weights that are right stay; the one epoch that shows it has 0 mistakes."""
    w = np.array([1.0, 1.0])
    trained(f, (_gates.switches(2), AND, w, -1.5, 0.5, 7), (w, -1.5, np.array([0])))


@exercise.check
def inputs_stay(f):
    """x, labels and the starting w are afterwards what they were before."""
    unchanged(f, _gates.switches(2), AND, np.array([0.3, -0.2]), 0.1, 0.5, 3)


@exercise.check(points=3)
def random_trainings(f, reference, rng):
    """Trains rightly from random starts, on data that can be separated and data that cannot."""
    for size in [(13, 3, 300), (7, 5, 300), (17, 2, 300)]:
        arguments = training(rng, *size)
        trained(f, arguments, reference(*arguments))
    for size in [(17, 2, 4, 0.3), (11, 5, 3, 0.3)]:
        arguments = training(rng, *size)
        trained(f, arguments, reference(*arguments))
    trained(f, arguments := never_done(rng), reference(*arguments))


@exercise.check(points=1, after=random_trainings)
def defaults_and_edges(f, reference, rng):
    """Works by default (rate 1, 100 epochs), for one example, one input, and for no epochs."""
    x, gate = _gates.switches(2), np.array([0, 1, 1, 0])
    order = rng.permutation(4)
    by_default = x[order], gate[order], np.zeros(2), 0.0
    trained(f, by_default, reference(*by_default))
    for size in [(1, 3, 20), (7, 1, 20)]:
        arguments = training(rng, *size)
        trained(f, arguments, reference(*arguments))
    none = (*training(rng, 7, 3, 0)[:5], 0)
    w, b, mistakes = sequence(f(*none), 3, "the result")
    agree([w, b], [none[2], none[3]], what="w and b after no epochs")
    if np.size(mistakes):
        raise Failed("without epochs there are no mistakes to list")


@exercise.check(points=1, after=random_trainings)
def mistakes_are_bounded(f, rng):
    """On separable data it ends without mistakes, after at most (R/γ)² of them in all."""
    x, labels = _gates.two_clouds(rng, 19, 3)
    rows = np.column_stack([x, np.ones(19)]) * np.where(labels, 1, -1)[:, None]
    w, b, mistakes = sequence(f(x, labels, np.zeros(3), 0.0, 0.7, 5000), 3, "the result")
    mistakes = np.asarray(mistakes, dtype=float)
    if mistakes.ndim != 1 or not mistakes.size or mistakes[-1] != 0 or (mistakes[:-1] == 0).any():
        raise Failed("the last epoch should be the only one without a mistake")
    found = np.append(w, b)
    if not (rows @ found > 0).all():
        raise Failed("the weights that come back still make mistakes")
    margin = (rows @ found).min() / np.linalg.norm(found)
    if mistakes.sum() > np.square(rows).sum(axis=1).max() / margin**2:
        raise Failed(f"{mistakes.sum():g} mistakes are more than a perceptron can make here")


@exercise.check(points=1, after=random_trainings)
def whole_numbers_count(f, reference, rng):
    """Starts from whole numbers, with switches that are whole numbers, and cuts no weight."""
    x = rng.permutation(_gates.switches(2)).astype(int)
    labels = (x.sum(axis=1) > 1).astype(int)
    whole_numbers(f, reference, x, labels, np.array([-1, 0]), 0, 0.375, 50)


@exercise.check(points=1, after=random_trainings)
def leaves_inputs_alone(f, rng):
    """Leaves inputs, labels and starting weights as they were."""
    unchanged(f, *wrong_labels(rng))


@exercise.variant
def without_the_step(x, labels, w, b, rate=1.0, epochs=100):
    w, history = np.array(w, dtype=float), []
    for _ in range(epochs):
        wrong = 0
        for i in range(len(x)):
            error = labels[i] - (1 if np.dot(w, x[i]) + b > 0 else 0)
            w, b = w + rate * error * x[i], b + rate * error
            wrong += abs(error)
        history.append(wrong)
        if wrong == 0:
            break
    return w, b, history


@exercise.variant
def bias_as_one_more_weight(x, labels, w, b, rate=1.0, epochs=100):
    rows, theta = np.column_stack([x, np.ones(len(x))]), np.append(w, b).astype(float)
    signs, history = np.where(labels == 1, 1.0, -1.0), np.zeros(0)
    while history.size < epochs and not (history == 0).any():
        count = 0
        for row, sign in zip(rows, signs):
            fires = row @ theta > 0
            if fires != (sign > 0):
                theta += rate * sign * row
                count += 1
        history = np.append(history, count)
    return theta[:-1].copy(), float(theta[-1]), history


def _train(
    x,
    labels,
    w,
    b,
    rate=1.0,
    epochs=100,
    *,
    batch=False,
    stops=True,
    again=False,
    skips=False,
    fires=np.greater,
    bias_rate=None,
):
    """The right training, but for what is named."""
    start, history = (w, b), []
    for _ in range(epochs):
        if again:
            w, b = start
        asked, wrong = (w, b), 0
        for row, label in zip(x, labels):
            if not batch:
                asked = (w, b)
            error = int(label) - int(fires(row @ asked[0] + asked[1], 0))
            w, b = w + rate * error * row, b + (bias_rate or rate) * error
            wrong += abs(error)
        if wrong or not skips:
            history.append(wrong)
        if stops and not wrong:
            break
    return w, b, np.array(history)


@exercise.misconception(keeps=0.5)
def changes_only_after_the_epoch(x, labels, w, b, rate=1.0, epochs=100):
    """All examples of an epoch are judged by the weights from before it. Each mistake should
    change them at once."""
    return _train(x, labels, w, b, rate, epochs, batch=True)


@exercise.misconception(keeps=2 / 3)
def runs_all_epochs(x, labels, w, b, rate=1.0, epochs=100):
    """The training goes on after an epoch without mistakes, though nothing is left to learn."""
    return _train(x, labels, w, b, rate, epochs, stops=False)


@exercise.misconception
def one_epoch_only(x, labels, w, b, rate=1.0, epochs=100):
    """The examples are seen once. Go through them again and again."""
    return _train(x, labels, w, b, rate, min(epochs, 1))


@exercise.misconception
def starts_anew_each_epoch(x, labels, w, b, rate=1.0, epochs=100):
    """Each epoch begins with the starting weights: what was learned before is lost."""
    return _train(x, labels, w, b, rate, epochs, again=True)


@exercise.misconception(keeps=2 / 3)
def last_epoch_not_noted(x, labels, w, b, rate=1.0, epochs=100):
    """The epoch without mistakes is missing from the list: its 0 shows that training has ended."""
    return _train(x, labels, w, b, rate, epochs, skips=True)


@exercise.misconception
def start_ignored(x, labels, w, b, rate=1.0, epochs=100):
    """Training starts from zero, whatever w and b are handed in."""
    return _train(x, labels, 0.0 * w, 0.0, rate, epochs)


@exercise.misconception(keeps=0.5)
def rate_ignored(x, labels, w, b, rate=1.0, epochs=100):
    """The rate is never used: was it handed on to the step?"""
    return _train(x, labels, w, b, 1.0, epochs)


@exercise.misconception
def rate_missing_at_the_bias(x, labels, w, b, rate=1.0, epochs=100):
    """The weights move at the rate, but the bias always by a whole 1. It, too, takes the rate."""
    return _train(x, labels, w, b, rate, epochs, bias_rate=1.0)


@exercise.misconception
def fires_at_zero_too(x, labels, w, b, rate=1.0, epochs=100):
    """A sum of exactly 0 makes the neuron fire. It fires only *above* 0."""
    return _train(x, labels, w, b, rate, epochs, fires=np.greater_equal)


@exercise.misconception(keeps=0.5)
def epochs_ignored(x, labels, w, b, rate=1.0, epochs=100):
    """The training always runs for up to 100 epochs, however many are allowed."""
    return _train(x, labels, w, b, rate, 100)


@exercise.misconception
def one_example_at_a_time_until_right(x, labels, w, b, rate=1.0, epochs=100):
    """Training stops at the first example that is right. Only a whole epoch without a mistake
    says that there is nothing left to learn."""
    history = []
    for _ in range(epochs):
        history.append(0)
        for row, label in zip(x, labels):
            error = int(label) - int(row @ w + b > 0)
            if not error:
                return w, b, np.array(history)
            w, b = w + rate * error * row, b + rate * error
            history[-1] += 1
    return w, b, np.array(history)


@exercise.misconception(keeps=0.5)
def bias_is_not_kept(x, labels, w, b, rate=1.0, epochs=100):
    """b is handed to every step as it was at the start: keep the one that comes back."""
    history = []
    for _ in range(epochs):
        history.append(0)
        for row, label in zip(x, labels):
            error = int(label) - int(row @ w + b > 0)
            w = w + rate * error * row
            history[-1] += abs(error)
        if not history[-1]:
            break
    return w, b, np.array(history)


@exercise.misconception(keeps=0.5)
def one_count_for_all_epochs(x, labels, w, b, rate=1.0, epochs=100):
    """The mistakes of all epochs are added up in one number; one number per epoch is wanted."""
    w, b, mistakes = _train(x, labels, w, b, rate, epochs)
    return w, b, int(mistakes.sum())


@exercise.misconception
def mistakes_pile_up(x, labels, w, b, rate=1.0, epochs=100):
    """The entries are totals so far: the count should begin at 0 again in each epoch."""
    w, b, mistakes = _train(x, labels, w, b, rate, epochs)
    return w, b, np.cumsum(mistakes)


@exercise.misconception
def backwards_through_the_examples(x, labels, w, b, rate=1.0, epochs=100):
    """The examples are taken from the last to the first. Their order matters here."""
    return _train(x[::-1], labels[::-1], w, b, rate, epochs)


@exercise.misconception
def moves_the_weights_it_was_given(x, labels, w, b, rate=1.0, epochs=100):
    """The training is right, but the caller's own w is changed. Make a new array."""
    trained_w, b, mistakes = _train(x, labels, w, b, rate, epochs)
    w[...] = trained_w
    return w, b, mistakes


@exercise.misconception
def counted_after_the_epoch(x, labels, w, b, rate=1.0, epochs=100):
    """Counts what is still wrong after the epoch; asked for are the mistakes made during it."""
    mistakes = []
    for _ in range(epochs):
        w, b, _ = _train(x, labels, w, b, rate, 1)
        mistakes.append(int(((x @ w + b > 0) != labels).sum()))
        if mistakes[-1] == 0:
            break
    return w, b, np.array(mistakes, dtype=int)


@exercise.misconception
def shuffled(x, labels, w, b, rate=1.0, epochs=100):
    """Shuffles the examples: here they are seen in the order in which they stand."""
    mistakes, rng = [], np.random.default_rng(0)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        w, b, made = _train(x[order], labels[order], w, b, rate, 1)
        mistakes.append(int(made[0]))
        if mistakes[-1] == 0:
            break
    return w, b, np.array(mistakes, dtype=int)
