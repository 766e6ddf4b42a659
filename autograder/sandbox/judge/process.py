"""The judge's side: one learner's process as an object with a handful of methods."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.judging.calls import Arguments, LearnerError, Reply, filled
from autograder.sandbox.judge.ahead import Questions, Sheet, batch_message
from autograder.sandbox.judge.conversation import Conversation
from autograder.sandbox.judge.failures import IsolationUnavailable
from autograder.sandbox.judge.isolation import available_isolation
from autograder.sandbox.judge.planning import make_plan
from autograder.sandbox.judge.spawn import start
from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.outputs import Output, clean_outputs
from autograder.sandbox.protocol.plan import Isolation

_ending = ThreadPoolExecutor(1, "ending learners' processes")


def wait_for_ends() -> None:
    """Wait until every process that was closed without waiting has ended."""
    _ending.submit(int).result()


@dataclass(frozen=True)
class CellResult:
    """What one cell showed (nbformat outputs), and its error."""

    outputs: list[Output]
    error: LearnerError | None
    interrupted: bool = False
    """It took too long and was interrupted, as by Ctrl-C; what it had done is done."""


class LearnerProcess:
    """A sealed process that runs one submission's cells and answers calls of its functions."""

    isolation: Isolation

    def __init__(
        self,
        limits: Limits | None = None,
        isolation: Isolation | None = None,
        *,
        package: Path | None = None,
        work: Path | None = None,
        seed: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start the process and wait until it is ready.

        Parameters
        ----------
        limits
            What it may use; the defaults suit a course on small networks.
        isolation
            None takes the best that this machine offers; NONE must be asked for.
        package
            A folder, readable by everybody, whose packages the learner's code may import.
        work
            A folder whose files the learner finds, as copies, in the working folder.
        seed
            The 32-bit seed of the learner's `np.random` and `random`; None draws one.
        environment
            Environment variables that the learner finds besides the usual ones.

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
        seed = secrets.randbits(32) if seed is None else seed
        started = start(
            make_plan(
                self.isolation,
                self.limits,
                package=package,
                work=work,
                seed=seed,
                environment=environment,
            )
        )
        self.keeper_pid = started.keeper
        self._talk = Conversation(started, self.limits)
        self._sheet: Sheet | None = None

    def __enter__(self) -> LearnerProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def run_cell(self, source: str, *, interrupt: bool = False) -> CellResult:
        """Run one notebook cell, as Jupyter would.

        A cell that takes too long is ended together with the process, or, with `interrupt`, first
        interrupted and only then, if it does not heed that, ended.

        Raises
        ------
        LearnerGone
            If the cell exceeds a limit or ends the process.
        """
        self._put_sheet_away()
        found = self._talk.ask(["cell", source], self.limits.cell_seconds, interrupt=interrupt)
        match found:
            case [outputs, error]:
                return CellResult(
                    clean_outputs(outputs, self.limits),
                    self._talk.error(error),
                    self._talk.interrupted,
                )
        raise self._talk.unreadable()

    def has(self, name: str) -> bool:
        """Tell whether `name` is bound to something callable in the learner's namespace."""
        return self._talk.ask(["has", name], self.limits.call_seconds) is True

    def call_many(
        self, name: str, calls: Sequence[Arguments], seconds: float | None = None
    ) -> list[Reply]:
        """Call the learner's function `name` for each of `calls`, in one round trip.

        Callables among the arguments stay here: the learner calls back for each use.
        """
        before = set(self._talk.functions)
        message = batch_message(name, calls, self._talk.pack, self.limits.message_bytes)
        found = self._sheet.take(message) if self._sheet else None
        if found is None:
            seconds = self.limits.call_seconds if seconds is None else seconds
            found = self._talk.ask(message, seconds)
        if not isinstance(found, list) or len(found) != len(calls):
            raise self._talk.unreadable()
        replies: list[Reply] = []
        for call, answer in zip(calls, found, strict=True):
            replies.append(self._reply(call, answer, replies))
        for number in set(self._talk.functions) - before:
            del self._talk.functions[number]
        return replies

    def ask_ahead(self, questions: Questions) -> Sheet:
        """Have questions answered that `call_many` is going to put.

        The answers wait until a cell runs or names are bound. All should be there within
        `ahead_seconds`; twice that is too slow.

        Raises
        ------
        LearnerGone
            If it was too slow, or some call ended the process. Ask one by one in another.
        """
        seconds = self.limits.ahead_seconds
        patience = min(2 * seconds, self.limits.call_seconds)
        packed = self._talk.ask(questions.message(seconds), patience)
        if not isinstance(packed, bytes):
            raise self._talk.unreadable()
        self._sheet = Sheet(questions, packed, self._talk.unpack)
        return self._sheet

    def bind(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        """Let names in the learner's namespace mean functions that run here, in the judge."""
        self._put_sheet_away()
        numbers = {name: self._talk.register(function) for name, function in functions.items()}
        self._talk.ask(["bind", numbers], self.limits.call_seconds)

    def unbind(self) -> None:
        """Give those names their own meaning back."""
        self._talk.ask(["unbind"], self.limits.call_seconds)
        self._talk.functions.clear()

    @property
    def granted_seconds(self) -> float:
        """What it was given on top of its limits, because others had the processors."""
        return self._talk.granted

    def close(self, *, wait: bool = True) -> None:
        """End the process; nothing of it stays behind, or, without `wait`, not for long."""
        if wait:
            self._talk.end()
        else:
            ended = _ending.submit(self._talk.end)
            ended.add_done_callback(Future.result)  # an error is logged: nobody waits for it

    def _put_sheet_away(self) -> None:
        """What is asked from now on is another question, whatever its words."""
        if self._sheet is not None:
            self._sheet.sufficed = False
            self._sheet = None

    def _reply(self, call: Arguments, answer: Any, done: Sequence[Reply]) -> Reply:
        match answer:
            case (bytes(data), error, dict(changes)):
                failure = self._talk.error(error)
                value = None if failure is not None else self._talk.unpack(data)
                return Reply(value, failure, self._after(call, changes, done))
        raise self._talk.unreadable()

    def _after(self, call: Arguments, changes: dict[Any, Any], done: Sequence[Reply]) -> Arguments:
        """The arguments after a call; what it took from earlier ones and left alone is theirs."""
        after = tuple(
            self._talk.unpack(changes[position], self._talk.own_function)
            if position in changes
            else argument
            for position, argument in enumerate(call)
        )
        try:
            return filled(after, done)
        except (LookupError, TypeError):  # that earlier call failed
            return call
