"""Transfer: start from what another task, or no task at all, has already taught the lower layers.

A classifier is a list of weights (n_in, n_out) and one of biases (n_out,): sigmoid layers, then
the head, whose scores go into softmax. Rows are examples: x (N, D), labels (N,).
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from reference_impl.backprop import layer_gradients, sigmoid, softmax_cross_entropy
from reference_impl.classic_networks.rbm import rbm_train
from reference_impl.validation import (
    bias_list,
    class_labels,
    count,
    counts,
    entries,
    flag,
    function,
    generator,
    kept,
    matrix,
    number,
    parts,
    requires,
    vector,
    weight_list,
)


@requires(
    x=matrix("N", "D"),
    weights=weight_list(first="D", length=0),
    biases=bias_list(),
)
def frozen_features(
    x: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray]
) -> np.ndarray:
    """Features from fixed sigmoid layers, to be computed once and learned from many times.

    Parameters
    ----------
    x : ndarray (N, D)
    weights : list of L ndarrays (n_in, n_out)
        The pretrained layers without their head; of none, x itself comes back.
    biases : list of L ndarrays (n_out,)

    Returns
    -------
    ndarray (N, n_out of the last layer)

    References
    ----------
    Razavian, Azizpour, Sullivan and Carlsson, CVPR Workshops (2014) 512.
    """
    for W, b in zip(weights, biases, strict=True):
        x = sigmoid(x @ W + b)
    return x.copy()


@requires(features=count(least=1), classes=count(least=2), rng=generator())
def new_head(
    features: int, classes: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Fresh output layer for the new task: small random weights, no bias.

    Parameters
    ----------
    features : int
        Width of the layer below.
    classes : int
        Number of classes of the new task, 2 or more.
    rng : numpy.random.Generator

    Returns
    -------
    W : ndarray (features, classes)
        Normal with standard deviation 0.01: all classes start almost equally probable.
    b : ndarray (classes,)

    References
    ----------
    Yosinski, Clune, Bengio and Lipson, Advances in Neural Information Processing Systems 27 (2014).
    """
    return 0.01 * rng.normal(size=(features, classes)), np.zeros(classes)


@requires(layers=count(least=1), examples=count(least=1), enough=count(least=1), similar=flag())
def fine_tuning_policy(layers: int, examples: int, enough: int, similar: bool) -> tuple[int, int]:
    """Rule of thumb for a new task: the more data, the deeper to train; the stranger, the lower.

    Few and similar: new head on the top features. Few and different: new head on features from
    half way up, as the top ones are too special. Many and similar: train the upper half too. Many
    and different: train all layers, the pretrained weights being a good start. Half of the layers
    is rounded up.

    Parameters
    ----------
    layers : int
        Pretrained layers, without a head.
    examples : int
        Size of the new training set.
    enough : int
        From how many examples on they count as many.
    similar : bool
        Whether the new task resembles the old one.

    Returns
    -------
    used : int
        How many layers, from below, go under the new head.
    trained : int
        How many of them, from above, are trained together with the head.

    References
    ----------
    Stanford CS231n, course notes, "Transfer Learning"; Yosinski et al. (2014).
    """
    half = (layers + 1) // 2
    if examples < enough:
        return layers if similar else half, 0
    return layers, half if similar else layers


@requires(
    x=matrix("N", "D"),
    weights=weight_list(first="D", last="C"),
    biases=bias_list(),
    labels=class_labels("N", classes="C"),
)
def classifier_gradients(
    x: np.ndarray, labels: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray]
) -> tuple[float, list[np.ndarray], list[np.ndarray]]:
    """Mean softmax cross-entropy of a classifier, and its gradients by back-propagation.

    Parameters
    ----------
    x : ndarray (N, D)
    labels : ndarray of int (N,)
        0 to C − 1, C being the width of the head.
    weights : list of L ndarrays (n_in, n_out)
        The head is the last.
    biases : list of L ndarrays (n_out,)

    Returns
    -------
    loss : float
    weight_grads, bias_grads : lists of L ndarrays

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), chapters 2 and 3.
    """
    activations = [x]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        activations.append(sigmoid(activations[-1] @ W + b))
    loss, delta = softmax_cross_entropy(activations[-1] @ weights[-1] + biases[-1], labels)
    grads = []
    for a, W in zip(reversed(activations), reversed(weights), strict=True):
        grads.append(layer_gradients(a, delta))
        delta = (delta @ W.T) * a * (1 - a)
    weight_grads, bias_grads = zip(*reversed(grads), strict=True)
    return loss, list(weight_grads), list(bias_grads)


