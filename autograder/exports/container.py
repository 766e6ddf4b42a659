"""Grading one submission where somebody else's machine starts us: in a container, for one student.

Learners' code is sealed off as well as that container lets us; each result says how.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.judging.mendable import Mendable
from autograder.judging.verdicts import NOT_ATTEMPTED, ExerciseResult, Verdict
from autograder.notebook.reading import read_submission
from autograder.sandbox import Isolation, Limits
from autograder.submission.course_names import Names, names_from
from autograder.submission.grading import Options, grade_submission
from autograder.submission.receipt import Receipt
from autograder.submission.seeds import BITS
from autograder.submission.session import best_isolation
from autograder.submission.settings import Settings

ALONE = (
    "Isolation: your code ran with this container's rights; nothing but the container kept it from "
    "the grader."
)
SEALED = "Isolation: your code ran sealed off from the grader by {how}, inside this container."
LONGEST = 4000


class NoSubmission(Mendable):
    """There is no notebook to grade; the message is for the student."""


@dataclass(frozen=True)
class Brought:
    """The assignment that a bundle brings."""

    name: str
    release: str
    settings: Settings
    names: Names
    seed: int


def brought(folder: Path) -> Brought:
    """Read a bundle's folder `assignment/`."""
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    release = (folder / "release.ipynb").read_text(encoding="utf-8")
    named = folder / "names.json"
    names = names_from(named.read_text(encoding="utf-8")) if named.exists() else Names()
    name, seed = facts.pop("assignment"), facts.pop("seed", None)
    seed = secrets.randbits(BITS) if seed is None else seed
    return Brought(name, release, Settings(**facts), names, seed)


def grade_here(assignment: Path, submission: Path) -> Receipt:
    """Grade what lies in a folder.

    Raises
    ------
    NoSubmission
        If it has no notebook, or several and none of the right name.
    sandbox.SandboxFailure
        If it could not be run for reasons of our own.
    """
    found = brought(assignment)
    released = nbformat.reads(found.release, as_version=4)
    raw = _notebook(submission, found.name).read_bytes()
    options = Options(
        best_isolation(allow_none=True),
        found.seed,
        partial_credit=found.settings.partial_credit,
        limits=found.settings.limits(Limits()),
        names=found.names,
    )
    return grade_submission(read_submission(raw, released), options)


def isolation_in_words(receipt: Receipt) -> str:
    """How learners' code was kept from the grader."""
    how = Isolation(receipt.isolation)
    return ALONE if how is Isolation.NONE else SEALED.format(how=how.value)


def in_words(exercise: ExerciseResult) -> str:
    """What a learner reads of one exercise."""
    if NOT_ATTEMPTED in exercise.mistakes:
        return "not attempted"
    lines = [f"{mistake.said}. {mistake.hint}" for mistake in exercise.mistakes]
    for check in exercise.checks:
        if check.verdict is not Verdict.PASS:
            said = f": {check.message}" if check.message else ""
            lines.append(f"✗ {check.sentence}{said}")
    return "\n".join(lines)[:LONGEST] or "right"


def _notebook(folder: Path, name: str) -> Path:
    there = [p for p in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in p.parts]
    rightly = [path for path in there if path.stem == name]
    if len(rightly) == 1 or len(there) == 1:
        return (rightly or there)[0]
    has = ", ".join(path.name for path in there) or "none"
    raise NoSubmission(f"hand in one notebook, {name}.ipynb; there was: {has}")
