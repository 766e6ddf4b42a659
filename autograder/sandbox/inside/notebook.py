"""Runs notebook cells as Jupyter would: magics, `await`, displayed objects, figures.

This is the learner's side of the wall: nothing here needs protecting from the learner's code.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import contextlib
import linecache
import re
import signal
import sys
import traceback
import warnings
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.async_helpers import get_asyncio_loop
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.sandbox.inside.low_level import DESCRIPTORS, LowLevelStreams
from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.outputs import Output, OutputRecorder, RecordedStream
from autograder.sandbox.protocol.text import plain_text

MESSAGE = "There is nobody to answer input() while a notebook is graded."

MAY_BE_CHANGED = re.compile(r"\A\s|\A.*\n?\Z|>>>|In \[|^[ \t\f]+$", re.MULTILINE)
"""Cells of one line, indented ones, pasted prompts, and blank lines that are not empty."""

NEEDS_A_LOOP = ("await", "async", "create_task", "ensure_future")
"""Words of cells that run inside an event loop, as all do in Jupyter; others are spared it."""

RUN_CELL = InteractiveShell.run_cell
"""By its own name: a learner's cell can give the shell another."""

LocatedError = tuple[str, str, int | None, str]
"""Kind of exception, message, line within its cell, text of that line."""


class RecordingDisplayHook(DisplayHook):  # type: ignore[misc]
    """Records the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        """Print no `Out[1]:`; the output carries the number."""

    def finish_displayhook(self) -> None:
        """Print no empty line after the output either."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        self.shell.recorder.display(format_dict, self.prompt_count)


class RecordingPublisher(DisplayPublisher):  # type: ignore[misc]
    """Records what `display(...)` shows."""

    def publish(self, data: dict[str, Any], *unused: Any, **more: Any) -> None:
        name = (more.get("transient") or {}).get("display_id")
        self.shell.recorder.display(data, name=name, update=bool(more.get("update")))

    def clear_output(self, wait: bool = False) -> None:
        self.shell.recorder.clear()


