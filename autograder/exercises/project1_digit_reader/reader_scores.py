"""From pixels to ten scores."""

import numpy as np

from autograder.exercises.project1_digit_reader.nets import small_net
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from reference_impl.activations import relu_forward

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=1,
    needs=("relu_forward",),
    hints=(
        "What shape has what comes out of the hidden layer? One row per image, one column per …?",
        "Two layers, each a product and a bias; between them your own ReLU, whose first result "
        "is the one you need here.",
        "scores = ReLU(images W1 + b1) W2 + b2; nothing squashes the scores.",
    ),
)


def reader_scores(images: np.ndarray, params: dict[str, np.ndarray]) -> np.ndarray:
    """Ten scores for each image, from a network with one hidden layer of ReLU neurons.

    Parameters
    ----------
    images : ndarray (N, D)
        One image per row.
    params : dict of ndarray
        "W1" (D, H), "b1" (H,), "W2" (H, C), "b2" (C,).

    Returns
    -------
    ndarray (N, C)
        The scores (logits): the larger, the likelier that class.
    """
    hidden, _ = relu_forward(images @ params["W1"] + params["b1"])
    scores: np.ndarray = hidden @ params["W2"] + params["b2"]
    return scores


@exercise.probe
def batch(rng):
    images, _, params = small_net(rng)
    return images, params


@exercise.probe
def wide(rng):
    images, _, params = small_net(rng, (2, 11, 5), 3)
    return 100 * images, params


HAND = {
    "W1": np.array([[1.0, -1.0], [2.0, 0.0]]),
    "b1": np.array([0.5, 1.0]),
    "W2": np.array([[1.0, 0.0, -2.0], [3.0, 1.0, 1.0]]),
    "b2": np.array([0.0, 10.0, 0.0]),
}


@exercise.check
def worked_example(f):
    """The pixels (1, 2) make the hidden values 5.5 and 0, and the scores 5.5, 10 and −11."""
    agree(f(np.array([[1.0, 2.0]]), HAND), np.array([[5.5, 10.0, -11.0]]))


@exercise.check
def two_images(f):
    """The pixels (−1, 0) make 0 and 2, and the scores 6, 12 and 2; scores may be below zero."""
    expected = np.array([[6.0, 12.0, 2.0], [5.5, 10.0, -11.0]])
    agree(f(np.array([[-1.0, 0.0], [1.0, 2.0]]), HAND), expected)


@exercise.check(points=2)
def random_networks(f, reference, rng):
    """Gives the right scores for batches and networks of several sizes."""
    for sizes, examples in [((5, 4, 3), 7), ((2, 11, 5), 3), ((64, 30, 10), 13)]:
        images, _, params = small_net(rng, sizes, examples)
        agree(f(images, params), reference(images, params))


@exercise.check(points=1, after=random_networks)
def one_image(f, reference, rng):
    """Reads a batch of one, and whole numbers as pixels."""
    images, _, params = small_net(rng, examples=1)
    agree(f(images, params), reference(images, params))
    whole_numbers(f, reference, rng.integers(0, 17, (3, 5)), params)


@exercise.check(points=1, after=random_networks)
def leaves_all_alone(f, rng):
    """Leaves the images and the parameters as they were."""
    unchanged(f, *batch(rng))


@exercise.variant
def with_a_maximum(images, params):
    z = np.asarray(images, dtype=float).dot(params["W1"]) + params["b1"][None, :]
    return np.maximum(z, 0.0).dot(params["W2"]) + params["b2"][None, :]


@exercise.variant
def image_by_image(images, params):
    rows = []
    for image in images:
        hidden = params["b1"] + sum(p * w for p, w in zip(image, params["W1"], strict=True))
        rows.append(params["b2"] + np.where(hidden > 0, hidden, 0) @ params["W2"])
    return np.array(rows)


@exercise.misconception
def no_relu(images, params):
    """The ReLU is missing: two layers without one are only a single layer."""
    return (images @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]


@exercise.misconception
def relu_on_the_scores(images, params):
    """The scores went through a ReLU as well: what is below zero is lost, and with it who wins."""
    hidden = np.maximum(images @ params["W1"] + params["b1"], 0)
    return np.maximum(hidden @ params["W2"] + params["b2"], 0)


@exercise.misconception(keeps=0.5)
def no_output_bias(images, params):
    """b2 is never added."""
    return np.maximum(images @ params["W1"] + params["b1"], 0) @ params["W2"]


@exercise.misconception(keeps=0.5)
def no_hidden_bias(images, params):
    """b1 is never added."""
    return np.maximum(images @ params["W1"], 0) @ params["W2"] + params["b2"]


@exercise.misconception
def probabilities(images, params):
    """These are probabilities: a softmax was taken. The scores themselves are asked for."""
    scores = np.maximum(images @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"]
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)
