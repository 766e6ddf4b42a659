"""How rules are put together: the decorator that applies them, and what all of them need."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from reference_impl.validation.conversion import Reader, as_floats

Sizes = dict[str, Any]
Rule = Callable[[str, Any, Sizes], Any]
F = TypeVar("F", bound=Callable[..., Any])


def requires(**rules: Rule) -> Callable[[F], F]:
    """Check and convert arguments before each call, in the order of the rules.

    The bare function stays reachable as `__wrapped__`.

    Raises
    ------
    TypeError
        At once, if a rule is for an argument that the function does not have.
    """

    def declare(function: F) -> F:
        parameters = list(inspect.signature(function).parameters)
        if unknown := set(rules) - set(parameters):
            raise TypeError(f"{function.__name__} has no argument {', '.join(sorted(unknown))}")
        declared = [
            (parameters.index(name), name, f"{function.__name__}: {name}", rule)
            for name, rule in rules.items()
        ]

        @functools.wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            # Arguments that do not fit the signature are for the call below to refuse.
            sizes: Sizes = {}
            passed = list(args)
            for place, name, label, rule in declared:
                if place < len(passed):
                    passed[place] = rule(label, passed[place], sizes)
                elif name in kwargs:
                    kwargs[name] = rule(label, kwargs[name], sizes)
            return function(*passed, **kwargs)

        return checked  # type: ignore[return-value]

    return declare


def sized(*names: str, read: Reader = as_floats) -> Rule:
    """An array with one axis for each of these sizes, none of them 0."""
    wanted = f"({', '.join(names)}{',' if len(names) == 1 else ''})"

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = read(name, value)
        given = shape_of(found)
        if len(given) != len(names):
            raise ValueError(f"{name} has shape {given}, expected {wanted}")
        for size, length in zip(names, given, strict=True):
            if length == 0:
                raise ValueError(f"{name} has shape {given}, expected {wanted} with {size} >= 1")
            if size != "_" and sizes.setdefault(size, length) != length:
                known = f"{size} = {sizes[size]}"
                raise ValueError(f"{name} has shape {given}, expected {wanted} with {known}")
        return found

    return check


def shape_of(found: Any) -> tuple[int, ...]:
    """Shape of what has been read: an array, or a number, which has no axes."""
    shape: tuple[int, ...] = getattr(found, "shape", ())
    return shape


def listed(name: str, value: Any) -> None:
    """Refuse what is neither list nor tuple."""
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name} is a {type(value).__name__}, expected a list of arrays")


def rebuilt(value: Any, entries: list[Any]) -> Any:
    """The list or tuple itself, unless an entry had to be converted: then one of its kind."""
    if all(new is old for new, old in zip(entries, value, strict=True)):
        return value
    return getattr(value, "_make", type(value))(entries)  # _make: a named tuple's own way
