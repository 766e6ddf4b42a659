"""A new task for an old network."""

import numpy as np

from autograder.exercises.ch13_transfer.nets import labelled, one_unit_each
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    core=True,
    needs=("fine_tune_step",),
    hints=(
        "What of the old network is of no use for other classes? What takes its place?",
        "Exchange the last entries of both lists (in new lists), then take `fine_tune_step` "
        "again and again.",
        r"$(W, b)_{k+1} = \mathrm{step}\big((W, b)_k\big)$, beginning with the old layers under "
        r"the new head; as often as `steps` says.",
    ),
)

RATE = 0.31


def task(rng, sizes, classes, examples, trained, steps, rate=RATE):
    """An old network, a new head for another number of classes, and examples of the new task."""
    x, _, weights, biases = labelled(rng, sizes, examples)
    head = rng.normal(size=(sizes[-2], classes)), rng.normal(size=classes)
    return x, rng.integers(classes, size=examples), weights, biases, head, trained, rate, steps


@exercise.probe
def head_only(rng):
    return task(rng, (5, 3, 4, 2), 3, 7, 1, 4)


@exercise.probe
def head_and_a_layer(rng):
    return task(rng, (5, 3, 4, 7), 2, 11, 2, 3)


@exercise.probe
def as_many_classes_as_before(rng):
    """Nothing in the shapes says which head is in use."""
    return task(rng, (3, 5, 2), 2, 7, 1, 3)


@exercise.probe
def no_steps(rng):
    return task(rng, (3, 5, 2), 4, 7, 2, 0)


@exercise.probe
def one_example(rng):
    return task(rng, (3, 5, 2), 4, 1, 2, 2)


def adapted(f, *arguments):
    """Both lists, each of as many arrays as went in."""
    layers = len(arguments[2])
    weights, biases = sequence(f(*arguments), 2, "the result")
    return sequence(weights, layers, "the weights"), sequence(biases, layers, "the biases")


@exercise.check
def worked_example(f):
    """An old head of three classes goes; a new one of zeros moves by ¾·½ and ½ per unit of rate."""
    weights, biases = one_unit_each()
    old = [weights[0], np.full((1, 3), 9.0)], [biases[0], np.full(3, 9.0)]
    head = np.zeros((1, 2)), np.zeros(2)
    W, b = adapted(f, np.ones((1, 1)), np.array([1]), *old, head, 1, 2.0, 1)
    agree(W, [weights[0], np.array([[-0.75, 0.75]])], what="the weights")
    agree(b, [biases[0], np.array([-1.0, 1.0])], what="the biases")


@exercise.check
def without_a_step(f, rng):
    """After no steps the network is the old one with the new head."""
    arguments = no_steps(rng)
    _, _, weights, biases, head, *_ = arguments
    expected = [*weights[:-1], head[0]], [*biases[:-1], head[1]]
    agree(adapted(f, *arguments), expected, what="the network")


@exercise.check
def two_steps_of_one(f):
    """A head alone: class 0 with a bias of ln 3 against it, at rate 4: +3, then +4·(1 − p) more."""
    old = [np.zeros((1, 2))], [np.zeros(2)]
    head = np.zeros((1, 2)), np.array([0.0, np.log(3.0)])
    _, b = adapted(f, np.zeros((1, 1)), np.array([0]), *old, head, 1, 4.0, 2)
    p = 1 / (1 + np.exp(np.log(3.0) - 6))
    agree(b[0], np.array([3 + 4 * (1 - p), np.log(3.0) - 3 - 4 * (1 - p)]), what="the biases")


@exercise.check
def frozen_below_the_head(f, rng):
    """If only the head learns, after four steps the two layers below are the old ones."""
    arguments = head_only(rng)
    got = [part[:2] for part in adapted(f, *arguments)]
    agree(got, [part[:2] for part in arguments[2:4]], rtol=0, atol=0, what="the frozen layers")


@exercise.check
def the_old_network_stays(f, rng):
    """The old network is afterwards what it was, its head included."""
    unchanged(f, *head_and_a_layer(rng))


