"""Which class? The most probable one."""

import numpy as np

from autograder.exercises.ch13_transfer.nets import network
from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    needs=("frozen_features",),
    hints=(
        "All layers but one are the same as before. What is different about the head?",
        "`frozen_features` of all layers but the last; then the head's scores, one per class.",
        r"Softmax does not change which score is the largest: $\arg\max_k\,(hW + b)_k$.",
    ),
)


@exercise.probe
def two_hidden_layers(rng):
    return network(rng, (5, 3, 2, 7), 31)


@exercise.probe
def a_head_alone(rng):
    return network(rng, (3, 5), 23)


@exercise.probe
def equal_widths(rng):
    return network(rng, (3, 3, 3, 3), 29)


@exercise.probe
def a_tie(rng):
    x, weights, biases = network(rng, (3, 2, 4), 5)
    return x, [weights[0], np.zeros((2, 4))], [biases[0], np.array([0.0, 1.0, 1.0, 0.5])]


def classes(f, x, weights, biases):
    """The answer as one class per example, or `Failed`."""
    got = as_array(f(x, weights, biases), "the classes")
    if got.shape != (len(x),):
        raise Failed(f"the classes have shape {got.shape}, expected ({len(x)},): one per example")
    return got


@exercise.check
def worked_example(f):
    """A head alone: input (1, 2) has scores 1, 2 and 0.5, so class 1; (5, 2) is class 0."""
    W, b = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), np.array([0.0, 0.0, 0.5])
    agree(classes(f, np.array([[1.0, 2.0], [5.0, 2.0]]), [W], [b]), [1, 0], what="the classes")


@exercise.check
def hidden_units_are_squashed(f):
    """Hidden sums 9 and 1 are nearly equal once squashed (0.9999, 0.73): weights 1 and 2 prefer 1.

    A linear layer would say 9 against 2.
    """
    weights = [np.array([[9.0, 1.0]]), np.diag([1.0, 2.0])]
    got = classes(f, np.ones((1, 1)), weights, [np.zeros(2), np.zeros(2)])
    agree(got, [1], what="the class")
    got = classes(f, np.ones((1, 1)), weights, [np.zeros(2), np.array([0.6, 0.0])])
    agree(got, [0], what="the class with a bias of 0.6 for class 0")


@exercise.check
def first_of_equals(f):
    """Of equal scores the first wins; nothing that was handed in changes."""
    head, b = [np.zeros((2, 4))], [np.array([0.0, 1.0, 1.0, 0.5])]
    agree(classes(f, np.ones((3, 2)), head, b), [1, 1, 1], what="the classes")
    unchanged(f, np.ones((3, 2)), head, b)


def _told_apart(rng, sizes, examples):
    """A network whose two best scores differ by more than rounding could turn round."""
    while True:
        x, weights, biases = network(rng, sizes, examples)
        h = x
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            h = 1 / (1 + np.exp(-(h @ W + b)))
        scores = np.sort(h @ weights[-1] + biases[-1], axis=1)
        if np.min(scores[:, -1] - scores[:, -2]) > 1e-5:
            return x, weights, biases


@exercise.check(points=2)
def random_networks(f, reference, rng):
    """Names the class of each example, for networks of one to four layers."""
    for sizes, examples in [((5, 3, 2, 7), 31), ((3, 5), 23), ((2, 3, 5), 41), ((3,) * 5, 29)]:
        arguments = _told_apart(rng, sizes, examples)
        agree(classes(f, *arguments), reference(*arguments).astype(float), what="the classes")


@exercise.check(points=1, after=random_networks)
def one_example(f, reference, rng):
    """Takes a single example, and two classes."""
    for sizes in ((5, 3, 7), (3, 2), (2, 1, 2)):
        for _ in range(5):
            arguments = _told_apart(rng, sizes, 1)
            agree(classes(f, *arguments), reference(*arguments).astype(float), what="the class")


@exercise.check(points=1, after=random_networks)
def ties(f, rng):
    """Of equally probable classes it names the first."""
    for _ in range(4):
        x, weights, biases = network(rng, (3, 2, 5), 7)
        first, second = np.sort(rng.choice(5, 2, replace=False))
        b = rng.uniform(-1, 0, 5)
        b[[first, second]] = 1.0
        got = classes(f, x, [weights[0], np.zeros((2, 5))], [biases[0], b])
        agree(got, np.full(7, float(first)), what="the classes")


