"""Gradient checks for exercise authors: central differences, compared element by element.

A gradient check proves only that a backward pass fits its forward pass: put a value check before
it (`after=`), or zeros and zeros would pass. Inputs must be float64 and away from kinks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judging.compare import Array, Failed, Mismatch, as_array, told_apart

STEP = 1e-5
TOLERANCE = 1e-6


def central_difference(
    function: Callable[[Array], Any], x: Array, cotangent: Array | None = None, h: float = STEP
) -> Array:
    """Gradient of `sum(cotangent * function(x))` by central differences.

    Parameters
    ----------
    function : callable
        Maps an array of x's shape to a number, or to an array of `cotangent`'s shape.
    x : ndarray, any shape
    cotangent : ndarray, optional
        The upstream gradient; random and never all ones, so that no direction is hidden.

    Returns
    -------
    ndarray of x's shape; its error is of order h².
    """
    weight = np.asarray(1.0 if cotangent is None else cotangent)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        change = np.asarray(function(x + step)) - np.asarray(function(x - step))
        gradient[index] = np.sum(weight * change) / (2 * h)
    return gradient


def gradient_agrees(
    analytic: Any,
    function: Callable[[Array], Any],
    x: Array,
    *,
    cotangent: Array | None = None,
    tolerance: float = TOLERANCE,
    what: str = "the gradient",
) -> None:
    """Raise `Failed` unless `analytic` is the gradient of `function` at `x`.

    Each entry may be off by `tolerance` in proportion to |a| + |n| (or, for tiny entries, to a
    thousandth of the largest one), and by what rounding does to the difference of two values of
    `function` that is then divided by 2h.
    """
    numeric = central_difference(function, x, cotangent)
    got = as_array(analytic, what)
    if got.shape != numeric.shape:
        raise Failed(f"{what} has shape {got.shape}, expected {numeric.shape}, that of its tensor")
    scale = np.maximum(np.abs(got) + np.abs(numeric), 1e-3 * np.abs(numeric).max())
    error = np.abs(got - numeric) / (tolerance * scale + _rounding(function(x), cotangent))
    if not np.all(error <= 1):
        worst = np.unravel_index(int(np.argmax(np.nan_to_num(error, nan=np.inf))), error.shape)
        where = f"{what} at [{', '.join(map(str, worst))}]" if worst else what
        raise Failed(
            "{} is {}, but the slope measured there is {}".format(
                where, *told_apart(got[worst], numeric[worst])
            ),
            Mismatch(what, got, numeric, kind="gradient"),
        )


def _rounding(value: Any, cotangent: Array | None) -> float:
    """A bound, generous by a factor of 50, on the rounding error of a central difference."""
    weighed = np.abs(np.asarray(value) * (1.0 if cotangent is None else cotangent)).sum()
    return float(50 * np.finfo(float).eps * weighed / STEP)
