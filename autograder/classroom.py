"""Grading a class: every submission of an assignment, through real nbgrader.

Submissions are judged several at a time, each in its own isolated process; the receipts go through
nbgrader one by one: gradebook.db, autograded/, feedback/. A submission whose
receipt still fits is not judged again, so a second run is quick and changes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import sandbox
from autograder.build import Course
from autograder.chapter import source_notebook
from autograder.errors import Mendable
from autograder.grading import Receipt, grade_submission, key_of, load_receipt
from autograder.nbgrader_plugin import Nbgrader, NbgraderFailed, receipt_path
from autograder.progress import progress
from autograder.repair import read_submission
from autograder.report import Row, class_page, write
from autograder.session import best_isolation


@dataclass(frozen=True)
class ClassResult:
    """A graded class: a row per student, and where the pages are."""

    rows: list[Row]
    isolation: str
    report: Path
    feedback: dict[str, Path]

    @property
    def clean(self) -> bool:
        """Whether everybody was graded and no check of ours broke."""
        return all(row.receipt and not row.receipt.grader_errors for row in self.rows)


class NothingToGrade(Mendable):
    """There are no submissions of that assignment."""


def grade_class(
    course: Course, assignment: str, *, jobs: int = 2, no_isolation: bool = False
) -> ClassResult:
    """Grade all submissions of an assignment and write the class report.

    Raises
    ------
    NothingToGrade
        If nobody submitted; the message says where submissions belong.
    sandbox.IsolationUnavailable
        If this machine cannot isolate learners' code and `no_isolation` is not set.
    """
    nbgrader = Nbgrader(course.nbgrader_root, no_isolation=no_isolation)
    students = nbgrader.students(assignment)
    if not students:
        place = course.nbgrader_root / "submitted" / "STUDENT" / assignment
        raise NothingToGrade(f"no submissions of {assignment}; they belong in {place}")
    isolation = best_isolation(allow_none=no_isolation)
    _register(course, nbgrader, assignment)
    receipts, failures = _grade_all(course, nbgrader, assignment, students, jobs, isolation)
    rows = list(_rows(nbgrader, assignment, students, receipts, failures))
    page = class_page(assignment, rows, isolation.value)
    report = write(course.nbgrader_root / "reports" / f"{assignment}.html", page)
    return ClassResult(rows, isolation.value, report, _feedback(course, assignment, students))


def _register(course: Course, nbgrader: Nbgrader, assignment: str) -> None:
    source = source_notebook(course.nbgrader_root / "chapters" / f"{assignment}.py")
    if not nbgrader.is_registered(assignment, source):
        nbgrader.generate_assignment(assignment)


def _grade_all(
    course: Course,
    nbgrader: Nbgrader,
    assignment: str,
    students: list[str],
    jobs: int,
    isolation: sandbox.Isolation,
) -> tuple[dict[str, Receipt], dict[str, str]]:
    """Judge in `jobs` threads (the work is in the learners' processes) and record here."""
    sys.setswitchinterval(1e-4)  # a call-back must not wait 5 ms for nbgrader's thread
    released = nbformat.read(course.notebook("release", assignment), as_version=4)
    receipts: dict[str, Receipt] = {}
    failures: dict[str, str] = {}
    with progress("grading", len(students)) as advance, ThreadPoolExecutor(jobs) as pool:
        futures = {
            pool.submit(_judge_one, course, assignment, student, released, isolation): student
            for student in students
        }
        for future in as_completed(futures):
            student = futures[future]
            try:
                receipts[student] = future.result()
                _record(course, nbgrader, assignment, student)
            except (OSError, sandbox.SandboxFailure) as failure:
                failures[student] = f"not graded, try again: {failure}"
            except NbgraderFailed as failure:
                failures[student] = f"nbgrader could not record it: {failure}"
            advance(student)
    return receipts, failures


def _judge_one(
    course: Course,
    assignment: str,
    student: str,
    released: NotebookNode,
    isolation: sandbox.Isolation,
) -> Receipt:
    submission = read_submission(_submitted(course, assignment, student).read_bytes(), released)
    path = receipt_path(course.nbgrader_root, student, assignment, assignment)
    known = load_receipt(path)
    if known is not None and known.key == key_of(submission):
        return known
    receipt = grade_submission(submission, isolation=isolation)
    receipt.save(path)
    return receipt


def _record(course: Course, nbgrader: Nbgrader, assignment: str, student: str) -> None:
    if not _is_recorded(course, assignment, student):
        nbgrader.autograde(assignment, student)
        nbgrader.generate_feedback(assignment, student)


def _is_recorded(course: Course, assignment: str, student: str) -> bool:
    """Whether feedback, written last, is newer than the receipt it was made from."""
    receipt = receipt_path(course.nbgrader_root, student, assignment, assignment)
    page = _feedback_page(course, assignment, student)
    return page.exists() and page.stat().st_mtime >= receipt.stat().st_mtime


def _rows(
    nbgrader: Nbgrader,
    assignment: str,
    students: list[str],
    receipts: dict[str, Receipt],
    failures: dict[str, str],
) -> Iterator[Row]:
    scores = nbgrader.scores(assignment)
    for student in students:
        if student in failures or student not in scores:
            yield Row(student, failures.get(student, "not in the gradebook"), None, None, None)
            continue
        receipt = receipts[student]
        note = "; ".join([*receipt.repairs, *receipt.flags])
        yield Row(student, "graded", *scores[student], receipt, note)


def _submitted(course: Course, assignment: str, student: str) -> Path:
    folder = course.nbgrader_root / "submitted" / student / assignment
    path = folder / f"{assignment}.ipynb"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing")
    return path


def _feedback_page(course: Course, assignment: str, student: str) -> Path:
    return course.nbgrader_root / "feedback" / student / assignment / f"{assignment}.html"


def _feedback(course: Course, assignment: str, students: list[str]) -> dict[str, Path]:
    pages = {student: _feedback_page(course, assignment, student) for student in students}
    return {student: page for student, page in pages.items() if page.exists()}
