"""Questions that are put to a learner's process before they come, and the answers that wait.

That is for speed alone: whoever asks (`LearnerProcess.call_many`) gets the same answer with and
without it.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import msgpack

from autograder.judging.calls import Arguments, Left, Returned
from autograder.sandbox.protocol import travelling, wire
from autograder.sandbox.protocol.limits import MIB

MAX_BYTES = 16 * MIB


class Questions:
    """Batches of calls that are known before they are asked, encoded once for many learners."""

    def __init__(self) -> None:
        self.batches: list[bytes] = []
        self._room = MAX_BYTES

    def add(self, name: str, calls: Sequence[Arguments]) -> None:
        """Note a batch, unless it needs the judge while it runs or is too large to keep."""
        try:
            message = batch_message(name, calls, _pack, self._room)
        except wire.WireError:
            return
        self._room -= len(message)
        self.batches.append(message)

    def message(self, seconds: float) -> bytes:
        """What asks them all; what is not begun `seconds` later is left unanswered."""
        return wire.pack_envelope(["ahead", seconds, self.batches], 2 * MAX_BYTES)


class Sheet:
    """A learner's answers to such questions, from which each is taken once."""

    def __init__(self, questions: Questions, packed: bytes, unpack: Callable[[bytes], Any]) -> None:
        self.digest = hashlib.sha256(packed).digest()
        """Two sheets with the same digest hold the same answers."""
        self.sufficed = True
        """Whether all that was asked since was on it."""
        self._questions = questions
        self._packed = packed
        self._unpack = unpack

    def take(self, message: bytes) -> Any:
        """The answer to the question with this message, or None."""
        if waiting := self._answers.get(message):
            return waiting.pop(0)
        self.sufficed = False
        return None

    @functools.cached_property
    def _answers(self) -> dict[bytes, list[Any]]:
        found = self._unpack(self._packed)
        answers: dict[bytes, list[Any]] = {}
        if isinstance(found, list):
            for message, answer in zip(self._questions.batches, found, strict=False):
                answers.setdefault(message, []).append(answer)
        return answers


def batch_message(
    name: str, calls: Sequence[Arguments], pack: Callable[[Any], bytes], max_bytes: int
) -> bytes:
    """The message that asks for these calls of the function `name`; equal calls, equal bytes."""
    packed = [[_argument(argument, pack) for argument in call] for call in calls]
    return wire.pack_envelope(["calls", name, packed], max_bytes)


def _argument(argument: Any, pack: Callable[[Any], bytes]) -> list[Any] | bytes:
    """As bytes, or as a list that says where the learner's side takes it from."""
    match argument:
        case Returned(call, part):
            return [True, call, part]
        case Left(call, position):
            return [False, call, position]
    return pack(argument)


def _pack(value: Any) -> bytes:
    return wire.pack(value, function=_travelling)


def _travelling(function: Any) -> msgpack.ExtType:
    if not travelling.is_marked(function):
        raise wire.WireError("this function stays in the judge's process")
    return travelling.pack(function, _travelling)[1]
