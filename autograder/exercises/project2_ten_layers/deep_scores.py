"""Any number of layers, one loop."""

import numpy as np

from autograder.exercises.project2_ten_layers.nets import task
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from reference_impl.activations import relu_forward
from reference_impl.batchnorm import batchnorm_forward

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    needs=("batchnorm_forward", "relu_forward"),
    hints=(
        "What does every layer do with what the layer before has made? Write it down for one.",
        "How many layers there are, the names tell: there is one gamma for each.",
        "a ← ReLU(batchnorm(a W; γ, β)), layer by layer; at the end a W_out + b_out.",
    ),
)


def deep_scores(images: np.ndarray, net: dict[str, np.ndarray]) -> np.ndarray:
    """The scores of a batch in a deep network with batch normalisation in every layer.

    Each layer takes a product with its weights, normalises that over the batch, and goes through
    a ReLU. A bias would be taken away again by the normalisation: there is none but the last.

    Parameters
    ----------
    images : ndarray (N, D)
    net : dict of ndarray
        "W1" (D, H1), "gamma1" (H1,), "beta1" (H1,), "W2" (H1, H2), and so on, up to any number;
        then "W_out" (H, C) and "b_out" (C,).

    Returns
    -------
    ndarray (N, C)
    """
    a = images
    for k in range(1, sum(name.startswith("gamma") for name in net) + 1):
        z, _ = batchnorm_forward(a @ net[f"W{k}"], net[f"gamma{k}"], net[f"beta{k}"])
        a, _ = relu_forward(z)
    scores: np.ndarray = a @ net["W_out"] + net["b_out"]
    return scores


@exercise.probe
def batch(rng):
    images, _, net = task(rng)
    return images, net


@exercise.probe
def one_layer(rng):
    images, _, net = task(rng, (3, 5), 4, 7)
    return images, net


HAND = {
    "W1": np.array([[2.0, 0.0], [0.0, 1.0]]),
    "gamma1": np.array([3.0, -1.0]),
    "beta1": np.array([1.0, 0.0]),
    "W_out": np.array([[1.0, 0.0], [0.0, 10.0]]),
    "b_out": np.array([0.0, 5.0]),
}
ROOT = np.sqrt(1 / (1 + 1e-5))
"""What batch normalisation makes of 1 where the values are 1 and −1."""


@exercise.check
def worked_example(f):
    """Pixels (½, 1) and (−½, −1), one layer: sums ±1 are normalised, scaled, cut, and summed."""
    images = np.array([[0.5, 1.0], [-0.5, -1.0]])
    expected = np.array([[1 + 3 * ROOT, 5.0], [0.0, 5 + 10 * ROOT]])
    agree(f(images, HAND), expected)


@exercise.check
def two_layers(f):
    """A second layer normalises what the first has made: 4 and 0 become 1 and −1 again."""
    net = {**HAND, "W2": np.array([[1.0], [0.0]])}
    net |= {"gamma2": np.array([2.0]), "beta2": np.array([3.0])}
    net |= {"W_out": np.array([[1.0, -1.0]]), "b_out": np.array([0.0, 0.0])}
    scores = f(np.array([[0.5, 1.0], [-0.5, -1.0]]), net)
    half = (1 + 3 * ROOT) / 2
    top = 3 + 2 * half / np.sqrt(half**2 + 1e-5)
    low = 6 - top
    agree(scores, np.array([[top, -top], [low, -low]]))


@exercise.check(points=2)
def random_networks(f, reference, rng):
    """Gives the right scores for networks of one, three and ten layers."""
    tasks = (((3, 5), 4, 7), ((5, 4, 6, 3), 3, 11), ((64, *10 * [7]), 10, 23))
    for sizes, classes, examples in tasks:
        images, _, net = task(rng, sizes, classes, examples)
        agree(f(images, net), reference(images, net), rtol=1e-6)


@exercise.check(points=1, after=random_networks)
def whole_pixels(f, reference, rng):
    """Takes whole numbers as pixels, and any order of the names."""
    _, _, net = task(rng)
    whole_numbers(f, reference, rng.integers(0, 17, (9, 5)), net, rtol=1e-6)
    images, _, net = task(rng)
    turned = dict(reversed(net.items()))
    agree(f(images, turned), reference(images, net), rtol=1e-6)


@exercise.check(points=1, after=random_networks)
def leaves_all_alone(f, rng):
    """Leaves the images and the network as they were."""
    unchanged(f, *batch(rng))


def _scores(images, net, *, norm=True, beta=True, relu=True, first=0, out=True, layers=None):
    """The way up with one thing exchanged."""
    a = images
    depth = sum(name.startswith("gamma") for name in net) if layers is None else layers
    for k in range(1, depth + 1):
        z = a @ net[f"W{k}"]
        axis = 1 if first else 0
        if norm:
            z = z - z.mean(axis=axis, keepdims=True)
            z = z / np.sqrt((z**2).mean(axis=axis, keepdims=True) + 1e-5)
        z = net[f"gamma{k}"] * z + (net[f"beta{k}"] if beta else 0)
        a = np.maximum(z, 0) if relu else z
    return a @ net["W_out"] + (net["b_out"] if out else 0)


@exercise.variant
def by_hand(images, net):
    return _scores(images, net)


@exercise.variant
def with_itself(images, net, k=1):
    if f"gamma{k}" not in net:
        return images @ net["W_out"] + net["b_out"]
    z = np.asarray(images) @ net[f"W{k}"]
    z = (z - np.mean(z, axis=0)) / np.sqrt(np.var(z, axis=0) + 1e-5)
    z = z * net[f"gamma{k}"] + net[f"beta{k}"]
    return with_itself(np.where(z > 0, z, 0.0), net, k + 1)


@exercise.misconception
def no_normalisation(images, net):
    """The sums are scaled and shifted, but never normalised."""
    return _scores(images, net, norm=False)


@exercise.misconception
def over_the_neurons(images, net):
    """Each image is normalised by itself; it should be each neuron, over the batch."""
    return _scores(images, net, first=1)


@exercise.misconception(keeps=0.5)
def no_beta(images, net):
    """The shifts β are never added."""
    return _scores(images, net, beta=False)


@exercise.misconception
def no_relu(images, net):
    """The ReLU is missing: without it, ten layers are no more than one."""
    return _scores(images, net, relu=False)


@exercise.misconception
def relu_before_the_normalisation(images, net):
    """The ReLU comes first, the normalisation after it; asked for is product, normalise, ReLU."""
    a = images
    for k in range(1, sum(name.startswith("gamma") for name in net) + 1):
        z = np.maximum(a @ net[f"W{k}"], 0)
        z = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-5)
        a = net[f"gamma{k}"] * z + net[f"beta{k}"]
    return a @ net["W_out"] + net["b_out"]


@exercise.misconception(keeps=0.5)
def no_bias_at_the_end(images, net):
    """b_out is never added; no normalisation comes after it that would take it away."""
    return _scores(images, net, out=False)
