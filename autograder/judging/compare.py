"""Comparing what came back with what was expected, and saying how they differ.

`agree` raises `Failed`, whose message names the worst entry and, where it can, the pattern of the
error: a constant factor, a flipped sign, a transpose. Expected values decide what is acceptable:
a float wants a number, a tuple or list wants that many parts, a dict wants those keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Trait = tuple[str, str]
"""A mistake that an answer to any exercise can make: its name and a hint."""

ROUNDED = 2e-6
"""What a right answer computed in single precision may be off, relative to the largest entry."""
INEXACT: Trait = (
    "right to about six digits only",
    "Something rounds, or a small number is added that does not belong there: is a part of it "
    "computed in float32, or kept from 0 by an epsilon that was not asked for?",
)
MOST_DRAWN = 4096
"""Entries that a heat map may have."""
MOST_TIMES = 1e4
"""A single number so many times too large is off by a factor; beyond that it is just wrong."""
NUMBERS = (bool, int, float, complex, np.generic)


@dataclass(frozen=True)
class Tolerance:
    """How far an entry may be off, in proportion and beside that."""

    rtol: float
    atol: float
    rounded: float
    """What an answer in single precision may be off, relative to the largest entry."""


@dataclass(frozen=True)
class Mismatch:
    """The two arrays of a failed comparison, for tables and heat maps."""

    what: str
    got: Array
    expected: Array
    kind: str = "value"

    @property
    def drawable(self) -> bool:
        """Whether a picture of it shows something: a matrix, and not too large a one."""
        return self.got.ndim == 2 and 1 < self.got.size <= MOST_DRAWN


class Failed(Exception):
    """The learner's function did not do what a check asks; the message says what it did.

    A check that finds a mistake which any function can make tells its `trait`: name and hint.
    """

    def __init__(
        self, message: str, mismatch: Mismatch | None = None, trait: Trait | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.mismatch = mismatch
        self.trait = trait


def agree(
    got: Any,
    expected: Any,
    *,
    rtol: float = 1e-7,
    atol: float = 1e-10,
    double: bool = False,
    what: str = "the result",
) -> None:
    """Raise `Failed` unless `got` equals `expected`, element by element, within tolerance.

    Structure and shape follow `expected`; lists, tuples and stacked arrays are interchangeable,
    and where float32 was asked for, answers are compared at its precision. An answer in float32
    to a question in float64 is forgiven one rounding, unless the check insists on `double`.

    >>> agree([0.1 + 0.2, 1], (0.3, 1.0))
    >>> agree(6.0, 3.0)
    Traceback (most recent call last):
    autograder.judging.compare.Failed: the result is 6, expected 3; 2 × expected
    >>> agree(0.51, 0.5, rtol=0.1)
    """
    tolerance = Tolerance(rtol, atol, 0.0 if double else ROUNDED)
    _agree(got, expected, tolerance, what, ())


def same(left: Any, right: Any, *, rtol: float = 1e-6, atol: float = 1e-9) -> bool:
    """Whether two results agree; never raises.

    >>> same([1, 2], (1.0, 2.0)), same([1, 2], "12")
    (True, False)
    """
    try:
        agree(left, right, rtol=rtol, atol=atol)
    except Failed:
        return False
    return True


def as_array(value: Any, what: str = "the result") -> Array:
    """Return `value` as a plain numeric array, or raise `Failed` saying what it is instead."""
    if isinstance(value, np.ndarray):
        array = np.array(value, subok=False)
    elif isinstance(value, NUMBERS):
        array = np.asarray(value)
    elif isinstance(value, tuple | list):
        array = _stack(value, what)
    else:
        raise Failed(f"{what} is {describe(value)}, expected numbers{_none_hint(value)}")
    if array.dtype.kind not in "biufc":
        raise Failed(f"{what} holds {array.dtype} values, expected numbers")
    return array


def sequence(value: Any, length: int, what: str = "the result") -> list[Any]:
    """Return `value` as a list of `length` parts, or raise `Failed` saying what it is instead.

    >>> sequence((1, 2), 3)
    Traceback (most recent call last):
    autograder.judging.compare.Failed: the result has 2 parts, expected 3
    """
    stacked = isinstance(value, np.ndarray) and value.ndim > 0
    if not isinstance(value, tuple | list) and not stacked:
        raise Failed(f"{what} is {describe(value)}, expected {length} parts{_none_hint(value)}")
    if len(value) != length:
        raise Failed(f"{what} has {len(value)} parts, expected {length}")
    return list(value)


def describe(value: Any) -> str:
    """Say what a value is in a few words, without trusting its own `repr`."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, bool | int | float | str):
        return f"{value!r}"[:80]
    if isinstance(value, tuple | list | Mapping):
        return f"a {type(value).__name__} of {len(value)}"
    name = str(getattr(value, "type_name", type(value).__name__))
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def symptom(got: Array, expected: Array) -> str:
    """Name the pattern of an error, if it has one: factor, sign, offset, zeros, NaN."""
    if not np.all(np.isfinite(got)):
        return "NaN" if np.isnan(got).any() else "infinity"
    large = np.abs(expected) > 1e-9
    if got.size > 1 and not got.any() and large.any():
        return "all zeros"
    if large.any() and not got[~large].any():
        ratio = got[large] / expected[large]
        if np.allclose(ratio, ratio.flat[0], rtol=1e-6) and _telling(got[large], expected[large]):
            factor = float(np.real(ratio.flat[0]))
            if np.isclose(factor, -1):
                return "the sign is flipped"
            text, one = told_apart(factor, 1.0)
            return f"{factor:.4g} × expected" if f"{factor:.4g}" != one else f"{text} × expected"
    offset = got - expected
    if got.size > 1 and np.allclose(offset, offset.flat[0], rtol=1e-6):
        return f"off by {float(np.real(offset.flat[0])):.4g} everywhere"
    return ""


