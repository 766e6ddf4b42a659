"""The laws that every reference function obeys, whatever it computes."""

import copy
import inspect

import numpy as np


def arrays_in(value):
    """Every array inside a value, however deep."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [array for part in value for array in arrays_in(part)]
    return [value] if isinstance(value, np.ndarray) else []


def as_float32(value):
    """The same value with every float array in single precision."""
    if isinstance(value, dict):
        return {key: as_float32(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(as_float32(part) for part in value)
    floats = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value.astype(np.float32) if floats else value


def assert_arguments_unchanged(function, arguments):
    """A call changes none of its arguments, not by a single bit."""
    before = [array.tobytes() for array in arrays_in(arguments)]
    function(*arguments)
    assert [array.tobytes() for array in arrays_in(arguments)] == before


def assert_documented(function):
    """The docstring is one sentence, then parameters and returns; the body validates nothing."""
    document = inspect.getdoc(function)
    assert document.split("\n\n")[0].endswith(".")
    assert "Returns\n-------" in document
    for parameter in inspect.signature(function).parameters:
        assert parameter in document.split("Returns\n")[0]
    assert "ValueError" not in inspect.getsource(inspect.unwrap(function))


def assert_precision_kept(function, arguments):
    """Single precision in, single precision out; double in, double out."""
    for given, kind in ((arguments, np.float64), (as_float32(arguments), np.float32)):
        # A generator moves on when it is used: each run gets a copy of its own.
        returned = function(*copy.deepcopy(given))
        floats = [array for array in arrays_in(returned) if array.dtype.kind == "f"]
        assert floats, "this law is for functions that return float arrays"
        assert {array.dtype.type for array in floats} == {kind}
