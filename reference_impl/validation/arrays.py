"""Rules for arrays: their shape and precision."""

import math
from typing import Any

import numpy as np

from reference_impl.validation.conversion import as_floats, as_given
from reference_impl.validation.rules import Rule, Sizes, shape_of, sized


def matrix(rows: str, columns: str) -> Rule:
    """An array of two axes with these sizes."""
    return sized(rows, columns)


def vector(size: str) -> Rule:
    """An array of one axis of this size."""
    return sized(size)


def tensor(*sizes: str) -> Rule:
    """An array with one axis for each of these sizes."""
    return sized(*sizes)


def kept(*sizes: str) -> Rule:
    """An array of these sizes with the numbers it came with: labels, or rows to compare."""
    return sized(*sizes, read=as_given)


def solvable(rule: Rule) -> Rule:
    """An array that obeys `rule`; half precision, which linear algebra lacks, becomes single."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = rule(name, value, sizes)
        return found.astype(np.promote_types(found.dtype, np.float32), copy=False)

    return check


def batch(rows: str, channels: str = "", features: str = "") -> Rule:
    """An array of two or more axes: examples along the first, their features along the rest.

    `channels` names the size of the second axis, `features` the number of entries per example.
    """

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = as_floats(name, value)
        given = shape_of(found)
        if len(given) < 2 or 0 in given:
            raise ValueError(f"{name} has shape {given}, expected ({rows}, ...) and none empty")
        lengths = given[0], given[1], math.prod(given[1:])
        for size, length in zip((rows, channels, features), lengths, strict=True):
            if size and sizes.setdefault(size, length) != length:
                raise ValueError(f"{name} has shape {given}, expected {size} = {sizes[size]}")
        return found

    return check


def array(shape: str = "") -> Rule:
    """An array of any shape, or a number; all arguments that name `shape` must share it."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = as_floats(name, value)
        given = shape_of(found)
        if 0 in given:
            raise ValueError(f"{name} is empty (shape {given}), expected at least one entry")
        if shape and sizes.setdefault(shape, given) != given:
            raise ValueError(f"{name} has shape {given}, expected {sizes[shape]} like the others")
        return found

    return check


def table(columns: str) -> Rule:
    """A matrix with this many columns and any number of rows, also none."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = as_floats(name, value)
        given = shape_of(found)
        if len(given) != 2 or sizes.setdefault(columns, given[1]) != given[1]:
            known = f" with {columns} = {sizes[columns]}" if columns in sizes else ""
            raise ValueError(f"{name} has shape {given}, expected (rows, {columns}){known}")
        return found

    return check


def most_columns(rule: Rule, size: str) -> Rule:
    """A matrix that obeys `rule` and has no more columns than `size`, set by an earlier rule."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = rule(name, value, sizes)
        if found.shape[1] > sizes[size]:
            given = found.shape
            raise ValueError(f"{name} has shape {given}, expected at most {sizes[size]} columns")
        return found

    return check


def series(length: int, some_number: bool = False, size: str = "") -> Rule:
    """At least `length` numbers in order, NaN and infinity allowed; with `some_number` not only."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        if not _in_a_row(value):
            raise ValueError(f"{name} is {value!r}, expected a sequence of numbers")
        if len(value) < length:
            raise ValueError(f"{name} has {len(value)} numbers, expected {length} or more")
        found = as_floats(name, value if isinstance(value, np.ndarray) else np.array(value))
        if some_number and np.isnan(found).all():
            raise ValueError(f"{name} is all NaN, expected at least one number")
        if size and sizes.setdefault(size, len(found)) != len(found):
            raise ValueError(f"{name} has {len(found)} numbers, expected {sizes[size]}")
        return found

    return check


def _in_a_row(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return not any(isinstance(entry, list | tuple) or np.ndim(entry) for entry in value)
    return isinstance(value, np.ndarray) and value.ndim == 1
