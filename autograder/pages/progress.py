"""Progress of long work: a bar with an ETA on a terminal, plain lines when piped, on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from autograder.sandbox.protocol.text import plain_text


class Advance(Protocol):
    """Report that one more item is done, and what it was."""

    def __call__(self, item: str) -> None: ...


@contextmanager
def progress(label: str, total: int) -> Iterator[Advance]:
    """Show how far work on `total` items has come."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_lines(label, total)
        return
    columns = (
        TextColumn("{task.description:<48.60}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("eta"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(label, total=total)

        def advance(item: str) -> None:
            bar.update(task, advance=1, description=escape(f"{label}: {plain_text(item)}"))

        yield advance


def _plain_lines(label: str, total: int) -> Advance:
    done = 0

    def advance(item: str) -> None:
        nonlocal done
        done += 1
        print(f"{label} {done}/{total}: {plain_text(item)}", file=sys.stderr, flush=True)

    return advance
