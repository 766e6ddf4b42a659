"""Rules for numbers and counts."""

import math
from typing import Any

import numpy as np

from reference_impl.validation.rules import Rule, Sizes


def number(
    *,
    above: float = -math.inf,
    least: float = -math.inf,
    below: float = math.inf,
    most: float = math.inf,
) -> Rule:
    """A finite real number, greater than `above`, not less than `least`, and so on."""
    limits = {">": above, ">=": least, "<": below, "<=": most}
    named = [f"{sign} {limit:g}" for sign, limit in limits.items() if math.isfinite(limit)]
    bound = f" {' and '.join(named)}" if named else ""

    def check(name: str, value: Any, _sizes: Sizes) -> None:
        if type(value) is float and above < value < below and least <= value <= most:
            return  # nearly always; the rest is for other types, and to say what is wrong
        real = isinstance(value, int | float | np.integer | np.floating)
        if not real or isinstance(value, bool) or not math.isfinite(value):
            raise ValueError(f"{name} is {value!r}, expected a finite number{bound}")
        if not (above < value < below and least <= value <= most):
            raise ValueError(f"{name} is {value!r}, expected a number{bound}")

    return check


def count(least: int = 0, most: "float | str" = math.inf, size: str = "") -> Rule:
    """A whole number from `least` to `most`, which may be a size; it can set a `size` itself."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        limit = sizes[most] if isinstance(most, str) else most
        bound = f">= {least}" if limit == math.inf else f"from {least} to {limit}"
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or not least <= value <= limit:
            raise ValueError(f"{name} is {value!r}, expected a whole number {bound}")
        if size:
            sizes[size] = value

    return check


def counts(least: int = 1, length: int = 1) -> Rule:
    """A list of at least `length` whole numbers, none of them less than `least`."""
    whole = count(least)

    def check(name: str, value: Any, sizes: Sizes) -> None:
        if not isinstance(value, list | tuple) or len(value) < length:
            raise ValueError(f"{name} is {value!r}, expected a list of {length} or more numbers")
        for i, entry in enumerate(value):
            whole(f"{name}[{i}]", entry, sizes)

    return check


def choice_of(*options: int) -> Rule:
    """One of these whole numbers."""

    def check(name: str, value: Any, _sizes: Sizes) -> None:
        if isinstance(value, bool) or value not in options:
            named = " or ".join(str(option) for option in options)
            raise ValueError(f"{name} is {value!r}, expected {named}")

    return check


def greater(rule: Rule, other: str) -> Rule:
    """A number that obeys `rule` and is greater than the argument `other`."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        rule(name, value, sizes)
        if not value > sizes["arguments"][other]:
            given = sizes["arguments"][other]
            raise ValueError(f"{name} is {value}, expected more than {other} = {given}")

    return check


def window() -> Rule:
    """The side of a square window that fits into an earlier image (N, C, H, W)."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        count(1, min(sizes["H"], sizes["W"]))(name, value, sizes)

    return check
