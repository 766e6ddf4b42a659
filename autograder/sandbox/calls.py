"""Calls of a learner's function: their arguments, what they gave, and their message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import wire
from .errors import LearnerError


@dataclass(frozen=True)
class Earlier:
    """As an argument: a part of what an earlier call of the batch returned, or made of its own."""

    returned: bool
    call: int
    index: int | str


@dataclass(frozen=True)
class Call:
    """The arguments of one call of a learner's function."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What one call gave: a value or an error, and its arguments as they are afterwards."""

    value: Any
    error: LearnerError | None
    args_after: tuple[Any, ...]


def batch_message(
    name: str, calls: Sequence[Call], pack: Callable[[Any], bytes], max_bytes: int
) -> bytes:
    """The message that asks for these calls of the function `name`; equal calls, equal bytes."""
    packed = [(_arguments(call.args, pack), pack(call.kwargs)) for call in calls]
    return wire.pack_envelope(["calls", name, packed], max_bytes)


def _arguments(arguments: tuple[Any, ...], pack: Callable[[Any], bytes]) -> list[Any]:
    return [[a.returned, a.call, a.index] if isinstance(a, Earlier) else pack(a) for a in arguments]
