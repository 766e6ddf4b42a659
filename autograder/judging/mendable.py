"""Problems that the person at the keyboard can mend."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import Any


class Mendable(Exception):
    """What is wrong and what to do next; commands print it as one line and exit with 2."""


class AuthorMistake(Mendable):
    """An exercise or a chapter cannot be used as its author left it; the message says where."""


def where(function: Callable[..., Any]) -> str:
    """The file and line of a function, as an editor can open them from the current folder."""
    plain = inspect.unwrap(function)
    return f"{os.path.relpath(plain.__code__.co_filename)}:{plain.__code__.co_firstlineno}"
