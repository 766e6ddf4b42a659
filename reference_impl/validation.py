"""What may go into a function, declared beside it, so that its body stays pure mathematics.

    @requires(a=matrix("N", "C"), y=matrix("N", "C"))
    def half_mse(a, y): ...

Each rule looks at one argument. A size's name means the same number wherever it occurs in one
declaration: here `a` and `y` must have as many rows, and as many columns; only `_` may be another
number every time. Sizes are at least 1.
Rules convert nothing: arrays must be NumPy arrays (a plain number is the array of no axes), and
what breaks a rule raises `ValueError` with what was given and what was expected.
"""

import functools
import inspect
import math
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


def matrix(rows: str, columns: str) -> Rule:
    """An array of two axes with these sizes."""
    return _sized(rows, columns)


def vector(size: str) -> Rule:
    """An array of one axis of this size."""
    return _sized(size)


def tensor(*sizes: str) -> Rule:
    """An array with one axis for each of these sizes."""
    return _sized(*sizes)


def batch(rows: str, channels: str = "", features: str = "") -> Rule:
    """An array of two or more axes: examples along the first, their features along the rest.

    `channels` names the size of the second axis, `features` the number of entries per example.
    """

    def check(name: str, value: Any, sizes: Sizes) -> None:
        given = _shape(name, value)
        if len(given) < 2 or 0 in given:
            raise ValueError(f"{name} has shape {given}, expected ({rows}, ...) and none empty")
        found = {rows: given[0], channels: given[1], features: math.prod(given[1:])}
        for size in filter(None, found):
            if sizes.setdefault(size, found[size]) != found[size]:
                raise ValueError(f"{name} has shape {given}, expected {size} = {sizes[size]}")

    return check


def array(shape: str = "") -> Rule:
    """An array of any shape, or a number; all arguments that name `shape` must share it."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        given = _shape(name, value)
        if 0 in given:
            raise ValueError(f"{name} is empty (shape {given}), expected at least one entry")
        if shape and sizes.setdefault(shape, given) != given:
            raise ValueError(f"{name} has shape {given}, expected {sizes[shape]} like the others")

    return check


def class_labels(size: str, classes: str) -> Rule:
    """A vector of whole numbers from 0 to `classes` - 1, a size that an earlier rule has set."""
    sized = _sized(size)

    def check(name: str, value: Any, sizes: Sizes) -> None:
        sized(name, value, sizes)
        if value.dtype.kind not in "iu":
            raise ValueError(f"{name} has dtype {value.dtype}, expected integers")
        if value.min() < 0 or value.max() >= sizes[classes]:
            span = f"{value.min()} to {value.max()}"
            raise ValueError(f"{name} runs from {span}, expected 0 to {sizes[classes] - 1}")

    return check


def tall(rule: Rule, rows: int = 2) -> Rule:
    """An array that obeys `rule` and has at least so many rows."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        rule(name, value, sizes)
        if len(value) < rows:
            raise ValueError(f"{name} has {len(value)} row(s), expected at least {rows}")

    return check


def sequence_labels(rows: str, steps: str, classes: str) -> Rule:
    """A matrix of class labels, one for each step of each sequence; see `class_labels`."""
    sized, labels = _sized(rows, steps), class_labels("_", classes)

    def check(name: str, value: Any, sizes: Sizes) -> None:
        sized(name, value, sizes)
        labels(name, value.ravel(), sizes)

    return check


def not_all_zero(rule: Rule) -> Rule:
    """An array that obeys `rule` and has an entry other than 0."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        rule(name, value, sizes)
        if not np.any(value):
            raise ValueError(f"{name} is all 0, expected some other entry")

    return check


def kernels(filters: str, channels: str, rows: str, columns: str) -> Rule:
    """Filters (F, C, rows, columns) that fit into an earlier image (N, C, H, W) and its padding."""
    sized = _sized(filters, channels, rows, columns)

    def check(name: str, value: Any, sizes: Sizes) -> None:
        sized(name, value, sizes)
        padding = sizes["arguments"].get("padding", 0)
        room = sizes["H"] + 2 * padding, sizes["W"] + 2 * padding
        if value.shape[2] > room[0] or value.shape[3] > room[1]:
            window = f"{value.shape[2]} x {value.shape[3]}"
            raise ValueError(f"{name} is {window}, expected at most {room[0]} x {room[1]}")

    return check


def window() -> Rule:
    """The side of a square window that fits into an earlier image (N, C, H, W)."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        count(1, min(sizes["H"], sizes["W"]))(name, value, sizes)

    return check


