"""Functions of the judge's that run in the learner's process, by the mark `travels` on them.

Code goes one way only, from the judge to the learner; the same interpreter runs on both sides.
"""

from __future__ import annotations

import builtins
import hashlib
import marshal
import math
from collections.abc import Callable
from types import CellType, CodeType, FunctionType
from typing import Any, TypeGuard

import msgpack
import numpy as np

from autograder.sandbox.protocol import wire

GLOBALS = {"__builtins__": builtins, "np": np, "numpy": np, "math": math}
NUMBER_BYTES = 7
WITHOUT_REFERENCES = 2
"""The version of marshal whose bytes do not depend on who else uses a constant."""


def is_marked(function: Any) -> TypeGuard[FunctionType]:
    """Whether the judge's author lets this function travel."""
    return type(function) is FunctionType and function.__dict__.get("travels") is True


def pack(function: FunctionType, encoder: wire.FunctionEncoder) -> tuple[int, msgpack.ExtType]:
    """Encode a function with all it brings, and find the number that it has in the judge.

    Equal functions have equal numbers and bytes: whoever has seen one question knows the next.
    """
    parts = {
        "name": function.__name__,
        "code": marshal.dumps(_nameless(function.__code__), WITHOUT_REFERENCES),
        "defaults": function.__defaults__,
        "named": function.__kwdefaults__,
        "cells": [cell.cell_contents for cell in function.__closure__ or ()],
    }
    packed = wire.pack(parts, function=encoder)
    number = hashlib.sha256(packed).digest()[:NUMBER_BYTES]
    return int.from_bytes(number), msgpack.ExtType(wire.CODE, number + packed)


def unpack(data: bytes, decode: Callable[[bytes], Any]) -> tuple[int, FunctionType]:
    """Build the function anew, in the learner's process; `decode` reads the wire there."""
    parts = decode(data[NUMBER_BYTES:])
    cells = tuple(CellType(value) for value in parts["cells"])
    code = marshal.loads(parts["code"])
    function = FunctionType(code, dict(GLOBALS), parts["name"], parts["defaults"], cells)
    function.__kwdefaults__ = parts["named"]
    return int.from_bytes(data[:NUMBER_BYTES]), function


def _nameless(code: CodeType) -> CodeType:
    """The code without the path of the file that it stands in."""
    inner = (_nameless(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_filename="<given>", co_consts=tuple(inner))
