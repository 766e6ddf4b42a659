"""One step of fine-tuning, the lower layers frozen."""

import numpy as np

from autograder.exercises.ch13_transfer.nets import labelled, one_unit_each
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    core=True,
    needs=("frozen_features", "classifier_gradients"),
    hints=(
        "Of L layers the upper `trained` learn. How many are frozen? Where does one cut the lists?",
        "The frozen part is a feature extractor, the upper part a classifier of its features. You "
        "have a function for each.",
        r"With $F$ frozen layers: $W_l \leftarrow W_l - \eta\,\partial L/\partial W_l$ for "
        r"$l \ge F$, and below nothing. Both lists keep their length.",
    ),
)

RATE = 0.37


def task(rng, sizes, examples, trained, rate=RATE):
    return *labelled(rng, sizes, examples), trained, rate


@exercise.probe
def the_head_learns(rng):
    return task(rng, (5, 3, 4, 2), 7, 1)


@exercise.probe
def two_of_three_learn(rng):
    return task(rng, (5, 3, 4, 2), 7, 2)


@exercise.probe
def all_learn(rng):
    return task(rng, (3, 2, 5), 11, 2)


@exercise.probe
def equal_widths(rng):
    return task(rng, (3, 3, 3, 3, 3), 5, 3, 2.3)


@exercise.probe
def one_example(rng):
    return task(rng, (2, 5, 3), 1, 1)


def moved(f, *arguments):
    """Both lists, each of as many arrays as went in."""
    layers = len(arguments[2])
    weights, biases = sequence(f(*arguments), 2, "the result")
    return sequence(weights, layers, "the weights"), sequence(biases, layers, "the biases")


@exercise.check
def worked_example(f):
    """A unit at ¾, a head of p = (½, ½), class 0: at rate 2 the head moves by ¾ and by 1, alone."""
    weights, biases = one_unit_each()
    W, b = moved(f, np.ones((1, 1)), np.array([0]), weights, biases, 1, 2.0)
    agree(W, [weights[0], np.array([[1.75, 0.25]])], what="the weights")
    agree(b, [biases[0], np.array([0.25, -1.75])], what="the biases")


@exercise.check
def with_the_layer_below(f):
    """With head weights 1 and 3 and both layers learning, the hidden unit moves by 2·¾·¼ too."""
    weights, biases = one_unit_each()
    weights[1], biases[1] = np.array([[1.0, 3.0]]), np.array([0.0, -1.5])
    W, b = moved(f, np.ones((1, 1)), np.array([0]), weights, biases, 2, 2.0)
    agree(W, [weights[0] - 0.375, np.array([[1.75, 2.25]])], what="the weights")
    agree(b, [np.array([-0.375]), np.array([1.0, -2.5])], what="the biases")


@exercise.check
def counted_from_the_head(f, rng):
    """Of three layers with one that learns, it is the head; the two below stay as they were."""
    x, labels, weights, biases, *_ = the_head_learns(rng)
    W, b = moved(f, x, labels, weights, biases, 1, 0.5)
    agree([W[:2], b[:2]], [weights[:2], biases[:2]], rtol=0, atol=0, what="the frozen layers")


@exercise.check
def nothing_is_overwritten(f, rng):
    """The network that was handed in is afterwards what it was."""
    unchanged(f, *all_learn(rng))


@exercise.check(points=3)
def random_networks(f, reference, rng):
    """Moves what learns and freezes the rest, in networks of one to four layers."""
    cases = [((5, 3, 4, 2), 7, 1), ((5, 3, 4, 2), 7, 2), ((3, 2, 5), 11, 2), ((3,) * 5, 13, 3)]
    for sizes, examples, trained in [*cases, ((3, 5), 9, 1)]:
        arguments = task(rng, sizes, examples, trained, rng.uniform(0.2, 2))
        expected = reference(*arguments)
        for name, got, right in zip(("weights", "biases"), moved(f, *arguments), expected):
            agree(got, right, what=f"the {name}")


