"""What `nbgrader autograde` does to one notebook, without its converters and its database.

Bytes go in; a graded notebook, the cells' scores and comments, and a receipt come out. All of it is
the work of one function that needs nothing but its arguments, so that it can run anywhere.
"""

from __future__ import annotations

import functools
import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4.rwbase import strip_transient
from nbgrader import preprocessors as stock
from nbgrader import utils
from nbgrader.converters import Autograde
from traitlets.config import Config

from autograder import sandbox
from autograder.judging.judge import Verdict
from autograder.nbgrader_plugin.assignment import FrozenGradebook, NotebookFacts
from autograder.nbgrader_plugin.reading import read_notebook
from autograder.nbgrader_plugin.steps import IsolatedExecute, JudgeCells, fill, limits
from autograder.submission.foreign import run_notebook
from autograder.submission.grading import grade_submission
from autograder.submission.reading import read_submission
from autograder.submission.receipt import Receipt

OURS = (stock.Execute, IsolatedExecute, JudgeCells)
"""Steps that run the cells."""
WRITERS = (stock.SaveAutoGrades, stock.AssignLatePenalties)
"""Steps that write to the gradebook: the one writer does it."""
LABELS = (stock.DeduplicateIds, stock.OverwriteKernelspec, stock.CheckCellMetadata)
"""Steps that see to labels and kernel: `read_notebook` takes both from the gradebook."""


@dataclass(frozen=True)
class Graded:
    """One graded notebook."""

    notebook: str
    """The notebook with its outputs, as JSON."""
    scores: dict[str, float | None]
    """By grade cell; None asks for a human grader."""
    comments: dict[str, str | None]
    receipt: Receipt


@dataclass(frozen=True)
class Options:
    """How to run, the same for every submission."""

    isolation: sandbox.Isolation
    every_cell: bool = False
    """Run experiment cells that the learner has not touched, too."""
    seed: int = field(default_factory=lambda: secrets.randbits(32))
    """Where chance starts: drawn anew for each run, and all of a class get the same questions."""


class OverwriteCells(stock.OverwriteCells):  # type: ignore[misc]
    """nbgrader's, asking frozen facts instead of the gradebook."""

    def __init__(self, facts: NotebookFacts, **settings: Any) -> None:
        super().__init__(**settings)
        self.gradebook = FrozenGradebook(facts)
        self.notebook_id, self.assignment_id = facts.name, ""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        for index, cell in enumerate(nb.cells):
            nb.cells[index], resources = self.preprocess_cell(cell, resources, index)
        if self.add_missing_cells:
            nb, resources = self.add_missing_grade_cells(nb, resources)
            nb, resources = self.add_missing_task_cells(nb, resources)
        return nb, resources


def autograde(raw: bytes, facts: NotebookFacts, config: Config, work: Path | None,
              options: Options) -> Graded:  # fmt: skip
    """Grade the bytes of one submitted notebook.

    Raises
    ------
    reading.Unreadable, inkernel.OtherLanguage
        If it cannot be graded; the message is for the instructor and the learner.
    sandbox.SandboxFailure
        If it could not be run for reasons of our own: no grade, try again.
    """
    if facts.released is not None:
        nb, receipt = _judged(raw, facts.released, options)
    else:
        nb, receipt = _run(raw, facts, config, work, options)
    fill(nb, receipt)
    nb = _apply(_closing_steps(config), nb)
    scores = {c.metadata.nbgrader.grade_id: _score(c) for c in nb.cells if utils.is_grade(c)}
    comments = {
        cell.metadata.nbgrader.grade_id: _comment(cell)
        for cell in nb.cells
        if utils.is_solution(cell) or utils.is_task(cell)
    }
    if receipt.forgeable:
        receipt = replace(receipt, exercises=_exercises(nb, scores))
    receipt = replace(receipt, submitted=digest_of_notebook(raw), every_cell=options.every_cell)
    return Graded(_text(nb), scores, comments, receipt)


def digest_of_notebook(raw: bytes) -> str:
    """Tells one handed-in file from another."""
    return hashlib.sha256(raw).hexdigest()[:24]


def bypassable(config: Config) -> bool:
    """Whether the course uses nbgrader's own steps only, which we know how to do without it."""
    autograde = Autograde(config=config)
    steps = [*autograde.sanitize_preprocessors, *autograde.autograde_preprocessors]
    known = (*OURS, *stock.__all__, "ClearMetadataPreprocessor")
    return all(_class(step) in OURS or _class(step).__name__ in known for step in steps)


def _judged(raw: bytes, released: str, options: Options) -> tuple[NotebookNode, Receipt]:
    submission = read_submission(raw, _released(released))
    receipt = grade_submission(
        submission,
        isolation=options.isolation,
        seed=options.seed,
        every_cell=options.every_cell,
    )
    submission.notebook.metadata["chainrule"]["repairs"] = submission.repairs
    return submission.notebook, receipt


@functools.cache
def _released(text: str) -> NotebookNode:
    return nbformat.v4.reads(text)


def _run(
    raw: bytes, facts: NotebookFacts, config: Config, work: Path | None, options: Options
) -> tuple[NotebookNode, Receipt]:
    nb = _apply(_opening_steps(config, facts), read_notebook(raw, facts))
    receipt = run_notebook(
        nb,
        limits=limits(IsolatedExecute(config=config)),
        isolation=options.isolation,
        work=work,
        seed=options.seed,
    )
    return nb, receipt


def _opening_steps(config: Config, facts: NotebookFacts) -> Iterable[Any]:
    for step in map(_class, Autograde(config=config).sanitize_preprocessors):
        if step is stock.OverwriteCells:
            yield OverwriteCells(facts, config=config)
        elif step not in LABELS:
            yield step(config=config)


def _closing_steps(config: Config) -> Iterable[Any]:
    for step in map(_class, Autograde(config=config).autograde_preprocessors):
        if step not in (*OURS, *WRITERS, *LABELS):
            yield step(config=config)


def _apply(steps: Iterable[Any], nb: NotebookNode) -> NotebookNode:
    for step in steps:
        nb, _ = step(nb, {})
    return nb


def _class(step: Any) -> Any:
    if not isinstance(step, str):
        return step
    module, _, name = step.rpartition(".")
    return getattr(__import__(module, fromlist=[name]), name)


def _text(nb: NotebookNode) -> str:
    """As a notebook file, but neither copied nor indented, which would take ten times as long."""
    return json.dumps(strip_transient(nb), sort_keys=True, ensure_ascii=False) + "\n"


def _score(cell: NotebookNode) -> float | None:
    score, _ = utils.determine_grade(cell)
    return None if score is None else float(score)


def _exercises(nb: NotebookNode, scores: dict[str, float | None]) -> dict[str, dict[str, Any]]:
    """For reports: each grade cell of another course as an exercise with one check."""
    found = {}
    for cell in filter(utils.is_grade, nb.cells):
        name, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
        score = scores[name]
        errors = [o for o in cell.get("outputs", []) if o.output_type == "error"]
        message = f"{errors[0].ename}: {errors[0].evalue}"[:300] if errors else "not all points"
        verdict = Verdict.PASS if score == points else Verdict.FAIL
        check = {
            "name": name,
            "verdict": str(verdict),
            "points": points,
            "message": "a person has to grade it" if score is None else message,
        }
        found[name] = {
            "title": name,
            "earned": score or 0.0,
            "points": points,
            "checks": [check],
            "mistakes": [],
            "html": "",
            "text": "",
        }
    return found


def _comment(cell: NotebookNode) -> str | None:
    untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
    return "No response." if untouched and not utils.is_task(cell) else None
