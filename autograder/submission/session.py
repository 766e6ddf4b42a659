"""One learner's notebook, run in an isolated process, its functions ready to be called.

A cell or call that kills the process (endless loop, crash, exit) costs only itself: the process
is started again, and the cells that killed it are left out.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder import sandbox
from autograder.judging.calls import (
    Arguments,
    LearnerGone,
    Reply,
)
from autograder.judging.door import admitted
from autograder.judging.learner import LearnerFunction
from autograder.sandbox.protocol.outputs import CUT, LEFT_OUT
from autograder.submission.stand_in import stand_in_package

EXCESS = {
    "ResultTooLarge": "returned more than one message can hold",
    "MemoryError": "asked for more memory than a submission may have",
}
"""Errors that the instructor is told of."""


def best_isolation(*, allow_none: bool = False) -> sandbox.Isolation:
    """The strongest isolation of this machine.

    Raises
    ------
    sandbox.IsolationUnavailable
        If there is none and going without is not allowed.
    """
    found = sandbox.available_isolation()
    if found is sandbox.Isolation.NONE and not allow_none:
        raise sandbox.IsolationUnavailable
    return found


class Session:
    """The notebook cells of one submission and the process they run in."""

    def __init__(
        self,
        cells: Sequence[tuple[str, str]],
        limits: sandbox.Limits,
        isolation: sandbox.Isolation,
        *,
        seed: int | None = None,
        work: Path | None = None,
        ours: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.cells = list(cells)
        self.limits = limits
        self.isolation = isolation
        self.seed = seed
        self.work = work
        self.ours = ours
        self.environment = dict(environment or {})
        self.timings = {"start": 0.0, "cells": 0.0}
        self.outputs: dict[str, list[dict[str, Any]]] = {}
        self.errors: dict[str, str] = {}
        self.flags: list[str] = []
        self._deadly: set[str] = set()
        self._may_ask_ahead = True
        self._end = time.monotonic() + limits.total_seconds
        self._for_again = limits.total_seconds
        """What cells may take together that run again, because a later one ended the process."""
        self._process: sandbox.LearnerProcess | None = None

    def __enter__(self) -> Session:
        try:
            self.process()
        except LearnerGone as gone:
            self._give_up(gone.sentence())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.end()

    def process(self) -> sandbox.LearnerProcess:
        """The running process, started (again) if need be, with the cells run."""
        while self._process is None:
            if time.monotonic() > self._end:
                raise LearnerGone(
                    f"used up the {self.limits.total_seconds:g} s that a whole submission may take"
                )
            before = time.monotonic()
            with self._timed("start"):
                self._process = self._start()
            self._end += time.monotonic() - before  # the clock runs while it is ready
            with self._timed("cells"):
                self._run_cells(self._process)
        return self._process

    def function(self, name: str) -> RemoteFunction | None:
        """The learner's function of that name, or None if there is no such callable."""
        try:
            return RemoteFunction(self, name) if self.process().has(name) else None
        except LearnerGone as gone:
            self.died(gone.reason)
            return None

    def ask_ahead(self, questions: sandbox.Questions) -> sandbox.Sheet | None:
        """Put these questions in one go; if that fails, they are put singly when they come."""
        if not self._may_ask_ahead:
            return None
        try:
            return self.process().ask_ahead(questions)
        except LearnerGone:
            self._may_ask_ahead = False
            self.end()
            return None

    def died(self, reason: str) -> None:
        """Note that the process is gone; the next call starts another."""
        self.end()
        self.note(reason)

    def note(self, flag: str) -> None:
        """Tell the instructor, once."""
        if flag not in self.flags:
            self.flags.append(flag)

    def end(self) -> None:
        if self._process is not None:
            self._end += self._process.granted_seconds
            self._process.close(wait=False)
            self._process = None

    def _start(self) -> sandbox.LearnerProcess:
        return sandbox.LearnerProcess(
            self.limits,
            self.isolation,
            package=stand_in_package() if self.ours else None,
            work=self.work,
            seed=self.seed,
            environment=self.environment,
        )

    @contextlib.contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        before = time.monotonic()
        try:
            yield
        finally:
            spent = self.timings[what] + 1000 * (time.monotonic() - before)
            self.timings[what] = round(spent, 1)

    def _run_cells(self, process: sandbox.LearnerProcess) -> None:
        for name, source in self.cells:
            if name in self._deadly:
                continue
            before = time.monotonic()
            try:
                result = process.run_cell(source, interrupt=True)
            except LearnerGone as gone:
                self._note_death(name, gone.reason)
                return
            if name in self.outputs:
                again = min(time.monotonic() - before, self._for_again)
                self._for_again -= again
                self._end += again
            self.outputs[name] = [*result.outputs, *_unshown(result, self.limits)]
            if any(mark in o.get("text", "") for o in result.outputs for mark in (CUT, LEFT_OUT)):
                self.note(f"cell `{name}` shows more than is kept")
            if result.interrupted:
                self._note_interrupt(name)
            elif result.error is not None:
                self.errors[name] = result.error.sentence()

    def _note_interrupt(self, cell: str) -> None:
        reason = f"did not finish within {self.limits.cell_seconds:g} s"
        self.flags.append(f"cell `{cell}` {reason}")
        self.errors[cell] = reason

    def _note_death(self, cell: str, reason: str) -> None:
        self._deadly.add(cell)
        self.died(f"cell `{cell}` {reason}")
        self._note_stop(cell, reason)

    def _give_up(self, reason: str) -> None:
        """Let no cell that was never run look like one that ran without an error."""
        for cell, _ in self.cells:
            if cell not in self.outputs:
                self._note_stop(cell, f"was not run: your code {reason}")

    def _note_stop(self, cell: str, reason: str) -> None:
        self.errors[cell] = reason
        self.outputs[cell] = [_error("Stopped", reason)]


