"""The one writer of the gradebook: a submission's scores and comments in one transaction."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    InvalidEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    app_log,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import DatabaseError
from traitlets.config import Config

from autograder.judging.mendable import Mendable
from autograder.nbgrader_plugin.autograde import Graded

LOCKED_SECONDS = 60
"""How long to wait for another program that holds the database."""


ADVICE = {
    "locked": "the gradebook is locked by another program; close it and run this again",
    "disk is full|No space left": (
        "there is no room left for the gradebook; make some and run this again: what is recorded "
        "stays"
    ),
    "readonly|read-only|unable to open|permission denied": (
        "the gradebook cannot be written to; check who owns it and its folder, then run this again"
    ),
    "no such|(column|relation) .* does not exist": (
        "the gradebook is of an older nbgrader: copy it to a safe place, run "
        "`nbgrader db upgrade`, then run this again"
    ),
    "connection|database .* does not exist|authentication": (
        "the gradebook's server cannot be reached; check that it runs and that db_url in "
        "nbgrader_config.py is right, then run this again: what is recorded stays"
    ),
}
"""What to do, by what SQLite and PostgreSQL say."""


class GradebookProblem(Mendable):
    """The gradebook cannot be used; the message says what to do."""


class GradebookWriter:
    """Writes what nbgrader's SaveAutoGrades and AssignLatePenalties write, by the same rules."""

    def __init__(self, url: str, course_id: str, config: Config) -> None:
        self.gradebook = retry_while_locked(_opened, url, course_id)
        self._late = AssignLatePenalties(config=config)
        self._late.init_plugin()
        self._commit = self.gradebook.db.commit
        # nbgrader commits after every row; a submission is to be there as a whole, or not at all.
        self.gradebook.db.commit = self.gradebook.db.flush
        self.gradebook.db().expire_on_commit = False
        self._cells: dict[str, list[BaseCell]] = {}

    def close(self) -> None:
        self.gradebook.close()

    def record(
        self, assignment: str, student: str, timestamp: Any, graded: Mapping[str, Graded | None]
    ) -> tuple[float, float]:
        """Write one submission; a notebook without a result was not handed in and scores 0.

        Notebooks that are not named stay as they are.

        Returns
        -------
        score, max_score
            Of the whole submission, manual grades and penalties included.
        """
        with advise_on_errors(), self._transaction():
            self._know_cells(assignment)
            self.gradebook.update_or_create_student(student)
            when = {"timestamp": timestamp} if timestamp else {}
            submission = self.gradebook.update_or_create_submission(assignment, student, **when)
            for notebook in submission.notebooks:
                if notebook.name in graded:
                    _write(notebook, graded[notebook.name])
            self.gradebook.db.flush()
            for scored in [*submission.notebooks, submission]:
                self.gradebook.db.expire(scored)
            for notebook in submission.notebooks:
                if graded.get(notebook.name) is not None:
                    self._penalise(notebook, submission.total_seconds_late)
            self.gradebook.db.flush()
            return float(submission.score), float(submission.max_score)

    def _penalise(self, notebook: SubmittedNotebook, seconds_late: float) -> None:
        notebook.late_submission_penalty = None
        if seconds_late > 0:
            plugin = self._late.plugin_inst
            penalty = plugin.late_submission_penalty(
                notebook.student.id, notebook.score, seconds_late
            )
            if penalty is not None:
                penalty = self._late._check_late_penalty(notebook, penalty)
                notebook.late_submission_penalty = penalty

    def _know_cells(self, assignment: str) -> None:
        """Have an assignment's cells at hand: every grade would ask for its own otherwise."""
        if assignment not in self._cells:
            notebooks = self.gradebook.find_assignment(assignment).notebooks
            kinds = ("grade_cells", "solution_cells", "task_cells")
            self._cells[assignment] = [c for n in notebooks for k in kinds for c in getattr(n, k)]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Commit everything or nothing; keep no row but the cells, which nobody changes."""
        try:
            yield
            self._commit()
        except BaseException:
            self.gradebook.db.rollback()
            raise
        finally:
            for row in list(self.gradebook.db):
                if not isinstance(row, BaseCell):
                    self.gradebook.db.expunge(row)


def _opened(url: str, course_id: str) -> Gradebook:
    with advise_on_errors():
        return Gradebook(url, course_id)


def _write(notebook: SubmittedNotebook, graded: Graded | None) -> None:
    for grade in notebook.grades:
        if graded is None:
            grade.auto_score, grade.needs_manual_grade = 0, False
        elif grade.cell.name in graded.scores:
            grade.auto_score = graded.scores[grade.cell.name]
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    for comment in notebook.comments:
        if graded is not None and comment.cell.name in graded.comments:
            comment.auto_comment = graded.comments[comment.cell.name]


def shown(gradebook: Gradebook, assignment: str) -> dict[str, list[str]]:
    """By student: scores, comments and penalties of an assignment, in a fixed order."""
    whose = (Student.id, Notebook.name)
    penalty = SubmittedNotebook.late_submission_penalty
    grade = (BaseCell.name, Grade.auto_score, Grade.manual_score, Grade.extra_credit)
    comment = (BaseCell.name, Comment.auto_comment, Comment.manual_comment)
    found: dict[str, list[str]] = {}
    for kind, columns in ((Grade, grade), (Comment, comment), (None, (penalty,))):
        rows = gradebook.db.query(*whose, *columns).select_from(SubmittedNotebook)
        rows = rows.join(SubmittedNotebook.assignment).join(SubmittedAssignment.student)
        rows = rows.join(SubmittedNotebook.notebook).join(Notebook.assignment)
        if kind is not None:
            rows = rows.join(kind, kind.notebook_id == SubmittedNotebook.id).join(kind.cell)
        for student, *facts in rows.filter(Assignment.name == assignment):
            found.setdefault(student, []).append(repr(facts))
    return {student: sorted(facts) for student, facts in found.items()}


def retry_while_locked(action: Any, *arguments: Any) -> Any:
    """Do something with the gradebook; while another program has it locked, wait and try again."""
    deadline = time.monotonic() + LOCKED_SECONDS
    while True:
        try:
            return action(*arguments)
        except GradebookProblem as problem:
            locked = "locked" in str(problem.__cause__)
            if not locked or time.monotonic() > deadline:
                raise
        time.sleep(0.2)


@contextmanager
def advise_on_errors() -> Iterator[None]:
    """Say what to do about a database that cannot be used.

    nbgrader turns some of what the database says into an InvalidEntry, and logs a traceback.
    """
    loud, app_log.disabled = app_log.disabled, True
    try:
        yield
    except (DatabaseError, InvalidEntry) as error:
        cause = error if isinstance(error, DatabaseError) else error.__context__
        if not isinstance(cause, DatabaseError):
            raise
        raise GradebookProblem(_advice(cause)) from cause
    finally:
        app_log.disabled = loud


def _advice(error: DatabaseError) -> str:
    said = " ".join(str(error.orig).split())
    for words, advice in ADVICE.items():
        if re.search(words, said):
            return advice
    return f"the gradebook cannot be used ({said}); restore it from a backup and run this again"
