"""Chainrule inside nbgrader: the only module that imports it.

Set in `course/nbgrader_config.py`, these pieces make nbgrader's own commands and Formgrader read
any submission, judge it outside the learner's process, and keep hidden tests out of feedback.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import bleach
import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import preprocessors as stock
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool
from traitlets.config import Config, PyFileConfigLoader

from autograder.chapter import is_check
from autograder.grading import Receipt, grade_submission, key_of, load_receipt
from autograder.repair import Submission, read_submission
from autograder.report import summary_html
from autograder.session import best_isolation

Exported = tuple[str, dict[str, Any]]
Preprocessed = tuple[NotebookNode, dict[str, Any]]

RELEASE_STEPS = (
    stock.LockCells,
    stock.ClearSolutions,
    stock.ClearOutput,
    stock.CheckCellMetadata,
    stock.ComputeChecksums,
    stock.ClearHiddenTests,
    stock.ClearMarkScheme,
    stock.ComputeChecksums,
    stock.CheckCellMetadata,
)


def release(source: NotebookNode) -> NotebookNode:
    """The student notebook of a source notebook, as `nbgrader generate_assignment` makes it."""
    notebook = nbformat.reads(nbformat.writes(source), as_version=4)
    for step in RELEASE_STEPS:
        notebook, _ = step().preprocess(notebook, {})
    return cast(NotebookNode, notebook)


def receipt_path(course: Path, student: str, assignment: str, notebook: str) -> Path:
    return course / "receipts" / student / assignment / f"{notebook}.json"


class RepairingExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a submitted notebook in whatever state it is; see `autograder.repair`."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> Exported:
        facts = (resources or {})["nbgrader"]
        released = _released(facts["assignment"], facts["notebook"])
        if released is None or not getattr(self.parent, "_sanitizing", False):
            return cast(Exported, super().from_filename(filename, resources, **options))
        submission = read_submission(Path(filename).read_bytes(), released)
        submission.notebook.metadata["chainrule"]["repairs"] = submission.repairs
        text = io.StringIO(nbformat.writes(submission.notebook))
        return cast(Exported, self.from_file(text, resources, **options))


class JudgeCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the place of nbgrader's Execute: judges the submission from outside its process."""

    no_isolation = Bool(
        False, help="Run submissions unprotected if this machine cannot isolate them."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Preprocessed:
        if "chainrule" not in nb.metadata:
            return cast(Preprocessed, stock.Execute(parent=self.parent).preprocess(nb, resources))
        facts = resources["nbgrader"]
        path = receipt_path(Path.cwd(), facts["student"], facts["assignment"], facts["notebook"])
        receipt = self._receipt(
            Submission(nb, list(nb.metadata.chainrule.get("repairs", []))), path
        )
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = list(outputs_of(cell, receipt))
                cell.execution_count = None
            elif cell.metadata.get("tags") == ["learner"]:
                cell.source = bleach.clean(cell.source)  # Formgrader and feedback show it as HTML
        return nb, resources

    def _receipt(self, submission: Submission, path: Path) -> Receipt:
        known = load_receipt(path)
        if known is not None and known.key == key_of(submission):
            return known
        isolation = best_isolation(allow_none=self.no_isolation)
        receipt = grade_submission(submission, isolation=isolation)
        receipt.save(path)
        return receipt


class FeedbackSummary(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts a summary on top of a feedback page."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Preprocessed:
        facts = resources["nbgrader"]
        path = receipt_path(Path.cwd(), facts["student"], facts["assignment"], facts["notebook"])
        receipt = load_receipt(path)
        if receipt is not None:
            card = " ".join(summary_html(receipt).split("\n"))  # a blank line would end the HTML
            nb.cells.insert(0, nbformat.v4.new_markdown_cell(card, id="chainrule-summary"))
        return nb, resources


def outputs_of(cell: NotebookNode, receipt: Receipt) -> Iterator[NotebookNode]:
    """A check cell shows its verdicts and, as a plain float, its points; others what they gave.

    nbgrader reads points from the printed number only: stderr would cost them all, and a nan,
    a NumPy scalar or nothing would give them all.
    """
    if not is_check(cell):
        for output in receipt.cells.get(cell.id, []):
            yield _harmless(nbformat.from_dict(output))
        return
    record = receipt.exercises[str(cell.metadata.nbgrader.grade_id).removesuffix("-check")]
    data = {"text/html": record["html"], "text/plain": record["text"]}
    yield new_output("display_data", data=data)
    points = min(max(float(record["earned"]), 0.0), float(cell.metadata.nbgrader.points))
    yield new_output("execute_result", data={"text/plain": repr(points)}, execution_count=None)


def _harmless(output: NotebookNode) -> NotebookNode:
    """Learner output without active content: text and PNG pictures only."""
    if "data" in output:
        kept = {k: v for k, v in output.data.items() if k in ("text/plain", "image/png")}
        output.data = NotebookNode(kept or {"text/plain": "(output of another kind)"})
        output.metadata = NotebookNode()
    return output


def _released(assignment: str, notebook: str) -> NotebookNode | None:
    path = Path("release", assignment, f"{notebook}.ipynb")
    if not path.exists():
        return None
    released = nbformat.read(path, as_version=4)
    return released if "chainrule" in released.metadata else None


class Nbgrader:
    """nbgrader's own converters and gradebook for one course folder."""

    def __init__(self, root: Path, *, no_isolation: bool = False) -> None:
        _prepare_process()
        config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
        config.merge(Config({"CourseDirectory": {"root": str(root)}}))
        if no_isolation:
            config.JudgeCells.no_isolation = True
        self.root = root
        self.course = CourseDirectory(config=config)
        self.api = NbGraderAPI(self.course, config=config)

    def students(self, assignment: str) -> list[str]:
        return sorted(self.api.get_submitted_students(assignment))

    def generate_assignment(self, assignment: str) -> None:
        """Register the assignment's cells and points in the gradebook, if they changed."""
        self._done(self.api.generate_assignment(assignment, force=True, create=True))

    def is_registered(self, assignment: str, source: NotebookNode) -> bool:
        """Whether the gradebook knows exactly these locked cells and their points."""
        wanted = {
            cell.metadata.nbgrader.grade_id: (cell.source, cell.metadata.nbgrader.get("points", 0))
            for cell in source.cells
            if cell.metadata.get("nbgrader", {}).get("locked")
        }
        with self.gradebook() as gradebook:
            try:
                known = gradebook.find_notebook(assignment, assignment)
            except MissingEntry:
                return False
            points = {cell.name: cell.max_score for cell in known.grade_cells}
            cells = [cell for cell in known.source_cells if cell.locked]
            return wanted == {c.name: (c.source, points.get(c.name, 0)) for c in cells}

    def autograde(self, assignment: str, student: str) -> None:
        self._done(self.api.autograde(assignment, student, force=True, create=True))

    def generate_feedback(self, assignment: str, student: str) -> None:
        self._done(self.api.generate_feedback(assignment, student, force=True))

    def scores(self, assignment: str) -> dict[str, tuple[float, float]]:
        """Score and maximum of every submission in the gradebook."""
        with self.gradebook() as gradebook:
            submissions = gradebook.assignment_submissions(assignment)
            return {s.student.id: (float(s.score), float(s.max_score)) for s in submissions}

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            yield gradebook

    def _done(self, outcome: dict[str, Any]) -> None:
        if not outcome["success"]:
            raise NbgraderFailed(outcome.get("error") or outcome.get("log") or "nbgrader failed")


class NbgraderFailed(RuntimeError):
    """nbgrader could not do its part; the message is its own log."""


def _prepare_process() -> None:
    """nbgrader runs `alembic` from the PATH, and SQLAlchemy 2.1 warns about its ORM style."""
    scripts = str(Path(sys.executable).parent)
    if scripts not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = scripts + os.pathsep + os.environ["PATH"]
    warnings.filterwarnings("ignore", message="Object of type .* not in session")
