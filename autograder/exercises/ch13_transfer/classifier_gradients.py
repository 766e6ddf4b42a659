"""The slopes of a whole classifier."""

import numpy as np

from autograder.exercises.ch13_transfer.nets import LN3, labelled, one_unit_each
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees

exercise = Exercise(
    __name__,
    minutes=25,
    difficulty=4,
    core=True,
    hints=(
        "Up: what does each layer need to remember? Down: whose error do you know first?",
        "`softmax_cross_entropy` gives the loss and the error of the head's scores, "
        "`layer_gradients(a, delta)` both gradients of one layer. Walk from the head down.",
        r"Between two layers: $\delta \leftarrow (\delta W^\top)\,a\,(1 - a)$ with $a$ the "
        r"activations that went *into* the layer whose weights are $W$.",
    ),
)

NAMES = ("the loss", "the weight gradients", "the bias gradients")


@exercise.probe
def two_hidden_layers(rng):
    return labelled(rng, (5, 3, 4, 2), 7)


@exercise.probe
def a_head_alone(rng):
    return labelled(rng, (3, 5), 11)


@exercise.probe
def equal_widths(rng):
    """All layers equally wide: shapes cannot reveal a swap."""
    return labelled(rng, (3, 3, 3, 3), 5)


@exercise.probe
def one_example(rng):
    return labelled(rng, (2, 5, 3), 1)


def same(f, expected, *arguments):
    """Raise `Failed` unless loss and gradients are the expected ones."""
    for name, got, right in zip(NAMES, sequence(f(*arguments), 3), expected, strict=True):
        agree(got, right, what=name)


@exercise.check
def worked_example(f):
    """A head alone, weights 0: inputs 2 and 4 of class 0 cost ln 2 and have slopes −1.5, 1.5."""
    x, labels = np.array([[2.0], [4.0]]), np.array([0, 0])
    expected = np.log(2.0), [np.array([[-1.5, 1.5]])], [np.array([-0.5, 0.5])]
    same(f, expected, x, labels, [np.zeros((1, 2))], [np.zeros(2)])


@exercise.check
def through_a_hidden_unit(f):
    """A unit at ¾ below a head of p = (½, ½): its slope is ¾·¼ times what the head sends down.

    With weights 1 and 3 the head sends −½·1 + ½·3 = 1 to the unit for class 0.
    """
    weights, biases = one_unit_each()
    weights[1], biases[1] = np.array([[1.0, 3.0]]), np.array([0.0, -1.5])
    x, labels = np.ones((1, 1)), np.array([0])
    down = 0.75 * 0.25
    W_grads = [np.array([[down]]), np.array([[-0.375, 0.375]])]
    b_grads = [np.array([down]), np.array([-0.5, 0.5])]
    same(f, (np.log(2.0), W_grads, b_grads), x, labels, weights, biases)


@exercise.check
def two_examples_are_averaged(f):
    """The same unit with a second example of input 0 (a = ½): slopes are means over both."""
    weights, biases = [np.array([[LN3]]), np.zeros((1, 2))], [np.zeros(1), np.zeros(2)]
    x, labels = np.array([[1.0], [0.0]]), np.array([0, 1])
    W_grads = [np.array([[0.0]]), np.array([[-0.0625, 0.0625]])]
    same(f, (np.log(2.0), W_grads, [np.zeros(1), np.zeros(2)]), x, labels, weights, biases)
    unchanged(f, x, labels, weights, biases)


@exercise.check(points=3)
def random_networks(f, reference, rng):
    """Gives loss and gradients of networks of one to four layers, of several widths and batches."""
    for sizes, examples in [((5, 3, 4, 2), 7), ((3, 5), 11), ((2, 3, 5, 7), 3), ((3,) * 5, 13)]:
        arguments = labelled(rng, sizes, examples)
        same(f, reference(*arguments), *arguments)


