"""The same training in place: one vector of parameters, one of gradients, buffers that are kept.

`training.training_step` is the whiteboard, which makes new arrays from old ones; a step here
computes the same to rounding, and is tested against it. Dense layers (with a ReLU after them),
softmax and the rules of `optimizers` have a form of their own; every other layer is called as it
is, and its gradients are copied to their places.
"""

import functools
import inspect
import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np
from numpy import add, divide, multiply, sqrt, subtract

from reference_impl import optimizers
from reference_impl.activations import relu_backward
from reference_impl.backprop import softmax_cross_entropy
from reference_impl.network.layers import Layer
from reference_impl.optimizers import Tensors

Vector = np.ndarray
CHUNK = 2**15  # numbers at a time, so that all passes over them find them in the cache
FLOATS = {np.dtype(np.float32), np.dtype(np.float64)}


class Trainer:
    """A network being trained: `advance` takes a step, `params` hands out copies."""

    def __init__(
        self,
        model: Layer,
        params: Tensors,
        labels: np.ndarray,
        rule: Callable[..., "Rule"],
        loss: Any,
        l2: float,
    ) -> None:
        learned = [name for name in model.names if name not in model.memory]
        self._weights = np.concatenate([params[name].ravel() for name in learned])
        self._grads = np.zeros_like(self._weights)
        shapes = {name: params[name].shape for name in learned}
        self._params = {name: value.copy() for name, value in params.items()}
        self._params |= _views(self._weights, shapes)
        self._rule, self._l2 = rule(self._weights, self._grads), l2
        views = _views(self._grads, shapes)
        self._decayed = [(self._params[n], views[n]) for n in learned if len(shapes[n]) > 1]
        self._nodes = list(_nodes(model, "", self._params, views))
        self._loss, last = loss, self._nodes[-1]
        if loss is softmax_cross_entropy and isinstance(last, Dense) and not last.rectified:
            self._loss, last.order = Softmax(labels), "F"
        self._rows = 0

    @property
    def params(self) -> Tensors:
        """The parameters as they are now, copied."""
        return {name: value.copy() for name, value in self._params.items()}

    def advance(self, x: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> float:
        """Forward, loss, backward, update; return the loss before the update."""
        if len(x) != self._rows:
            self._resize(len(x))
        for node in self._nodes:
            x = node.forward(x, rng)
        loss, dout = self._loss(x, labels)
        for i in reversed(range(len(self._nodes))):
            dout = self._nodes[i].backward(dout, i > 0)
        if self._l2:
            loss += self._l2 / 2 * sum(float(np.vdot(w, w)) for w, _ in self._decayed)
            for w, grad in self._decayed:
                add(grad, self._l2 * w, grad)
        self._rule()
        return float(loss)

    def _resize(self, rows: int) -> None:
        self._rows, above = rows, None
        for node in reversed(self._nodes):
            node.resize(rows, above)
            above = node


def trainer(
    model: Layer,
    params: Tensors,
    data: tuple[np.ndarray, np.ndarray],
    step: Any,
    loss: Any,
    l2: float,
) -> Trainer | None:
    """The fast form of a training, if there is one: one known rule, one precision throughout."""
    x, labels = data
    partial = isinstance(step, functools.partial) and not step.args
    function, settings = (step.func, step.keywords) if partial else (step, {})
    kinds = {value.dtype for value in params.values()} | {x.dtype}
    if (
        function not in RULES
        or len(kinds) > 1
        or not kinds <= FLOATS
        or set(params) != set(model.names)
    ):
        return None
    step({}, {}, {})  # refuses wrong settings in its own words
    return Trainer(model, params, labels, functools.partial(Rule, function, settings), loss, l2)


def _views(flat: np.ndarray, shapes: dict[str, tuple[int, ...]]) -> Tensors:
    ends = list(itertools.accumulate(math.prod(shape) for shape in shapes.values()))
    parts = np.split(flat, ends[:-1])
    return {name: p.reshape(shapes[name]) for name, p in zip(shapes, parts, strict=True)}


# --- layers -------------------------------------------------------------------------------------


def _nodes(model: Layer, prefix: str, params: Tensors, grads: Tensors) -> "Iterator[Dense | Plain]":
    """The layers of a stack, and of the stacks in it, first layer first."""
    layers = model.kind if isinstance(model.kind, tuple) else (model,)
    at = 0
    while at < len(layers):
        layer, name = layers[at], f"{prefix}{at}." if isinstance(model.kind, tuple) else prefix
        if isinstance(layer.kind, tuple):
            yield from _nodes(layer, name, params, grads)
        elif layer.kind == "dense":
            rectified = at + 1 < len(layers) and layers[at + 1].kind is relu_backward
            yield Dense(params, grads, name, rectified)
            at += rectified
        else:
            yield Plain(layer, params, grads, name)
        at += 1


class Dense:
    """z = x @ W + b, and max(z, 0) if it is rectified."""

    order: Literal["C", "F"] = "C"
    dx: np.ndarray

    def __init__(self, params: Tensors, grads: Tensors, name: str, rectified: bool) -> None:
        self.W, self.b = params[f"{name}W"], params[f"{name}b"]
        self.dW, self.db = grads[f"{name}W"], grads[f"{name}b"]
        self.rectified = rectified

    def resize(self, rows: int, above: "Dense | Plain | None") -> None:
        """Make room for a batch; what the layer above hands down may be written to."""
        (inputs, outputs), kind = self.W.shape, self.W.dtype
        self.z = np.empty((rows, outputs), kind, self.order)
        self.dz = above.dx if isinstance(above, Dense) else np.empty((rows, outputs), kind)
        self.dx, self.ones = np.empty((rows, inputs), kind), np.ones(rows, kind)

    def forward(self, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        self.x = x
        np.matmul(x, self.W, out=self.z)
        add(self.z, self.b, self.z)
        return np.maximum(self.z, 0, out=self.z) if self.rectified else self.z

    def backward(self, dout: np.ndarray, wants_dx: bool) -> np.ndarray | None:
        if self.rectified:
            dout = multiply(dout, self.z > 0, self.dz)
        np.dot(self.x.T, dout, out=self.dW)
        np.dot(self.ones, dout, out=self.db)
        return np.dot(dout, self.W.T, out=self.dx) if wants_dx else None


class Plain:
    """Any other layer, as it is."""

    def __init__(self, layer: Layer, params: Tensors, grads: Tensors, name: str) -> None:
        self.layer, self.params = layer, {n: params[name + n] for n in layer.names}
        self.grads = {n: grads[name + n] for n in layer.names if n not in layer.memory}

    def resize(self, rows: int, above: Any) -> None:
        """Nothing is kept."""

    def forward(self, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        out, self.cache = self.layer.forward(self.params, x, rng)
        return out

    def backward(self, dout: np.ndarray, wants_dx: bool) -> np.ndarray | None:
        dx, found = self.layer.backward(dout, self.cache, wants_dx)
        for name, grad in found.items():
            self.grads[name][...] = grad
        for name, value in self.layer.remember(self.params, self.cache).items():
            self.params[name][...] = value
        return dx  # type: ignore[no-any-return]


class Softmax:
    """`softmax_cross_entropy` in the place of the scores, which lie class by class in memory."""

    def __init__(self, labels: np.ndarray) -> None:
        # Read without its sign a negative number is larger than any class: one look finds both.
        whole = labels.dtype.kind in "iu"
        self.highest = int(labels.astype(np.intp).view(np.uintp).max()) if whole else math.inf
        self.rows = 0

    def resize(self, scores: np.ndarray) -> None:
        """Make what has the sizes of a batch."""
        (rows, classes), kind = scores.shape, scores.dtype
        self.rows, self.class_ones = rows, np.ones(classes, kind)
        self.share, self.shares = np.full(rows, 1 / rows, kind), np.eye(classes, dtype=kind) / rows

    def __call__(self, scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
        if self.highest >= scores.shape[1]:
            return softmax_cross_entropy(scores, labels)
        if len(scores) != self.rows:
            self.resize(scores)
        p, right = scores.T, self.shares.take(labels, axis=1)  # 1/N at each label
        subtract(p, np.maximum.reduce(p, axis=0), p)
        hit = np.vdot(p, right)
        np.exp(p, p)
        total = np.dot(self.class_ones, p)  # a sum by a product, which starts sooner
        loss = np.dot(np.log(total), self.share) - hit
        divide(p, multiply(total, self.rows, total), p)
        subtract(p, right, p)
        return loss, scores


# --- rules --------------------------------------------------------------------------------------


class Rule:
    """A rule of `optimizers` for whole vectors, with what it remembers."""

    def __init__(self, step: Any, settings: dict[str, Any], w: np.ndarray, g: np.ndarray) -> None:
        self.update, memories, self.factors = RULES[step]
        usual = {n: p.default for n, p in inspect.signature(step).parameters.items()}
        self.settings = {n: {**usual, **settings}[n] for n in [*usual][3:]}
        self.t, self.dtype, spare = 0, w.dtype, np.empty_like(w[:CHUNK])
        vectors = w, g, *(np.zeros_like(w) for _ in range(memories))
        chunks = [[v[i : i + CHUNK] for v in vectors] for i in range(0, len(w), CHUNK)]
        self.chunks = [(*chunk, spare[: len(chunk[0])]) for chunk in chunks]

    def __call__(self) -> None:
        self.t += 1
        # Arrays of no axes: beside them a ufunc starts sooner than beside Python's numbers.
        factors = [np.array(f, self.dtype) for f in self.factors(self.t, **self.settings)]
        for chunk in self.chunks:
            self.update(*chunk, *factors)


def _as_they_are(t: int, **settings: float) -> tuple[float, ...]:
    return tuple(settings.values())


def _sgd(w: Vector, g: Vector, s: Vector, rate: Vector) -> None:
    multiply(g, rate, s)
    subtract(w, s, w)


def _momentum(
    w: Vector, g: Vector, velocity: Vector, s: Vector, rate: Vector, kept: Vector
) -> None:
    multiply(velocity, kept, velocity)
    multiply(g, rate, s)
    subtract(velocity, s, velocity)
    add(w, velocity, w)


def _nesterov(
    w: Vector, g: Vector, velocity: Vector, s: Vector, rate: Vector, kept: Vector
) -> None:
    multiply(velocity, kept, velocity)
    multiply(g, rate, s)
    subtract(velocity, s, velocity)
    subtract(w, s, w)
    multiply(velocity, kept, s)
    add(w, s, w)


def _adagrad(w: Vector, g: Vector, squares: Vector, s: Vector, rate: Vector, eps: Vector) -> None:
    multiply(g, g, s)
    add(squares, s, squares)
    _step_over_root(w, g, squares, s, rate, eps)


def _rmsprop(
    w: Vector,
    g: Vector,
    squares: Vector,
    s: Vector,
    rate: Vector,
    kept: Vector,
    new: Vector,
    eps: Vector,
) -> None:
    multiply(g, new, s)
    multiply(s, s, s)
    multiply(squares, kept, squares)
    add(squares, s, squares)
    _step_over_root(w, g, squares, s, rate, eps)


def _rmsprop_factors(t: int, rate: float, decay: float, epsilon: float) -> tuple[float, ...]:
    return rate, decay, math.sqrt(1 - decay), epsilon


def _adam(
    w: Vector, g: Vector, m: Vector, v: Vector, s: Vector,
    beta1: Vector, beta2: Vector, rate: Vector, eps: Vector,
) -> None:  # fmt: skip
    """With m divided by 1 − β1 and v by 1 − β2, which saves two passes."""
    multiply(m, beta1, m)
    add(m, g, m)
    multiply(g, g, s)
    multiply(v, beta2, v)
    add(v, s, v)
    _step_over_root(w, m, v, s, rate, eps)


def _adam_factors(
    t: int, rate: float, beta1: float, beta2: float, epsilon: float, bias_correction: bool
) -> tuple[float, ...]:
    m_scale, v_scale = (1 - beta1**t, 1 - beta2**t) if bias_correction else (1.0, 1.0)
    root = math.sqrt(v_scale / (1 - beta2))
    return beta1, beta2, rate * (1 - beta1) / m_scale * root, epsilon * root


def _step_over_root(
    w: Vector, g: Vector, squares: Vector, s: Vector, rate: Vector, eps: Vector
) -> None:
    """w ← w − rate · g / (√squares + ε)."""
    sqrt(squares, s)
    add(s, eps, s)
    divide(g, s, s)
    multiply(s, rate, s)
    subtract(w, s, w)


RULES: dict[Any, tuple[Callable[..., None], int, Callable[..., tuple[float, ...]]]] = {
    optimizers.sgd_step: (_sgd, 0, _as_they_are),
    optimizers.momentum_step: (_momentum, 1, _as_they_are),
    optimizers.nesterov_rewritten_step: (_nesterov, 1, _as_they_are),
    optimizers.adagrad_step: (_adagrad, 1, _as_they_are),
    optimizers.rmsprop_step: (_rmsprop, 1, _rmsprop_factors),
    optimizers.adam_step: (_adam, 2, _adam_factors),
}
