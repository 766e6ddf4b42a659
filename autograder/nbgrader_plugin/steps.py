"""Steps of nbgrader's autograde and feedback that are ours: read, judge, run, sum up."""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader import preprocessors as stock
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool
from traitlets.config import Config

from autograder.nbgrader_plugin.assignment import is_ours, released_texts
from autograder.nbgrader_plugin.cell_outputs import harmless, outputs_of
from autograder.nbgrader_plugin.text_cells import keep_texts_clean
from autograder.notebook.reading import Submission, read_submission
from autograder.sandbox import Limits
from autograder.submission.course_names import course_names
from autograder.submission.grading import Options, grade_notebook, grade_submission, submission_key
from autograder.submission.receipt import Receipt, load_receipt, receipt_path
from autograder.submission.seeds import assignment_seed
from autograder.submission.session import best_isolation
from autograder.submission.settings import course_settings

NOTEBOOK_SECONDS = 1800
"""What all cells of another course's notebook may take; `course.toml` sets it otherwise."""

Exported = tuple[str, dict[str, Any]]
Preprocessed = tuple[NotebookNode, dict[str, Any]]


class RepairingExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a submitted notebook in whatever state it is; see `autograder.notebook.reading`."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> Exported:
        facts = (resources or {})["nbgrader"]
        released = _released(facts["assignment"], facts["notebook"])
        if released is None or not getattr(self.parent, "_sanitizing", False):
            return cast(Exported, super().from_filename(filename, resources, **options))
        submission = read_submission(Path(filename).read_bytes(), released)
        stamp(submission)
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
        options = options_of(resources, self.no_isolation, limits(Path.cwd(), self.config))
        work = Path(resources["metadata"]["path"]) if "path" in resources["metadata"] else None
        facts = resources["nbgrader"]
        text = _release(facts["assignment"], facts["notebook"]) or "{}"
        fill(nb, grade_notebook(nb, options, work=work), released_texts(text))
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
        options = options_of(
            resources, self.no_isolation, course_settings(Path.cwd()).limits(Limits())
        )
        fill(nb, _receipt(stamped(nb), options, path))
        return nb, resources


def options_of(resources: dict[str, Any], no_isolation: bool, limits: Limits) -> Options:
    """How to grade in nbgrader's own process, whose working folder is the course's."""
    assignment = resources["nbgrader"]["assignment"]
    seed, names = assignment_seed(Path.cwd(), assignment), course_names(Path.cwd(), assignment)
    isolation = best_isolation(allow_none=no_isolation)
    credit = course_settings(Path.cwd()).partial_credit
    return Options(isolation, seed, partial_credit=credit, limits=limits, names=names)


def stamp(submission: Submission) -> None:
    """Write into a notebook what reading found out: nbgrader keeps nothing else of it."""
    facts = {"repairs": submission.repairs, "submitted": submission.digest}
    submission.notebook.metadata["chainrule"].update(facts)


def stamped(nb: NotebookNode) -> Submission:
    """A submission that was read and stamped earlier."""
    facts = nb.metadata.chainrule
    return Submission(nb, list(facts.get("repairs", [])), str(facts.get("submitted", "")))


def _receipt(submission: Submission, options: Options, path: Path) -> Receipt:
    """The receipt at `path`, if it still holds; else a new one."""
    known = load_receipt(path)
    key, credit = submission_key(submission), options.partial_credit
    wanted = (key, options.seed, submission.digest, credit, options.names.digest)
    if known and wanted == (
        known.key, known.seed, known.submitted, known.partial_credit, known.names
    ):  # fmt: skip
        return known
    receipt = grade_submission(submission, options)
    receipt.save(path)
    return receipt


def limits(course: Path, config: Config) -> Limits:
    """The limits of another course's submissions: nbgrader's for a cell, ours for the whole.

    No time, 0 and less mean to nbgrader that a cell may take as long as it likes.
    """
    timeout = stock.Execute(config=config).timeout
    seconds = float(timeout) if timeout and timeout > 0 else 0.0
    usual = Limits(total_seconds=max(NOTEBOOK_SECONDS, 10 * seconds))
    found = course_settings(course).limits(usual)
    return replace(found, cell_seconds=seconds or found.total_seconds)


def fill(nb: NotebookNode, receipt: Receipt, given: Collection[str] = ()) -> None:
    """Give a notebook's cells the outputs that its receipt holds, and make its texts harmless.

    `given` are the texts of the instructor's; in our own notebooks those without a label are.
    """
    for index, cell in enumerate(nb.cells):
        if cell.cell_type == "code" and receipt.forgeable:
            cell.outputs = [harmless(o, rich=True) for o in receipt.cells.get(str(index), [])]
        elif cell.cell_type == "code":
            cell.outputs = list(outputs_of(cell, receipt))
            cell.execution_count = None
    if not receipt.forgeable:
        given = [c.source for c in nb.cells if c.metadata.get("tags") != ["learner"]]
    keep_texts_clean(nb, given)
    nb.metadata.pop("widgets", None)  # a page would load a library for them


def _released(assignment: str, notebook: str) -> NotebookNode | None:
    """The released notebook, if it is one of ours."""
    text = _release(assignment, notebook)
    return nbformat.reads(text, as_version=4) if text and is_ours(text) else None


def _release(assignment: str, notebook: str) -> str | None:
    path = Path("release", assignment, f"{notebook}.ipynb")
    return path.read_text(encoding="utf-8") if path.exists() else None