@exercise.check(points=1, after=random_networks)
def laws(f, reference, rng):
    """Adding a number to all scores changes nothing; renaming the classes renames the answer."""
    x, weights, biases = _told_apart(rng, (3, 5, 7), 19)
    while len(np.unique(reference(x, weights, biases))) == 1:  # all alike would hide a mistake
        x, weights, biases = _told_apart(rng, (3, 5, 7), 19)
    here = classes(f, x, weights, biases)
    # So much that a sigmoid knows no difference any more, and that e^score is no number.
    rise = 800 + np.abs(weights[1]).sum(axis=0).max() + np.abs(biases[1]).max()
    moved = classes(f, x, weights, [biases[0], biases[1] + rise])
    agree(moved, here.astype(float), what="the classes with all scores raised")
    order = rng.permutation(7)
    renamed = classes(f, x, [weights[0], weights[1][:, order]], [biases[0], biases[1][order]])
    agree(order[renamed.astype(int)], here.astype(float), what="the renamed classes")


@exercise.check(points=1, after=random_networks)
def whole_numbers_count(f, reference, rng):
    """Takes inputs of whole numbers for what they are."""
    x, weights, biases = _told_apart(rng, (5, 3, 7), 19)
    x = rng.integers(-3, 4, size=x.shape)
    reply = f.reply(x, weights, biases)
    if reply.error is None:
        agree(reply.value, reference(x, weights, biases).astype(float), what="the classes")


@exercise.check(points=1, after=random_networks)
def leaves_the_network_alone(f, rng):
    """Leaves inputs, weights and biases as they were."""
    unchanged(f, *two_hidden_layers(rng))


def _sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def _scores(x, weights, biases, act=_sigmoid, bias=1.0):
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        x = act(x @ W + b)
    return x @ weights[-1] + bias * biases[-1]


@exercise.variant
def by_probabilities(x, weights, biases):
    scores = _scores(x, weights, biases)
    p = np.exp((scores.T - scores.max(axis=1)).T)
    return np.argmax(p / p.sum(axis=1, keepdims=True), axis=1)


@exercise.variant
def one_after_the_other(x, weights, biases):
    found = []
    for row in x:
        scores = _scores(np.array([row]), weights, biases)[0].tolist()
        found.append(scores.index(max(scores)))
    return found


@exercise.misconception
def scores_instead_of_classes(x, weights, biases):
    """The scores come back. Which class has the largest?"""
    return _scores(x, weights, biases)


@exercise.misconception
def largest_score(x, weights, biases):
    """The largest score itself comes back, not whose it is."""
    return _scores(x, weights, biases).max(axis=1)


@exercise.misconception
def best_example_of_each_class(x, weights, biases):
    """For each class its best example is named. Which axis holds the classes?"""
    return _scores(x, weights, biases).argmax(axis=0)


@exercise.misconception
def least_probable(x, weights, biases):
    """The least probable class wins."""
    return _scores(x, weights, biases).argmin(axis=1)


@exercise.misconception
def linear_hidden_layers(x, weights, biases):
    """The hidden layers are not squashed: `frozen_features` does it."""
    return _scores(x, weights, biases, lambda z: z).argmax(axis=1)


@exercise.misconception
def bias_of_the_head_forgotten(x, weights, biases):
    """The head's biases are missing."""
    return _scores(x, weights, biases, bias=0.0).argmax(axis=1)


@exercise.misconception(keeps=0.5)
def classes_from_one(x, weights, biases):
    """Classes are counted from 1 here. They start at 0."""
    return _scores(x, weights, biases).argmax(axis=1) + 1


@exercise.misconception(keeps=2 / 3)
def last_of_equals(x, weights, biases):
    """Of equal scores the last one wins: the first is asked for."""
    scores = _scores(x, weights, biases)
    return scores.shape[1] - 1 - scores[:, ::-1].argmax(axis=1)


@exercise.misconception(keeps=0.5)
def one_hot(x, weights, biases):
    """A row of zeros and a one for each example. The class's number is asked for."""
    scores = _scores(x, weights, biases)
    return np.eye(scores.shape[1])[scores.argmax(axis=1)]
