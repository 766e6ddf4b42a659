"""The rules of `optimizers` for whole vectors: w, the gradients g and what is remembered, in place.

A vector goes through in chunks, with a spare one, s, for what comes in between.
"""

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import add, divide, multiply, sqrt, subtract

from reference_impl import optimizers

Vector = np.ndarray
CHUNK = 2**15  # numbers at a time, so that all passes over them find them in the cache


class Rule:
    """A rule of `optimizers` for whole vectors, with what it remembers."""

    def __init__(self, step: Any, settings: dict[str, Any], w: np.ndarray, g: np.ndarray) -> None:
        self.update, memories, self.factors = RULES[step]
        self.memories = [np.zeros_like(w) for _ in range(memories)]
        usual = {n: p.default for n, p in inspect.signature(step).parameters.items()}
        self.settings = {n: {**usual, **settings}[n] for n in [*usual][3:]}
        self.t, self.dtype, spare = 0, w.dtype, np.empty_like(w[:CHUNK])
        vectors = w, g, *self.memories
        chunks = [[v[i : i + CHUNK] for v in vectors] for i in range(0, len(w), CHUNK)]
        self.chunks = [(*chunk, spare[: len(chunk[0])]) for chunk in chunks]

    def __call__(self) -> None:
        self.t += 1
        # Arrays of no axes: beside them a ufunc starts sooner than beside Python's numbers.
        factors = [np.array(f, self.dtype) for f in self.factors(self.t, **self.settings)]
        for chunk in self.chunks:
            self.update(*chunk, *factors)
        if self.t % 64 == 0:
            self._forget_what_is_next_to_nothing()

    def _forget_what_is_next_to_nothing(self) -> None:
        """What a dead unit remembers shrinks until it is no normal number: arithmetic with such
        is a hundred times slower, and rounding keeps it from ever reaching 0."""
        for memory in self.memories:
            memory[np.abs(memory) < 1e4 * np.finfo(self.dtype).tiny] = 0


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
    """With m divided by 1 − β1 and v by 1 − β2, which saves two passes.

    In single precision v then holds gradients up to 6e17, not 6e20.
    """
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