def binary_labels(size: str) -> Rule:
    """A vector whose entries are all 0 or 1."""
    sized = _sized(size)

    def check(name: str, value: Any, sizes: Sizes) -> None:
        sized(name, value, sizes)
        if wrong := sorted(set(value.tolist()) - {0, 1}):
            raise ValueError(f"{name} holds {wrong[0]}, expected only 0 and 1")

    return check


def zeros_and_ones(rule: Rule) -> Rule:
    """An array that obeys `rule` and whose entries are all 0 or 1."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        rule(name, value, sizes)
        if wrong := sorted(set(np.ravel(value).tolist()) - {0, 1}):
            raise ValueError(f"{name} holds {wrong[0]}, expected only 0 and 1")

    return check


def entries(rule: Rule, limit: Rule) -> Rule:
    """An array that obeys `rule` and each of whose entries obeys `limit`, such as a number > 0."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        rule(name, value, sizes)
        for entry in (np.min(value), np.max(value)):
            limit(f"{name} has an entry that", entry.item(), sizes)

    return check


def couplings(size: str) -> Rule:
    """A square symmetric matrix with zeros on its diagonal: nobody is coupled to itself."""
    square = _sized(size, size)

    def check(name: str, value: Any, sizes: Sizes) -> None:
        square(name, value, sizes)
        if np.any(np.diag(value)):
            raise ValueError(f"{name} has {np.diag(value)} on its diagonal, expected zeros")
        if np.any(value != value.T):
            raise ValueError(f"{name} is not symmetric, expected {name}[i, j] = {name}[j, i]")

    return check


def rows_not_zero(rule: Rule) -> Rule:
    """A matrix that obeys `rule` and none of whose rows is all 0."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        rule(name, value, sizes)
        for i in np.flatnonzero(~np.any(value, axis=1)):
            raise ValueError(f"{name}[{i}] is all 0, expected some other entry")

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


def most_columns(rule: Rule, size: str) -> Rule:
    """A matrix that obeys `rule` and has no more columns than `size`, set by an earlier rule."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        rule(name, value, sizes)
        if np.shape(value)[1] > sizes[size]:
            given = np.shape(value)
            raise ValueError(f"{name} has shape {given}, expected at most {sizes[size]} columns")

    return check


def table(columns: str) -> Rule:
    """A matrix with this many columns and any number of rows, also none."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        given = _shape(name, value)
        if len(given) != 2 or sizes.setdefault(columns, given[1]) != given[1]:
            known = f" with {columns} = {sizes[columns]}" if columns in sizes else ""
            raise ValueError(f"{name} has shape {given}, expected (rows, {columns}){known}")

    return check


def one_input(rule: Rule) -> Rule:
    """A list of weights that obeys `rule` and whose first matrix has one row."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        rule(name, value, sizes)
        if len(value[0]) != 1:
            raise ValueError(f"{name}[0] has shape {value[0].shape}, expected one row")

    return check


def weight_list(first: str, last: str = "") -> Rule:
    """A list of matrices, each as tall as the one before it is wide; not empty."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        _listed(name, value)
        if not value:
            raise ValueError(f"{name} is empty, expected the weights of at least one layer")
        joints = [first, *(f"width {i}" for i in range(1, len(value))), last or "the last width"]
        for i, W in enumerate(value):
            _sized(joints[i], joints[i + 1])(f"{name}[{i}]", W, sizes)
        sizes["widths"] = [W.shape[1] for W in value]
        sizes["layers"] = len(value)

    return check


def bias_list() -> Rule:
    """A list of vectors, one for each matrix of the weights and as long as that one is wide."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        _listed(name, value)
        widths = sizes["widths"]
        if len(value) != len(widths):
            raise ValueError(f"{name} has {len(value)} vectors, expected {len(widths)}")
        for i, (b, width) in enumerate(zip(value, widths, strict=True)):
            if _shape(f"{name}[{i}]", b) != (width,):
                raise ValueError(f"{name}[{i}] has shape {b.shape}, expected ({width},)")

    return check