@exercise.check(points=1, after=random_networks)
def one_of_each(f, reference, rng):
    """Takes a single example, and layers of a single unit."""
    for sizes, trained in [((5, 3, 2), 1), ((3, 1, 1, 2), 2)]:
        arguments = task(rng, sizes, 1, trained)
        agree(moved(f, *arguments), reference(*arguments), what="the network")


@exercise.check(points=1, after=random_networks)
def frozen_to_the_last_bit(f, rng):
    """Frozen layers are unchanged to the last bit, and at rate 0 all are."""
    for trained in rng.permutation([1, 2, 3]).tolist():
        x, labels, weights, biases, *_ = task(rng, (4, 3, 5, 2, 3), 7, trained)
        W, b = moved(f, x, labels, weights, biases, trained, 1.0)
        frozen = 4 - trained
        for got, kept in ((W, weights), (b, biases)):
            agree(got[:frozen], kept[:frozen], rtol=0, atol=0, what="the frozen layers")
        agree(moved(f, x, labels, weights, biases, trained, 0.0), (weights, biases), rtol=0, atol=0)


@exercise.check(points=1, after=random_networks)
def laws(f, rng):
    """The head moves the same however many learn below it; the move is as long as the rate."""
    x, labels, weights, biases, *_ = task(rng, (4, 3, 5, 2), 7, 1)
    heads = [moved(f, x, labels, weights, biases, n, RATE)[0][-1] for n in (1, 2, 3)]
    for head in heads[1:]:
        agree(head, heads[0], what="the head with more layers learning below it")
    far = np.asarray(moved(f, x, labels, weights, biases, 2, 2 * RATE)[0][1]) - weights[1]
    near = np.asarray(moved(f, x, labels, weights, biases, 2, RATE)[0][1]) - weights[1]
    agree(far, 2 * near, rtol=1e-5, what="the move of a hidden layer at twice the rate")


@exercise.check(points=1, after=random_networks)
def whole_numbers_count(f, reference, rng):
    """Takes inputs of whole numbers for what they are."""
    x, *rest = task(rng, (5, 3, 2), 7, 1)
    whole_numbers(f, reference, rng.integers(-3, 4, size=x.shape), *rest)


@exercise.check(points=1, after=random_networks)
def leaves_the_pretrained_network_alone(f, rng):
    """Leaves the network that was handed in as it was: other tasks will start from it too."""
    unchanged(f, *two_of_three_learn(rng))


def _gradients(x, labels, weights, biases):
    inputs = [x]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        inputs.append((1 + np.tanh((inputs[-1] @ W + b) / 2)) / 2)
    scores = inputs[-1] @ weights[-1] + biases[-1]
    p = np.exp((scores.T - scores.max(axis=1)).T)
    p /= p.sum(axis=1, keepdims=True)
    delta = (p - np.eye(p.shape[1])[labels]) / len(x)
    W_grads, b_grads = [], []
    for a, W in zip(inputs[::-1], weights[::-1], strict=True):
        W_grads.insert(0, a.T @ delta)
        b_grads.insert(0, delta.sum(axis=0))
        delta = (delta @ W.T) * a * (1 - a)
    return W_grads, b_grads


def _stepped(params, grads, rates):
    return [p - r * g for p, g, r in zip(params, grads, rates, strict=True)]


def _step(x, labels, weights, biases, learns, rate, *, bias=1.0):
    """A step in which layer i learns if `learns(i)`."""
    W_grads, b_grads = _gradients(x, labels, weights, biases)
    rates = [rate * bool(learns(i)) for i in range(len(weights))]
    return (
        _stepped(weights, W_grads, rates),
        _stepped(biases, b_grads, [bias * r for r in rates]),
    )


@exercise.variant
def with_a_rate_for_each_layer(x, labels, weights, biases, trained, rate):
    lowest = len(weights) - trained
    return _step(x, labels, weights, biases, lambda i: i >= lowest, rate)


