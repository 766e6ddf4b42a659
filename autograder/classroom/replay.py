"""Grade a submission once more exactly as its receipt says, and compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.work import Job, perform
from autograder.judging.mendable import Mendable
from autograder.judging.verdicts import CheckResult, ExerciseResult
from autograder.nbgrader_plugin.assignment import Assignment
from autograder.nbgrader_plugin.course import Nbgrader
from autograder.notebook.reading import digest_of_file
from autograder.sandbox import Isolation
from autograder.submission.course_names import Names, course_names
from autograder.submission.grading import Options
from autograder.submission.receipt import Receipt, load_receipt


class NotReplayable(Mendable):
    """The receipt, or what it was made from, is not there any more."""


@dataclass(frozen=True)
class Replay:
    """The receipt as it was and as it is now."""

    student: str
    before: Receipt
    now: Receipt

    @property
    def differences(self) -> list[str]:
        return list(_differences(self.before, self.now))


@dataclass(frozen=True)
class Reopened:
    """What a receipt was made from."""

    student: str
    receipt: Receipt
    facts: Assignment
    notebook: str
    raw: bytes
    files: dict[str, bytes]
    options: Options


def reopened(path: Path, isolation: Isolation) -> Reopened:
    """What the receipt at `path` was made from, to be graded with its seed.

    Raises
    ------
    NotReplayable
        If there is no such receipt, or the submission is not the one that it was made from.
    """
    before = load_receipt(path)
    if before is None:
        raise NotReplayable(f"{path} is not a receipt; they are in receipts/STUDENT/ASSIGNMENT/")
    path = path.resolve()
    root, student, assignment = path.parents[3], path.parents[1].name, path.parent.name
    nbgrader = Nbgrader(root)
    files = nbgrader.folders(assignment).handed_in(student)
    raw = files.pop(f"{path.stem}.ipynb", b"")
    if digest_of_file(raw) != before.submitted:
        raise NotReplayable(
            f"{path.stem}.ipynb of {student} is not the one that this receipt was made from; "
            "put that version back into submitted/ and run this again"
        )
    facts = nbgrader.assignment(assignment)
    seen = (before.seed, before.every_cell, before.partial_credit)
    names = course_names(root, assignment) if before.names else Names()
    options = Options(isolation, *seen, limits=nbgrader.limits(facts), names=names)
    return Reopened(student, before, facts, path.stem, raw, files, options)


def replay(path: Path, isolation: Isolation) -> Replay:
    """Grade again what the receipt at `path` was made from; raises NotReplayable."""
    found = reopened(path, isolation)
    job = Job(found.student, {found.notebook: found.raw}, found.files)
    outcome = perform(found.facts, found.options, job)
    if outcome.failure:
        raise NotReplayable(outcome.failure)
    return Replay(found.student, found.receipt, outcome.graded[found.notebook].receipt)


def _differences(before: Receipt, now: Receipt) -> Iterator[str]:
    yield from _circumstances(before, now)
    for slug in before.exercises | now.exercises:
        was, again = before.exercises.get(slug), now.exercises.get(slug)
        if was is None or again is None:
            yield f"{slug}: {'was not' if was is None else 'was'} there before"
        else:
            yield from _changed_verdicts(was, again)
    for slug in before.wrong.keys() & now.wrong.keys():  # older receipts have none
        if before.wrong[slug] != now.wrong[slug]:
            yield f"{slug}: the wrong answer does something else"
    for cell in before.cells | now.cells:
        if before.cells.get(cell) != now.cells.get(cell):
            yield f"cell {cell} shows something else"
    for what in ("repairs", "flags", "earned", "points"):
        old, new = getattr(before, what), getattr(now, what)
        if old != new:
            yield f"{what}: was {old}, is {new}"


def _circumstances(before: Receipt, now: Receipt) -> Iterator[str]:
    if before.key != now.key:
        yield "the checks or the grader have changed since"
    if before.versions != now.versions:
        yield f"versions were {before.versions} and are {now.versions}"
    if before.isolation != now.isolation:
        yield f"isolation was {before.isolation} and is {now.isolation}"
    if before.names != now.names:
        yield "the mistakes that this course has named have changed since"


def _changed_verdicts(before: ExerciseResult, now: ExerciseResult) -> Iterator[str]:
    was, again = ({c.name: c for c in result.checks} for result in (before, now))
    for name in was | again:
        old, new = _said(was.get(name)), _said(again.get(name))
        if old != new:
            yield f"{before.slug}, {name}: was {old}, is {new}"
    if before.mistakes != now.mistakes:
        yield f"{before.slug}: another mistake is named"


def _said(check: CheckResult | None) -> str:
    """A verdict with its points and its message, or that there is none."""
    if check is None:
        return "not there"
    message = f" ({check.message})" if check.message else ""
    return f"{check.verdict}, {check.earned:g} of {check.points:g}{message}"
