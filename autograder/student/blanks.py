"""Stubs that nobody has filled in yet."""

from __future__ import annotations

from types import CodeType, TracebackType
from typing import Any

STUB_NAMES = ("NotImplementedError",)


def is_blank(function: Any) -> bool:
    """Whether a function does nothing but raise NotImplementedError, as a stub does."""
    code = getattr(function, "__code__", None)
    return isinstance(code, CodeType) and _does_nothing(code)


def blank_part(trace: TracebackType | None) -> str | None:
    """The name of the stub that an error came from, if it came from one."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code if trace is not None else None
    return code.co_name if code is not None and _does_nothing(code) else None


def _does_nothing(code: CodeType) -> bool:
    arguments = code.co_argcount + code.co_kwonlyargcount
    return code.co_names == STUB_NAMES and code.co_nlocals <= arguments + 2  # *rest, **named