@exercise.check(points=3)
def random_networks(f, reference, rng):
    """Adapts networks of one to four layers, with more and with fewer classes than before."""
    cases = [((5, 3, 4, 2), 3, 7, 1, 4), ((5, 3, 4, 7), 2, 11, 2, 3), ((3, 5, 2), 2, 7, 2, 5)]
    for case in [*cases, ((3, 5), 4, 9, 1, 6), ((3, 3, 3, 3, 3), 3, 13, 3, 2)]:
        arguments = task(rng, *case, rng.uniform(0.2, 1))
        expected = reference(*arguments)
        for name, got, right in zip(("weights", "biases"), adapted(f, *arguments), expected):
            agree(got, right, what=f"the {name}")


@exercise.check(points=1, after=random_networks)
def one_of_each(f, reference, rng):
    """Takes a single example of the new task."""
    arguments = task(rng, (3, 5, 2), 4, 1, 2, 3)
    agree(adapted(f, *arguments), reference(*arguments), what="the network")


@exercise.check(points=1, after=random_networks)
def laws(f, rng):
    """The old head does not matter; five steps are three and then two; frozen stays frozen."""
    x, labels, weights, biases, head, *_ = task(rng, (4, 3, 5, 2), 3, 7, 1, 0)
    five = adapted(f, x, labels, weights, biases, head, 2, RATE, 5)
    other = [*weights[:-1], rng.normal(size=(5, 7))], [*biases[:-1], rng.normal(size=7)]
    agree(adapted(f, x, labels, *other, head, 2, RATE, 5), five, what="from another old head")
    W, b = adapted(f, x, labels, weights, biases, head, 2, RATE, 3)
    again = adapted(f, x, labels, list(W), list(b), (W[-1], b[-1]), 2, RATE, 2)
    agree(again, five, what="the network after going on")
    agree([five[0][0], five[1][0]], [weights[0], biases[0]], rtol=0, atol=0, what="frozen layers")


@exercise.check(points=1, after=random_networks)
def no_steps_no_change(f, rng):
    """After no steps only the head has been exchanged."""
    arguments = task(rng, (4, 3, 5, 2), 7, 5, 3, 0)
    _, _, weights, biases, head, *_ = arguments
    expected = [*weights[:-1], head[0]], [*biases[:-1], head[1]]
    agree(adapted(f, *arguments), expected, what="the network")


@exercise.check(points=1, after=random_networks)
def whole_numbers_count(f, reference, rng):
    """Takes inputs of whole numbers for what they are."""
    x, *rest = task(rng, (5, 3, 2), 3, 7, 1, 2)
    whole_numbers(f, reference, rng.integers(-3, 4, size=x.shape), *rest)


@exercise.check(points=1, after=random_networks)
def leaves_the_old_network_alone(f, rng):
    """Leaves the old network as it was."""
    unchanged(f, *head_only(rng))


def _step(x, labels, weights, biases, trained, rate):
    inputs = [x]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        inputs.append((1 + np.tanh((inputs[-1] @ W + b) / 2)) / 2)
    scores = inputs[-1] @ weights[-1] + biases[-1]
    p = np.exp((scores.T - scores.max(axis=1)).T)
    p /= p.sum(axis=1, keepdims=True)
    delta = (p - np.eye(p.shape[1])[labels]) / len(x)
    W, b = list(weights), list(biases)
    for back in range(1, trained + 1):
        a = inputs[-back]
        down = (delta @ weights[-back].T) * a * (1 - a)
        W[-back] = weights[-back] - rate * a.T @ delta
        b[-back] = biases[-back] - rate * delta.sum(axis=0)
        delta = down
    return W, b


def _steps(x, labels, weights, biases, trained, rate, steps):
    for _ in range(steps):
        weights, biases = _step(x, labels, weights, biases, trained, rate)
    return weights, biases


def _with_head(weights, biases, head):
    return [*weights[:-1], head[0]], [*biases[:-1], head[1]]