class NotebookShell(InteractiveShell):  # type: ignore[misc]
    """IPython without a terminal, a history file or long tracebacks."""

    recorder: OutputRecorder

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.loop_runner = run_in_loop
        self._usual_steps = [list(steps) for steps in self._steps()]

    def enable_gui(self, gui: str | None = None) -> None:
        """`%matplotlib inline` asks for no event loop, and there is none to be had."""

    def transform_cell(self, raw_cell: str) -> str:
        """Leave plain Python as it is: so does IPython, after reading it word by word."""
        if not self._is_plain(raw_cell):
            return str(super().transform_cell(raw_cell))
        return raw_cell if raw_cell.endswith("\n") else raw_cell + "\n"

    def should_run_async(self, raw_cell: str, **told: Any) -> bool:
        """Whether it could tell that there is no event loop."""
        cell = told.get("transformed_cell") or raw_cell
        return any(word in cell for word in NEEDS_A_LOOP)

    def _steps(self) -> list[Any]:
        manager = self.input_transformer_manager
        return [
            manager.cleanup_transforms,
            manager.line_transforms,
            manager.token_transformers,
            self.input_transformers_post,
        ]

    def _is_plain(self, cell: str) -> bool:
        """Whether it is certain that IPython would change nothing."""
        if MAY_BE_CHANGED.search(cell) or self._steps() != self._usual_steps:
            return False
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(cell)
        except Exception:  # magics are no Python; what is neither is told by IPython
            return False
        return True

    def init_display_pub(self) -> None:
        self.display_pub = RecordingPublisher(parent=self, shell=self)

    def init_displayhook(self) -> None:
        super().init_displayhook()
        self.displayhook = RecordingDisplayHook(parent=self, shell=self)
        self.display_trap.hook = self.displayhook

    def ask_exit(self) -> None:
        """Do nothing at `exit`: the cells that follow are still to be run."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        lines = stb if isinstance(stb, list) else str(stb).splitlines()
        kind, message, _, _ = located(evalue)
        self.recorder.error(kind, message, lines)


class Notebook:
    """One learner's namespace, and the cells that fill it."""

    def __init__(self, limits: Limits, shell: NotebookShell) -> None:
        self.limits = limits
        self.streams = {name: RecordedStream(name, n) for name, n in DESCRIPTORS.items()}
        sys.stdout, sys.stderr = self.streams["stdout"], self.streams["stderr"]
        builtins.input = _no_input
        self.shell = shell
        self.shell.recorder = OutputRecorder(limits)
        self.namespace: dict[str, Any] = self.shell.user_ns
        self._below: LowLevelStreams | None = None

    def catch_low_level_output(self) -> None:
        """From now on cells show what is written to descriptors 1 and 2, too."""
        self._below = LowLevelStreams()

    def run(self, source: str) -> tuple[list[Output], LocatedError | None]:
        """Run one cell; return its outputs and its error."""
        recorder = OutputRecorder(self.limits)
        self.shell.recorder = recorder
        with self._writing_below_to(recorder), self.printing_to(recorder), _interruptible():
            try:
                result = RUN_CELL(self.shell, source, store_history=True)
                self._show_figures(recorder)
                error = result.error_before_exec or result.error_in_exec
            except BaseException as escaped:  # from a hostile display or exception class
                error = escaped
        return recorder.outputs(), None if error is None else located(error)

    @contextmanager
    def printing_to(self, recorder: OutputRecorder | None) -> Iterator[None]:
        """Send what is printed to `recorder`, or nowhere."""
        for name, stream in self.streams.items():
            stream.recorder = recorder
            setattr(sys, name, stream)
        try:
            yield
        finally:
            for stream in self.streams.values():
                stream.recorder = None

    @contextmanager
    def _writing_below_to(self, recorder: OutputRecorder) -> Iterator[None]:
        """Record what is written below Python meanwhile, after what Python wrote."""
        if self._below is None:
            yield
            return
        list(self._below.take(0))  # what came since the last cell is nobody's
        yield
        for name, text in self._below.take(self.limits.output_bytes):
            recorder.write(name, text)

    def _show_figures(self, recorder: OutputRecorder) -> None:
        """Show and close figures that the inline backend left open (after `use("agg")`)."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return
        for number in pyplot.get_fignums():
            data, _ = self.shell.display_formatter.format(pyplot.figure(number))
            recorder.display(data)
        pyplot.close("all")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Heed the judge's interrupt, which would otherwise end the process between two cells."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def run_in_loop(cell: Coroutine[Any, Any, Any]) -> Any:
    """Run a cell where `asyncio` finds a running loop; an interrupt ends it for good."""
    loop = get_asyncio_loop()
    task = loop.create_task(cell)
    try:
        result = loop.run_until_complete(task)
        loop.run_until_complete(asyncio.sleep(0))  # what it started begins, as in a kernel
    except BaseException:
        task.cancel()
        with contextlib.suppress(BaseException):
            loop.run_until_complete(task)
        raise
    return result


def located(error: BaseException) -> LocatedError:
    """Describe an exception by the last line of a notebook cell that it passed through."""
    kind = type(error).__name__
    try:
        message = plain_text(str(error))
    except BaseException:  # a learner's own exception class may fail to describe itself
        message = ""
    if isinstance(error, SyntaxError):
        # Its text would end with a file name that nobody has given.
        return (
            kind,
            plain_text(error.msg or ""),
            error.lineno,
            plain_text((error.text or "").strip()),
        )
    lines = [
        (frame.f_code.co_filename, number)
        for frame, number in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename.startswith("<ipython-input")
    ]
    if not lines:
        return kind, message, None, ""
    name, number = lines[-1]
    return kind, message, number, plain_text(linecache.getline(name, number).strip())


def make_shell() -> NotebookShell:
    """The shell of this process; there is only one."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"
    shell: NotebookShell = NotebookShell.instance(config=config)
    InteractiveShell._instance = shell
    return shell


def _no_input(prompt: object = "") -> str:
    raise RuntimeError(MESSAGE)
