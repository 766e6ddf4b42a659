"""All the way back through all the layers."""

import numpy as np

from autograder.exercises.project2_ten_layers.nets import task
from autograder.judging.compare import agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.activations import relu_backward, relu_forward
from reference_impl.backprop import layer_gradients, softmax_cross_entropy
from reference_impl.batchnorm import batchnorm_backward, batchnorm_forward

exercise = Exercise(
    __name__,
    minutes=30,
    difficulty=4,
    needs=(
        "batchnorm_forward",
        "batchnorm_backward",
        "relu_forward",
        "relu_backward",
        "layer_gradients",
        "softmax_cross_entropy",
    ),
    hints=(
        "What has to be kept of each layer on the way up, so that one can come back down?",
        "Keep, layer by layer, what it was fed and the two caches. Then go through that list from "
        "its end: ReLU, normalisation, product.",
        "δ ← relu_backward; then δ, dγ, dβ from batchnorm_backward; then dW = aᵀδ with what the "
        "layer was fed, and δ Wᵀ for the layer below.",
    ),
)


def deep_gradients(
    images: np.ndarray, labels: np.ndarray, net: dict[str, np.ndarray]
) -> tuple[float, dict[str, np.ndarray]]:
    """The loss of a batch in the network of `deep_scores`, and its gradients.

    Parameters
    ----------
    images : ndarray (N, D)
    labels : ndarray of int (N,)
        The class of each image, 0 to C − 1.
    net : dict of ndarray
        As for `deep_scores`.

    Returns
    -------
    loss : float
        The mean cross-entropy of the softmax of the scores.
    grads : dict of ndarray
        A gradient for each entry of `net`, by the same name.
    """
    depth = sum(name.startswith("gamma") for name in net)
    a, kept = images, []
    for k in range(1, depth + 1):
        z, norm_cache = batchnorm_forward(a @ net[f"W{k}"], net[f"gamma{k}"], net[f"beta{k}"])
        out, relu_cache = relu_forward(z)
        kept.append((a, norm_cache, relu_cache))
        a = out
    loss, delta = softmax_cross_entropy(a @ net["W_out"] + net["b_out"], labels)
    grads = dict(zip(("W_out", "b_out"), layer_gradients(a, delta), strict=True))
    delta = delta @ net["W_out"].T
    for k in range(depth, 0, -1):
        fed, norm_cache, relu_cache = kept[k - 1]
        delta = relu_backward(delta, relu_cache)
        delta, grads[f"gamma{k}"], grads[f"beta{k}"] = batchnorm_backward(delta, norm_cache)
        grads[f"W{k}"], _ = layer_gradients(fed, delta)
        delta = delta @ net[f"W{k}"].T
    return loss, grads


@exercise.probe
def batch(rng):
    return task(rng)


@exercise.probe
def one_layer(rng):
    return task(rng, (3, 5), 4, 7)


def hand_net(depth):
    """Layers of one neuron that hand on 1 and −1, and two scores."""
    net = {}
    for k in range(1, depth + 1):
        net |= {f"W{k}": np.array([[2.0]]), f"gamma{k}": np.array([1.0])}
        net |= {f"beta{k}": np.array([3.0])}
    return net | {"W_out": np.array([[1.0, 1.0]]), "b_out": np.array([0.0, 0.0])}


@exercise.check
def worked_example(f):
    """Equal scores, class 0: the loss is ln 2, b_out gets (−½, ½), and W_out three times that."""
    loss, grads = sequence(f(np.array([[1.0], [-1.0]]), np.array([0, 0]), hand_net(1)), 2)
    agree(loss, np.log(2), what="the loss")
    agree(grads["b_out"], np.array([-0.5, 0.5]), what="the gradient of b_out")
    agree(grads["W_out"], np.array([[-1.5, 1.5]]), what="the gradient of W_out")


@exercise.check
def promises_are_kept(f):
    """Along some direction, your loss changes as much as your gradients promise, entry by entry."""
    images, labels, net = task(np.random.default_rng(3), (4, 3, 5), 3, 9)
    grads = sequence(f(images, labels, net), 2)[1]
    for name, value in net.items():
        way = 1e-5 * np.cos(1 + np.arange(value.size)).reshape(value.shape)
        steps = [(images, labels, {**net, name: value + sign * way}) for sign in (1, -1)]
        up, down = (float(as_array(sequence(answer, 2)[0])) for answer in f.many(steps))
        promised = 2 * np.sum(as_array(grads[name]) * way)
        agree(promised, up - down, rtol=1e-3, atol=1e-9, what=f"the change promised for {name}")


@exercise.check
def closed_neurons_learn_nothing(f):
    """With β = −3 no ReLU is open: what lies below has gradients of zero."""
    net = hand_net(2) | {"beta2": np.array([-3.0])}
    _, grads = sequence(f(np.array([[1.0], [-1.0]]), np.array([0, 1]), net), 2)
    for name in ("W1", "gamma1", "beta1", "W2", "gamma2", "beta2"):
        agree(grads[name], np.zeros(net[name].shape), what=f"the gradient of {name}")