@exercise.variant
def in_place_on_copies(x, labels, weights, biases, trained, rate):
    W, b = [np.array(p) for p in weights], [np.array(p) for p in biases]
    dWs, dbs = _gradients(x, labels, weights, biases)
    for back in range(1, trained + 1):
        W[-back] -= rate * dWs[-back]
        b[-back] -= rate * dbs[-back]
    return [W, b]


@exercise.misconception
def everything_learns(x, labels, weights, biases, trained, rate):
    """All layers move, whatever `trained` says: what is frozen stays."""
    return _step(x, labels, weights, biases, lambda i: True, rate)


@exercise.misconception
def only_the_head_learns(x, labels, weights, biases, trained, rate):
    """Only the head moves, whatever `trained` says."""
    return _step(x, labels, weights, biases, lambda i: i == len(weights) - 1, rate)


@exercise.misconception(keeps=1 / 3)
def counted_from_below(x, labels, weights, biases, trained, rate):
    """The lowest layers learn and the head stays: `trained` counts from the head."""
    return _step(x, labels, weights, biases, lambda i: i < trained, rate)


@exercise.misconception(keeps=1 / 3)
def frozen_and_trained_swapped(x, labels, weights, biases, trained, rate):
    """So many layers are frozen as should learn."""
    return _step(x, labels, weights, biases, lambda i: i >= min(trained, len(weights) - 1), rate)


@exercise.misconception(keeps=0.5)
def one_layer_too_many(x, labels, weights, biases, trained, rate):
    """One layer more than asked for learns: the head is one of the `trained`."""
    return _step(x, labels, weights, biases, lambda i: i >= len(weights) - trained - 1, rate)


@exercise.misconception
def uphill(x, labels, weights, biases, trained, rate):
    """The layers move up the slope: the loss grows."""
    return _step(x, labels, weights, biases, lambda i: i >= len(weights) - trained, -rate)


@exercise.misconception
def rate_forgotten(x, labels, weights, biases, trained, rate):
    """The step is as long as the gradient: where is the rate?"""
    return _step(x, labels, weights, biases, lambda i: i >= len(weights) - trained, 1.0)


@exercise.misconception(keeps=0.5)
def biases_stay(x, labels, weights, biases, trained, rate):
    """The biases of the layers that learn do not move."""
    return _step(x, labels, weights, biases, lambda i: i >= len(weights) - trained, rate, bias=0.0)


@exercise.misconception(keeps=0.5)
def frozen_layers_are_lost(x, labels, weights, biases, trained, rate):
    """Only the layers that learn come back. A network needs its frozen layers too."""
    W, b = with_a_rate_for_each_layer(x, labels, weights, biases, trained, rate)
    return W[-trained:], b[-trained:]


@exercise.misconception
def one_after_the_other(x, labels, weights, biases, trained, rate):
    """Each layer's gradient is taken after the ones above have moved. All belong to one place."""
    for i in range(len(weights) - 1, len(weights) - trained - 1, -1):
        weights, biases = _step(x, labels, weights, biases, lambda j, i=i: j == i, rate)
    return weights, biases


@exercise.misconception
def overwrites_the_pretrained_network(x, labels, weights, biases, trained, rate):
    """The step is right, but the pretrained network has moved too: make new arrays."""
    W_grads, b_grads = _gradients(x, labels, weights, biases)
    for back in range(1, trained + 1):
        weights[-back] -= rate * W_grads[-back]
        biases[-back] -= rate * b_grads[-back]
    return weights, biases


@exercise.misconception
def all_biases_learn(x, labels, weights, biases, trained, rate):
    """The biases of frozen layers learn all the same: frozen is the whole layer."""
    W_grads, b_grads = _gradients(x, labels, weights, biases)
    rates = [rate * (i >= len(weights) - trained) for i in range(len(weights))]
    return _stepped(weights, W_grads, rates), _stepped(biases, b_grads, [rate] * len(biases))
