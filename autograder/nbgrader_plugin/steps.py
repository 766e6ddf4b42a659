"""Steps of nbgrader's autograde and feedback that are ours: read, judge, run, sum up."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, cast

import bleach
import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader import preprocessors as stock
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool

from autograder.nbgrader_plugin.outputs import harmless, outputs_of
from autograder.sandbox import Limits
from autograder.submission.foreign import run_notebook
from autograder.submission.grading import grade_submission, key_of
from autograder.submission.reading import Submission, read_submission
from autograder.submission.receipt import Receipt, load_receipt
from autograder.submission.session import best_isolation

Exported = tuple[str, dict[str, Any]]
Preprocessed = tuple[NotebookNode, dict[str, Any]]


def receipt_path(course: Path, student: str, assignment: str, notebook: str) -> Path:
    return course / "receipts" / student / assignment / f"{notebook}.json"


class RepairingExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a submitted notebook in whatever state it is; see `autograder.submission.reading`."""

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


class IsolatedExecute(stock.Execute):  # type: ignore[misc]
    """Takes the place of nbgrader's Execute in any course: runs the cells in a sealed process.

    The course's own test cells run there too, where the learner's code can forge their verdicts,
    as with nbgrader; but it reaches nothing else.
    """

    no_isolation = Bool(
        False, help="Run submissions unprotected if this machine cannot isolate them."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Preprocessed:
        isolation = best_isolation(allow_none=self.no_isolation)
        work = Path(resources["metadata"]["path"]) if "path" in resources["metadata"] else None
        receipt = run_notebook(nb, limits=limits(self), isolation=isolation, work=work)
        fill(nb, receipt)
        return nb, resources


class JudgeCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the place of nbgrader's Execute: judges the submission from outside its process."""

    no_isolation = Bool(
        False, help="Run submissions unprotected if this machine cannot isolate them."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Preprocessed:
        if "chainrule" not in nb.metadata:
            step = IsolatedExecute(parent=self.parent, no_isolation=self.no_isolation)
            return step.preprocess(nb, resources)
        facts = resources["nbgrader"]
        path = receipt_path(Path.cwd(), facts["student"], facts["assignment"], facts["notebook"])
        repairs = list(nb.metadata.chainrule.get("repairs", []))
        fill(nb, self._receipt(Submission(nb, repairs), path))
        return nb, resources

    def _receipt(self, submission: Submission, path: Path) -> Receipt:
        known = load_receipt(path)
        if known is not None and known.key == key_of(submission):
            return known
        isolation = best_isolation(allow_none=self.no_isolation)
        receipt = grade_submission(submission, isolation=isolation)
        receipt.save(path)
        return receipt


def limits(step: stock.Execute) -> Limits:
    """The limits of a course that nbgrader's own settings describe."""
    seconds = float(step.timeout or Limits.cell_seconds)
    return Limits(cell_seconds=seconds, total_seconds=max(Limits.total_seconds, 10 * seconds))


def fill(nb: NotebookNode, receipt: Receipt) -> None:
    """Give a notebook's cells the outputs that its receipt holds."""
    for index, cell in enumerate(nb.cells):
        if cell.cell_type == "code" and receipt.forgeable:
            cell.outputs = [harmless(o, html=True) for o in receipt.cells.get(str(index), [])]
        elif cell.cell_type == "code":
            cell.outputs = list(outputs_of(cell, receipt))
            cell.execution_count = None
        elif cell.metadata.get("tags") == ["learner"]:
            cell.source = bleach.clean(cell.source)  # Formgrader and feedback show it as HTML


def _released(assignment: str, notebook: str) -> NotebookNode | None:
    path = Path("release", assignment, f"{notebook}.ipynb")
    if not path.exists():
        return None
    released = nbformat.read(path, as_version=4)
    return released if "chainrule" in released.metadata else None
