"""Grade a submission once more exactly as its receipt says, and compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.classroom.work import Job, perform
from autograder.judging.mendable import Mendable
from autograder.nbgrader_plugin.autograde import Options, digest_of_notebook
from autograder.nbgrader_plugin.course import Nbgrader
from autograder.sandbox import Isolation
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


def replay(path: Path, isolation: Isolation) -> Replay:
    """Grade again what the receipt at `path` was made from, with its seed.

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
    if digest_of_notebook(raw) != before.submitted:
        raise NotReplayable(
            f"{path.stem}.ipynb of {student} is not the one that this receipt was made from; "
            "put that version back into submitted/ and run this again"
        )
    options = Options(isolation, every_cell=before.every_cell, seed=before.seed)
    job = Job(student, {path.stem: raw}, files)
    outcome = perform(nbgrader.assignment(assignment), options, job)
    if outcome.failure:
        raise NotReplayable(outcome.failure)
    return Replay(student, before, outcome.graded[path.stem].receipt)


def _differences(before: Receipt, now: Receipt) -> Iterator[str]:
    if before.key != now.key:
        yield "the checks or the grader have changed since"
    if before.versions != now.versions:
        yield f"versions were {before.versions} and are {now.versions}"
    if before.isolation != now.isolation:
        yield f"isolation was {before.isolation} and is {now.isolation}"
    for slug, exercise in before.exercises.items():
        again = now.exercises.get(slug, {})
        for old, new in zip(exercise["checks"], again.get("checks", []), strict=False):
            if old != new:
                yield f"{slug}, {old['name']}: was {_said(old)}, is {_said(new)}"
        if exercise["mistakes"] != again.get("mistakes"):
            yield f"{slug}: another mistake is named"
    for cell, outputs in before.cells.items():
        if outputs != now.cells.get(cell):
            yield f"cell {cell} shows something else"
    if before.flags != now.flags:
        yield f"flags were {before.flags} and are {now.flags}"


def _said(check: dict[str, Any]) -> str:
    return f"{check['verdict']} ({check['message']})" if check["message"] else str(check["verdict"])
