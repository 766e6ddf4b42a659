"""A small network to build and train: layers are pairs of functions, a stack of layers is a layer.

    model = sequential([dense(64, 100), activation(relu_forward, relu_backward), dense(100, 10)])
    params = model.start(rng)
    params, history = train(model, params, (x, labels), step, 20, 100, rng)

Parameters are a dict from names ("0.W", "0.b", "2.W", …) to arrays and live outside the layers,
so that a step is a plain function from old parameters to new ones.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from reference_impl.backprop import softmax_cross_entropy
from reference_impl.convolution import (
    conv2d_backward,
    conv2d_forward,
    max_pool_backward,
    max_pool_forward,
)
from reference_impl.optimizers import State, Step, Tensors, minibatches
from reference_impl.validation import (
    batch,
    count,
    function,
    generator,
    kept,
    number,
    optional,
    parts,
    requires,
    tensors,
)

Data = tuple[np.ndarray, np.ndarray]
EXAMPLES = parts(batch("N"), kept("N"))


class Layer(NamedTuple):
    """What a layer can do; it holds no numbers itself.

    start(rng) -> params; forward(params, x) -> (out, cache);
    backward(dout, cache, wants_dx=True) -> (dx, grads), where dx is None if it is not wanted.
    """

    names: tuple[str, ...]
    start: Callable[[np.random.Generator], Tensors]
    forward: Callable[[Tensors, np.ndarray], tuple[np.ndarray, Any]]
    backward: Callable[..., tuple[Any, Tensors]]


# --- layers -------------------------------------------------------------------------------------


@requires(inputs=count(1), outputs=count(1), gain=number(least=0))
def dense(inputs: int, outputs: int, gain: float = 2.0, dtype: type = np.float64) -> Layer:
    """A fully connected layer, z = x @ W + b.

    Parameters
    ----------
    inputs, outputs : int
        Width of the input and number of units.
    gain : float
        W starts normal with variance gain / inputs: 2 suits ReLU (He), 1 suits tanh; b at 0.
    dtype : float type
        Precision of the parameters.

    Returns
    -------
    Layer
        With parameters W (inputs, outputs) and b (outputs,).

    References
    ----------
    He et al., ICCV (2015), eq. 10.
    """

    def start(rng: np.random.Generator) -> Tensors:
        W = rng.normal(scale=math.sqrt(gain / inputs), size=(inputs, outputs))
        return {"W": W.astype(dtype), "b": np.zeros(outputs, dtype)}

    def forward(params: Tensors, x: np.ndarray) -> tuple[np.ndarray, Any]:
        z = x @ params["W"]
        z += params["b"]
        return z, (x, params["W"])

    def backward(dout: np.ndarray, cache: Any, wants_dx: bool = True) -> tuple[Any, Tensors]:
        x, W = cache
        dx = dout @ W.T if wants_dx else None
        return dx, {"W": x.T @ dout, "b": np.ones(len(x), dout.dtype) @ dout}

    return Layer(("W", "b"), start, forward, backward)


@requires(forward=function(), backward=function())
def activation(
    forward: "Callable[[np.ndarray], tuple[np.ndarray, Any]]",
    backward: "Callable[[np.ndarray, Any], np.ndarray]",
) -> Layer:
    """A layer without parameters, from a pair such as `relu_forward` and `relu_backward`.

    Parameters
    ----------
    forward : callable
        x -> (out, cache).
    backward : callable
        (dout, cache) -> dx.

    Returns
    -------
    Layer
        Without parameters.
    """

    def layer_backward(dout: np.ndarray, cache: Any, wants_dx: bool = True) -> tuple[Any, Tensors]:
        return (backward(dout, cache) if wants_dx else None), {}

    return Layer((), lambda rng: {}, lambda params, x: forward(x), layer_backward)


def flatten() -> Layer:
    """Images (N, C, H, W) become rows (N, C·H·W) for a dense layer, and their errors images again.

    Returns
    -------
    Layer
        Without parameters.
    """
    return activation(
        lambda x: (x.reshape(len(x), -1), x.shape), lambda dout, shape: dout.reshape(shape)
    )


@requires(size=count(1), stride=count(1))
def max_pooling(size: int, stride: int) -> Layer:
    """A layer that keeps the largest entry of each window.

    Parameters
    ----------
    size, stride : int
        As for `max_pool_forward`.

    Returns
    -------
    Layer
        Without parameters.
    """
    return activation(lambda x: max_pool_forward(x, size, stride), max_pool_backward)


@requires(channels=count(1), filters=count(1), size=count(1), stride=count(1), padding=count())
def convolution(
    channels: int,
    filters: int,
    size: int,
    stride: int = 1,
    padding: int = 0,
    dtype: type = np.float64,
) -> Layer:
    """A convolutional layer with square kernels, He initialised.

    Parameters
    ----------
    channels, filters : int
        Channels of the input and of the output.
    size, stride, padding : int
        Side of the kernels, and the rest as for `conv2d_forward`.
    dtype : float type
        Precision of the parameters.

    Returns
    -------
    Layer
        With parameters W (filters, channels, size, size) and b (filters,).
    """

    def start(rng: np.random.Generator) -> Tensors:
        spread = math.sqrt(2 / (channels * size**2))
        W = rng.normal(scale=spread, size=(filters, channels, size, size))
        return {"W": W.astype(dtype), "b": np.zeros(filters, dtype)}

    def forward(params: Tensors, x: np.ndarray) -> tuple[np.ndarray, Any]:
        return conv2d_forward(x, params["W"], params["b"], stride, padding)

    def backward(dout: np.ndarray, cache: Any, wants_dx: bool = True) -> tuple[Any, Tensors]:
        dx, dW, db = conv2d_backward(dout, cache)
        return dx, {"W": dW, "b": db}

    return Layer(("W", "b"), start, forward, backward)


def sequential(layers: list[Layer]) -> Layer:
    """Layers one after the other: again a layer, whose parameters carry their layer's number.

    Parameters
    ----------
    layers : list of Layer
        First layer first.

    Returns
    -------
    Layer
        With the parameters "0.W", "0.b", "1.…" of all its layers.
    """
    keys = [{f"{i}.{name}": name for name in layer.names} for i, layer in enumerate(layers)]

    def start(rng: np.random.Generator) -> Tensors:
        begun = [layer.start(rng) for layer in layers]
        return {key: begun[i][name] for i, own in enumerate(keys) for key, name in own.items()}

    def forward(params: Tensors, x: np.ndarray) -> tuple[np.ndarray, Any]:
        caches = []
        for layer, own in zip(layers, keys, strict=True):
            x, cache = layer.forward({name: params[key] for key, name in own.items()}, x)
            caches.append(cache)
        return x, caches

    def backward(dout: np.ndarray, cache: Any, wants_dx: bool = True) -> tuple[Any, Tensors]:
        grads: Tensors = {}
        for i in reversed(range(len(layers))):
            dout, found = layers[i].backward(dout, cache[i], wants_dx or i > 0)
            grads |= {key: found[name] for key, name in keys[i].items()}
        return dout, grads

    return Layer(tuple(key for own in keys for key in own), start, forward, backward)


# --- training -----------------------------------------------------------------------------------


@requires(params=tensors(), x=batch("N"), labels=kept("N"))
def loss_and_gradients(
    model: Layer, params: Tensors, x: np.ndarray, labels: np.ndarray
) -> tuple[float, Tensors]:
    """Mean softmax cross-entropy of the model's scores, and the gradient of every parameter.

    Parameters
    ----------
    model : Layer
        Its output are the scores (N, C) of C classes.
    params : dict of str to ndarray
    x : ndarray (N, ...)
    labels : ndarray of int (N,)
        True classes, 0 to C − 1.

    Returns
    -------
    loss : float
    grads : dict of str to ndarray
        In the shapes of `params`.
    """
    scores, cache = model.forward(params, x)
    loss, dscores = softmax_cross_entropy(scores, labels)
    _, grads = model.backward(dscores, cache, wants_dx=False)
    return loss, grads


@requires(params=tensors(), x=batch("N"), labels=kept("N"))
def evaluate(
    model: Layer, params: Tensors, x: np.ndarray, labels: np.ndarray
) -> tuple[float, float]:
    """Loss and accuracy of the model on given examples.

    Parameters
    ----------
    model, params, x, labels
        As for `loss_and_gradients`.

    Returns
    -------
    loss : float
    accuracy : float
        The share of examples whose highest score is at their label.
    """
    scores, _ = model.forward(params, x)
    loss, _ = softmax_cross_entropy(scores, labels)
    return loss, float(np.mean(scores.argmax(axis=1) == labels))


@requires(
    params=tensors(),
    data=EXAMPLES,
    step=function(),
    epochs=count(),
    batch_size=count(1),
    rng=generator(),
    validation=optional(EXAMPLES),
    patience=optional(count()),
)
def train(
    model: Layer,
    params: Tensors,
    data: Data,
    step: Step,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    validation: Data | None = None,
    patience: int | None = None,
) -> tuple[Tensors, dict[str, list[float]]]:
    """Train on shuffled mini-batches, and stop early if the validation loss no longer falls.

    Parameters
    ----------
    model : Layer
        Its output are the scores (N, C) of C classes.
    params : dict of str to ndarray
        Where training starts.
    data : tuple (x, labels)
        Training examples (N, ...) and their classes (N,).
    step : callable
        (params, grads, state) -> (params, state), such as
        `functools.partial(adam_step, rate=0.001)`.
    epochs : int
        Passes over the data, at most.
    batch_size : int
        Examples per step.
    rng : numpy.random.Generator
        Shuffles the examples anew in every epoch.
    validation : tuple (x, labels), optional
        Examples that are only looked at.
    patience : int, optional
        Stop when the validation loss has not fallen for more than this many epochs.

    Returns
    -------
    params : dict of str to ndarray
        The last; with `patience` those with the lowest validation loss.
    history : dict of str to list
        One number per epoch: "loss", the mean over the epoch's batches as they were met, and with
        validation data "validation_loss" and "validation_accuracy".

    References
    ----------
    Prechelt, Early Stopping: But When? (1998).
    """
    x, labels = data
    history: dict[str, list[float]] = {"loss": []}
    state: State = {}
    best, best_loss, waited = params, math.inf, 0
    for _ in range(epochs):
        total = 0.0
        for rows in minibatches(rng, len(x), batch_size):
            loss, grads = loss_and_gradients(model, params, x[rows], labels[rows])
            params, state = step(params, grads, state)
            total += loss * len(rows)
        history["loss"].append(total / len(x))
        if validation is None:
            continue
        loss, accuracy = evaluate(model, params, *validation)
        history.setdefault("validation_loss", []).append(loss)
        history.setdefault("validation_accuracy", []).append(accuracy)
        waited += 1
        if loss < best_loss:
            best, best_loss, waited = params, loss, 0
        if patience is not None and waited > patience:
            break
    return (params if patience is None else best), history
