"""Training in place, step by step."""

import functools
import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from reference_impl.activations import relu_backward
from reference_impl.backprop import softmax_cross_entropy
from reference_impl.network.fast.nodes import Dense, Plain, Softmax
from reference_impl.network.fast.rules import RULES, Rule
from reference_impl.network.layers import Layer
from reference_impl.optimizers import Tensors

FLOATS = {np.dtype(np.float32), np.dtype(np.float64)}


class Trainer:
    """A network being trained: `advance` takes a step, `params` hands out copies."""

    def __init__(
        self,
        model: Layer,
        params: Tensors,
        labels: np.ndarray,
        rule: tuple[Any, dict[str, Any]],
        loss: Any,
        l2: float,
    ) -> None:
        learned = [name for name in model.names if name not in model.memory]
        self._weights = np.concatenate([params[name].ravel() for name in learned])
        self._grads = np.zeros_like(self._weights)
        shapes = {name: params[name].shape for name in learned}
        self._params = {name: value.copy() for name, value in params.items()}
        self._params |= _views(self._weights, shapes)
        self._rule, self._l2 = Rule(*rule, self._weights, self._grads), l2
        views = _views(self._grads, shapes)
        self._decayed = [(self._params[n], views[n]) for n in learned if len(shapes[n]) > 1]
        self._nodes = list(_nodes(model, "", self._params, views))
        self._loss, last = loss, self._nodes[-1]
        if loss is softmax_cross_entropy and isinstance(last, Dense) and not last.rectified:
            self._loss, last.order = Softmax(labels), "F"
        self._rows = 0

    @classmethod
    def start(
        cls,
        model: Layer,
        params: Tensors,
        data: tuple[np.ndarray, np.ndarray],
        step: Any,
        loss: Any,
        l2: float,
    ) -> "Trainer | None":
        """A trainer, if there is a fast form: one known rule, one precision throughout."""
        x, labels = data
        partial = isinstance(step, functools.partial) and not step.args
        function, settings = (step.func, step.keywords) if partial else (step, {})
        kinds = {value.dtype for value in params.values()} | {x.dtype}
        one_precision = len(kinds) == 1 and kinds <= FLOATS
        if function not in RULES or not one_precision or set(params) != set(model.names):
            return None
        step({}, {}, {})  # refuses wrong settings in its own words
        return cls(model, params, labels, (function, settings), loss, l2)

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
                np.add(grad, self._l2 * w, out=grad)
        self._rule()
        return float(loss)

    def _resize(self, rows: int) -> None:
        self._rows, above = rows, None
        for node in reversed(self._nodes):
            node.resize(rows, above)
            above = node


def _views(flat: np.ndarray, shapes: dict[str, tuple[int, ...]]) -> Tensors:
    ends = list(itertools.accumulate(math.prod(shape) for shape in shapes.values()))
    parts = np.split(flat, ends[:-1])
    return {name: p.reshape(shapes[name]) for name, p in zip(shapes, parts, strict=True)}


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
