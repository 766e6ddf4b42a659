"""The loss, and what each weight has to do with it."""

import numpy as np

from autograder.exercises.project1_digit_reader.nets import small_net
from autograder.judging.compare import Failed, agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.activations import relu_backward, relu_forward
from reference_impl.backprop import layer_gradients, softmax_cross_entropy

exercise = Exercise(
    __name__,
    minutes=25,
    difficulty=3,
    needs=("relu_forward", "relu_backward", "softmax_cross_entropy", "layer_gradients"),
    hints=(
        "Which four steps lead from the images to the loss? Go through them backwards.",
        "`softmax_cross_entropy` has the 1/N in it already: hand on what it gives, and divide by "
        "nothing.",
        "δ2 = dlogits; δ1 = (δ2 W2ᵀ) where the ReLU was open; `layer_gradients` makes dW and db "
        "of what a layer was fed and its δ.",
    ),
)


def reader_gradients(
    images: np.ndarray, labels: np.ndarray, params: dict[str, np.ndarray]
) -> tuple[float, dict[str, np.ndarray]]:
    """The loss of the reader on a batch, and its gradients.

    Parameters
    ----------
    images : ndarray (N, D)
    labels : ndarray of int (N,)
        The class of each image, 0 to C − 1.
    params : dict of ndarray
        "W1" (D, H), "b1" (H,), "W2" (H, C), "b2" (C,), as for `reader_scores`.

    Returns
    -------
    loss : float
        The mean cross-entropy of the softmax of the scores.
    grads : dict of ndarray
        The gradient of the loss for each of the four, by the same names.
    """
    hidden, cache = relu_forward(images @ params["W1"] + params["b1"])
    loss, delta2 = softmax_cross_entropy(hidden @ params["W2"] + params["b2"], labels)
    delta1 = relu_backward(delta2 @ params["W2"].T, cache)
    dW1, db1 = layer_gradients(images, delta1)
    dW2, db2 = layer_gradients(hidden, delta2)
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


@exercise.probe
def batch(rng):
    return small_net(rng)


@exercise.probe
def larger(rng):
    return small_net(rng, (3, 8, 5), 13)


HAND = {
    "W1": np.array([[2.0, -1.0]]),
    "b1": np.array([-1.0, 0.0]),
    "W2": np.array([[1.0, 1.0], [5.0, -5.0]]),
    "b2": np.zeros(2),
}


@exercise.check
def worked_example(f):
    """One pixel 1 of class 0, scores (1, 1): loss ln 2, db2 = (−½, ½), and W1 has no slope."""
    loss, grads = sequence(f(np.array([[1.0]]), np.array([0]), HAND), 2)
    agree(loss, np.log(2), what="the loss")
    half = np.array([-0.5, 0.5])
    expected = {"W2": np.array([half, 0 * half]), "b2": half, "b1": np.zeros(2)}
    agree(grads, {**expected, "W1": np.zeros((1, 2))}, what="the gradients")


@exercise.check
def the_error_reaches_the_first_layer(f):
    """Two pixels −1 of class 0 at scores (0, 0): db1 = (0, −1), dW1 = (0, 1), db2 = (−½, ½)."""
    params = {**HAND, "W2": np.array([[0.0, 0.0], [1.0, -1.0]]), "b2": np.array([-1.0, 1.0])}
    loss, grads = sequence(f(np.array([[-1.0], [-1.0]]), np.array([0, 1]), params), 2)
    agree(loss, np.log(2), what="the loss")
    agree(grads["b2"], np.zeros(2), what="db2")
    loss, grads = sequence(f(np.array([[-1.0], [-1.0]]), np.array([0, 0]), params), 2)
    agree(grads["b1"], np.array([0.0, -1.0]), what="db1 for two of class 0")
    agree(grads["W1"], np.array([[0.0, 1.0]]), what="dW1 for two of class 0")
    agree(grads["b2"], np.array([-0.5, 0.5]), what="db2 for two of class 0")


@exercise.check
def leaves_all_alone(f):
    """Leaves images, labels and parameters as they were."""
    unchanged(f, np.array([[1.0], [-1.0]]), np.array([0, 1]), HAND)


@exercise.check(points=3)
def random_networks(f, reference, rng):
    """Gives loss and gradients for batches and networks of several sizes."""
    for sizes, examples in [((5, 4, 3), 7), ((3, 8, 5), 13), ((64, 20, 10), 11)]:
        arguments = small_net(rng, sizes, examples)
        agree(f(*arguments), reference(*arguments), rtol=1e-6)


