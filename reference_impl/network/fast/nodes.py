"""Layers that write to buffers of their own.

Dense layers, with a ReLU after them, and softmax have such a form; every other layer is called as
it is, and its gradients are copied to their places.
"""

import math
from typing import Any, Literal

import numpy as np
from numpy import add, divide, multiply, subtract

from reference_impl.backprop import softmax_cross_entropy
from reference_impl.network.layers import Layer
from reference_impl.optimizers import Tensors


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
        return dx


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
        p, right = (
            scores.T,
            self.shares.take(labels.astype(np.intp, copy=False), axis=1),
        )  # 1/N at each label
        subtract(p, np.maximum.reduce(p, axis=0), p)
        hit = np.vdot(p, right)
        np.exp(p, p)
        total = np.dot(self.class_ones, p)  # a sum by a product, which starts sooner
        loss = np.dot(np.log(total), self.share) - hit
        divide(p, multiply(total, self.rows, total), p)
        subtract(p, right, p)
        return loss, scores
