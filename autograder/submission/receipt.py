"""Receipts: everything about one grading, enough to explain every point and to repeat it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.judging.verdicts import ExerciseResult, Verdict
from autograder.submission.behaving import WrongAnswer
from autograder.submission.results_as_json import exercise_from_json, exercise_to_json

SCHEMA = 2
"""1 had the verdict tables in it, as HTML, and no sentences."""

Outputs = list[dict[str, Any]]


@dataclass(frozen=True)
class Receipt:
    """Everything about one grading: enough to explain every point and to repeat it."""

    key: str
    """What the grade depends on but for the seed: the cells, the judge, the exercises."""
    seed: int
    chapter: str
    isolation: str
    seconds: float
    exercises: dict[str, ExerciseResult]
    cells: dict[str, Outputs]
    repairs: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    """Milliseconds: start of the process, cells, judging."""
    submitted: str = ""
    """A digest of the file that was handed in."""
    every_cell: bool = False
    """Whether untouched experiment cells ran, too."""
    partial_credit: bool = True
    """Whether named slips kept their share."""
    forgeable: bool = False
    """The tests ran where the learner's code runs, which could have changed their verdicts."""
    wrong: dict[str, WrongAnswer] = field(default_factory=dict)
    """By exercise, what tells its wrong answer from others; older receipts have none."""
    names: str = ""
    """A digest of the mistakes that the course had named by then."""
    schema: int = SCHEMA

    @property
    def earned(self) -> float:
        return sum(exercise.earned for exercise in self.exercises.values())

    @property
    def points(self) -> float:
        return sum(exercise.points for exercise in self.exercises.values())

    @property
    def grader_errors(self) -> list[str]:
        return [
            f"{slug}: {check.name}: {check.message}"
            for slug, exercise in self.exercises.items()
            for check in exercise.checks
            if check.verdict is Verdict.GRADER_ERROR
        ]

    def in_short(self) -> Receipt:
        """What reports need of it: verdicts without pictures, and no outputs."""
        exercises = {
            slug: replace(e, checks=tuple(replace(c, mismatch=None) for c in e.checks))
            for slug, e in self.exercises.items()
        }
        return replace(self, exercises=exercises, cells={})

    def to_json(self) -> dict[str, Any]:
        exercises = {slug: exercise_to_json(e) for slug, e in self.exercises.items()}
        wrong = {slug: vars(answer) for slug, answer in self.wrong.items()}
        return vars(self) | {"exercises": exercises, "wrong": wrong}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Receipt:
        """Read what `to_json` gave, in this version or an earlier one.

        Raises
        ------
        KeyError, TypeError, ValueError, AttributeError
            If it is something else.
        """
        exercises = {slug: exercise_from_json(slug, e) for slug, e in found["exercises"].items()}
        wrong = {slug: WrongAnswer(**answer) for slug, answer in found.get("wrong", {}).items()}
        return cls(**{"schema": 1} | found | {"exercises": exercises, "wrong": wrong})

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".tmp")
        # A line for each field: enough for the eye, and ten times as fast as indenting it all.
        fields = self.to_json().items()
        lines = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in fields)
        scratch.write_text("{\n" + ",\n".join(lines) + "\n}\n")
        scratch.replace(path)


def merged(receipts: list[Receipt]) -> Receipt | None:
    """One receipt for a submission of several notebooks; None if there are none."""
    if len(receipts) < 2:
        return receipts[0] if receipts else None
    exercises = {slug: e for receipt in receipts for slug, e in receipt.exercises.items()}
    return replace(
        receipts[0],
        exercises=exercises,
        wrong={slug: answer for receipt in receipts for slug, answer in receipt.wrong.items()},
        seconds=sum(receipt.seconds for receipt in receipts),
        repairs=[text for receipt in receipts for text in receipt.repairs],
        flags=[text for receipt in receipts for text in receipt.flags],
    )


def load_receipt(path: Path) -> Receipt | None:
    """The receipt at `path`, of this form or an older one; None if none can be read there."""
    try:
        return Receipt.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def receipt_path(course: Path, student: str, assignment: str, notebook: str) -> Path:
    """Where the receipt of one notebook is kept."""
    return course / "receipts" / student / assignment / f"{notebook}.json"
