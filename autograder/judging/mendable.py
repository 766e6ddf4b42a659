"""Problems that the person at the keyboard can mend."""

from __future__ import annotations

import inspect
import os
import textwrap
from collections.abc import Callable
from typing import Any

LINE_WIDTH = 90
"""Of what a notebook shows instead of a traceback: Validate's dialog does not wrap lines."""


class Mendable(Exception):
    """What is wrong and what to do next, without a traceback.

    Commands print it as one line and exit with 2; IPython shows the lines that it is asked for.
    """

    def _render_traceback_(self) -> list[str]:
        lines = f"{type(self).__name__}: {self}".split("\n")
        return [part for line in lines for part in textwrap.wrap(line, LINE_WIDTH)]


class AuthorMistake(Mendable):
    """An exercise or a chapter cannot be used as its author left it; the message says where."""


def where(function: Callable[..., Any]) -> str:
    """The file and line of a function, as an editor can open them from the current folder."""
    plain = inspect.unwrap(function)
    return f"{os.path.relpath(plain.__code__.co_filename)}:{plain.__code__.co_firstlineno}"
