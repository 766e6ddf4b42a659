"""What a network is built of: layers that go forward and back; a stack of them is a layer."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from reference_impl.batchnorm import (
    batchnorm_backward,
    batchnorm_forward,
    batchnorm_inference,
    running_statistics,
)
from reference_impl.dropout import dropout_backward, dropout_forward
from reference_impl.network.fast.images import (
    conv2d_backward,
    conv2d_forward,
    max_pool_backward,
    max_pool_forward,
)
from reference_impl.optimizers import Tensors
from reference_impl.validation import count, function, number, requires

Rng = np.random.Generator
Back = tuple[Any, Tensors]  # dx, which is None where it is not wanted, and the gradients


class Layer(NamedTuple):
    """What a layer can do; it holds no numbers itself.

    start(rng) -> params; forward(params, x, rng=None) -> (out, cache), in training with an rng
    and in test mode without; backward(dout, cache, wants_dx=True) -> (dx, grads), where dx is None
    if it is not wanted; remember(params, cache) -> new values of the parameters named in `memory`,
    which no gradient moves: a batch normalisation's running statistics. `kind` is what `fast`
    knows a layer by: a word, an activation's backward pass, or the layers of a stack.
    """

    names: tuple[str, ...]
    start: Callable[[Rng], Tensors]
    forward: Callable[..., tuple[np.ndarray, Any]]
    backward: Callable[..., Back]
    remember: Callable[[Tensors, Any], Tensors] = lambda params, cache: {}
    memory: tuple[str, ...] = ()
    kind: Any = None


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

    def start(rng: Rng) -> Tensors:
        W = rng.normal(scale=math.sqrt(gain / inputs), size=(inputs, outputs))
        return {"W": W.astype(dtype), "b": np.zeros(outputs, dtype)}

    def forward(params: Tensors, x: np.ndarray, rng: Rng | None = None) -> tuple[np.ndarray, Any]:
        return x @ params["W"] + params["b"], (x, params["W"])

    def backward(dout: np.ndarray, cache: Any, wants_dx: bool = True) -> Back:
        x, W = cache
        dx = dout @ W.T if wants_dx else None
        return dx, {"W": x.T @ dout, "b": dout.sum(axis=0)}

    return Layer(("W", "b"), start, forward, backward, kind="dense")


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
        Without parameters; the same in training as in test mode.
    """

    def layer_backward(dout: np.ndarray, cache: Any, wants_dx: bool = True) -> Back:
        return (backward(dout, cache) if wants_dx else None), {}

    return Layer(
        (), lambda rng: {}, lambda params, x, rng=None: forward(x), layer_backward, kind=backward
    )


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

    def start(rng: Rng) -> Tensors:
        spread = math.sqrt(2 / (channels * size**2))
        W = rng.normal(scale=spread, size=(filters, channels, size, size))
        return {"W": W.astype(dtype), "b": np.zeros(filters, dtype)}

    def forward(params: Tensors, x: np.ndarray, rng: Rng | None = None) -> tuple[np.ndarray, Any]:
        return conv2d_forward(x, params["W"], params["b"], stride, padding)

    def backward(dout: np.ndarray, cache: Any, wants_dx: bool = True) -> Back:
        dx, dW, db = conv2d_backward(dout, cache, wants_dx)
        return dx, {"W": dW, "b": db}

    return Layer(("W", "b"), start, forward, backward)


@requires(p=number(least=0, below=1))
def dropout(p: float) -> Layer:
    """A layer that silences units at random in training and lets all pass in test mode.

    Parameters
    ----------
    p : float
        Drop rate, 0 or more and less than 1, as for `dropout_forward`.

    Returns
    -------
    Layer
        Without parameters.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, JMLR 15 (2014) 1929.
    """

    def forward(params: Tensors, x: np.ndarray, rng: Rng | None = None) -> tuple[np.ndarray, Any]:
        return (x, np.ones_like(x)) if rng is None else dropout_forward(x, p, rng, True)

    def backward(dout: np.ndarray, cache: Any, wants_dx: bool = True) -> Back:
        return (dropout_backward(dout, cache) if wants_dx else None), {}

    return Layer((), lambda rng: {}, forward, backward)


