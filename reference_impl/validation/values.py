"""Rules for everything else: flags, words, functions, generators, what may be left out."""

import math
from typing import Any

import numpy as np

from reference_impl.validation.numbers import no_less, number
from reference_impl.validation.rules import Rule, Sizes, listed


def generator() -> Rule:
    """A source of random numbers: a `numpy.random.Generator`."""

    def check(name: str, value: Any, _sizes: Sizes) -> Any:
        if not isinstance(value, np.random.Generator):
            given = type(value).__name__
            raise ValueError(f"{name} is a {given}, expected a numpy.random.Generator")
        return value

    return check


def flag(size: str = "") -> Rule:
    """Either True or False; later rules know it as `size`."""

    def check(name: str, value: Any, sizes: Sizes) -> bool:
        if not isinstance(value, bool | np.bool_):
            raise ValueError(f"{name} is {value!r}, expected True or False")
        if size:
            sizes[size] = bool(value)
        return bool(value)

    return check


def choice(*options: str) -> Rule:
    """One of these words."""

    def check(name: str, value: Any, _sizes: Sizes) -> Any:
        if not isinstance(value, str) or value not in options:
            raise ValueError(f"{name} is {value!r}, expected one of {', '.join(options)}")
        return value

    return check


def function() -> Rule:
    """Something that can be called."""

    def check(name: str, value: Any, _sizes: Sizes) -> Any:
        if not callable(value):
            raise ValueError(f"{name} is a {type(value).__name__}, expected a function")
        return value

    return check


def optional(rule: Rule) -> Rule:
    """Nothing, None, or what obeys `rule`, whose sizes are its own."""

    def check(name: str, value: Any, _sizes: Sizes) -> Any:
        return None if value is None else rule(name, value, {})

    return check


def number_or(rule: Rule) -> Rule:
    """One finite number for all, or an array that obeys `rule`."""
    single = number()

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        return (rule if isinstance(value, np.ndarray) else single)(name, value, sizes)

    return check


def items(size: str) -> Rule:
    """A list of one or more things of any kind; lists that name `size` are of one length."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        listed(name, value)
        if not value or sizes.setdefault(size, len(value)) != len(value):
            expected = sizes.get(size, "1 or more")
            raise ValueError(f"{name} has {len(value)} entries, expected {expected}")
        return value

    return check


def ranges(logarithmic: str) -> Rule:
    """A dict from names to (low, high); all above 0 if an earlier flag `logarithmic` is not off."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        if not isinstance(value, dict):
            raise ValueError(f"{name} is a {type(value).__name__}, expected a dict of (low, high)")
        end = number(above=0 if sizes.get(logarithmic, True) else -math.inf)
        found = {}
        for key, both in value.items():
            label = f"{name}[{key!r}]"
            if not isinstance(both, list | tuple) or len(both) != 2:
                raise ValueError(f"{label} is {both!r}, expected (low, high)")
            low = end(f"{label}[0]", both[0], sizes)
            found[key] = (low, no_less(end, "low")(f"{label}[1]", both[1], {"low": low}))
        return found

    return check
