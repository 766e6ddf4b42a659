"""Receipts: everything about one grading, enough to explain every point and to repeat it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.judging.judge import Verdict

Outputs = list[dict[str, Any]]


@dataclass(frozen=True)
class Receipt:
    """Everything about one grading: enough to explain every point and to repeat it."""

    key: str
    seed: int
    chapter: str
    isolation: str
    seconds: float
    exercises: dict[str, dict[str, Any]]
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
    forgeable: bool = False
    """The tests ran where the learner's code runs, which could have changed their verdicts."""

    @property
    def earned(self) -> float:
        return sum(float(e["earned"]) for e in self.exercises.values())

    @property
    def points(self) -> float:
        return sum(float(e["points"]) for e in self.exercises.values())

    @property
    def grader_errors(self) -> list[str]:
        return [
            f"{slug}: {check['name']}: {check['message']}"
            for slug, exercise in self.exercises.items()
            for check in exercise["checks"]
            if check["verdict"] == Verdict.GRADER_ERROR
        ]

    def in_short(self) -> Receipt:
        """What reports need of it: no outputs, no tables, of the checks those that did not pass."""
        exercises = {
            slug: {
                **{key: exercise[key] for key in ("title", "earned", "points", "mistakes")},
                "checks": [c for c in exercise["checks"] if c["verdict"] != Verdict.PASS],
            }
            for slug, exercise in self.exercises.items()
        }
        return replace(self, exercises=exercises, cells={})

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".tmp")
        # A line for each field: enough for the eye, and ten times as fast as indenting it all.
        fields = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in vars(self).items())
        scratch.write_text("{\n" + ",\n".join(fields) + "\n}\n")
        scratch.replace(path)


def merged(receipts: list[Receipt]) -> Receipt | None:
    """One receipt for a submission of several notebooks; None if there are none."""
    if len(receipts) < 2:
        return receipts[0] if receipts else None
    exercises = {slug: e for receipt in receipts for slug, e in receipt.exercises.items()}
    return replace(
        receipts[0],
        exercises=exercises,
        seconds=sum(receipt.seconds for receipt in receipts),
        repairs=[text for receipt in receipts for text in receipt.repairs],
        flags=[text for receipt in receipts for text in receipt.flags],
    )


def load_receipt(path: Path) -> Receipt | None:
    """The receipt at `path`, or None if there is none that can be read."""
    try:
        return Receipt(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
