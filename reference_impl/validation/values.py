"""Rules for everything else: flags, words, functions, generators, what may be left out."""

from typing import Any

import numpy as np

from reference_impl.validation.numbers import number
from reference_impl.validation.rules import Rule, Sizes


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