@exercise.check(points=1, after=random_networks)
def one_of_each(f, reference, rng):
    """Takes a single example, and layers of a single unit."""
    for sizes, examples in [((5, 3, 2), 1), ((3, 1, 1, 2), 1)]:
        arguments = labelled(rng, sizes, examples)
        same(f, reference(*arguments), *arguments)


@exercise.check(points=1, after=random_networks)
def measured_slopes(f, rng):
    """The gradients agree with slopes measured on the loss, in the lowest layer and the head."""
    x, labels, weights, biases = labelled(rng, (4, 3, 5, 2), 5)
    _, W_grads, b_grads = f(x, labels, weights, biases)

    def loss(W, layer):
        return f(x, labels, [*weights[:layer], W, *weights[layer + 1 :]], biases)[0]

    for layer in (0, 2):
        slope = lambda W, layer=layer: loss(W, layer)
        gradient_agrees(W_grads[layer], slope, weights[layer], what=f"the slopes of layer {layer}")
    at_the_bottom = lambda b: f(x, labels, weights, [b, *biases[1:]])[0]
    gradient_agrees(b_grads[0], at_the_bottom, biases[0], what="the slopes of the lowest biases")


@exercise.check(points=1, after=random_networks)
def laws(f, rng):
    """A dead unit has no slope; the same batch twice changes nothing; hopeless cases cost much."""
    x, labels, weights, biases = labelled(rng, (5, 3, 4), 7)
    once = f(x, labels, weights, biases)
    same(f, once, np.vstack([x, x]), np.tile(labels, 2), weights, biases)
    dead = [np.array([*biases[0][:2], -900.0]), biases[1]]
    agree(np.asarray(f(x, labels, weights, dead)[1][0])[:, 2], np.zeros(5), what="a dead slope")
    biases = [biases[0], 2000.0 * np.eye(4)[0]]
    loss = f(x, np.full(7, 1), weights, biases)[0]
    agree(loss, 2000.0, rtol=0.1, what="the loss of 2000 against the right class")


@exercise.check(points=1, after=random_networks)
def whole_numbers_count(f, reference, rng):
    """Takes inputs of whole numbers for what they are."""
    x, *rest = labelled(rng, (5, 3, 2), 7)
    whole_numbers(f, reference, rng.integers(-3, 4, size=x.shape), *rest)


@exercise.check(points=1, after=random_networks)
def leaves_inputs_alone(f, rng):
    """Leaves examples, labels, weights and biases as they were."""
    unchanged(f, *two_hidden_layers(rng))


