"""The learner's side of the conversation: does what the judge asks, one message at a time.

It runs in the sealed process, among the learner's code, which may forge or break anything here.
The judge does not rely on any of it.
"""

from __future__ import annotations

import builtins
import itertools
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import msgpack
import numpy as np

from autograder.sandbox.inside.notebook import LocatedError, Notebook, NotebookShell, located
from autograder.sandbox.protocol import travelling, wire
from autograder.sandbox.protocol.limits import Limits

if TYPE_CHECKING:
    from autograder.sandbox.protocol.channel import Channel

TOO_LARGE = ("ResultTooLarge", "returned more than one message can hold", None, "")
NOTHING_TO_GO_ON = ("LookupError", "an earlier call gave nothing to go on with", None, "")
MISSING = object()
MUTABLE = (list, dict, tuple, np.ndarray, np.random.Generator)


Outcome = tuple[Any, LocatedError | None, dict[int, bytes]]
"""What one call returned, or the error, and those arguments that it changed, packed."""
CallReply = tuple[bytes, LocatedError | None, dict[int, bytes]]
"""The same with its value packed."""


class JudgeFunction:
    """A function that runs in the judge's process; calling it here asks there."""

    __name__ = "function_of_the_judge"

    def __init__(self, worker: Worker, number: int) -> None:
        self.worker = worker
        self.number = number

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self.worker.call_back(self.number, arguments, keywords)


class Arrived(NamedTuple):
    """A function that has travelled here, as it came, and its number in the judge."""

    function: Callable[..., Any]
    number: int
    data: bytes