@exercise.variant
def without_helpers(x, labels, weights, biases, head, trained, rate, steps):
    return _steps(x, labels, *_with_head(weights, biases, head), trained, rate, steps)


@exercise.variant
def frozen_part_computed_once(x, labels, weights, biases, head, trained, rate, steps):
    W, b = _with_head(list(map(np.array, weights)), list(map(np.array, biases)), head)
    frozen = len(W) - trained
    for V, c in zip(W[:frozen], b[:frozen], strict=True):
        x = 1 / (1 + np.exp(-(x @ V + c)))
    upper, tops = W[frozen:], b[frozen:]
    while steps:
        upper, tops = _step(x, labels, upper, tops, trained, rate)
        steps -= 1
    return [W[:frozen] + upper, b[:frozen] + tops]


@exercise.misconception
def new_head_on_the_old_one(x, labels, weights, biases, head, trained, rate, steps):
    """The new layer is put *on top of* the old head. The old one should go."""
    return [*weights, head[0]], [*biases, head[1]]


@exercise.misconception
def head_never_trained(x, labels, weights, biases, head, trained, rate, steps):
    """The head is exchanged, but no step is taken."""
    return _with_head(weights, biases, head)


@exercise.misconception(keeps=0.5)
def one_step_only(x, labels, weights, biases, head, trained, rate, steps):
    """There is one step, whatever `steps` says."""
    return _steps(x, labels, *_with_head(weights, biases, head), trained, rate, min(steps, 1))


@exercise.misconception(keeps=0.5)
def one_step_too_many(x, labels, weights, biases, head, trained, rate, steps):
    """There is one step more than asked for."""
    return _steps(x, labels, *_with_head(weights, biases, head), trained, rate, steps + 1)


@exercise.misconception
def head_exchanged_each_time(x, labels, weights, biases, head, trained, rate, steps):
    """Before each step the head is new again, so that it never learns. Exchange it once."""
    for _ in range(steps):
        weights, biases = _step(x, labels, *_with_head(weights, biases, head), trained, rate)
    return (weights, biases) if steps else _with_head(weights, biases, head)


@exercise.misconception
def everything_learns(x, labels, weights, biases, head, trained, rate, steps):
    """All layers learn, whatever `trained` says."""
    return _steps(x, labels, *_with_head(weights, biases, head), len(weights), rate, steps)


@exercise.misconception(keeps=0.5)
def biases_of_the_old_head(x, labels, weights, biases, head, trained, rate, steps):
    """The head's weights are new, its biases are the old ones."""
    old = np.resize(biases[-1], len(head[1]))
    return _steps(x, labels, *_with_head(weights, biases, (head[0], old)), trained, rate, steps)


@exercise.misconception
def overwrites_the_old_network(x, labels, weights, biases, head, trained, rate, steps):
    """The result is right, but the old network has lost its head: put the new one in new lists."""
    result = _steps(x, labels, *_with_head(weights, biases, head), trained, rate, steps)
    weights[-1], biases[-1] = result[0][-1], result[1][-1]
    return result


@exercise.misconception
def keeps_the_old_head(x, labels, weights, biases, head, trained, rate, steps):
    """The old head stays, and with it the old classes: put the new one in its place."""
    return _steps(x, labels, weights, biases, trained, rate, steps)


@exercise.misconception
def one_layer_more_learns(x, labels, weights, biases, head, trained, rate, steps):
    """One layer more than asked for learns: `trained` counts the head, too."""
    free = min(trained + 1, len(weights))
    return _steps(x, labels, *_with_head(weights, biases, head), free, rate, steps)


@exercise.misconception
def one_large_step(x, labels, weights, biases, head, trained, rate, steps):
    """Takes one step at `steps` times the rate; the slope changes on the way."""
    new = _with_head(weights, biases, head)
    return _steps(x, labels, *new, trained, rate * steps, 1) if steps else new


@exercise.misconception
def only_the_head_learns(x, labels, weights, biases, head, trained, rate, steps):
    """Only the head learns, however many layers may: hand `trained` on."""
    return _steps(x, labels, *_with_head(weights, biases, head), 1, rate, steps)
