"""How rules are put together: the decorator that applies them, and what all of them need."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

Sizes = dict[str, Any]
Rule = Callable[[str, Any, Sizes], None]
F = TypeVar("F", bound=Callable[..., Any])


def requires(**rules: Rule) -> Callable[[F], F]:
    """Check arguments before each call, in the order of the rules.

    The bare function stays reachable as `__wrapped__`.

    Raises
    ------
    TypeError
        At once, if a rule is for an argument that the function does not have.
    """

    def declare(function: F) -> F:
        parameters = tuple(inspect.signature(function).parameters)
        if unknown := set(rules) - set(parameters):
            raise TypeError(f"{function.__name__} has no argument {', '.join(sorted(unknown))}")
        named = [(name, f"{function.__name__}: {name}", rule) for name, rule in rules.items()]

        @functools.wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            # Arguments that do not fit the signature are for the call below to refuse.
            given = dict(zip(parameters, args, strict=False)) | kwargs
            sizes: Sizes = {"arguments": given}
            for name, label, rule in named:
                if name in given:
                    rule(label, given[name], sizes)
            return function(*args, **kwargs)

        return checked  # type: ignore[return-value]

    return declare


def sized(*names: str) -> Rule:
    wanted = f"({', '.join(names)}{',' if len(names) == 1 else ''})"

    def check(name: str, value: Any, sizes: Sizes) -> None:
        given = shape_of(name, value)
        if len(given) != len(names):
            raise ValueError(f"{name} has shape {given}, expected {wanted}")
        for size, found in zip(names, given, strict=True):
            if found == 0:
                raise ValueError(f"{name} has shape {given}, expected {wanted} with {size} >= 1")
            if size != "_" and sizes.setdefault(size, found) != found:
                known = f"{size} = {sizes[size]}"
                raise ValueError(f"{name} has shape {given}, expected {wanted} with {known}")

    return check


def shape_of(name: str, value: Any) -> tuple[int, ...]:
    if type(value) is np.ndarray and value.dtype.kind in "iuf":
        return value.shape  # nearly always; the rest is to say what is wrong
    if not isinstance(value, np.ndarray | np.number | float | int):
        raise ValueError(f"{name} is a {type(value).__name__}, expected a NumPy array")
    if np.asarray(value).dtype.kind not in "iuf":
        raise ValueError(f"{name} holds {np.asarray(value).dtype}, expected real numbers")
    return np.shape(value)


def listed(name: str, value: Any) -> None:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name} is a {type(value).__name__}, expected a list of arrays")