class Worker:
    """Serves the judge until it hangs up."""

    def __init__(self, channel: Channel, limits: Limits, shell: NotebookShell) -> None:
        self.channel = channel
        self.limits = limits
        self.notebook = Notebook(limits, shell)
        self.originals: dict[str, Any] = {}
        self.handed_out: dict[int, Callable[..., Any]] = {}
        self.arrived: dict[int, Arrived] = {}
        self.numbers = itertools.count()
        self.in_batch = False
        self.talking = threading.RLock()
        self.actions: dict[str, Callable[..., Any]] = {
            "cell": self.notebook.run,
            "has": lambda name: callable(self.notebook.namespace.get(name)),
            "calls": self.run_calls,
            "ahead": self.run_ahead,
            "bind": self.bind,
            "unbind": self.unbind,
        }

    def serve(self) -> None:
        self._send(["done", None])
        while True:
            action, *arguments = self._receive()
            self._send(["done", self.actions[action](*arguments)])

    def run_ahead(self, seconds: float, batches: list[bytes]) -> bytes:
        """Do the calls of many such messages, until time or room for the answers is used up.

        The answers go encoded: the judge may have seen the same ones before.
        """
        end = time.monotonic() + seconds
        room = self.limits.message_bytes // 4
        answers: list[Any] = []
        for message in batches:
            if time.monotonic() > end or room < 0:
                break
            _, name, calls = wire.unpack_envelope(message)
            answers.append(self.run_calls(name, calls))
            room -= sum(_size(reply) for reply in answers[-1])
        return self._packed(answers)

    def run_calls(self, name: str, calls: list[list[Any]]) -> list[Any]:
        """Call the learner's function once for each tuple of packed arguments.

        An argument that is no bytes says which earlier call of these it is taken from.
        """
        self.in_batch = True
        outcomes: list[Outcome] = []
        with self.notebook.printing_to(None):
            for packed in calls:
                outcomes.append(self._call_on(name, packed, outcomes, calls))
            replies = self._replies(outcomes)
        self.in_batch = False
        self.handed_out.clear()
        self.arrived.clear()
        return replies

    def _replies(self, outcomes: list[Outcome]) -> list[CallReply]:
        """Pack what the calls gave, now that all are done: one may have changed another's."""
        room = self.limits.message_bytes // 2
        replies: list[CallReply] = []
        for outcome in outcomes:
            reply = self._reply(*outcome)
            room -= _size(reply)
            replies.append(reply if room >= 0 else (b"", TOO_LARGE, {}))
        return replies

    def _reply(
        self, value: Any, error: LocatedError | None, changes: dict[int, bytes]
    ) -> CallReply:
        if error is not None:
            return b"", error, changes
        try:
            return self._encode(value), None, changes
        except BaseException as caught:  # a learner's object may do anything when looked at
            return b"", _described(caught), changes

    def _call_on(
        self,
        name: str,
        packed: list[Any],
        outcomes: list[Outcome],
        calls: list[list[Any]],
    ) -> Outcome:
        """Call with what earlier calls gave put into its place; `packed` keeps it."""
        try:
            for position, argument in enumerate(packed):
                if not isinstance(argument, bytes):
                    packed[position] = self._earlier(outcomes, calls, *argument)
        except BaseException:
            return None, NOTHING_TO_GO_ON, {}
        return self._call(name, packed)

    def _earlier(
        self,
        outcomes: list[Outcome],
        calls: list[list[Any]],
        returned: bool,
        call: int,
        index: Any,
    ) -> bytes:
        """Encode a part of what an earlier call returned, or an argument as that call left it."""
        value, _, changes = outcomes[call]
        if returned:
            return self._encode(value[index])
        before: bytes = calls[call][index]
        return changes.get(index, before)

    def _call(self, name: str, packed: list[bytes]) -> Outcome:
        arguments = [self._decode(argument) for argument in packed]
        try:
            function = self.notebook.namespace[name]
            value, error = function(*arguments), None
        except BaseException as caught:  # a learner's sys.exit() is an error like any other
            value, error = None, _described(caught)
        return value, error, self._changes(arguments, packed)

    def _changes(self, arguments: list[Any], packed: list[bytes]) -> dict[int, bytes]:
        """Encode those arguments that the call has changed."""
        changes = {}
        for position, (argument, before) in enumerate(zip(arguments, packed, strict=True)):
            if not isinstance(argument, MUTABLE):
                continue
            if self._encode_or_opaque(argument, self._as_it_came) != before:
                changes[position] = self._encode_or_opaque(argument, self._by_number)
        return changes

    def bind(self, functions: dict[str, int]) -> None:
        """Let these names mean functions of the judge's, remembering what they meant."""
        self.unbind()
        namespace = self.notebook.namespace
        self.originals = {name: namespace.get(name, MISSING) for name in functions}
        namespace.update({name: JudgeFunction(self, n) for name, n in functions.items()})

    def unbind(self) -> None:
        for name, original in self.originals.items():
            if original is MISSING:
                self.notebook.namespace.pop(name, None)
            else:
                self.notebook.namespace[name] = original
        self.originals = {}

    def call_back(self, number: int, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        if not self.in_batch:
            raise RuntimeError("this function can only be called while the judge is calling yours")
        encode = self._encode_with_functions
        with self.talking:
            self._send(["callback", number, [encode(a) for a in arguments], encode(keywords)])
            while True:
                action, *rest = self._receive()
                if action == "value":
                    self._advance([*arguments, *keywords.values()], rest[1])
                    return self._decode(rest[0])
                if action == "raise":
                    raise _exception(*rest)
                self._send(["invoked", *self._invoke(*rest)])

    def _advance(self, arguments: list[Any], generators: list[bytes]) -> None:
        """Let generators of random numbers go on from where the judge's function left them."""
        given = (a for a in arguments if type(a) is np.random.Generator)
        for generator, used in zip(given, generators, strict=True):
            generator.bit_generator.state = self._decode(used).bit_generator.state

    def _invoke(
        self, number: int, arguments: list[bytes], keywords: bytes
    ) -> tuple[bytes, LocatedError | None]:
        """Call a function of the learner's that was handed to a function of the judge's."""
        try:
            positional = [self._decode(argument) for argument in arguments]
            result = self.handed_out[number](*positional, **self._decode(keywords))
            return self._encode(result), None
        except BaseException as caught:
            return b"", _described(caught)

    def _encode(self, value: Any) -> bytes:
        """Encode a result; the judge wants no functions in it."""
        return wire.pack(value, opaque=True, max_bytes=self.limits.message_bytes // 2)

    def _encode_or_opaque(self, value: Any, function: wire.FunctionEncoder) -> bytes:
        try:
            limit = self.limits.message_bytes // 2
            return wire.pack(value, function=function, opaque=True, max_bytes=limit)
        except Exception:  # an object put into the argument may do anything when looked at
            return wire.pack(MISSING, opaque=True)

    def _encode_with_functions(self, value: Any) -> bytes:
        limit = self.limits.message_bytes // 2
        return wire.pack(value, function=self._hand_out, opaque=True, max_bytes=limit)

    def _hand_out(self, function: Callable[..., Any]) -> msgpack.ExtType:
        if self._is_judges(function):
            return self._by_number(function)
        number = next(self.numbers)
        self.handed_out[number] = function
        return wire.function_number(wire.LEARNER_FUNCTION, number)

    def _is_judges(self, function: Callable[..., Any]) -> bool:
        return type(function) is JudgeFunction or id(function) in self.arrived

    def _as_it_came(self, function: Callable[..., Any]) -> msgpack.ExtType:
        """Encode a function found in an argument as the judge did, to see whether it changed."""
        if id(function) in self.arrived:
            return msgpack.ExtType(wire.CODE, self.arrived[id(function)].data)
        return self._by_number(function)

    def _by_number(self, function: Callable[..., Any]) -> msgpack.ExtType:
        """Encode a function for the judge: its own by their numbers, others not at all."""
        if id(function) in self.arrived:
            return wire.function_number(wire.JUDGE_FUNCTION, self.arrived[id(function)].number)
        if type(function) is JudgeFunction:
            return wire.function_number(wire.JUDGE_FUNCTION, function.number)
        return msgpack.ExtType(wire.OPAQUE, wire.type_name(function).encode())

    def _decode(self, data: bytes) -> Any:
        return wire.unpack(
            data, function=lambda kind, number: JudgeFunction(self, number), code=self._arrive
        )

    def _arrive(self, data: bytes) -> Callable[..., Any]:
        number, function = travelling.unpack(data, self._decode)
        self.arrived[id(function)] = Arrived(function, number, data)
        return function

    def _send(self, message: list[Any]) -> None:
        self.channel.send(self._packed(message))

    def _packed(self, message: list[Any]) -> bytes:
        try:
            return wire.pack_envelope(message, self.limits.message_bytes)
        except TypeError:  # an exception class of the learner's may put anything into its fields
            return wire.pack(message, opaque=True, max_bytes=self.limits.message_bytes)

    def _receive(self) -> Any:
        return wire.unpack_envelope(self.channel.receive())


def _size(reply: CallReply) -> int:
    value, _, changes = reply
    return len(value) + sum(map(len, changes.values()))


def _described(error: BaseException) -> LocatedError:
    return TOO_LARGE if isinstance(error, wire.TooLarge) else located(error)


def _exception(kind: str, message: str) -> Exception:
    """Raise in the learner's code what the judge's function raised, if it has a built-in name."""
    found = getattr(builtins, kind, None)
    if isinstance(found, type) and issubclass(found, Exception):
        try:
            return found(message)
        except TypeError:  # UnicodeDecodeError and the like want more than a message
            return RuntimeError(message)
    return RuntimeError(f"{kind}: {message}")