@exercise.check(points=3)
def random_networks(f, reference, rng):
    """Gives loss and gradients for networks of one, three and ten layers."""
    tasks = (((3, 5), 4, 7), ((5, 4, 6, 3), 3, 11), ((64, *10 * [6]), 10, 23))
    for sizes, classes, examples in tasks:
        arguments = task(rng, sizes, classes, examples)
        agree(f(*arguments), reference(*arguments), rtol=1e-5, atol=1e-8)


@exercise.check(points=2, after=random_networks)
def slopes(f, rng):
    """Every gradient is the slope that can be measured on the loss itself."""
    images, labels, net = task(rng, (4, 3, 5), 3, 9)
    grads = sequence(f(images, labels, net), 2)[1]
    for name in net:

        def loss(p, name=name):
            a, w = images, {**net, name: p}
            for k in (1, 2):
                z = a @ w[f"W{k}"]
                z = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-5)
                a = np.maximum(w[f"gamma{k}"] * z + w[f"beta{k}"], 0)
            scores = a @ w["W_out"] + w["b_out"]
            scores = scores - scores.max(axis=1, keepdims=True)
            log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
            return -float(log_p[np.arange(len(labels)), labels].mean())

        what = f"the gradient of {name}"
        gradient_agrees(as_array(grads[name]), loss, net[name], tolerance=1e-4, what=what)


@exercise.check(points=1, after=random_networks)
def whole_pixels(f, reference, rng):
    """Takes whole numbers as pixels."""
    _, labels, net = task(rng)
    pixels = rng.integers(0, 17, (11, 5))
    whole_numbers(f, reference, pixels, labels, net, rtol=1e-5, atol=1e-8)


@exercise.check(points=1, after=random_networks)
def leaves_all_alone(f, rng):
    """Leaves images, labels and network as they were."""
    unchanged(f, *task(rng))


def _gradients(images, labels, net, *, opened=True, through=True, factor=1.0, fed=0, upwards=1.0):
    """The right way with one thing exchanged; the misconceptions below say which."""
    depth = sum(name.startswith("gamma") for name in net)
    a, kept = images, []
    for k in range(1, depth + 1):
        z = a @ net[f"W{k}"]
        spread = np.sqrt(z.var(axis=0) + 1e-5)
        normal = (z - z.mean(axis=0)) / spread
        y = net[f"gamma{k}"] * normal + net[f"beta{k}"]
        kept.append((a, normal, spread, y))
        a = np.maximum(y, 0)
    loss, delta = softmax_cross_entropy(a @ net["W_out"] + net["b_out"], labels)
    delta = factor * delta
    grads = {"W_out": a.T @ delta, "b_out": delta.sum(axis=0)}
    delta = delta @ net["W_out"].T
    for k in range(depth, 0, -1):
        a, normal, spread, y = kept[k - 1]
        delta = delta * ((y > 0) if opened else 1)
        grads[f"gamma{k}"], grads[f"beta{k}"] = (delta * normal).sum(axis=0), delta.sum(axis=0)
        d = delta * net[f"gamma{k}"]
        means = d.mean(axis=0) + normal * (d * normal).mean(axis=0)
        delta = (d - means * through) / spread
        grads[f"W{k}"] = a.T @ delta
        delta = delta @ net[f"W{k}"].T * upwards
    return loss, grads


@exercise.variant
def by_hand(images, labels, net):
    return _gradients(images, labels, net)


@exercise.variant
def one_layer_at_a_time(images, labels, net):
    names = sorted(int(name[5:]) for name in net if name.startswith("gamma"))

    def below(a, left):
        if not left:
            loss, d = softmax_cross_entropy(a @ net["W_out"] + net["b_out"], labels)
            grads = {"W_out": a.T @ d, "b_out": d.sum(axis=0)}
            return loss, grads, d @ net["W_out"].T
        k, *rest = left
        y, cache = batchnorm_forward(a @ net[f"W{k}"], net[f"gamma{k}"], net[f"beta{k}"])
        loss, grads, d = below(np.where(y > 0, y, 0), rest)
        d, grads[f"gamma{k}"], grads[f"beta{k}"] = batchnorm_backward(np.where(y > 0, d, 0), cache)
        return loss, grads | {f"W{k}": a.T @ d}, d @ net[f"W{k}"].T

    return below(np.asarray(images, dtype=float), names)[:2]


@exercise.misconception
def error_passes_closed_neurons(images, labels, net):
    """The error goes through neurons whose ReLU was shut. Let `relu_backward` stop it there."""
    return _gradients(images, labels, net, opened=False)


@exercise.misconception
def statistics_taken_as_fixed(images, labels, net):
    """Mean and spread were taken as given numbers; they depend on every image of the batch."""
    return _gradients(images, labels, net, through=0.0)


@exercise.misconception
def sums_over_the_batch(images, labels, net):
    """These are gradients of the summed loss: N times too large. dlogits is of the mean already."""
    return _gradients(images, labels, net, factor=len(images))


@exercise.misconception(keeps=0.5)
def averages_again(images, labels, net):
    """The gradients are divided by N once more, although the loss is a mean already."""
    return _gradients(images, labels, net, factor=1 / len(images))


@exercise.misconception
def downhill_already(images, labels, net):
    """The sign is turned: these point downhill. The training subtracts them later."""
    return _gradients(images, labels, net, factor=-1.0)
