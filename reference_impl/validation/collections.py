"""Rules for lists, tuples and dicts of arrays."""

from typing import Any

import numpy as np

from reference_impl.validation.conversion import FLOAT32, FLOAT64, as_floats
from reference_impl.validation.rules import Rule, Sizes, listed, rebuilt, shape_of, sized


def tensors(shapes: str = "") -> Rule:
    """A dict from names to arrays; all that name `shapes` need the first one's names and shapes."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        if not isinstance(value, dict):
            raise ValueError(f"{name} is a {type(value).__name__}, expected a dict of arrays")
        given, converted = {}, {}
        for key, entry in value.items():
            if type(entry) is np.ndarray and (entry.dtype is FLOAT32 or entry.dtype is FLOAT64):
                given[key] = entry.shape  # before an entry's label is put into words: that is slow
            else:
                converted[key] = as_floats(f"{name}[{key!r}]", entry)
                given[key] = shape_of(converted[key])
        if shapes and sizes.setdefault(shapes, given) != given:
            _refuse_shapes(name, given, sizes[shapes])
        return value | converted if converted else value

    return check


def _refuse_shapes(name: str, given: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Say which tensor is missing or has another shape; one that nobody asked for may be there."""
    for key, expected in wanted.items():
        if key not in given:
            raise ValueError(f"{name} has no {key!r}, expected an array of shape {expected}")
        if given[key] != expected:
            raise ValueError(f"{name}[{key!r}] has shape {given[key]}, expected {expected}")


def memory(*entries: str) -> Rule:
    """A dict that holds tensors under each of these names: what an optimizer has remembered."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        if not isinstance(value, dict):
            raise ValueError(f"{name} is a {type(value).__name__}, expected a dict")
        for entry in set(entries) - set(value):
            raise ValueError(f"{name} has no {entry!r}, expected the state after a step")
        found = {entry: tensors()(f"{name}[{entry!r}]", value[entry], sizes) for entry in entries}
        return value | found

    return check


def array_list(item: Rule, length: int = 1) -> Rule:
    """A list of `length` or more arrays that each obey the rule `item`."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        listed(name, value)
        if len(value) < length:
            raise ValueError(f"{name} has {len(value)} arrays, expected {length} or more")
        return rebuilt(value, [item(f"{name}[{i}]", v, sizes) for i, v in enumerate(value)])

    return check


def weight_list(first: str, last: str = "", length: int = 1) -> Rule:
    """A list of `length` or more matrices, each as tall as the one before it is wide."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        listed(name, value)
        if len(value) < length:
            raise ValueError(f"{name} is empty, expected the weights of at least one layer")
        joints = [first, *(f"width {i}" for i in range(1, len(value))), last or "the last width"]
        found = [
            sized(joints[i], joints[i + 1])(f"{name}[{i}]", W, sizes) for i, W in enumerate(value)
        ]
        sizes["widths"] = [W.shape[1] for W in found]
        sizes["layers"] = len(found)
        return rebuilt(value, found)

    return check


def bias_list() -> Rule:
    """A list of vectors, one for each matrix of the weights and as long as that one is wide."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        listed(name, value)
        widths = sizes["widths"]
        if len(value) != len(widths):
            raise ValueError(f"{name} has {len(value)} vectors, expected {len(widths)}")
        found = [as_floats(f"{name}[{i}]", b) for i, b in enumerate(value)]
        for i, (b, width) in enumerate(zip(found, widths, strict=True)):
            if shape_of(b) != (width,):
                raise ValueError(f"{name}[{i}] has shape {shape_of(b)}, expected ({width},)")
        return rebuilt(value, found)

    return check


def unit_list(inputs: str) -> Rule:
    """A list of vectors, each one longer than the last: units that see all units before them.

    The first sees the constant 1 and the `inputs`, a size that an earlier rule has set.
    """

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        listed(name, value)
        found = [as_floats(f"{name}[{i}]", w) for i, w in enumerate(value)]
        for i, w in enumerate(found):
            if shape_of(w) != (sizes[inputs] + 1 + i,):
                expected = f"({sizes[inputs] + 1 + i},)"
                raise ValueError(f"{name}[{i}] has shape {shape_of(w)}, expected {expected}")
        return rebuilt(value, found)

    return check


def one_input(rule: Rule) -> Rule:
    """A list of weights that obeys `rule` and whose first matrix has one row."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = rule(name, value, sizes)
        if len(found[0]) != 1:
            raise ValueError(f"{name}[0] has shape {found[0].shape}, expected one row")
        return found

    return check


def parts(*rules: Rule) -> Rule:
    """A tuple of as many parts as there are rules, such as a cache; each part obeys its own."""

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        if not isinstance(value, list | tuple):
            given = type(value).__name__
            raise ValueError(f"{name} is a {given}, expected a tuple of {len(rules)} parts")
        if len(value) != len(rules):
            raise ValueError(f"{name} has {len(value)} parts, expected {len(rules)}")
        pairs = zip(rules, value, strict=True)
        found = [rule(f"{name}[{i}]", part, sizes) for i, (rule, part) in enumerate(pairs)]
        return rebuilt(value, found)

    return check
