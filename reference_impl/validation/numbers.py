"""Rules for numbers and counts: NumPy's become Python's, which leave an array its precision."""

import math
from typing import Any

import numpy as np

from reference_impl.validation.conversion import as_float
from reference_impl.validation.rules import Rule, Sizes, rebuilt


def number(
    *,
    above: float = -math.inf,
    least: float = -math.inf,
    below: float = math.inf,
    most: float = math.inf,
    size: str = "",
) -> Rule:
    """A finite real number, greater than `above`, not less than `least`, and so on.

    Later rules know it as `size`.
    """
    limits = {">": above, ">=": least, "<": below, "<=": most}
    named = [f"{sign} {limit:g}" for sign, limit in limits.items() if math.isfinite(limit)]
    bound = f" {' and '.join(named)}" if named else ""

    def check(name: str, value: Any, sizes: Sizes) -> float:
        found: float = value if type(value) is float else _real(name, value, bound)
        if not (above < found < below and least <= found <= most):
            kind = "a number" if math.isfinite(found) else "a finite number"
            raise ValueError(f"{name} is {value!r}, expected {kind}{bound}")
        if size:
            sizes[size] = found
        return found

    return check


def _real(name: str, value: Any, bound: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise ValueError(f"{name} is {value!r}, expected a finite number{bound}")
    return as_float(name, value)


def count(least: int = 0, most: "float | str" = math.inf, size: str = "") -> Rule:
    """A whole number from `least` to `most`, which may be a size; it can set a `size` itself."""

    def check(name: str, value: Any, sizes: Sizes) -> int:
        limit = sizes[most] if isinstance(most, str) else most
        bound = f">= {least}" if limit == math.inf else f"from {least} to {limit}"
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or not least <= value <= limit:
            raise ValueError(f"{name} is {value!r}, expected a whole number {bound}")
        if size:
            sizes[size] = int(value)
        return int(value)

    return check


def counts(least: int = 1, length: int = 1, size: str = "") -> Rule:
    """A list of at least `length` whole numbers, none of them less than `least`.

    Lists that name `size` are of one length.
    """
    whole = count(least)

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        if not isinstance(value, list | tuple) or len(value) < length:
            raise ValueError(f"{name} is {value!r}, expected a list of {length} or more numbers")
        if size and sizes.setdefault(size, len(value)) != len(value):
            raise ValueError(f"{name} has {len(value)} numbers, expected {sizes[size]}")
        return rebuilt(value, [whole(f"{name}[{i}]", v, sizes) for i, v in enumerate(value)])

    return check


def choice_of(*options: int) -> Rule:
    """One of these whole numbers."""

    def check(name: str, value: Any, _sizes: Sizes) -> int:
        if isinstance(value, bool) or value not in options:
            named = " or ".join(str(option) for option in options)
            raise ValueError(f"{name} is {value!r}, expected {named}")
        return int(value)

    return check


def greater(rule: Rule, other: str) -> Rule:
    """A number that obeys `rule` and is greater than `other`, which an earlier rule has set."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = rule(name, value, sizes)
        if not found > sizes[other]:
            raise ValueError(f"{name} is {value}, expected more than {other} = {sizes[other]}")
        return found

    return check


def no_less(rule: Rule, other: str) -> Rule:
    """A number that obeys `rule` and is not less than `other`, which an earlier rule has set."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = rule(name, value, sizes)
        if found < sizes[other]:
            raise ValueError(f"{name} is {value}, expected no less than {other} = {sizes[other]}")
        return found

    return check
