"""Gradient checks for exercise authors: central differences, compared element by element.

A gradient check proves only that a backward pass fits its forward pass: put a value check before
it (`after=`), or zeros and zeros would pass. Inputs must be float64 and away from kinks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.compare import Array, Failed, Mismatch, as_array

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

    The error is relative, |a - n| / max(|a| + |n|, floor), for each entry; the floor, a
    thousandth of the largest entry, keeps rounding noise in tiny entries from counting.
    """
    numeric = central_difference(function, x, cotangent)
    got = as_array(analytic, what)
    if got.shape != numeric.shape:
        raise Failed(f"{what} has shape {got.shape}, expected {numeric.shape}, that of its tensor")
    scale = np.abs(got) + np.abs(numeric)
    error = np.abs(got - numeric) / np.maximum(scale, 1e-3 * np.abs(numeric).max() + 1e-8)
    if not np.all(error <= tolerance):
        worst = np.unravel_index(int(np.argmax(np.nan_to_num(error, nan=np.inf))), error.shape)
        where = f"{what}[{', '.join(map(str, worst))}]" if worst else what
        raise Failed(
            f"{where} is {got[worst]:.6g}, but the slope measured there is {numeric[worst]:.6g}",
            Mismatch(what, got, numeric, kind="gradient"),
        )