def _telling(got: Array, expected: Array) -> bool:
    """Whether a common factor says something: any two numbers have one.

    Of a single number it does if it is whole, or one over a whole number, and no label or count.
    """
    if got.size > 1:
        return True
    if got.dtype.kind in "iub" and expected.dtype.kind in "iub":
        return False
    factor = abs(complex((got / expected).flat[0]))
    ways = (factor, 1 / factor) if factor > 1 / MOST_TIMES else (factor,)
    return any(abs(f - np.rint(f)) < 1e-6 * f for f in ways if 0 < f <= MOST_TIMES)


def _agree(got: Any, expected: Any, tolerance: Tolerance, what: str, path: tuple[int, ...]) -> None:
    """Compare one part of a result; `path` leads to it through lists within lists."""
    label = what
    if path:
        of = "" if what == "the result" else f" of {what}"
        label = f"part {'.'.join(str(position + 1) for position in path)}{of}"
    if isinstance(expected, Mapping):
        for key, value in _entries(got, expected, label):
            _agree(got[key], value, tolerance, f"{label}[{key!r}]", ())
    elif isinstance(expected, tuple | list):
        for position, part in enumerate(sequence(got, len(expected), label)):
            _agree(part, expected[position], tolerance, what, (*path, position))
    elif isinstance(expected, str | bool | None):
        if type(got) is not type(expected) or got != expected:
            raise Failed(f"{label} is {describe(got)}, expected {expected!r}")
    else:
        _agree_array(as_array(got, label), as_array(expected), tolerance, label)


def _entries(got: Any, expected: Mapping[Any, Any], label: str) -> list[tuple[Any, Any]]:
    if not isinstance(got, Mapping):
        raise Failed(f"{label} is {describe(got)}, expected a dict{_none_hint(got)}")
    missing = [str(key) for key in expected if key not in got]
    if missing:
        raise Failed(f"{label} has no entry for {', '.join(missing)}")
    return list(expected.items())


def _agree_array(got: Array, expected: Array, tolerance: Tolerance, what: str) -> None:
    if got.shape != expected.shape:
        turned = expected.ndim == 2 and got.shape == expected.T.shape
        hint = "; that is the transpose" if turned else ""
        raise Failed(f"{what} has shape {got.shape}, expected {expected.shape}{hint}")
    rtol, atol = tolerance.rtol, tolerance.atol
    if _single(expected):  # that was asked for, in single precision
        rtol, atol = max(rtol, 1e-4), max(atol, 1e-5)
    elif _single(got):  # rounded once, and no more: choosing a type must not be worth a point
        rtol = max(rtol, tolerance.rounded)
        atol = max(atol, tolerance.rounded * _scale(expected))
    close = _close(got, expected, rtol, atol)
    if not close.all():
        nearly = _close(got, expected, ROUNDED, ROUNDED * _scale(expected)).all()
        said, shown = _difference(got, expected, close, what), Mismatch(what, got, expected)
        raise Failed(said, shown, INEXACT if nearly else None)


def _close(got: Array, expected: Array, rtol: float, atol: float) -> NDArray[np.bool_]:
    with np.errstate(all="ignore"):
        return np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)


def _single(array: Array) -> bool:
    return array.dtype.kind == "f" and array.dtype.itemsize <= 4


def _scale(array: Array) -> float:
    """The largest finite entry."""
    finite = np.abs(array[np.isfinite(array)])
    return float(finite.max()) if finite.size else 0.0


def _difference(got: Array, expected: Array, close: Array, what: str) -> str:
    if got.dtype == expected.dtype == np.bool_:  # NumPy does not subtract truth values
        got, expected = got.astype(int), expected.astype(int)
    with np.errstate(all="ignore"):
        error = np.where(close, 0.0, np.nan_to_num(np.abs(got - expected), nan=np.inf))
        pattern = symptom(got, expected)
    worst = np.unravel_index(int(np.argmax(error)), error.shape)
    where = f"{what} at [{', '.join(map(str, worst))}]" if worst else what
    count = f" ({int((~close).sum())} of {close.size} entries differ)" if close.size > 1 else ""
    tail = f"; {pattern}" if pattern else ""
    mine, theirs = told_apart(got[worst], expected[worst])
    return f"{where} is {mine}, expected {theirs}{count}{tail}"


def told_apart(got: Any, expected: Any) -> tuple[str, str]:
    """Two numbers as text, in as many digits as it takes to see that they differ."""
    texts = ((f"{got:.{digits}g}", f"{expected:.{digits}g}") for digits in range(6, 18))
    return next((pair for pair in texts if pair[0] != pair[1]), (f"{got!r}", f"{expected!r}"))


def _stack(value: Sequence[Any], what: str) -> Array:
    try:
        return np.asarray(value)
    except (ValueError, TypeError):
        raise Failed(f"{what} is a {type(value).__name__} of uneven parts") from None


def _none_hint(value: Any) -> str:
    return " (is a `return` missing?)" if value is None else ""
