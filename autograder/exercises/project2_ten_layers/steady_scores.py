"""One digit at a time: the same scores whoever else is in the batch."""

import numpy as np

from autograder.exercises.project2_ten_layers.nets import task
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from reference_impl.activations import relu_forward
from reference_impl.batchnorm import batchnorm_inference

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    needs=("batchnorm_inference", "relu_forward"),
    hints=(
        "What does batch normalisation make of a batch of one? And where could a mean and a "
        "variance come from instead?",
        "Send the training images up beside the others. Before each normalisation, their sums "
        "give the mean and the variance, for both.",
        "m, v = mean and variance of (t W) over the training images t; then both t and x become "
        "ReLU(batchnorm_inference(· W; γ, β, m, v)).",
    ),
)


def steady_scores(
    images: np.ndarray, net: dict[str, np.ndarray], training: np.ndarray
) -> np.ndarray:
    """Scores that do not depend on the batch: normalised by what the training images make.

    Parameters
    ----------
    images : ndarray (N, D)
        To be read; N may be 1.
    net : dict of ndarray
        As for `deep_scores`.
    training : ndarray (M, D)
        The training images. The mean and the variance (the mean of squared distances) of each
        neuron's sum over these are used in place of the batch's, in every layer, with the usual
        1e-5 under the root.

    Returns
    -------
    ndarray (N, C)
    """
    a, t = images, training
    for k in range(1, sum(name.startswith("gamma") for name in net) + 1):
        W, gamma, beta = net[f"W{k}"], net[f"gamma{k}"], net[f"beta{k}"]
        mean, var = (t @ W).mean(axis=0), (t @ W).var(axis=0)
        a, _ = relu_forward(batchnorm_inference(a @ W, gamma, beta, mean, var))
        t, _ = relu_forward(batchnorm_inference(t @ W, gamma, beta, mean, var))
    scores: np.ndarray = a @ net["W_out"] + net["b_out"]
    return scores


def both(rng, sizes=(5, 4, 6, 3), classes=3, examples=7, others=17):
    """Images to be read, a network, and training images of another kind."""
    images, _, net = task(rng, sizes, classes, examples=examples)
    return images, net, 0.7 * rng.normal(size=(others, sizes[0])) + 0.3


@exercise.probe
def batch(rng):
    return both(rng)


@exercise.probe
def one_layer(rng):
    return both(rng, (3, 5), 4, 11, 6)


HAND = {
    "W1": np.array([[2.0]]),
    "gamma1": np.array([3.0]),
    "beta1": np.array([1.0]),
    "W_out": np.array([[1.0, -1.0]]),
    "b_out": np.array([0.0, 0.5]),
}


@exercise.check
def worked_example(f):
    """Training pixels 1 and 3 make sums of mean 4 and variance 4: a pixel of 5 is 3 spreads up."""
    expected = 1 + 3 * 6 / np.sqrt(4 + 1e-5)
    scores = f(np.array([[5.0]]), HAND, np.array([[1.0], [3.0]]))
    agree(scores, np.array([[expected, 0.5 - expected]]))


@exercise.check
def alone_as_in_company(f):
    """An image has the same scores alone as among others, through two layers."""
    images, net, training = both(np.random.default_rng(1), (4, 5, 3))
    together, alone = f.many([(images, net, training), (images[2:3], net, training)])
    agree(alone, np.asarray(together)[2:3], what="the scores of the third image alone")


@exercise.check
def knows_the_training_images(f):
    """The training images themselves have the scores that `deep_scores` gives them as one batch."""
    images, net, _ = both(np.random.default_rng(2), (4, 5, 3))
    got, a = f(images, net, images), images
    for k in (1, 2):
        z = a @ net[f"W{k}"]
        y = net[f"gamma{k}"] * (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-5)
        a = np.maximum(y + net[f"beta{k}"], 0)
    agree(got, a @ net["W_out"] + net["b_out"], rtol=1e-6)


@exercise.check(points=3)
def random_networks(f, reference, rng):
    """Gives the right scores for networks of one, three and ten layers."""
    for sizes, classes in (((3, 5), 4), ((5, 4, 6, 3), 3), ((64, *10 * [6]), 10)):
        arguments = both(rng, sizes, classes)
        agree(f(*arguments), reference(*arguments), rtol=1e-6)


@exercise.check(points=1, after=random_networks)
def one_image(f, reference, rng):
    """Reads a single image."""
    arguments = both(rng, examples=1)
    agree(f(*arguments), reference(*arguments), rtol=1e-6)


@exercise.check(points=1, after=random_networks)
def leaves_all_alone(f, rng):
    """Leaves images, network and training images as they were."""
    unchanged(f, *both(rng))


def _scores(images, net, training, *, ddof=0, own=False, raw=False, last=True, spread=True):
    """The way up with one thing exchanged."""
    a, t = np.asarray(images, dtype=float), np.asarray(training, dtype=float)
    for k in range(1, sum(name.startswith("gamma") for name in net) + 1):
        W, gamma, beta = net[f"W{k}"], net[f"gamma{k}"], net[f"beta{k}"]
        z, s = a @ W, t @ W
        base = z if own else s
        mean = base.mean(axis=0)
        std = np.sqrt(base.var(axis=0, ddof=ddof) + 1e-5) if spread else 1.0
        a = np.maximum(gamma * (z - mean) / std + beta, 0)
        t = np.maximum(s, 0) if raw else np.maximum(gamma * (s - mean) / std + beta, 0)
    return a @ net["W_out"] + (net["b_out"] if last else 0)


@exercise.variant
def by_hand(images, net, training):
    return _scores(images, net, training)


@exercise.variant
def all_in_one(images, net, training):
    a, n = np.concatenate([images, training]).astype(float), len(images)
    k = 1
    while f"W{k}" in net:
        z = a @ net[f"W{k}"]
        centre, square = z[n:].mean(axis=0), (z[n:] ** 2).mean(axis=0)
        slope = net[f"gamma{k}"] / np.sqrt(np.maximum(square - centre**2, 0) + 1e-5)
        a = np.maximum(slope * z + (net[f"beta{k}"] - slope * centre), 0)
        k += 1
    return a[:n] @ net["W_out"] + net["b_out"]


@exercise.misconception
def statistics_of_the_batch(images, net, training):
    """Mean and variance are still those of the images to be read: alone, an image has no scores."""
    return _scores(images, net, training, own=True)


@exercise.misconception
def training_images_without_normalisation(images, net, training):
    """Above the first layer the training images are not normalised, so their statistics are off."""
    return _scores(images, net, training, raw=True)


@exercise.misconception(keeps=0.5)
def variance_with_one_less(images, net, training):
    """The variance was divided by M − 1; asked for is the mean of squared distances."""
    return _scores(images, net, training, ddof=1)


@exercise.misconception
def mean_alone(images, net, training):
    """The mean is taken off, but nothing is divided by the spread."""
    return _scores(images, net, training, spread=False)


@exercise.misconception(keeps=0.5)
def no_bias_at_the_end(images, net, training):
    """b_out is never added."""
    return _scores(images, net, training, last=False)
