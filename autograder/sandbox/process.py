"""The judge's side: one learner's process as an object with a handful of methods."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import msgpack

from . import wire
from .channel import ChannelClosed, ChannelTimeout, MessageTooLong
from .errors import IsolationUnavailable, LearnerDied, LearnerError, plain_text
from .isolation import available_isolation
from .limits import Limits
from .outputs import Output, clean_outputs
from .plan import Isolation, make_plan
from .start import start

UNREADABLE = "sent a reply that could not be read"
CALLBACK_DEPTH = 20


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


@dataclass(frozen=True)
class CellResult:
    """What one cell showed (nbformat outputs), and its error."""

    outputs: list[Output]
    error: LearnerError | None


class LearnerProcess:
    """A sealed process that runs one submission's cells and answers calls of its functions."""

    isolation: Isolation

    def __init__(
        self,
        limits: Limits | None = None,
        isolation: Isolation | None = None,
        *,
        package: Path | None = None,
    ) -> None:
        """Start the process and wait until it is ready.

        Parameters
        ----------
        limits
            What it may use; the defaults suit a course on small networks.
        isolation
            None takes the best that this machine offers; NONE must be asked for.
        package
            A folder whose packages the learner's code may import (read-only).

        Raises
        ------
        IsolationUnavailable
            If `isolation` is None and this machine offers none.
        SandboxFailure
            If the process could not be started or sealed.
        """
        self.limits = limits or Limits()
        self.isolation = available_isolation() if isolation is None else isolation
        if isolation is None and self.isolation is Isolation.NONE:
            raise IsolationUnavailable
        self._died = ""
        self._functions: dict[int, Callable[..., Any]] = {}
        self._numbers = itertools.count()
        self._depth = self._callbacks = 0
        self._deadline = 0.0
        self._seconds = 0.0
        self._started = start(make_plan(self.isolation, self.limits, package))
        self._end_of_life = time.monotonic() + self.limits.total_seconds

    def __enter__(self) -> LearnerProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def run_cell(self, source: str) -> CellResult:
        """Run one notebook cell, as Jupyter would.

        Raises
        ------
        LearnerDied
            If the cell exceeds a limit or ends the process.
        """
        found = self._ask(["cell", source], self.limits.cell_seconds)
        match found:
            case [outputs, error]:
                return CellResult(clean_outputs(outputs, self.limits), self._error(error))
        raise self._unreadable()

    def has(self, name: str) -> bool:
        """Tell whether `name` is bound to something callable in the learner's namespace."""
        return self._ask(["has", name], self.limits.call_seconds) is True

    def call_many(
        self, name: str, calls: Sequence[Call], seconds: float | None = None
    ) -> list[Reply]:
        """Call the learner's function `name` for each of `calls`, in one round trip.

        Callables among the arguments stay here: the learner calls back for each use.
        """
        before = set(self._functions)
        message = [
            "calls",
            name,
            [(self._pack_all(call.args), self._pack(call.kwargs)) for call in calls],
        ]
        found = self._ask(message, self.limits.call_seconds if seconds is None else seconds)
        if not isinstance(found, list) or len(found) != len(calls):
            raise self._unreadable()
        replies = [self._reply(call, answer) for call, answer in zip(calls, found, strict=True)]
        for number in set(self._functions) - before:
            del self._functions[number]
        return replies

    def bind(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        """Let names in the learner's namespace mean functions that run here, in the judge."""
        numbers = {name: self._register(function) for name, function in functions.items()}
        self._ask(["bind", numbers], self.limits.call_seconds)

    def unbind(self) -> None:
        """Give those names their own meaning back."""
        self._ask(["unbind"], self.limits.call_seconds)
        self._functions.clear()

    def close(self) -> None:
        """End the process; nothing of it stays behind."""
        if not self._died:
            self._died = "was stopped"
            self._started.end()

    def _ask(self, message: list[Any], seconds: float) -> Any:
        """Send a request and serve the learner's call-backs until its answer comes."""
        self._seconds = seconds
        self._deadline = min(time.monotonic() + seconds, self._end_of_life)
        self._depth = self._callbacks = 0
        return self._converse(message, "done")

    def _converse(self, message: list[Any], awaited: str) -> Any:
        self._send(message)
        while True:
            match self._receive():
                case [str(kind), *rest] if kind == awaited:
                    return rest[0] if awaited == "done" and len(rest) == 1 else rest
                case ["callback", int(number), list(arguments), bytes(keywords)]:
                    self._send(self._serve_callback(number, arguments, keywords))
                case _:
                    raise self._unreadable()

    def _serve_callback(self, number: int, arguments: list[Any], keywords: bytes) -> list[Any]:
        self._callbacks += 1
        if self._callbacks > self.limits.callbacks:
            raise self._die(f"called back more than {self.limits.callbacks:,} times")
        if self._depth >= CALLBACK_DEPTH:
            return ["raise", "RecursionError", "functions of the judge were nested too deeply"]
        self._depth += 1
        try:
            function = self._functions[number]
            values = [self._unpack(data, self._any_function) for data in arguments]
            named = self._unpack(keywords, self._any_function)
            return ["value", self._pack(function(*values, **named))]
        except LearnerDied:
            raise
        except LearnerError as error:
            return ["raise", error.kind, error.message]
        # The learner chose the arguments: whatever goes wrong with them is the learner's to hear.
        except Exception as error:
            return ["raise", type(error).__name__, plain_text(str(error), 400)]
        finally:
            self._depth -= 1

    def _invoke(self, number: int, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """Call a function of the learner's that came as an argument of a call-back."""
        message = ["invoke", number, self._pack_all(arguments), self._pack(keywords)]
        match self._converse(message, "invoked"):
            case [bytes(value), None]:
                return self._unpack(value)
            case [bytes(), error]:
                raise self._error(error) or self._unreadable()
        raise self._unreadable()

    def _reply(self, call: Call, answer: Any) -> Reply:
        match answer:
            case (bytes(data), error, dict(changes)):
                failure = self._error(error)
                value = None if failure is not None else self._unpack(data)
                after = [
                    self._unpack(changes[position], self._own_function)
                    if position in changes
                    else argument
                    for position, argument in enumerate(call.args)
                ]
                return Reply(value, failure, tuple(after))
        raise self._unreadable()

    def _error(self, found: Any) -> LearnerError | None:
        match found:
            case None:
                return None
            case (str(kind), str(message), int() | None as line, str(source)):
                return LearnerError(
                    plain_text(kind, 100), plain_text(message), line, plain_text(source, 200)
                )
        raise self._unreadable()

    def _register(self, function: Callable[..., Any]) -> int:
        number = next(self._numbers)
        self._functions[number] = function
        return number

    def _pack_all(self, values: Sequence[Any]) -> list[bytes]:
        return [self._pack(value) for value in values]

    def _pack(self, value: Any) -> bytes:
        def numbered(function: Callable[..., Any]) -> msgpack.ExtType:
            return wire.function_number(wire.JUDGE_FUNCTION, self._register(function))

        return wire.pack(value, function=numbered, max_bytes=self.limits.message_bytes)

    def _unpack(self, data: Any, function: wire.FunctionDecoder | None = None) -> Any:
        """Decode a value that came out of the learner's process."""
        if not isinstance(data, bytes):
            raise self._unreadable()
        try:
            return wire.unpack(data, function=function)
        except wire.WireError as error:
            raise self._unreadable() from error

    def _own_function(self, kind: int, number: int) -> Callable[..., Any]:
        """Find a function that was handed to the learner and has come back."""
        if kind != wire.JUDGE_FUNCTION:
            raise wire.WireError("unexpected function")
        return self._functions[number]

    def _any_function(self, kind: int, number: int) -> Callable[..., Any]:
        """Find a function among the arguments of a call-back; the learner's own may be there."""
        if kind == wire.JUDGE_FUNCTION:
            return self._functions[number]
        return lambda *arguments, **keywords: self._invoke(number, arguments, keywords)

    def _send(self, message: list[Any]) -> None:
        self._alive()
        packed = wire.pack(message, max_bytes=self.limits.message_bytes)
        try:
            self._started.channel.send(packed, self._deadline)
        except ChannelTimeout as error:
            raise self._die(self._too_slow()) from error
        except ChannelClosed as error:
            raise self._die("") from error

    def _receive(self) -> Any:
        self._alive()
        try:
            return wire.unpack(self._started.channel.receive(self._deadline))
        except ChannelTimeout as error:
            raise self._die(self._too_slow()) from error
        except ChannelClosed as error:
            raise self._die("") from error
        except MessageTooLong as error:
            raise self._die("sent more than one message can hold") from error
        except wire.WireError as error:
            raise self._unreadable() from error

    def _alive(self) -> None:
        if self._died:
            raise LearnerDied(self._died)

    def _too_slow(self) -> str:
        if self._deadline == self._end_of_life:
            return f"used up the {self.limits.total_seconds:g} s that a whole submission may take"
        return f"did not finish within {self._seconds:g} s"

    def _unreadable(self) -> LearnerDied:
        return self._die(UNREADABLE)

    def _die(self, reason: str) -> LearnerDied:
        """End the process and return the exception to raise; no reason: ask the keeper for it."""
        if not self._died:
            if reason:
                self._started.end()
            else:
                reason = self._started.last_words() or "ended its process"
                self._started.end()
            self._died = reason
        return LearnerDied(self._died)
