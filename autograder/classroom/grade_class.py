"""Grading a class: every submission of an assignment, from hand-in to reports.

The engine does the work (`autograder.classroom`); nbgrader keeps the results. A submission that has
not changed is not graded again, so a second run is quick and changes nothing.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from autograder.classroom.cluster import Cluster
from autograder.classroom.feedback_pages import write_feedback
from autograder.classroom.journal import Journal
from autograder.classroom.run import Run
from autograder.classroom.stopping import advise_on_stops
from autograder.classroom.workers import LocalWorkers
from autograder.course.chapter import source_notebook
from autograder.judging.mendable import Mendable
from autograder.nbgrader_plugin import Nbgrader
from autograder.nbgrader_plugin.assignment import Assignment
from autograder.nbgrader_plugin.autograde import bypassable
from autograder.nbgrader_plugin.gradebook import retry_while_locked
from autograder.pages.progress import progress
from autograder.pages.report import class_page, write
from autograder.submission.grading import Options
from autograder.submission.receipt import receipt_path
from autograder.submission.seeds import assignment_seed, forget_seed
from autograder.submission.session import best_isolation
from autograder.submission.settings import partial_credit
from autograder.submission.student_result import StudentResult


@dataclass(frozen=True)
class ClassResult:
    """A graded class: a row per student, and where the pages are."""

    rows: list[StudentResult]
    isolation: str
    report: Path
    feedback: dict[str, Path]
    pageless: dict[str, str] = field(default_factory=dict)
    """Who has no feedback page, and what nbgrader said."""

    @property
    def clean(self) -> bool:
        """Whether everybody was graded, has a page, and no check of ours broke."""
        receipts = [row.receipt for row in self.rows]
        return not self.pageless and all(r and not r.grader_errors for r in receipts)


@dataclass(frozen=True)
class ClassOptions:
    """How a class is to be graded."""

    jobs: int = 2
    no_isolation: bool = False
    every_cell: bool = False
    feedback: bool = True
    new_seed: bool = False
    """Draw other questions: everybody is graded again."""
    scheduler: str | None = None
    """The address of a Dask scheduler, to grade on its workers instead of here."""


@dataclass
class Totals:
    """Running totals of a run, for the progress bar."""

    graded: int = 0
    unchanged: int = 0
    repaired: int = 0
    flagged: int = 0
    failed: int = 0

    def add(self, done: StudentResult) -> None:
        self.failed += bool(done.failure)
        self.graded += done.fresh
        self.unchanged += not done.fresh and not done.failure
        self.repaired += any(receipt.repairs for receipt in done.receipts.values())
        self.flagged += any(receipt.flags for receipt in done.receipts.values())

    def __str__(self) -> str:
        return ", ".join(f"{count} {what}" for what, count in vars(self).items() if count)


class OwnSteps(Mendable):
    """The course's nbgrader runs steps that are not nbgrader's."""


class NothingToGrade(Mendable):
    """There are no submissions of that assignment."""


def grade_class(root: Path, assignment: str, how: ClassOptions | None = None) -> ClassResult:
    """Grade all submissions of an assignment of the nbgrader course at `root`; write the report.

    Raises
    ------
    NothingToGrade
        If nobody submitted; the message says where submissions belong.
    sandbox.IsolationUnavailable
        If this machine cannot isolate learners' code and going without is not allowed.
    """
    with advise_on_stops(root):
        return _graded(root, assignment, how or ClassOptions())


def _graded(root: Path, assignment: str, how: ClassOptions) -> ClassResult:
    nbgrader = Nbgrader(root, no_isolation=how.no_isolation)
    students = nbgrader.students(assignment)
    if not students:
        place = root / "submitted" / "STUDENT" / assignment
        raise NothingToGrade(f"no submissions of {assignment}; they belong in {place}")
    isolation = best_isolation(allow_none=how.no_isolation)
    _register(root, nbgrader, assignment)
    if not bypassable(nbgrader.config):
        raise OwnSteps(
            "this course adds steps of its own to `nbgrader autograde`, which only nbgrader itself "
            "can run: put autograder.nbgrader_plugin.IsolatedExecute in the place of Execute in "
            "c.Autograde.autograde_preprocessors, then run `nbgrader autograde` as before"
        )
    facts = retry_while_locked(nbgrader.assignment, assignment)
    if how.new_seed:
        forget_seed(root, assignment)
    options = Options(
        isolation,
        assignment_seed(root, assignment),
        every_cell=how.every_cell,
        partial_credit=partial_credit(root),
        limits=nbgrader.limits(facts),
    )
    done = _settle(nbgrader, facts, options, students, how)
    rows = [done[student] for student in sorted(done)]
    page = class_page(assignment, rows, isolation.value)
    report = write(root / "reports" / f"{assignment}.html", page)
    feedback, pageless = _feedback(nbgrader, facts, done, how) if how.feedback else ({}, {})
    return ClassResult(rows, isolation.value, report, feedback, pageless)


def _register(root: Path, nbgrader: Nbgrader, assignment: str) -> None:
    """Make the gradebook know a chapter of ours as it is now; other courses do this themselves."""
    text = root / "chapters" / f"{assignment}.py"
    if not text.exists():
        return
    if not retry_while_locked(nbgrader.is_registered, assignment, source_notebook(text)):
        nbgrader.generate_assignment(assignment)


def _settle(
    nbgrader: Nbgrader, facts: Assignment, options: Options, students: list[str], how: ClassOptions
) -> dict[str, StudentResult]:
    done: dict[str, StudentResult] = {}
    totals = Totals()
    with (
        Journal(nbgrader.root / "journal" / f"{facts.name}.jsonl") as journal,
        closing(_workers(facts, options, how)) as workers,
        progress("grading", len(students)) as advance,
    ):
        run = Run(nbgrader, facts, options, journal)
        for one in run.settle(students, workers):
            done[one.student] = one
            totals.add(one)
            advance(f"{one.student} ({totals})")
    return done


def _workers(facts: Assignment, options: Options, how: ClassOptions) -> LocalWorkers | Cluster:
    if how.scheduler:
        return Cluster(how.scheduler, facts, options)
    return LocalWorkers(how.jobs, facts, options)


def _feedback(
    nbgrader: Nbgrader, facts: Assignment, done: dict[str, StudentResult], how: ClassOptions
) -> tuple[dict[str, Path], dict[str, str]]:
    """Write the feedback pages that are missing or older than the grade.

    Returns all pages, and for those that nbgrader could not write, why.
    """
    folders, first = nbgrader.folders(facts.name), next(iter(facts.notebooks))
    graded = [student for student, one in done.items() if not one.failure]
    pages = {student: folders.feedback(student) / f"{first}.html" for student in graded}
    receipts = {s: receipt_path(nbgrader.root, s, facts.name, first) for s in graded}
    pageless: dict[str, str] = {}
    late = [s for s in graded if done[s].fresh or not _is_written(pages[s], receipts[s])]
    if late:
        with progress("writing feedback", len(late)) as advance:
            for student, problem in write_feedback(nbgrader.root, facts.name, late, how.jobs):
                advance(student)
                if problem:
                    pageless[student] = problem
    return {student: page for student, page in pages.items() if page.exists()}, pageless


def _is_written(page: Path, receipt: Path) -> bool:
    """Whether a page is there, whole, and not older than what it tells of."""
    if not page.exists() or not receipt.exists():
        return page.exists()
    whole = page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    return whole and page.stat().st_mtime >= receipt.stat().st_mtime
