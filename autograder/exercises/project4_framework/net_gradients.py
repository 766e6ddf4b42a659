"""Back through any list of layers."""

from typing import Any

import numpy as np

from autograder.exercises.project4_framework.conv_back import conv_back
from autograder.exercises.project4_framework.nets import (
    RELU,
    images_of,
    plain_net,
    small_net,
    wide_net,
)
from autograder.judging.compare import agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.activations import relu_backward, relu_forward
from reference_impl.backprop import layer_gradients, softmax_cross_entropy
from reference_impl.convolution import conv2d_by_columns
from reference_impl.neurons import dense_forward

exercise = Exercise(
    __name__,
    minutes=30,
    difficulty=4,
    needs=(
        "conv2d_by_columns",
        "dense_forward",
        "relu_forward",
        "relu_backward",
        "layer_gradients",
        "softmax_cross_entropy",
        "conv_back",
    ),
    hints=(
        "What does each kind of layer have to remember on its way up? Keep that in a list, one "
        "entry for each layer.",
        "Go through layers and entries from the end, with one error that each layer takes and "
        "hands down; those with weights leave their gradients behind.",
        "dense: `layer_gradients` and δ Wᵀ; relu: `relu_backward`; flatten: the shape that came "
        "in; conv: `conv_back` with the columns and the shape that came in.",
    ),
)


def net_gradients(
    net: list[dict[str, Any]], x: np.ndarray, labels: np.ndarray
) -> tuple[float, list[dict[str, np.ndarray]]]:
    """The loss of a network on a batch, and the gradients of all its layers.

    Parameters
    ----------
    net : list of dict
        As for `net_scores`; its last layer is a dense one.
    x : ndarray (N, ...)
    labels : ndarray of int (N,)

    Returns
    -------
    loss : float
        The mean cross-entropy of the softmax of the scores.
    grads : list of dict
        One for each layer: {"W": ..., "b": ...} of a layer that has them, {} of one that has not.
    """
    a, kept = x, []
    for layer in net:
        fed, cache = a, None
        if layer["kind"] == "conv":
            facts = layer["stride"], layer["padding"]
            a, cache = conv2d_by_columns(fed, layer["W"], layer["b"], *facts)
        elif layer["kind"] == "dense":
            a, _ = dense_forward(fed, layer["W"], layer["b"])
        elif layer["kind"] == "relu":
            a, cache = relu_forward(fed)
        else:
            a = fed.reshape(len(fed), -1)
        kept.append((fed, cache))
    loss, delta = softmax_cross_entropy(a, labels)
    grads: list[dict[str, np.ndarray]] = []
    for layer, (fed, cache) in zip(reversed(net), reversed(kept), strict=True):
        found = {}
        if layer["kind"] == "conv":
            facts = layer["stride"], layer["padding"]
            delta, dW, db = conv_back(delta, cache, layer["W"], fed.shape, *facts)
            found = {"W": dW, "b": db}
        elif layer["kind"] == "dense":
            dW, db = layer_gradients(fed, delta)
            found, delta = {"W": dW, "b": db}, delta @ layer["W"].T
        elif layer["kind"] == "relu":
            delta = relu_backward(delta, cache)
        else:
            delta = delta.reshape(fed.shape)
        grads.append(found)
    return loss, grads[::-1]


def task(rng, make=small_net, classes=3, examples=5):
    """A network, images and labels."""
    return make(rng, classes), images_of(rng, examples), rng.integers(0, classes, examples)


@exercise.probe
def with_filters(rng):
    return task(rng)


@exercise.probe
def with_a_rim(rng):
    return task(rng, wide_net, 4, 7)


@exercise.probe
def dense_alone(rng):
    return task(rng, plain_net)


@exercise.check
def worked_example(f):
    """A dense layer, inputs 1 and 2, equal scores, class 0: b gets (−½, ½), W once and twice it."""
    net = [{"kind": "dense", "W": np.zeros((2, 2)), "b": np.zeros(2)}]
    loss, grads = sequence(f(net, np.array([[1.0, 2.0]]), np.array([0])), 2)
    agree(loss, np.log(2), what="the loss")
    half = np.array([-0.5, 0.5])
    agree(grads, [{"W": np.array([half, 2 * half]), "b": half}], what="the gradients")


@exercise.check
def layers_without_weights(f):
    """Layers without weights have empty dicts, in their places."""
    net = [{"kind": "flatten"}, RELU, {"kind": "dense", "W": np.ones((2, 2)), "b": np.zeros(2)}]
    _, grads = sequence(f(net, np.array([[[1.0], [-2.0]]]), np.array([1])), 2)
    half = np.array([0.5, -0.5])
    agree(grads, [{}, {}, {"W": np.array([half, 0 * half]), "b": half}], what="the gradients")


@exercise.check
def promises_are_kept(f):
    """Along some direction, your loss changes as much as your gradients promise, layer by layer."""
    net, x, labels = task(np.random.default_rng(5))
    grads = sequence(f(net, x, labels), 2)[1]
    for k in (0, 2, 5):
        for name in ("W", "b"):
            value = net[k][name]
            way = 1e-5 * np.cos(1 + np.arange(value.size)).reshape(value.shape)
            sides = [
                ([*net[:k], {**net[k], name: value + sign * way}, *net[k + 1 :]], x, labels)
                for sign in (1, -1)
            ]
            up, down = (float(as_array(sequence(answer, 2)[0])) for answer in f.many(sides))
            promised = 2 * np.sum(as_array(grads[k][name]) * way)
            what = f"the change promised for {name} of layer {k}"
            agree(promised, up - down, rtol=1e-3, atol=1e-9, what=what)