@requires(
    x=matrix("N", "D"),
    weights=weight_list(first="D", last="C"),
    biases=bias_list(),
    labels=class_labels("N", classes="C"),
    trained=count(least=1, most="layers"),
    rate=number(least=0),
    epochs=count(),
    batch_size=count(least=1),
    rng=generator(),
)
def fine_tune(
    x: np.ndarray,
    labels: np.ndarray,
    weights: list[np.ndarray],
    biases: list[np.ndarray],
    trained: int,
    rate: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    """Train the head and the layers right under it; everything below stays frozen.

    Parameters
    ----------
    x : ndarray (N, D)
    labels : ndarray of int (N,)
    weights : list of L ndarrays (n_in, n_out)
        The head is the last.
    biases : list of L ndarrays (n_out,)
    trained : int
        How many layers learn, counted from the head: 1 is softmax regression on frozen features,
        L trains the whole network.
    rate : float
        Learning rate, not negative.
    epochs, batch_size : int
        Passes over the shuffled examples; the last batch may be smaller.
    rng : numpy.random.Generator
        Shuffles in each epoch.

    Returns
    -------
    weights, biases : lists of L ndarrays
        Copies; the frozen ones hold the same numbers as before.
    losses : ndarray (epochs,)
        The loss on all examples after each epoch.

    References
    ----------
    Yosinski, Clune, Bengio and Lipson, Advances in Neural Information Processing Systems 27 (2014).
    """
    weights, biases = [W.copy() for W in weights], [b.copy() for b in biases]
    frozen = len(weights) - trained
    features = frozen_features(x, weights[:frozen], biases[:frozen])
    top_weights, top_biases = weights[frozen:], biases[frozen:]
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            rows = features[batch], labels[batch]
            top_weights, top_biases = fine_tune_step(*rows, top_weights, top_biases, trained, rate)
        losses.append(classifier_gradients(features, labels, top_weights, top_biases)[0])
    return weights[:frozen] + top_weights, biases[:frozen] + top_biases, np.array(losses)


@requires(x=matrix("N", "D"), weights=weight_list(first="D", last="C"), biases=bias_list())
def classify(x: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray]) -> np.ndarray:
    """Most probable class of each example.

    Parameters
    ----------
    x : ndarray (N, D)
    weights : list of L ndarrays (n_in, n_out)
        The head is the last.
    biases : list of L ndarrays (n_out,)

    Returns
    -------
    ndarray of int (N,)
    """
    scores = frozen_features(x, weights[:-1], biases[:-1]) @ weights[-1] + biases[-1]
    return scores.argmax(axis=1)


