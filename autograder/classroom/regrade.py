"""A submission graded again, beside what it had before: for somebody who asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table

from autograder.pages.report import outcome
from autograder.sandbox.protocol.text import plain_text
from autograder.submission.receipt import Receipt

NOT_THERE = "–"


@dataclass(frozen=True)
class Beside:
    """One exercise, before and now; None where it was not asked."""

    exercise: str
    points: float
    before: float | None
    now: float | None
    said_before: str
    said_now: str

    @property
    def changed(self) -> bool:
        return (self.before, self.said_before) != (self.now, self.said_now)


def side_by_side(before: Receipt, now: Receipt) -> Iterator[Beside]:
    """Every exercise of either grading, in the order of the newer one."""
    for slug in now.exercises | before.exercises:
        was, found = before.exercises.get(slug), now.exercises.get(slug)
        points = next(e.points for e in (found, was) if e is not None)
        yield Beside(
            slug,
            points,
            was.earned if was else None,
            found.earned if found else None,
            outcome(was) if was else NOT_THERE,
            outcome(found) if found else NOT_THERE,
        )


def print_regrade(student: str, before: Receipt, now: Receipt, out: Console) -> None:
    """Both gradings as a table, what changed in bold, and both sums."""
    title = f"{plain_text(student)}: before and now"
    table = Table("exercise", "of", "before", "now", "what it says now", title=title)
    table.box = box.SIMPLE_HEAD
    for row in side_by_side(before, now):
        said = row.said_now if row.said_now == row.said_before else _both(row)
        numbers = (_short(row.points), _short(row.before), _short(row.now))
        style = "bold" if row.changed else None
        table.add_row(row.exercise, *numbers, _harmless(said), style=style)
    total = (_short(now.points), _short(before.earned), _short(now.earned))
    table.add_row("total", *total, "", style="bold")
    out.print(table)


def _both(row: Beside) -> str:
    return f"{row.said_now} (before: {row.said_before})"


def _short(number: float | None) -> str:
    return NOT_THERE if number is None else f"{number:g}"


def _harmless(text: str) -> str:
    return plain_text(text, 200).replace("[", "\\[")