def _unshown(result: sandbox.CellResult, limits: sandbox.Limits) -> Iterator[dict[str, Any]]:
    """What went wrong in a cell and is not among its outputs.

    A verdict must not hang on what code displays: it can silence errors, and swallow interrupts.
    """
    shown = {output.get("ename") for output in result.outputs}
    if result.interrupted:
        yield _error("CellTimeoutError", f"did not finish within {limits.cell_seconds:g} s")
    elif result.error is not None and result.error.kind not in shown:
        yield _error(result.error.kind, result.error.message)


def _error(kind: str, message: str) -> dict[str, Any]:
    said = f"{kind}: {message}"
    return {"output_type": "error", "ename": kind, "evalue": message, "traceback": [said]}


class RemoteFunction(LearnerFunction):
    """A function that lives in the learner's process; a batch of calls is one round trip."""

    def __init__(self, session: Session, name: str) -> None:
        self.session = session
        self.name = name

    def replies(self, calls: Sequence[Arguments]) -> list[Reply]:
        try:
            found = self.session.process().call_many(self.name, calls)
        except LearnerGone as gone:
            self.session.died(f"`{self.name}` {gone.reason}")
            raise
        for reply in found:
            if reply.error is not None and reply.error.kind in EXCESS:
                self.session.note(f"`{self.name}` {EXCESS[reply.error.kind]}")
        return [admitted(reply) for reply in found]

    @contextlib.contextmanager
    def with_prerequisites(self, prerequisites: Mapping[str, Callable[..., Any]]) -> Iterator[None]:
        if not prerequisites:
            yield
            return
        try:
            process = self.session.process()
            process.bind(prerequisites)
        except LearnerGone as gone:
            self.session.died(gone.reason)
            raise
        try:
            yield
        finally:
            if self.session._process is process:
                with contextlib.suppress(LearnerGone):
                    process.unbind()
