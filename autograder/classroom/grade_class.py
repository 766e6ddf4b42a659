"""Grading a class: every submission of an assignment, from hand-in to reports.

The engine does the work (`autograder.classroom`); nbgrader keeps the results. A submission that has
not changed is not graded again, so a second run is quick and changes nothing.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from autograder.classroom import feedback_pages
from autograder.classroom.class_report import write_report
from autograder.classroom.cluster import Cluster
from autograder.classroom.journal import Journal
from autograder.classroom.run import Run
from autograder.classroom.stopping import advise_on_stops
from autograder.classroom.totals import Totals
from autograder.classroom.workers import LocalWorkers
from autograder.course.chapter import source_notebook
from autograder.judging.mendable import Mendable
from autograder.nbgrader_plugin import Nbgrader
from autograder.nbgrader_plugin.assignment import Assignment
from autograder.nbgrader_plugin.autograde import bypassable
from autograder.nbgrader_plugin.gradebook import retry_while_locked
from autograder.pages.progress import progress
from autograder.submission.course_names import course_names
from autograder.submission.grading import Options
from autograder.submission.receipt import Receipt, load_receipt, merged, receipt_path
from autograder.submission.seeds import assignment_seed, forget_seed
from autograder.submission.session import best_isolation
from autograder.submission.settings import partial_credit
from autograder.submission.student_result import StudentResult


@dataclass(frozen=True)
class ClassResult:
    """A graded class: a row per student, and where the pages are."""

    rows: list[StudentResult]
    isolation: str
    report: Path | None
    """None if only some students were graded."""
    totals: Totals
    feedback: dict[str, Path]
    pageless: dict[str, str] = field(default_factory=dict)
    """Who has no feedback page, and what nbgrader said."""
    before: dict[str, Receipt] = field(default_factory=dict)
    """What those had before who were named and graded again."""

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
    students: tuple[str, ...] = ()
    """Grade only these; none means all."""
    notebooks: tuple[str, ...] = ()
    """Grade only these notebooks of theirs; none means all."""
    force: bool = False
    """Grade what has not changed, too."""


class OwnSteps(Mendable):
    """The course's nbgrader runs steps that are not nbgrader's."""


class NothingToGrade(Mendable):
    """There are no submissions of that assignment, or not of those students or notebooks."""


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
    students = _wanted(nbgrader, assignment, how)
    isolation = best_isolation(allow_none=how.no_isolation)
    _register(root, nbgrader, assignment)
    if not bypassable(nbgrader.config):
        raise OwnSteps(
            "this course adds steps of its own to `nbgrader autograde`, which only nbgrader itself "
            "can run: put autograder.nbgrader_plugin.IsolatedExecute in the place of Execute in "
            "c.Autograde.autograde_preprocessors, then run `nbgrader autograde` as before"
        )
    facts = retry_while_locked(nbgrader.assignment, assignment)
    if unknown := set(how.notebooks) - facts.notebooks.keys():
        raise NothingToGrade(
            f"{assignment} has no notebook {min(unknown)}; it has {', '.join(facts.notebooks)}"
        )
    if how.new_seed:
        forget_seed(root, assignment)
    options = Options(
        isolation,
        assignment_seed(root, assignment),
        every_cell=how.every_cell,
        partial_credit=partial_credit(root),
        limits=nbgrader.limits(facts),
        names=course_names(root, assignment),
    )
    before = _earlier(nbgrader, facts, students) if how.students and how.force else {}
    rows, totals = _settle(nbgrader, facts, options, students, how)
    graded = [row.student for row in rows if not row.failure]
    pages: feedback_pages.Written = ({}, {})
    if how.feedback:
        pages = feedback_pages.refresh(nbgrader, assignment, graded, how.jobs)
    report = None
    if not how.students:  # it is about the whole class
        report = write_report(nbgrader, assignment, rows, isolation.value, pages[0])
    return ClassResult(rows, isolation.value, report, totals, *pages, before)


def _earlier(nbgrader: Nbgrader, facts: Assignment, students: list[str]) -> dict[str, Receipt]:
    """The receipts that these have so far."""
    found = {}
    for student in students:
        paths = [receipt_path(nbgrader.root, student, facts.name, name) for name in facts.notebooks]
        known = merged([receipt for path in paths if (receipt := load_receipt(path))])
        if known is not None:
            found[student] = known
    return found


def _wanted(nbgrader: Nbgrader, assignment: str, how: ClassOptions) -> list[str]:
    """The students to grade."""
    students = nbgrader.students(assignment)
    for student in how.students:
        if student not in students:
            place = nbgrader.folders(assignment).submitted(student)
            raise NothingToGrade(
                f"no submission of {assignment} by {student}; it belongs in {place}"
            )
    if not students:
        place = nbgrader.root / "submitted" / "STUDENT" / assignment
        raise NothingToGrade(f"no submissions of {assignment}; they belong in {place}")
    return sorted(set(how.students)) or students


def _register(root: Path, nbgrader: Nbgrader, assignment: str) -> None:
    """Make the gradebook know a chapter of ours as it is now; other courses do this themselves."""
    text = root / "chapters" / f"{assignment}.py"
    if not text.exists():
        return
    if not retry_while_locked(nbgrader.is_registered, assignment, source_notebook(text)):
        nbgrader.generate_assignment(assignment)


def _settle(
    nbgrader: Nbgrader, facts: Assignment, options: Options, students: list[str], how: ClassOptions
) -> tuple[list[StudentResult], Totals]:
    done: dict[str, StudentResult] = {}
    totals = Totals()
    with (
        Journal(nbgrader.root / "journal" / f"{facts.name}.jsonl") as journal,
        closing(_workers(facts, options, how)) as workers,
        progress("grading", len(students)) as advance,
    ):
        run = Run(nbgrader, facts, options, journal, only=how.notebooks, force=how.force)
        for one in run.settle(students, workers):
            done[one.student] = one
            totals.add(one)
            advance(f"{one.student} ({totals})")
    return [done[student] for student in sorted(done)], totals


def _workers(facts: Assignment, options: Options, how: ClassOptions) -> LocalWorkers | Cluster:
    if how.scheduler:
        return Cluster(how.scheduler, facts, options)
    return LocalWorkers(how.jobs, facts, options)