@exercise.check(points=2, after=random_networks)
def slopes(f, rng):
    """Every gradient is the slope that can be measured on the loss itself."""
    images, labels, params = small_net(rng, (3, 5, 4), 6)
    grads = sequence(f(images, labels, params), 2)[1]
    for name in params:

        def loss(p, name=name):
            w = {**params, name: p}
            scores = np.maximum(images @ w["W1"] + w["b1"], 0) @ w["W2"] + w["b2"]
            scores = scores - scores.max(axis=1, keepdims=True)
            log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
            return -float(log_p[np.arange(len(labels)), labels].mean())

        what = f"the gradient of {name}"
        gradient_agrees(as_array(grads[name]), loss, params[name], tolerance=1e-5, what=what)


@exercise.check(points=1, after=random_networks)
def one_image(f, reference, rng):
    """Learns from a batch of one, and from whole numbers as pixels."""
    arguments = small_net(rng, examples=1)
    agree(f(*arguments), reference(*arguments), rtol=1e-6)
    _, labels, params = small_net(rng, examples=4)
    whole_numbers(f, reference, rng.integers(0, 17, (4, 5)), labels, params, rtol=1e-6)


@exercise.check(points=1, after=random_networks)
def large_scores(f, reference, rng):
    """Stays finite with scores of 800, and leaves everything as it was."""
    images, labels, params = small_net(rng)
    lifted = {**params, "b2": params["b2"] + 800}
    loss, grads = sequence(f(images, labels, lifted), 2)
    if not np.isfinite(as_array(loss)):
        raise Failed(f"the loss with 800 added to every score is {loss}")
    agree(grads, reference(images, labels, params)[1], rtol=1e-6, what="the gradients")
    unchanged(f, images, labels, params)


def _gradients(images, labels, params, *, opened=True, factor=1.0, fed=None):
    """The right way with one thing exchanged."""
    z = images @ params["W1"] + params["b1"]
    hidden = np.maximum(z, 0)
    loss, d2 = softmax_cross_entropy(hidden @ params["W2"] + params["b2"], labels)
    d2 = d2 * factor
    d1 = d2 @ params["W2"].T * ((z > 0) if opened else 1)
    grads = {"W1": images.T @ d1, "b1": d1.sum(axis=0)}
    return loss, grads | {"W2": (hidden if fed is None else z).T @ d2, "b2": d2.sum(axis=0)}


@exercise.variant
def by_hand(images, labels, params):
    return _gradients(images, labels, params)


@exercise.variant
def example_by_example(images, labels, params):
    total, sums = 0.0, {name: np.zeros(p.shape) for name, p in params.items()}
    for image, label in zip(images, labels, strict=True):
        hidden = np.maximum(image @ params["W1"] + params["b1"], 0)
        scores = hidden @ params["W2"] + params["b2"]
        p = np.exp(scores - scores.max())
        p /= p.sum()
        total -= np.log(p[label])
        d2 = p - np.eye(len(p))[label]
        d1 = (params["W2"] @ d2) * (hidden > 0)
        found = (np.outer(image, d1), d1, np.outer(hidden, d2), d2)
        for name, g in zip(("W1", "b1", "W2", "b2"), found, strict=True):
            sums[name] += g / len(images)
    return total / len(images), sums


@exercise.misconception
def error_passes_closed_neurons(images, labels, params):
    """The error goes through neurons whose ReLU was shut. Let `relu_backward` stop it there."""
    return _gradients(images, labels, params, opened=False)


@exercise.misconception
def sums_over_the_batch(images, labels, params):
    """These are gradients of the summed loss: N times too large. dlogits is of the mean already."""
    return _gradients(images, labels, params, factor=len(images))


@exercise.misconception(keeps=0.5)
def averages_again(images, labels, params):
    """The gradients are divided by N once more, although the loss is a mean already."""
    return _gradients(images, labels, params, factor=1 / len(images))


@exercise.misconception
def before_the_relu(images, labels, params):
    """dW2 is made with what went *into* the ReLU; the second layer was fed what came out."""
    return _gradients(images, labels, params, fed="z")


@exercise.misconception
def downhill_already(images, labels, params):
    """The sign is turned: these point downhill. The training subtracts them later."""
    return _gradients(images, labels, params, factor=-1.0)