@requires(v=matrix("N", "D"), W=matrix("D", "M"), b=vector("D"), c=vector("M"))
def reconstruct(v: np.ndarray, W: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """What a layer has kept of its input: up through it, and down again by the same weights.

    Parameters
    ----------
    v : ndarray (N, D)
        Data in [0, 1], such as the grey values of pixels.
    W : ndarray (D, M)
        Weights of the layer, used in both directions.
    b : ndarray (D,)
        Biases of the visible units, those of the data.
    c : ndarray (M,)
        Biases of the hidden units.

    Returns
    -------
    ndarray (N, D)
        σ of what comes down from the hidden probabilities, in (0, 1).

    References
    ----------
    Hinton and Salakhutdinov, Science 313 (2006) 504.
    """
    hidden = sigmoid(v @ W + c)
    return sigmoid(hidden @ W.T + b)


@requires(x=matrix("N", "D"), sizes=counts(), train_layer=function())
def greedy_stack(
    x: np.ndarray,
    sizes: list[int],
    train_layer: Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]],
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Train sigmoid layers one after the other, each on what the one below makes of the data.

    Parameters
    ----------
    x : ndarray (N, D)
        Data without labels.
    sizes : list of L ints
        Width of each layer, from below.
    train_layer : callable
        (inputs (N, n_in), size) -> W (n_in, size), c (size,): one trained layer, such as a
        restricted Boltzmann machine. It is asked once for each layer, from below.

    Returns
    -------
    weights, biases : lists of L ndarrays (n_in, n_out) and (n_out,)

    References
    ----------
    Hinton, Osindero and Teh, Neural Computation 18 (2006) 1527; Bengio, Lamblin, Popovici and
    Larochelle, Advances in Neural Information Processing Systems 19 (2006).
    """
    weights: list[np.ndarray] = []
    biases: list[np.ndarray] = []
    for size in sizes:
        W, c = train_layer(x, size)
        weights.append(W)
        biases.append(c)
        x = sigmoid(x @ W + c)
    return weights, biases


@requires(
    x=entries(matrix("N", "D"), number(least=0, most=1)),
    sizes=counts(),
    rate=number(least=0),
    epochs=count(),
    batch_size=count(least=1),
    rng=generator(),
)
def pretrain(
    x: np.ndarray,
    sizes: list[int],
    rate: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """Greedy layer-wise pretraining: an RBM learns the data, the next one its hidden layer, ...

    Each RBM is trained by CD-1 and then frozen; the hidden probabilities are the next one's data.
    No labels are needed.

    Parameters
    ----------
    x : ndarray (N, D)
        Data in [0, 1].
    sizes : list of L ints
        Width of each layer.
    rate : float
        Learning rate of the RBMs, not negative.
    epochs, batch_size : int
        For each RBM.
    rng : numpy.random.Generator
        Draws the first weights (standard deviation 0.1) and runs the RBMs.

    Returns
    -------
    weights, biases : lists of L ndarrays (n_in, n_out) and (n_out,)
        Sigmoid layers, to be given a head and fine-tuned.
    errors : list of L ndarrays (epochs,)
        Reconstruction errors of each RBM.

    References
    ----------
    Hinton, Osindero and Teh, Neural Computation 18 (2006) 1527; Hinton and Salakhutdinov, Science
    313 (2006) 504.
    """
    errors: list[np.ndarray] = []

    def train_layer(v: np.ndarray, size: int) -> "tuple[np.ndarray, np.ndarray]":
        start = 0.1 * rng.normal(size=(v.shape[1], size)).astype(v.dtype)
        rbm = (start, np.zeros_like(v[0]), np.zeros_like(start[0]))
        (W, _, c), history = rbm_train(v, *rbm, rate, epochs, batch_size, 1, rng)
        errors.append(history)
        return W, c

    weights, biases = greedy_stack(x, sizes, train_layer)
    return weights, biases, errors


@requires(
    x=matrix("N", "D"),
    weights=weight_list(first="D", last="C"),
    biases=bias_list(),
    labels=class_labels("N", classes="C"),
    trained=count(least=1, most="layers"),
    rate=number(least=0),
)
def fine_tune_step(
    x: np.ndarray,
    labels: np.ndarray,
    weights: list[np.ndarray],
    biases: list[np.ndarray],
    trained: int,
    rate: float,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """One step of gradient descent with the lower layers frozen.

    Parameters
    ----------
    x : ndarray (N, D)
        One batch.
    labels : ndarray of int (N,)
    weights : list of L ndarrays (n_in, n_out)
        The head is the last.
    biases : list of L ndarrays (n_out,)
    trained : int
        How many layers learn, counted from the head, 1 to L.
    rate : float
        Learning rate, not negative.

    Returns
    -------
    weights, biases : lists of L ndarrays
        Of the frozen layers the given ones.

    References
    ----------
    Yosinski, Clune, Bengio and Lipson, Advances in Neural Information Processing Systems 27 (2014).
    """
    frozen = len(weights) - trained
    features = frozen_features(x, weights[:frozen], biases[:frozen])
    _, dWs, dbs = classifier_gradients(features, labels, weights[frozen:], biases[frozen:])
    new_weights = [W - rate * dW for W, dW in zip(weights[frozen:], dWs, strict=True)]
    new_biases = [b - rate * db for b, db in zip(biases[frozen:], dbs, strict=True)]
    return [*weights[:frozen], *new_weights], [*biases[:frozen], *new_biases]


@requires(
    x=matrix("N", "D"),
    weights=weight_list(first="D"),
    biases=bias_list(),
    head=parts(matrix("F", "C"), vector("C")),
    labels=class_labels("N", classes="C"),
    trained=count(least=1, most="layers"),
    rate=number(least=0),
    steps=count(),
)
def adapt(
    x: np.ndarray,
    labels: np.ndarray,
    weights: list[np.ndarray],
    biases: list[np.ndarray],
    head: tuple[np.ndarray, np.ndarray],
    trained: int,
    rate: float,
    steps: int,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Put a new head on a network that was trained on another task, and train it on this one.

    Parameters
    ----------
    x : ndarray (N, D)
        All examples of the new task: each step sees them all.
    labels : ndarray of int (N,)
        0 to C − 1, classes of the new task.
    weights : list of L ndarrays (n_in, n_out)
        The network of the old task; its own head is the last, whatever its number of classes.
    biases : list of L ndarrays (n_out,)
    head : tuple of ndarrays (F, C) and (C,)
        The new one, with F the width of the layer below.
    trained : int
        How many layers learn, counted from the new head, 1 to L.
    rate : float
        Learning rate, not negative.
    steps : int
        Number of steps of gradient descent.

    Returns
    -------
    weights, biases : lists of L ndarrays
        The network of the new task; the frozen layers are those of the old one.

    References
    ----------
    Yosinski, Clune, Bengio and Lipson, Advances in Neural Information Processing Systems 27 (2014).
    """
    weights, biases = [*weights[:-1], head[0]], [*biases[:-1], head[1]]
    for _ in range(steps):
        weights, biases = fine_tune_step(x, labels, weights, biases, trained, rate)
    return weights, biases


