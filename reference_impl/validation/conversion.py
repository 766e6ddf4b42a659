"""What an array becomes before a function sees it: floats, whole numbers, or what it was.

An array of floats is handed on as it is, without a copy; in the machine's byte order, if it was in
another. Whole numbers and truth values become float64, for in their own types sums overflow and
shares are cut off. Subclasses become plain arrays, but a mask cannot be kept and is refused. So is
more than double precision, which linear algebra does not have.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Reader = Callable[[str, Any], Any]
FLOAT64, FLOAT32, INDEX = np.dtype(np.float64), np.dtype(np.float32), np.dtype(np.intp)


def as_floats(name: str, value: Any) -> Any:
    """An array of floats; a single number becomes a float, which goes with any precision."""
    if type(value) is np.ndarray and (value.dtype is FLOAT64 or value.dtype is FLOAT32):
        return value  # nearly always
    if isinstance(value, float | np.float32 | np.float16):
        return value
    if isinstance(value, int | np.integer | np.bool_):
        return as_float(name, value)
    found = as_given(name, value)
    floats = found.dtype.kind == "f"
    return found.astype(found.dtype.newbyteorder("=") if floats else FLOAT64, copy=False)


def as_integers(name: str, value: Any) -> Any:
    """An array of whole numbers of the size of an index: for labels, which stay what they are."""
    if type(value) is np.ndarray and value.dtype is INDEX:
        return value
    found = as_given(name, value)
    if found.dtype.kind not in "iu":
        raise ValueError(f"{name} has dtype {found.dtype}, expected integers")
    return found.astype(INDEX, copy=False)


def as_given(name: str, value: Any) -> Any:
    """A plain array of the same real numbers, of double precision at most."""
    if type(value) is np.ndarray and value.dtype.kind in "biuf" and value.dtype.itemsize <= 8:
        return value
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} is a masked array, expected a NumPy array without a mask")
    if not isinstance(value, np.ndarray | np.generic | float | int):
        raise ValueError(f"{name} is a {type(value).__name__}, expected a NumPy array")
    found = np.asarray(value)
    if found.dtype.kind not in "biuf" or found.dtype.itemsize > 8:
        raise ValueError(f"{name} holds {found.dtype}, expected real numbers")
    return found


def as_float(name: str, value: Any) -> float:
    """A Python number, beside which arrays keep their precision; NumPy's own would raise it."""
    try:
        return float(value)
    except OverflowError:
        raise ValueError(f"{name} is beyond the range of floats, expected a number") from None
