"""One course folder: nbgrader's converters and gradebook."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.exports.grade import Grade
from autograder.judging.mendable import Mendable
from autograder.nbgrader_plugin.assignment import Assignment, read_assignment
from autograder.nbgrader_plugin.configuration import configuration
from autograder.nbgrader_plugin.deadlines import DueDates, due_dates
from autograder.nbgrader_plugin.folders import Folders
from autograder.nbgrader_plugin.gradebook import GradebookWriter, advise_on_errors, shown
from autograder.nbgrader_plugin.grades import read_grades
from autograder.nbgrader_plugin.steps import limits
from autograder.sandbox import Limits
from autograder.submission.settings import course_settings


class Nbgrader:
    """nbgrader's own converters and gradebook for one course folder."""

    def __init__(self, root: Path, *, no_isolation: bool = False) -> None:
        _prepare_process()
        config = configuration(root)
        if no_isolation:
            config.JudgeCells.no_isolation = True
        self.root = root
        self.config = config
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
        with advise_on_errors(), self.gradebook() as gradebook:
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

    def due_dates(self, assignment: str) -> DueDates:
        """When the assignment is due, and for whom later."""
        with advise_on_errors(), self.gradebook() as gradebook:
            return due_dates(gradebook, assignment)

    def shown(self, assignment: str) -> dict[str, list[str]]:
        """By student: every score, comment and penalty that a feedback page may show."""
        with advise_on_errors(), self.gradebook() as gradebook:
            return shown(gradebook, assignment)

    def mean_shares(self) -> list[tuple[str, float]]:
        """Every assignment that somebody handed in, in order, and the mean share of its points."""
        with advise_on_errors(), self.gradebook() as gradebook:
            return [
                (a.name, float(gradebook.average_assignment_score(a.name) / a.max_score))
                for a in gradebook.assignments
                if a.num_submissions and a.max_score
            ]

    def grades(self, assignment: str) -> tuple[str, list[Grade]]:
        """The due date, and every student's grade, for exports; raises NbgraderFailed."""
        with advise_on_errors(), self.gradebook() as gradebook:
            try:
                return read_grades(gradebook, assignment)
            except MissingEntry as missing:
                raise NbgraderFailed(
                    f"the gradebook has no assignment {assignment}: grade it first"
                ) from missing

    def assignment(self, name: str) -> Assignment:
        """The facts that grading an assignment needs; raises NotRegistered."""
        with advise_on_errors(), self.gradebook() as gradebook:
            files = self.folders(name).from_instructor()
            return read_assignment(gradebook, self.root, name, self.config, files)

    def limits(self, assignment: Assignment) -> Limits:
        """What a submission of the assignment may use."""
        if assignment.ours:
            return course_settings(self.root).limits(Limits())
        return limits(self.root, self.config)

    def folders(self, assignment: str) -> Folders:
        return Folders(self.course, self.config, assignment)

    @contextmanager
    def writer(self) -> Iterator[GradebookWriter]:
        writer = GradebookWriter(self.course.db_url, self.course.course_id, self.config)
        try:
            yield writer
        finally:
            writer.close()

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            yield gradebook

    def _done(self, outcome: dict[str, Any]) -> None:
        if not outcome["success"]:
            raise NbgraderFailed(outcome.get("error") or outcome.get("log") or "nbgrader failed")


class NbgraderFailed(Mendable):
    """nbgrader could not do its part; the message is its own log."""


def _prepare_process() -> None:
    """nbgrader runs `alembic` from the PATH, and SQLAlchemy 2.1 warns about its ORM style."""
    scripts = str(Path(sys.executable).parent)
    if scripts not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = scripts + os.pathsep + os.environ["PATH"]
    warnings.filterwarnings("ignore", message="Object of type .* not in session")