@exercise.check(points=3)
def random_networks(f, reference, rng):
    """Gives loss and gradients of networks with and without filters, strides and rims."""
    for make in (small_net, plain_net, wide_net):
        arguments = task(rng, make)
        agree(f(*arguments), reference(*arguments), rtol=1e-6)


@exercise.check(points=2, after=random_networks)
def slopes(f, reference, rng):
    """Every gradient is the slope that can be measured on the loss."""
    net, x, labels = task(rng, wide_net)
    grads = sequence(f(net, x, labels), 2)[1]
    for k in (0, 2):
        for name in ("W", "b"):

            def loss(p, k=k, name=name):
                return reference([*net[:k], {**net[k], name: p}, *net[k + 1 :]], x, labels)[0]

            what = f"the gradient of {name} of layer {k}"
            found = as_array(grads[k][name])
            gradient_agrees(found, loss, net[k][name], tolerance=1e-5, what=what)


@exercise.check(points=1, after=random_networks)
def one_image(f, reference, rng):
    """Learns from a batch of one."""
    arguments = task(rng, examples=1)
    agree(f(*arguments), reference(*arguments), rtol=1e-6)


@exercise.check(points=1, after=random_networks)
def leaves_all_alone(f, rng):
    """Leaves network, images and labels as they were."""
    unchanged(f, *task(rng))


def _gradients(net, x, labels, *, opened=True, factor=1.0, overlap=True, fed_by_hand=False):
    """The right way with one thing exchanged; the misconceptions below say which."""
    a, kept = x, []
    for layer in net:
        kept.append(a)
        if layer["kind"] == "conv":
            a = conv2d_by_columns(a, layer["W"], layer["b"], layer["stride"], layer["padding"])[0]
        elif layer["kind"] == "dense":
            a = a @ layer["W"] + layer["b"]
        else:
            a = np.maximum(a, 0) if layer["kind"] == "relu" else a.reshape(len(a), -1)
    loss, delta = softmax_cross_entropy(a, labels)
    delta, grads = factor * delta, []
    for layer, fed in zip(net[::-1], kept[::-1], strict=True):
        match layer["kind"]:
            case "dense":
                grads.append({"W": fed.T @ delta, "b": delta.sum(axis=0)})
                delta = delta @ layer["W"].T
            case "relu":
                grads.append({})
                delta = delta * (fed > 0) if opened else delta
            case "flatten":
                grads.append({})
                delta = delta.reshape(fed.shape)
            case "conv":
                facts = layer["stride"], layer["padding"]
                columns = conv2d_by_columns(fed, layer["W"], layer["b"], *facts)[1]
                delta, dW, db = conv_back(delta, columns, layer["W"], fed.shape, *facts)
                grads.append({"W": dW, "b": db if overlap else db / len(x)})
    return loss, grads[::-1]


@exercise.variant
def by_hand(net, x, labels):
    return _gradients(net, x, labels)


@exercise.variant
def by_recursion(net, x, labels):
    def go(k, a):
        if k == len(net):
            loss, delta = softmax_cross_entropy(a, labels)
            return loss, [], delta
        layer, found = net[k], {}
        if layer["kind"] == "conv":
            facts = layer["stride"], layer["padding"]
            out, columns = conv2d_by_columns(a, layer["W"], layer["b"], *facts)
            loss, grads, delta = go(k + 1, out)
            delta, found["W"], found["b"] = conv_back(delta, columns, layer["W"], a.shape, *facts)
        elif layer["kind"] == "dense":
            loss, grads, delta = go(k + 1, np.dot(a, layer["W"]) + layer["b"])
            found = {"W": np.dot(a.T, delta), "b": np.sum(delta, axis=0)}
            delta = np.dot(delta, layer["W"].T)
        elif layer["kind"] == "relu":
            loss, grads, delta = go(k + 1, np.where(a > 0, a, 0))
            delta = np.where(a > 0, delta, 0)
        else:
            loss, grads, delta = go(k + 1, np.reshape(a, (len(a), -1)))
            delta = np.reshape(delta, a.shape)
        return loss, [found, *grads], delta

    return go(0, x)[:2]


@exercise.misconception
def error_passes_closed_neurons(net, x, labels):
    """The error goes through ReLUs that were shut. Let `relu_backward` stop it there."""
    return _gradients(net, x, labels, opened=False)


@exercise.misconception
def sums_over_the_batch(net, x, labels):
    """These are gradients of the summed loss: N times too large. dlogits is of the mean already."""
    return _gradients(net, x, labels, factor=len(x))


@exercise.misconception
def downhill_already(net, x, labels):
    """The sign is turned: these point downhill. The optimizer subtracts them later."""
    return _gradients(net, x, labels, factor=-1.0)


@exercise.misconception
def from_the_end_to_the_start(net, x, labels):
    """The gradients are in the order of the way back: turn the list round, as the layers stand."""
    loss, grads = _gradients(net, x, labels)
    return loss, grads[::-1]


@exercise.misconception(keeps=0.5)
def averages_the_filters_biases(net, x, labels):
    """The filters' biases are divided by N once more; the error has the 1/N in it already."""
    return _gradients(net, x, labels, overlap=False)
