"""Calls of a learner's function and what comes of them: the words of both sides of the wall.

A call is a tuple of arguments. Later calls of a list may take up what earlier ones `Returned` or
`Left`: many steps, one round trip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Arguments = tuple[Any, ...]


class LearnerError(Exception):
    """The learner's code raised: what kind of exception, its message, and where."""

    def __init__(
        self, kind: str, message: str = "", line: int | None = None, source: str = ""
    ) -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind
        self.message = message
        self.line = line
        self.source = source

    def sentence(self) -> str:
        """Say in one line what was raised and where."""
        where = f" in line {self.line} ({self.source})" if self.line and self.source else ""
        text = f"raised {self.kind}: {self.message}" if self.message else f"raised {self.kind}"
        return text + where


class LearnerGone(LearnerError):
    """The learner's process ended (time limit, crash, exit): nothing more can be asked of it."""

    def __init__(self, reason: str) -> None:
        super().__init__("LearnerGone", reason)
        self.reason = reason
        """Completes the sentence "your code …"."""

    def sentence(self) -> str:
        return self.message


@dataclass(frozen=True)
class Reply:
    """What one call gave: a value or an error, and its arguments as they are afterwards."""

    value: Any
    error: LearnerError | None
    args_after: Arguments


@dataclass(frozen=True)
class Returned:
    """As an argument: one part of what an earlier call of the same batch returned."""

    call: int
    part: int | str

    def of(self, replies: Sequence[Reply]) -> Any:
        return replies[self.call].value[self.part]


@dataclass(frozen=True)
class Left:
    """As an argument: what an earlier call of the same batch has left of one of its own."""

    call: int
    argument: int

    def of(self, replies: Sequence[Reply]) -> Any:
        return replies[self.call].args_after[self.argument]


NOTHING_TO_GO_ON = LearnerError("LookupError", "an earlier call gave nothing to go on with")


def filled(arguments: Arguments, replies: Sequence[Reply]) -> Arguments:
    """The arguments with what earlier calls gave put where `Returned` and `Left` ask for it.

    Raises
    ------
    LookupError, TypeError
        If an earlier call did not give that.
    """
    return tuple(a.of(replies) if isinstance(a, Returned | Left) else a for a in arguments)
