"""Feedback pages of many students, several at a time; each worker reads the gradebook only."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import as_completed
from pathlib import Path

from autograder.classroom import processes
from autograder.nbgrader_plugin.course import Nbgrader

_course: list[Nbgrader] = []


def write_feedback(root: Path, assignment: str, students: list[str], jobs: int) -> Iterator[str]:
    """Write the pages, and yield each student whose page is there."""
    with processes.pool(min(jobs, len(students)), _prepare, root) as pool:
        waiting = {pool.submit(_write, assignment, student): student for student in students}
        for future in as_completed(waiting):
            future.result()
            yield waiting[future]


def _prepare(root: Path) -> None:
    _course[:] = [Nbgrader(root)]


def _write(assignment: str, student: str) -> None:
    _course[0].generate_feedback(assignment, student)