def array_list(item: Rule, length: int = 1) -> Rule:
    """A list of `length` or more arrays that each obey the rule `item`."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        _listed(name, value)
        if len(value) < length:
            raise ValueError(f"{name} has {len(value)} arrays, expected {length} or more")
        for i, entry in enumerate(value):
            item(f"{name}[{i}]", entry, sizes)

    return check


def tensors(shapes: str = "") -> Rule:
    """A dict from names to arrays; all that name `shapes` need the first one's names and shapes."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        if not isinstance(value, dict):
            raise ValueError(f"{name} is a {type(value).__name__}, expected a dict of arrays")
        given = {key: _shape(f"{name}[{key!r}]", tensor) for key, tensor in value.items()}
        if not shapes:
            return
        for key, expected in sizes.setdefault(shapes, given).items():
            if key not in given:
                raise ValueError(f"{name} has no {key!r}, expected an array of shape {expected}")
            if given[key] != expected:
                raise ValueError(f"{name}[{key!r}] has shape {given[key]}, expected {expected}")

    return check


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


def generator() -> Rule:
    """A source of random numbers: a `numpy.random.Generator`."""

    def check(name: str, value: Any, _sizes: Sizes) -> None:
        if not isinstance(value, np.random.Generator):
            given = type(value).__name__
            raise ValueError(f"{name} is a {given}, expected a numpy.random.Generator")

    return check


def flag() -> Rule:
    """Either True or False."""

    def check(name: str, value: Any, _sizes: Sizes) -> None:
        if not isinstance(value, bool | np.bool_):
            raise ValueError(f"{name} is {value!r}, expected True or False")

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


def number_or(rule: Rule) -> Rule:
    """One finite number for all, or an array that obeys `rule`."""
    single = number()

    def check(name: str, value: Any, sizes: Sizes) -> None:
        (rule if isinstance(value, np.ndarray) else single)(name, value, sizes)

    return check


def series(length: int, some_number: bool = False) -> Rule:
    """At least `length` numbers in order, NaN and infinity allowed; with `some_number` not only."""

    def check(name: str, value: Any, _sizes: Sizes) -> None:
        if not isinstance(value, list | tuple | np.ndarray) or np.ndim(value) != 1:
            raise ValueError(f"{name} is {value!r}, expected a sequence of numbers")
        if len(value) < length:
            raise ValueError(f"{name} has {len(value)} numbers, expected {length} or more")
        if some_number and np.isnan(np.asarray(value, dtype=float)).all():
            raise ValueError(f"{name} is all NaN, expected at least one number")

    return check


def optional(rule: Rule) -> Rule:
    """Nothing, None, or what obeys `rule`."""

    def check(name: str, value: Any, sizes: Sizes) -> None:
        if value is not None:
            rule(name, value, {"arguments": sizes["arguments"]})

    return check


def choice(*options: str) -> Rule:
    """One of these words."""

    def check(name: str, value: Any, _sizes: Sizes) -> None:
        if not isinstance(value, str) or value not in options:
            raise ValueError(f"{name} is {value!r}, expected one of {', '.join(options)}")

    return check


def function() -> Rule:
    """Something that can be called."""

    def check(name: str, value: Any, _sizes: Sizes) -> None:
        if not callable(value):
            raise ValueError(f"{name} is a {type(value).__name__}, expected a function")

    return check


def _sized(*names: str) -> Rule:
    wanted = f"({', '.join(names)}{',' if len(names) == 1 else ''})"

    def check(name: str, value: Any, sizes: Sizes) -> None:
        given = _shape(name, value)
        if len(given) != len(names):
            raise ValueError(f"{name} has shape {given}, expected {wanted}")
        for size, found in zip(names, given, strict=True):
            if found == 0:
                raise ValueError(f"{name} has shape {given}, expected {wanted} with {size} >= 1")
            if size != "_" and sizes.setdefault(size, found) != found:
                known = f"{size} = {sizes[size]}"
                raise ValueError(f"{name} has shape {given}, expected {wanted} with {known}")

    return check


def _shape(name: str, value: Any) -> tuple[int, ...]:
    if not isinstance(value, np.ndarray | np.number | float | int):
        raise ValueError(f"{name} is a {type(value).__name__}, expected a NumPy array")
    if np.asarray(value).dtype.kind not in "iuf":
        raise ValueError(f"{name} holds {np.asarray(value).dtype}, expected real numbers")
    return np.shape(value)


def _listed(name: str, value: Any) -> None:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name} is a {type(value).__name__}, expected a list of arrays")
