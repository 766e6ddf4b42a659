"""Functions that travel: what a check hands over and the learner may run by itself.

A function in an argument stays in the judge's process, and each use of it is a round trip. One that
is no secret and only computes can go along instead:

    loss = travels(lambda theta: float(np.sum((theta - target) ** 2)))
"""

from __future__ import annotations

import builtins
import dis
from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType, FunctionType
from typing import Any, TypeVar

import numpy as np

F = TypeVar("F", bound=Callable[..., Any])

GLOBALS = {"np", "numpy", "math"}
PLAIN = (bool, int, float, complex, str, np.ndarray, np.generic, type(None))


def travels(function: F) -> F:
    """Mark a pure function of plain data: the learner's process gets a copy of its code.

    A learner can read that copy, so it must hold no secret, and nothing of what it does is seen
    here: functions that count, record or draw stay. What it returns must be new, as its closure
    is the learner's to change for the rest of the call.

    Raises
    ------
    TypeError
        If it needs more than NumPy, `math`, plain data and other functions that travel.
    """
    if not isinstance(function, FunctionType):
        raise TypeError("only a plain function travels")
    foreign = _foreign(function.__code__)
    if foreign:
        raise TypeError(f"{function.__name__} cannot travel: it uses {', '.join(foreign)}")
    for value in _brought(function):
        if not _plain(value):
            raise TypeError(f"{function.__name__} cannot travel with a {type(value).__name__}")
    function.__dict__["travels"] = True
    return function


@cache
def _foreign(code: CodeType) -> tuple[str, ...]:
    """Names from outside that are not there where the learner's code runs, and imports."""
    known = GLOBALS | set(dir(builtins))
    return tuple(
        str(step.argval)
        for part in _codes(code)
        for step in dis.get_instructions(part)
        if step.opname in ("IMPORT_NAME", "STORE_GLOBAL", "STORE_DEREF")
        or (step.opname in ("LOAD_GLOBAL", "LOAD_NAME") and step.argval not in known)
        if not (step.opname == "STORE_DEREF" and step.argval in part.co_cellvars)
    )


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code, and that of the functions inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _brought(function: FunctionType) -> Iterator[Any]:
    """Whatever a function carries with it: closure and defaults."""
    yield from (cell.cell_contents for cell in function.__closure__ or ())
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()


def _plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_plain, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_plain, value))
    return isinstance(value, PLAIN) or getattr(value, "travels", False) is True
