"""The judge's half of the conversation with a learner's process, which may lie in every word.

Each request is answered by one message. Until that comes, the learner may call functions of the
judge's, which may in turn call functions of the learner's that they were given.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgpack
import numpy as np

from autograder.judging.calls import LearnerError, LearnerGone
from autograder.sandbox.judge.spawn import GRACE_SECONDS, Started
from autograder.sandbox.protocol import travelling, wire
from autograder.sandbox.protocol.channel import ChannelClosed, ChannelTimeout, MessageTooLong
from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.text import plain_text

UNREADABLE = "sent a reply that could not be read"
CALLBACK_DEPTH = 20
BUSY = 0.1
"""The share of a time limit that was spent in vain from which on it is granted again."""


class Conversation:
    """Requests to one learner's process; the first thing that goes wrong ends it for good."""

    def __init__(self, started: Started, limits: Limits) -> None:
        self.limits = limits
        self.functions: dict[int, Callable[..., Any]] = {}
        self._started = started
        self._end_of_life = time.monotonic() + limits.total_seconds
        self._ended = ""
        self._numbers = itertools.count()
        self._depth = self._callbacks = 0
        self._seconds = self._deadline = self.granted = 0.0
        self._may_interrupt = self.interrupted = False

    def ask(self, message: list[Any] | bytes, seconds: float, *, interrupt: bool = False) -> Any:
        """Send a request, encoded or not, and serve call-backs until its answer comes.

        With `interrupt`, the deadline first brings an interrupt, and the end some time later.
        """
        self._seconds = seconds
        self._may_interrupt = interrupt
        self.interrupted = False
        self._deadline = min(time.monotonic() + seconds, self._end_of_life)
        self._depth = self._callbacks = 0
        match self._converse(message, "done"):
            case [answer]:
                return answer
        raise self.unreadable()

    def end(self) -> None:
        """End the process, if it has not ended yet."""
        if not self._ended:
            self._ended = "was stopped"
            self._started.end()

    def register(self, function: Callable[..., Any]) -> int:
        """Let the learner call `function` under the number returned."""
        number = next(self._numbers)
        self.functions[number] = function
        return number

    def pack(self, value: Any) -> bytes:
        """Encode a value for the learner; callables in it travel, or can be called back."""

        def numbered(function: Callable[..., Any]) -> msgpack.ExtType:
            if travelling.is_marked(function):
                number, packed = travelling.pack(function, numbered)
                self.functions[number] = function
                return packed
            return wire.function_number(wire.JUDGE_FUNCTION, self.register(function))

        return wire.pack(value, function=numbered, max_bytes=self.limits.message_bytes)

    def pack_all(self, values: Sequence[Any]) -> list[bytes]:
        return [self.pack(value) for value in values]

    def unpack(self, data: Any, function: wire.FunctionDecoder | None = None) -> Any:
        """Decode a value that came out of the learner's process."""
        if not isinstance(data, bytes):
            raise self.unreadable()
        try:
            return wire.unpack(data, function=function)
        except wire.WireError as error:
            raise self.unreadable() from error

    def own_function(self, kind: int, number: int) -> Callable[..., Any]:
        """Find a function that was handed to the learner and has come back."""
        if kind != wire.JUDGE_FUNCTION:
            raise wire.WireError("unexpected function")
        return self.functions[number]

    def error(self, found: Any) -> LearnerError | None:
        """Read the description of an error, or None."""
        match found:
            case None:
                return None
            case (str(kind), str(message), int() | None as line, str(source)):
                return LearnerError(
                    plain_text(kind, 100), plain_text(message), line, plain_text(source, 200)
                )
        raise self.unreadable()

    def unreadable(self) -> LearnerGone:
        return self._die(UNREADABLE)

    def _converse(self, message: list[Any] | bytes, awaited: str) -> list[Any]:
        self._send(message)
        while True:
            match self._receive():
                case [str(kind), *rest] if kind == awaited:
                    return rest
                case ["callback", int(number), list(arguments), bytes(keywords)]:
                    self._send(self._serve_callback(number, arguments, keywords))
                case _:
                    raise self.unreadable()

    def _serve_callback(self, number: int, arguments: list[Any], keywords: bytes) -> list[Any]:
        self._callbacks += 1
        if self._callbacks > self.limits.callbacks:
            raise self._die(f"called back more than {self.limits.callbacks:,} times")
        if self._depth >= CALLBACK_DEPTH:
            return ["raise", "RecursionError", "functions of the judge were nested too deeply"]
        self._depth += 1
        try:
            return ["value", *self._call(number, arguments, keywords)]
        except LearnerGone:
            raise
        except LearnerError as error:
            return ["raise", error.kind, error.message]
        # The learner chose the arguments: whatever goes wrong with them is the learner's to hear.
        except Exception as error:
            return ["raise", type(error).__name__, plain_text(str(error), 400)]
        finally:
            self._depth -= 1

    def _call(
        self, number: int, arguments: list[Any], keywords: bytes
    ) -> tuple[bytes, list[bytes]]:
        """Call one of the judge's functions with arguments of the learner's.

        The second value holds the generators of random numbers among them, as they are now.
        """
        values = [self.unpack(data, self._any_function) for data in arguments]
        named = self.unpack(keywords, self._any_function)
        result = self.pack(self.functions[number](*values, **named))
        given = (*values, *named.values())
        return result, [self.pack(a) for a in given if type(a) is np.random.Generator]

    def _any_function(self, kind: int, number: int) -> Callable[..., Any]:
        """Find a function among the arguments of a call-back; the learner's own may be there."""
        if kind == wire.JUDGE_FUNCTION:
            return self.functions[number]
        return lambda *arguments, **keywords: self._invoke(number, arguments, keywords)

    def _invoke(self, number: int, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """Call a function of the learner's that came as an argument of a call-back."""
        message = ["invoke", number, self.pack_all(arguments), self.pack(keywords)]
        match self._converse(message, "invoked"):
            case [bytes(value), None]:
                return self.unpack(value)
            case [bytes(), error]:
                raise self.error(error) or self.unreadable()
        raise self.unreadable()

    def _send(self, message: list[Any] | bytes) -> None:
        self._alive()
        packed = message
        if not isinstance(packed, bytes):
            packed = wire.pack_envelope(packed, self.limits.message_bytes)
        try:
            self._started.channel.send(packed, self._deadline)
        except ChannelTimeout as error:
            raise self._die(self._too_slow()) from error
        except ChannelClosed as error:
            raise self._die("") from error

    def _receive(self) -> Any:
        self._alive()
        try:
            return wire.unpack(self._receive_in_time())
        except ChannelTimeout as error:
            raise self._die(self._too_slow()) from error
        except ChannelClosed as error:
            raise self._die("") from error
        except MessageTooLong as error:
            raise self._die("sent more than one message can hold") from error
        except wire.WireError as error:
            raise self.unreadable() from error

    def _receive_in_time(self) -> bytes:
        while True:
            try:
                return self._started.channel.receive(self._deadline)
            except ChannelTimeout:
                if self._grant_again():
                    continue
                if not self._may_interrupt or self._deadline == self._end_of_life:
                    raise
            self._may_interrupt, self.interrupted = False, True
            self._deadline = min(self._deadline + GRACE_SECONDS, self._end_of_life)
            self._started.interrupt()

    def _grant_again(self) -> bool:
        """Move the deadline by the time that the process was kept from running, if it was.

        A submission's limit is its own: on a busy machine the clock runs for others' work, too.
        """
        kept_waiting = self._started.waited() - self.granted
        seconds = min(kept_waiting, self._seconds, self.limits.total_seconds - self.granted)
        if seconds < BUSY * self._seconds:
            return False
        self.granted += seconds
        self._end_of_life += seconds
        self._deadline = min(self._deadline + seconds, self._end_of_life)
        return True

    def _alive(self) -> None:
        if self._ended:
            raise LearnerGone(self._ended)

    def _too_slow(self) -> str:
        if self._deadline == self._end_of_life:
            return f"used up the {self.limits.total_seconds:g} s that a whole submission may take"
        return f"did not finish within {self._seconds:g} s"

    def _die(self, reason: str) -> LearnerGone:
        """End the process and return the exception to raise; no reason: ask the keeper for it."""
        if not self._ended:
            words = self._started.end(0 if reason else GRACE_SECONDS)
            self._ended = reason or words or "ended its process"
        return LearnerGone(self._ended)
