"""A network is a list of layers."""

from typing import Any

import numpy as np

from autograder.exercises.project4_framework.nets import (
    RELU,
    images_of,
    plain_net,
    small_net,
    wide_net,
)
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from reference_impl.activations import relu_forward
from reference_impl.convolution import conv2d_by_columns
from reference_impl.neurons import dense_forward

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=2,
    needs=("conv2d_by_columns", "relu_forward", "dense_forward"),
    hints=(
        "What does each of the four kinds do with what comes in? Say it in one line each.",
        "Go through the list with one value `a` that each layer replaces; your own parts return "
        "pairs, of which only the first is needed here.",
        "conv: conv2d_by_columns(a, W, b, stride, padding); dense: dense_forward(a, W, b); relu: "
        "relu_forward(a); flatten: all axes but the first become one.",
    ),
)


def net_scores(net: list[dict[str, Any]], x: np.ndarray) -> np.ndarray:
    """What a network makes of a batch, layer by layer.

    Parameters
    ----------
    net : list of dict
        The layers in their order, each with its "kind": {"kind": "conv", "W": (F, C, K, L), "b":
        (F,), "stride": int, "padding": int}, {"kind": "relu"}, {"kind": "flatten"}, which makes
        one row of each example, or {"kind": "dense", "W": (n_in, n_out), "b": (n_out,)}.
    x : ndarray (N, ...)
        A batch, in the shape that the first layer takes.

    Returns
    -------
    ndarray
        What comes out of the last layer.
    """
    a = x
    for layer in net:
        if layer["kind"] == "conv":
            a, _ = conv2d_by_columns(a, layer["W"], layer["b"], layer["stride"], layer["padding"])
        elif layer["kind"] == "dense":
            a, _ = dense_forward(a, layer["W"], layer["b"])
        elif layer["kind"] == "relu":
            a, _ = relu_forward(a)
        else:
            a = a.reshape(len(a), -1)
    return a


@exercise.probe
def with_filters(rng):
    return small_net(rng), images_of(rng)


@exercise.probe
def with_a_rim(rng):
    return wide_net(rng), images_of(rng, 4)


@exercise.probe
def dense_alone(rng):
    return plain_net(rng), images_of(rng, 3)


FILTER = {"kind": "conv", "W": np.array([[[[1.0, 10.0]]]]), "b": np.array([-35.0])}
HAND = [
    {**FILTER, "stride": 1, "padding": 0},
    RELU,
    {"kind": "flatten"},
    {"kind": "dense", "W": np.array([[2.0, 0.0], [1.0, -1.0]]), "b": np.array([0.0, 3.0])},
]


@exercise.check
def worked_example(f):
    """Pixels (1, 3, 4), filter (1, 10), bias −35: sums −4 and 8, ReLU 0 and 8, scores 8 and −5."""
    agree(f(HAND, np.array([[[[1.0, 3.0, 4.0]]]])), np.array([[8.0, -5.0]]))


@exercise.check
def strides_and_padding(f):
    """The same filter with stride 2 and a rim of 1: windows (0, 0), (1, 3) of three rows."""
    layer = {**HAND[0], "b": np.array([0.5]), "stride": 2, "padding": 1}
    x = np.array([[[[7.0, 1.0, 3.0]]], [[[0.0, 2.0, 0.0]]]])
    expected = np.full((2, 1, 2, 2), 0.5)
    agree(f([layer], x), expected, what="windows that see the rim alone")
    agree(f([RELU, RELU], -x), 0 * x, what="two ReLUs of negative numbers")
    agree(f([], x), x, what="a network without layers")


@exercise.check
def any_order(f):
    """Dense layers, ReLUs and flattening come in any order and number."""
    one = {"kind": "dense", "W": np.array([[1.0], [-2.0]]), "b": np.array([1.0])}
    two = {"kind": "dense", "W": np.array([[3.0]]), "b": np.array([-1.0])}
    x = np.array([[1.0, 2.0], [4.0, 1.0]])
    agree(f([one, RELU, two], x), np.array([[-1.0], [8.0]]))
    agree(f([one, two], x), np.array([[-7.0], [8.0]]))
    agree(f([{"kind": "flatten"}, one], x.reshape(2, 2, 1)), np.array([[-2.0], [3.0]]))


@exercise.check(points=3)
def random_networks(f, reference, rng):
    """Gives the right scores for networks with and without filters, strides and rims."""
    for net in (small_net(rng), plain_net(rng), wide_net(rng)):
        x = images_of(rng, 4)
        agree(f(net, x), reference(net, x))


@exercise.check(points=1, after=random_networks)
def one_image(f, reference, rng):
    """Takes a batch of one, and whole numbers as pixels."""
    net, x = small_net(rng), images_of(rng, 1)
    agree(f(net, x), reference(net, x))
    whole_numbers(f, reference, net, rng.integers(0, 17, (3, 2, 5, 5)))


@exercise.check(points=1, after=random_networks)
def leaves_all_alone(f, rng):
    """Leaves the network and the images as they were."""
    unchanged(f, *with_filters(rng))


def _conv(x, layer, bias=True, stride=True, flip=False):
    padded = np.pad(x, ((0, 0), (0, 0), *2 * [(layer["padding"],) * 2]))
    W = layer["W"][:, :, ::-1, ::-1] if flip else layer["W"]
    windows = np.lib.stride_tricks.sliding_window_view(padded, W.shape[2:], axis=(2, 3))
    step = layer["stride"] if stride else 1
    out = np.einsum("ncpqkl,fckl->nfpq", windows[:, :, ::step, ::step], W)
    return out + (layer["b"][:, None, None] if bias else 0)


def _scores(net, x, *, relu=True, dense_bias=True, **conv):
    """The way up with one thing exchanged."""
    for layer in net:
        match layer["kind"]:
            case "conv":
                x = _conv(x, layer, **conv)
            case "dense":
                x = x @ layer["W"] + (layer["b"] if dense_bias else 0)
            case "relu":
                x = np.maximum(x, 0) if relu else x
            case "flatten":
                x = np.reshape(x, (len(x), -1))
    return x


@exercise.variant
def by_hand(net, x):
    return _scores(net, x)


@exercise.variant
def with_a_table(net, x):
    steps = {
        "conv": lambda a, layer: conv2d_by_columns(
            a, layer["W"], layer["b"], layer["stride"], layer["padding"]
        )[0],
        "dense": lambda a, layer: np.dot(a, layer["W"]) + layer["b"],
        "relu": lambda a, layer: a * (a > 0),
        "flatten": lambda a, layer: a.reshape(a.shape[0], int(np.prod(a.shape[1:]))),
    }
    for layer in net:
        x = steps[layer["kind"]](x, layer)
    return x


@exercise.misconception
def relus_left_out(net, x):
    """The ReLUs let everything through: what is negative has to become zero."""
    return _scores(net, x, relu=False)


@exercise.misconception(keeps=0.5)
def no_biases_in_dense_layers(net, x):
    """The biases of the dense layers are never added."""
    return _scores(net, x, dense_bias=False)


@exercise.misconception(keeps=0.5)
def no_biases_of_filters(net, x):
    """The biases of the filters are never added."""
    return _scores(net, x, bias=False)


@exercise.misconception
def flipped_filters(net, x):
    """The filters are turned round, as in mathematics; here a filter is laid on as it is."""
    return _scores(net, x, flip=True)


@exercise.misconception
def probabilities_at_the_end(net, x):
    """The scores went through a softmax. The network ends with its last layer."""
    scores = np.asarray(_scores(net, x), dtype=float)
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)
