"""A graded class on the terminal: student × exercise, then the mistakes by name."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape as escape_markup
from rich.table import Table

from autograder.classroom.grade_class import ClassResult
from autograder.classroom.regrade import print_regrade
from autograder.judging.verdicts import ExerciseResult
from autograder.pages.report import outcome
from autograder.pages.unnamed import groups
from autograder.sandbox.protocol.text import plain_text
from autograder.submission.receipt import Receipt
from autograder.submission.student_result import StudentResult


def escape(text: str) -> str:
    """Text of a learner's, without anything that a terminal would obey."""
    return escape_markup(plain_text(text, 1000))


def facts(result: ClassResult) -> dict[str, Any]:
    """What `grade --json` prints."""
    return {
        "isolation": result.isolation,
        "students": {row.student: _student(row) for row in result.rows},
        "report": str(result.report) if result.report else None,
        "feedback": {student: str(page) for student, page in result.feedback.items()},
        "without_feedback": result.pageless,
        "totals": vars(result.totals),
        "before": {student: _exercises(receipt) for student, receipt in result.before.items()},
    }


def print_class(result: ClassResult, out: Console) -> None:
    """Print both tables and the paths of the pages to open."""
    slugs = _slugs(result.rows)
    out.print(_points_table(result.rows, slugs))
    out.print(
        "  ".join(f"{number}\u00a0{slug}" for number, slug in enumerate(slugs, 1)), style="dim"
    )
    out.print(_mistake_table(result.rows))
    for row in result.rows:
        if row.student in result.before and row.receipt:
            print_regrade(row.student, result.before[row.student], row.receipt, out)
    for row in result.rows:
        for error in row.receipt.grader_errors if row.receipt else ():
            out.print(f"[bold red]GRADER ERROR[/] {escape(row.student)}: {escape(error)}")
    for student, problem in result.pageless.items():
        out.print(f"[red]no feedback page[/] for {escape(student)}: {escape(problem[-400:])}")
    isolation = result.isolation
    how = "WITHOUT isolation" if isolation == "none" else f"isolated by {isolation}"
    out.print(f"learners' code ran {how}")
    if result.report is not None:
        out.print(f"class report: {result.report}", soft_wrap=True, markup=False)
        if several := sum(len(g["students"]) > 1 for g in groups(result.rows)):
            out.print(f"{several} kinds of wrong answers that several give have no name: see there")
    unfinished = [row for row in result.rows if row.receipt and row.earned != row.points]
    example = next((r.student for r in unfinished if r.student in result.feedback), None)
    if example:
        page = f"feedback of {plain_text(example)}: {plain_text(str(result.feedback[example]))}"
        out.print(page, soft_wrap=True, markup=False)
    out.print(result.totals.in_full())


def _points_table(rows: list[StudentResult], slugs: list[str]) -> Table:
    table = Table(title="points", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("student", no_wrap=True)
    table.add_column("total", justify="right", no_wrap=True)
    for number, _ in enumerate(slugs, 1):
        table.add_column(str(number), justify="right", no_wrap=True)
    for row in rows:
        if row.receipt is None:
            table.add_row(escape(row.student), "[red]—")
            continue
        cells = [_cell(row.receipt.exercises.get(slug)) for slug in slugs]
        table.add_row(escape(row.student), f"{row.earned:g}/{row.points:g}", *cells)
    return table


def _mistake_table(rows: list[StudentResult]) -> Table:
    table = Table("student", "exercise", "points", "what happened", title="named mistakes")
    table.box = box.SIMPLE_HEAD
    for row in rows:
        if row.receipt is None or row.note:
            table.add_row(escape(row.student), "", "", escape(row.note or row.status))
        for what, found in _findings(row).items():
            share = f"{sum(e.earned for e in found):g}/{sum(e.points for e in found):g}"
            slugs = found[0].slug if len(found) == 1 else f"{len(found)} exercises"
            table.add_row(escape(row.student), slugs, share, escape(what))
    return table


def _findings(row: StudentResult) -> dict[str, list[ExerciseResult]]:
    """What went wrong, and in which exercises."""
    found: dict[str, list[ExerciseResult]] = {}
    for exercise in row.receipt.exercises.values() if row.receipt else ():
        if exercise.earned != exercise.points:
            found.setdefault(outcome(exercise)[:100], []).append(exercise)
    return found


def _cell(exercise: ExerciseResult | None) -> str:
    if exercise is None:
        return ""
    full = exercise.earned == exercise.points
    colour = "green" if full else ("yellow" if exercise.earned else "red")
    return f"[{colour}]{exercise.earned:g}"


def _slugs(rows: list[StudentResult]) -> list[str]:
    return list(dict.fromkeys(s for row in rows if row.receipt for s in row.receipt.exercises))


def _student(row: StudentResult) -> dict[str, Any]:
    if row.receipt is None:
        return {"status": row.status, "earned": None, "points": None}
    return {
        "status": row.status,
        "earned": row.earned,
        "points": row.points,
        "note": row.note,
        "exercises": _exercises(row.receipt),
    }


def _exercises(receipt: Receipt) -> dict[str, Any]:
    return {
        slug: {"earned": e.earned, "points": e.points, "outcome": outcome(e)}
        for slug, e in receipt.exercises.items()
    }