@requires(features=count(1), momentum=number(least=0, most=1), eps=number(least=0))
def batch_norm(
    features: int, momentum: float = 0.9, eps: float = 1e-5, dtype: type = np.float64
) -> Layer:
    """A layer that normalises features by their batch in training, by its memory in test mode.

    Parameters
    ----------
    features : int
        Columns of rows (N, D), or channels of images (N, C, H, W), whose pixels count as examples.
    momentum : float
        How much of the running statistics stays at each step, as for `running_statistics`.
    eps : float
        Keeps a constant feature from being divided by 0; not negative.
    dtype : float type
        Precision of the parameters.

    Returns
    -------
    Layer
        With parameters gamma, beta, running_mean and running_var (features,); the last two have no
        gradient: they are what `remember` is for.

    References
    ----------
    Ioffe and Szegedy, ICML (2015), algorithms 1 and 2.
    """
    names = ("gamma", "beta", "running_mean", "running_var")

    def start(rng: Rng) -> Tensors:
        return {name: np.full(features, name in {"gamma", "running_var"}, dtype) for name in names}

    def forward(params: Tensors, x: np.ndarray, rng: Rng | None = None) -> tuple[np.ndarray, Any]:
        gamma, beta, mean, var = (params[name] for name in names)
        rows = np.moveaxis(x, 1, -1).reshape(-1, features)
        if rng is None:
            out = batchnorm_inference(rows, gamma, beta, mean, var, eps)
            cache = (rows - mean, np.sqrt(var + eps), gamma)
        else:
            out, cache = batchnorm_forward(rows, gamma, beta, eps)
        return _like(out, x), (rows, cache, rng is not None)

    def backward(dout: np.ndarray, cache: Any, wants_dx: bool = True) -> Back:
        (_, normalised, training), rows = cache, np.moveaxis(dout, 1, -1).reshape(-1, features)
        dx, dgamma, dbeta = batchnorm_backward(rows, normalised)
        _, std, gamma = normalised
        dx = dx if training else rows * (gamma / std)  # in test mode mean and var are constants
        return (_like(dx, dout) if wants_dx else None), {"gamma": dgamma, "beta": dbeta}

    def remember(params: Tensors, cache: Any) -> Tensors:
        old = params["running_mean"], params["running_var"]
        return dict(zip(names[2:], running_statistics(cache[0], *old, momentum), strict=True))

    return Layer(names, start, forward, backward, remember, names[2:])


def _like(rows: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Rows (pixels, channels), one for each example or pixel of x, in the axes of x."""
    return np.moveaxis(rows.reshape(np.moveaxis(x, 1, -1).shape), -1, 1)


def residual(inner: Layer) -> Layer:
    """A layer, or a stack of them, with a way around it: out = x + inner(x).

    Parameters
    ----------
    inner : Layer
        Its output has the shape of its input.

    Returns
    -------
    Layer
        With the parameters of `inner`. The way around hands every error down unweakened.

    References
    ----------
    He, Zhang, Ren and Sun, CVPR (2016), eq. 1.
    """

    def forward(params: Tensors, x: np.ndarray, rng: Rng | None = None) -> tuple[np.ndarray, Any]:
        out, cache = inner.forward(params, x, rng)
        return x + out, cache

    def backward(dout: np.ndarray, cache: Any, wants_dx: bool = True) -> Back:
        dx, grads = inner.backward(dout, cache, wants_dx)
        return (dout + dx if wants_dx else None), grads

    return inner._replace(forward=forward, backward=backward, kind=None)


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

    def own(i: int, params: Tensors) -> Tensors:
        return {name: params[f"{i}.{name}"] for name in layers[i].names}

    def numbered(parts: list[Tensors]) -> Tensors:
        return {f"{i}.{name}": value for i, p in enumerate(parts) for name, value in p.items()}

    def forward(params: Tensors, x: np.ndarray, rng: Rng | None = None) -> tuple[np.ndarray, Any]:
        caches = []
        for i, layer in enumerate(layers):
            x, cache = layer.forward(own(i, params), x, rng)
            caches.append(cache)
        return x, caches

    def backward(dout: np.ndarray, cache: Any, wants_dx: bool = True) -> Back:
        grads: list[Tensors] = [{} for _ in layers]
        for i in reversed(range(len(layers))):
            dout, grads[i] = layers[i].backward(dout, cache[i], wants_dx or i > 0)
        return dout, numbered(grads)

    def remember(params: Tensors, cache: Any) -> Tensors:
        return numbered([at.remember(own(i, params), cache[i]) for i, at in enumerate(layers)])

    def start(rng: Rng) -> Tensors:
        return numbered([layer.start(rng) for layer in layers])

    names = tuple(f"{i}.{name}" for i, layer in enumerate(layers) for name in layer.names)
    memory = tuple(f"{i}.{name}" for i, layer in enumerate(layers) for name in layer.memory)
    return Layer(names, start, forward, backward, remember, memory, kind=tuple(layers))
