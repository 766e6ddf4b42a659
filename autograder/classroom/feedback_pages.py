"""Feedback pages of many students, several at a time; each worker reads the gradebook only."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import as_completed
from pathlib import Path

from autograder.classroom import processes
from autograder.nbgrader_plugin.course import Nbgrader, NbgraderFailed

_course: list[Nbgrader] = []


def write_feedback(
    root: Path, assignment: str, students: list[str], jobs: int
) -> Iterator[tuple[str, str]]:
    """Write the pages; yield each student, and why there is no page if there is none."""
    with processes.pool(min(jobs, len(students)), _prepare, root) as pool:
        waiting = {pool.submit(_write, assignment, student): student for student in students}
        for future in as_completed(waiting):
            yield waiting[future], future.result()


def _prepare(root: Path) -> None:
    _course[:] = [Nbgrader(root)]


def _write(assignment: str, student: str) -> str:
    try:
        _course[0].generate_feedback(assignment, student)
    except NbgraderFailed as problem:  # one student's folder is not another's trouble
        return f"{problem}"
    return ""
