"""Rules for lists, tuples and dicts of arrays."""

from typing import Any

import numpy as np

from reference_impl.validation.rules import Rule, Sizes, listed, shape_of, sized


def tensors(shapes: str = "") -> Rule:
    """A dict from names to arrays; all that name `shapes` need the first one's names and shapes."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        if not isinstance(value, dict):
            raise ValueError(f"{name} is a {type(value).__name__}, expected a dict of arrays")
        given = {key: _shape_of_entry(name, key, tensor) for key, tensor in value.items()}
        if not shapes or sizes.setdefault(shapes, given) == given:
            return
        for key, expected in sizes[shapes].items():
            if key not in given:
                raise ValueError(f"{name} has no {key!r}, expected an array of shape {expected}")
            if given[key] != expected:
                raise ValueError(f"{name}[{key!r}] has shape {given[key]}, expected {expected}")

    return check


def array_list(item: Rule, length: int = 1) -> Rule:
    """A list of `length` or more arrays that each obey the rule `item`."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        listed(name, value)
        if len(value) < length:
            raise ValueError(f"{name} has {len(value)} arrays, expected {length} or more")
        for i, entry in enumerate(value):
            item(f"{name}[{i}]", entry, sizes)

    return check


def weight_list(first: str, last: str = "") -> Rule:
    """A list of matrices, each as tall as the one before it is wide; not empty."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        listed(name, value)
        if not value:
            raise ValueError(f"{name} is empty, expected the weights of at least one layer")
        joints = [first, *(f"width {i}" for i in range(1, len(value))), last or "the last width"]
        for i, W in enumerate(value):
            sized(joints[i], joints[i + 1])(f"{name}[{i}]", W, sizes)
        sizes["widths"] = [W.shape[1] for W in value]
        sizes["layers"] = len(value)

    return check


def bias_list() -> Rule:
    """A list of vectors, one for each matrix of the weights and as long as that one is wide."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        listed(name, value)
        widths = sizes["widths"]
        if len(value) != len(widths):
            raise ValueError(f"{name} has {len(value)} vectors, expected {len(widths)}")
        for i, (b, width) in enumerate(zip(value, widths, strict=True)):
            if shape_of(f"{name}[{i}]", b) != (width,):
                raise ValueError(f"{name}[{i}] has shape {b.shape}, expected ({width},)")

    return check


def one_input(rule: Rule) -> Rule:
    """A list of weights that obeys `rule` and whose first matrix has one row."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        rule(name, value, sizes)
        if len(value[0]) != 1:
            raise ValueError(f"{name}[0] has shape {value[0].shape}, expected one row")

    return check


def parts(*rules: Rule) -> Rule:
    """A tuple of as many parts as there are rules, such as a cache; each part obeys its own."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        if not isinstance(value, list | tuple):
            given = type(value).__name__
            raise ValueError(f"{name} is a {given}, expected a tuple of {len(rules)} parts")
        if len(value) != len(rules):
            raise ValueError(f"{name} has {len(value)} parts, expected {len(rules)}")
        for i, (rule, part) in enumerate(zip(rules, value, strict=True)):
            rule(f"{name}[{i}]", part, sizes)

    return check


def _shape_of_entry(name: str, key: str, value: Any) -> tuple[int, ...]:
    if type(value) is np.ndarray and value.dtype.kind in "iuf":
        return value.shape  # before an entry's label is put into words, which takes longer
    return shape_of(f"{name}[{key!r}]", value)
