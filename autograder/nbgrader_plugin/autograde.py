"""What `nbgrader autograde` does to one notebook, without its converters and its database.

Bytes go in; a graded notebook, the cells' scores and comments, and a receipt come out. All of it is
the work of one function that needs nothing but its arguments, so that it can run anywhere.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4.rwbase import strip_transient
from nbgrader import preprocessors as stock
from nbgrader import utils
from nbgrader.converters import Autograde
from traitlets.config import Config

from autograder.judging.verdicts import CheckResult, ExerciseResult, Verdict
from autograder.nbgrader_plugin.assignment import FrozenGradebook, SourceNotebook
from autograder.nbgrader_plugin.labelled_reading import read_notebook
from autograder.nbgrader_plugin.steps import IsolatedExecute, JudgeCells, fill, stamp
from autograder.notebook.reading import Submission, digest_of_file, read_submission
from autograder.submission.grading import Options, grade_notebook, grade_submission
from autograder.submission.receipt import Receipt

OURS = (stock.Execute, IsolatedExecute, JudgeCells)
"""Steps that run the cells."""
WRITERS = (stock.SaveAutoGrades, stock.AssignLatePenalties)
"""Steps that write to the gradebook: the one writer does it."""
LABELS = (stock.DeduplicateIds, stock.OverwriteKernelspec, stock.CheckCellMetadata)
"""Steps that see to labels and kernel: `read_notebook` takes both from the gradebook."""


class OddTestCell(ValueError):
    """A test cell of the course gives more points than it is worth, or none that can be read."""


@dataclass(frozen=True)
class Graded:
    """One graded notebook."""

    notebook: str
    """The notebook with its outputs, as JSON."""
    scores: dict[str, float | None]
    """By grade cell; None asks for a human grader."""
    comments: dict[str, str | None]
    receipt: Receipt


class OverwriteCells(stock.OverwriteCells):  # type: ignore[misc]
    """nbgrader's, asking frozen facts instead of the gradebook."""

    def __init__(self, facts: SourceNotebook, **settings: Any) -> None:
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


def autograde(raw: bytes, facts: SourceNotebook, config: Config, work: Path | None,
              options: Options) -> Graded:  # fmt: skip
    """Grade the bytes of one submitted notebook.

    Raises
    ------
    labelled_reading.Unreadable, foreign.OtherLanguage, OddTestCell
        If it cannot be graded; the message is for the instructor and the learner.
    sandbox.SandboxFailure
        If it could not be run for reasons of our own: no grade, try again.
    """
    if facts.released is not None:
        nb, receipt = _judged(raw, facts.released, options)
    else:
        nb, receipt = _run(raw, facts, config, work, options)
    fill(nb, receipt, facts.texts)
    nb = _apply(_closing_steps(config), nb)
    scores = {c.metadata.nbgrader.grade_id: _score(c) for c in nb.cells if utils.is_grade(c)}
    comments = {
        cell.metadata.nbgrader.grade_id: _comment(cell)
        for cell in nb.cells
        if utils.is_solution(cell) or utils.is_task(cell)
    }
    if receipt.forgeable:
        receipt = replace(receipt, exercises=_exercises(nb, scores))
    return Graded(_text(nb), scores, comments, receipt)


def bypassable(config: Config) -> bool:
    """Whether the course uses nbgrader's own steps only, which we know how to do without it."""
    autograde = Autograde(config=config)
    steps = [*autograde.sanitize_preprocessors, *autograde.autograde_preprocessors]
    known = (*OURS, *stock.__all__, "ClearMetadataPreprocessor")
    return all(_class(step) in OURS or _class(step).__name__ in known for step in steps)


def _judged(raw: bytes, released: str, options: Options) -> tuple[NotebookNode, Receipt]:
    submission = submission_of(raw, released)
    receipt = grade_submission(submission, options)
    stamp(submission)
    return submission.notebook, receipt


def submission_of(raw: bytes, released: str) -> Submission:
    """The bytes handed in, fitted into the released notebook."""
    return read_submission(raw, _released(released))


@functools.cache
def _released(text: str) -> NotebookNode:
    return nbformat.v4.reads(text)


def _run(
    raw: bytes, facts: SourceNotebook, config: Config, work: Path | None, options: Options
) -> tuple[NotebookNode, Receipt]:
    nb = _apply(_opening_steps(config, facts), read_notebook(raw, facts))
    return nb, grade_notebook(nb, options, work=work, submitted=digest_of_file(raw))


def _opening_steps(config: Config, facts: SourceNotebook) -> Iterable[Any]:
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
    try:
        score, _ = utils.determine_grade(cell)
    except (ValueError, KeyError) as problem:
        raise OddTestCell(
            f"the course's test cell {cell.metadata.nbgrader.grade_id} gives what nbgrader does "
            f"not take as points ({problem}): mend it in source/ and generate the assignment again"
        ) from problem
    return None if score is None else float(score)


def _exercises(nb: NotebookNode, scores: dict[str, float | None]) -> dict[str, ExerciseResult]:
    """For reports: each grade cell of another course as an exercise with one check."""
    found = {}
    for cell in filter(utils.is_grade, nb.cells):
        name = cell.metadata.nbgrader.grade_id
        found[name] = ExerciseResult(name, name, (_check(cell, name, scores[name]),))
    return found


def _check(cell: NotebookNode, name: str, score: float | None) -> CheckResult:
    points = float(cell.metadata.nbgrader.points)
    if score == points:
        return CheckResult(name, name, points, Verdict.PASS)
    errors = [o for o in cell.get("outputs", []) if o.output_type == "error"]
    message = f"{errors[0].ename}: {errors[0].evalue}"[:300] if errors else "not all points"
    message = "a person has to grade it" if score is None else message
    return CheckResult(name, name, points, Verdict.FAIL, message, partial=score or 0.0)


def _comment(cell: NotebookNode) -> str | None:
    untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
    return "No response." if untouched and not utils.is_task(cell) else None