def _sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def _top(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    delta = np.exp(log_p)
    delta[rows, labels] -= 1
    return -log_p[rows, labels].mean(), delta / len(labels)


def _all(x, labels, weights, biases, *, slope=lambda a, z: a * (1 - a), scale=1.0, bias=1.0):
    """The answer, with another slope of the hidden units, or other factors."""
    inputs, sums = [x], [x]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        sums.append(inputs[-1] @ W + b)
        inputs.append(_sigmoid(sums[-1]))
    loss, delta = _top(inputs[-1] @ weights[-1] + biases[-1], labels)
    W_grads, b_grads = [], []
    for i in range(len(weights) - 1, -1, -1):
        W_grads.insert(0, scale * inputs[i].T @ delta)
        b_grads.insert(0, scale * bias * delta.sum(axis=0))
        delta = (delta @ weights[i].T) * slope(inputs[i], sums[i])
    return loss, W_grads, b_grads


@exercise.variant
def with_indices(x, labels, weights, biases):
    return list(_all(x, labels, weights, biases))


@exercise.variant
def recursive(x, labels, weights, biases):
    def down(a, W, b):
        """Loss, gradients from here up, and the error that arrives at a."""
        if len(W) == 1:
            loss, delta = _top(a @ W[0] + b[0], labels)
            dWs, dbs = [], []
        else:
            h = _sigmoid(a @ W[0] + b[0])
            loss, dWs, dbs, error = down(h, W[1:], b[1:])
            delta = error * h * (1 - h)
        return loss, [np.einsum("ni,nj->ij", a, delta), *dWs], [sum(delta), *dbs], delta @ W[0].T

    return down(x, weights, biases)[:3]


@exercise.misconception
def slope_of_the_sigmoid_forgotten(x, labels, weights, biases):
    """The errors pass the hidden units undamped: where is the slope of the sigmoid?"""
    return _all(x, labels, weights, biases, slope=lambda a, z: 1.0)


@exercise.misconception
def slope_at_the_sum(x, labels, weights, biases):
    """z·(1 − z) is taken. The slope of the sigmoid is σ(1 − σ), of what came out of the unit."""
    return _all(x, labels, weights, biases, slope=lambda a, z: z * (1 - z))


@exercise.misconception
def slope_of_tanh(x, labels, weights, biases):
    """1 − a² is the slope of tanh. These are sigmoid units."""
    return _all(x, labels, weights, biases, slope=lambda a, z: 1 - a * a)


@exercise.misconception(keeps=0.5)
def gradients_of_the_sum(x, labels, weights, biases):
    """The gradients are N times too large: the loss is a mean."""
    return _all(x, labels, weights, biases, scale=len(x))


@exercise.misconception(keeps=0.5)
def averaged_twice(x, labels, weights, biases):
    """The gradients are divided by N once more: the error of the scores is a mean already."""
    return _all(x, labels, weights, biases, scale=1 / len(x))


@exercise.misconception(keeps=0.5)
def mean_for_the_biases(x, labels, weights, biases):
    """The bias gradients are means of the errors, which are means already: they are sums."""
    return _all(x, labels, weights, biases, bias=1 / len(x))


@exercise.misconception(keeps=0.5)
def from_the_top(x, labels, weights, biases):
    """The lists begin with the head's gradients. They should begin with the lowest layer's."""
    loss, W_grads, b_grads = _all(x, labels, weights, biases)
    return loss, W_grads[::-1], b_grads[::-1]


@exercise.misconception
def only_the_head(x, labels, weights, biases):
    """Only the head has gradients, the others get zeros: send the error on down."""
    loss, W_grads, b_grads = _all(x, labels, weights, biases)
    zeros = [0 * W for W in W_grads[:-1]], [0 * b for b in b_grads[:-1]]
    return loss, [*zeros[0], W_grads[-1]], [*zeros[1], b_grads[-1]]


@exercise.misconception
def uphill_and_downhill(x, labels, weights, biases):
    """The signs are turned: gradients point to where the loss *grows*."""
    return _all(x, labels, weights, biases, scale=-1.0)


@exercise.misconception
def squashed_scores(x, labels, weights, biases):
    """The head's scores go through a sigmoid before softmax: the head is linear."""
    inputs = [x]
    for W, b in zip(weights, biases, strict=True):
        inputs.append(_sigmoid(inputs[-1] @ W + b))
    loss, delta = _top(inputs[-1], labels)
    W_grads, b_grads = [], []
    for i in range(len(weights) - 1, -1, -1):
        delta = delta * inputs[i + 1] * (1 - inputs[i + 1])
        W_grads.insert(0, inputs[i].T @ delta)
        b_grads.insert(0, delta.sum(axis=0))
        delta = delta @ weights[i].T
    return loss, W_grads, b_grads


@exercise.misconception(keeps=0.5)
def loss_forgotten(x, labels, weights, biases):
    """The loss is missing: three things are asked for."""
    return _all(x, labels, weights, biases)[1:]


@exercise.misconception(keeps=0.5)
def loss_summed_only(x, labels, weights, biases):
    """The loss adds up over the examples while the gradients average: both are means."""
    loss, W_grads, b_grads = _all(x, labels, weights, biases)
    return loss * len(x), W_grads, b_grads