@requires(labels=kept("N"), per_class=count(least=1), rng=generator())
def few_per_class(
    labels: np.ndarray, per_class: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Split the examples: a few of each class to learn from, all others to be tested on.

    Parameters
    ----------
    labels : ndarray (N,)
        The class of each example, of any numbers.
    per_class : int
        How many of each class to choose, all equally probable; at most as many as the smallest
        class has.
    rng : numpy.random.Generator

    Returns
    -------
    chosen : ndarray of int (number of classes · per_class,)
        Places in `labels`, in any order.
    rest : ndarray of int
        All other places, in any order.

    References
    ----------
    Fei-Fei, Fergus and Perona, IEEE Transactions on Pattern Analysis and Machine Intelligence 28
    (2006) 594: learning from a few examples of each class.
    """
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    chosen = np.concatenate([rng.choice(places, per_class, replace=False) for places in members])
    return chosen, np.setdiff1d(np.arange(len(labels)), chosen)


@requires(weights=weight_list(first="D"), biases=bias_list(), rng=generator())
def shuffled_control(
    weights: list[np.ndarray], biases: list[np.ndarray], rng: np.random.Generator
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Layers that hold the same numbers in random places: a control that has learned nothing.

    If features of these layers serve as well as the trained ones, what was learned does not matter.

    Parameters
    ----------
    weights : list of L ndarrays (n_in, n_out)
    biases : list of L ndarrays (n_out,)
    rng : numpy.random.Generator

    Returns
    -------
    weights, biases : lists of L ndarrays
        In each array the entries of the given one, every order equally probable.

    References
    ----------
    Yosinski, Clune, Bengio and Lipson, Advances in Neural Information Processing Systems 27
    (2014), section 4.3: random, untrained filters as a control.
    """
    mixed = [rng.permutation(W.ravel()).reshape(W.shape) for W in weights]
    return mixed, [rng.permutation(b) for b in biases]


@requires(rng=generator(), inputs=count(least=1), latents=count(least=1), classes=counts())
def transfer_tasks(
    rng: np.random.Generator, inputs: int, latents: int, classes: list[int]
) -> "list[Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]]":
    """Invent several tasks that see the world through the same few hidden features.

    Inputs are normal. Of them a task sees only the latent features, squares of random projections;
    its classes are the largest of random mixtures of these. What one task teaches about the
    features helps the others, and no linear classifier of the inputs solves any.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the projections and mixtures.
    inputs, latents : int
        Dimension D of the inputs, and number of features.
    classes : list of int
        Number of classes of each task, such as [20, 5] for a source and a target.

    Returns
    -------
    list of callables
        One for each task: (rng, examples) -> x (examples, D), labels (examples,).
    """
    projections = np.linalg.qr(rng.normal(size=(inputs, inputs)))[0][:, :latents]

    def task(mixture: np.ndarray, rng: np.random.Generator, n: int) -> "tuple[Any, Any]":
        x = rng.normal(size=(n, inputs))
        return x, np.argmax(((x @ projections) ** 2 - 1) @ mixture, axis=1)

    mixtures = [rng.normal(size=(latents, size)) for size in classes]
    # Mixtures of one length: each is the largest somewhere, so that every class occurs.
    return [functools.partial(task, m / np.linalg.norm(m, axis=0)) for m in mixtures]
