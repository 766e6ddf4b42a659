"""Cells that need what is not filled in yet say so in a calm box, and Run All goes on.

IPython tells us of each cell that was run. One that ended in a stub, or lacks what such a cell
would have made, shows the box instead of a traceback and counts as run.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from autograder.judging import bank
from autograder.judging.mendable import Mendable
from autograder.student.blanks import blank_part, is_blank
from autograder.student.in_browser import let_errors_be_text
from autograder.student.lent import may_be_lent, put_back
from autograder.student.names import bound, used
from autograder.student.note import Note, show
from autograder.student.ran import Cells
from autograder.student.stills import still

cells = Cells()
"""Of this kernel."""
_owed: dict[str, str] = {}
"""Names that a waiting cell would have bound, and the exercise that it waits for."""
_running = ""
"""The cell that runs now."""
ERRORS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NameError, NotImplementedError,
    TypeError, ValueError,
)  # fmt: skip
"""What a cell may end in that finds no value, or half of one, where it expects one."""
AWAITED = "_chainrule_awaits"


class PartsMissing(Mendable, LookupError):
    """Parts that a cell was to fetch are not there yet; Run All goes on.

    Parameters
    ----------
    message : str
        What to do about them.
    slugs
        The exercises.
    """

    def __init__(self, message: str, *slugs: str) -> None:
        super().__init__(message)
        self.slugs = slugs


def begin() -> None:
    """Follow the cells of this kernel; nothing happens outside of one, or a second time."""
    shell = _shell()
    if shell is None or getattr(shell, AWAITED, False):
        return
    setattr(shell, AWAITED, True)
    shell.events.register("pre_run_cell", before_cell)
    shell.events.register("post_run_cell", after_cell)
    shell.set_custom_exc(ERRORS, on_error)
    let_errors_be_text(shell)


def waits_for(slug: str, namespace: dict[str, Any]) -> str:
    """What to do about a part that is missing, in a sentence."""
    if _is_there(slug, namespace):
        return f"A cell above waited for `{slug}`, which is there now: run that cell again."
    way_out = f', or borrow it: `borrow("{slug}")`' if may_be_lent(slug) else ""
    return f"This waits for `{slug}`: fill that in{way_out}."


def before_cell(info: Any) -> None:
    """Remember what runs now."""
    global _running  # noqa: PLW0603  (a kernel runs one cell at a time)
    _running = getattr(info, "raw_cell", None) or ""


def on_error(
    shell: Any, kind: type[Exception], error: Exception, trace: TracebackType, tb_offset: Any = None
) -> None:
    """Show the box if a cell waits for an exercise, else what IPython shows of an error."""
    if isinstance(error, PartsMissing):
        error.__dict__[AWAITED] = error.slugs[0]
        for said in str(error).split("\n"):
            show(Note(said))
        return
    slug = _stub_of(error, trace)
    until = "" if slug else f" (Until then: {_in_short(error, trace)}.)"
    lacked = {str(error.name)} if isinstance(error, NameError) else set()  # in a helper, perhaps
    slug = slug or next(_owed_to(used(_running) | lacked, shell.user_ns), None)
    if slug is None:
        shell.showtraceback(running_compiled_code=True)
        return
    error.__dict__[AWAITED] = slug
    if "matplotlib.pyplot" in sys.modules:  # a figure that was begun
        sys.modules["matplotlib.pyplot"].close("all")
    show(Note(f"{waits_for(slug, shell.user_ns)}{until}", still(_running, slug)))


def after_cell(result: Any) -> None:
    """Remember what was run; a cell that waits has not failed."""
    source = getattr(getattr(result, "info", None), "raw_cell", None)
    if not isinstance(source, str):
        return
    cells.note(source, result.error_before_exec)
    slug = getattr(result.error_in_exec, AWAITED, None)
    for name in bound(source) if slug or result.success else ():
        _owed.pop(name, None)
        if slug:
            _owed[name] = slug
    if slug:
        _owed.update((part, part) for part in getattr(result.error_in_exec, "slugs", ()))
        result.error_in_exec = None
    put_back(_shell().user_ns)


def _owed_to(names: set[str], namespace: dict[str, Any]) -> Iterator[str]:
    """The exercises that these names wait for; a part that was fetched meanwhile is there."""
    for name in sorted(names & _owed.keys()):
        if _owed[name] != name or not _is_there(name, namespace):
            yield _owed[name]


def _is_there(slug: str, namespace: dict[str, Any]) -> bool:
    answer = namespace.get(slug)
    return callable(answer) and not is_blank(answer)


def _stub_of(error: Exception, trace: TracebackType) -> str | None:
    """The exercise whose blank stub has raised an error, if one has."""
    slug = blank_part(trace) if isinstance(error, NotImplementedError) else None
    try:
        return bank.find(slug).slug if slug else None
    except bank.UnknownExercise:
        return None


def _in_short(error: Exception, trace: TracebackType) -> str:
    """An error and its place in the cell, on one line: it may be the learner's own after all."""
    lines = [frame.f_lineno for frame, _ in traceback.walk_tb(trace)]
    place = f" in line {lines[1]}" if len(lines) > 1 else ""  # the first is IPython's own
    said = " ".join(str(error).split())[:200].replace("`", "'")
    return f"{type(error).__name__}{place}" + (f", {said}" if said else "")


def _shell() -> Any:
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    return get_ipython()
