"""Feedback pages: written when anything that they show has changed, several at a time.

Each worker reads the gradebook only. What a page was made from is kept as a digest in
`journal/<assignment>.feedback.jsonl`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import as_completed
from pathlib import Path

from autograder.classroom import processes
from autograder.classroom.journal import Entry, Journal
from autograder.judging.mendable import Mendable
from autograder.nbgrader_plugin.course import Nbgrader, NbgraderFailed
from autograder.nbgrader_plugin.folders import Folders
from autograder.nbgrader_plugin.gradebook import retry_while_locked
from autograder.pages.progress import progress
from autograder.submission.bounds import TookTooLong, bounded
from autograder.submission.digests import rooms_digest

Written = tuple[dict[str, Path], dict[str, str]]
"""The first page of each student, and for those that nbgrader could not write, why."""


class NothingToShow(Mendable):
    """Nobody has been graded yet, or not the student who is asked for."""


_course: list[Nbgrader] = []


def refresh(
    nbgrader: Nbgrader, assignment: str, students: Iterable[str], jobs: int, *, force: bool = False
) -> Written:
    """Write the pages of these graded students that are missing, or that show what has changed."""
    folders = nbgrader.folders(assignment)
    digests = _digests(nbgrader, assignment, students)
    pageless: dict[str, str] = {}
    with Journal(nbgrader.root / "journal" / f"{assignment}.feedback.jsonl") as journal:
        known = {name: entry.digest for name, entry in journal.entries.items()}
        stale = [
            student
            for student, digest in digests.items()
            if force or known.get(student) != digest or not _are_whole(folders, student)
        ]
        if stale:
            with progress("writing feedback", len(stale)) as advance:
                for student, problem in _written(nbgrader.root, assignment, stale, jobs):
                    advance(student)
                    if problem:
                        pageless[student] = problem
                    else:
                        journal.append(Entry(student, digests[student], 0, 0))
    pages = {student: _pages(folders, student) for student in digests}
    return {s: found[0] for s, found in pages.items() if found and found[0].exists()}, pageless


def graded_students(nbgrader: Nbgrader, assignment: str, only: Sequence[str] = ()) -> list[str]:
    """Who has graded notebooks of an assignment: all, or those named.

    Raises
    ------
    NothingToShow
        If nobody has, or one of those named has none.
    """
    folders = nbgrader.folders(assignment)
    students = list(only) or list(retry_while_locked(nbgrader.scores, assignment))
    found = [student for student in students if any(_pages(folders, student))]
    missing = set(only) - set(found)
    if missing or not found:
        whose = f" of {min(missing)}" if missing else ""
        raise NothingToShow(
            f"there are no graded notebooks{whose}; run `autograder grade {assignment}` first"
        )
    return sorted(found)


def _digests(nbgrader: Nbgrader, assignment: str, students: Iterable[str]) -> dict[str, str]:
    """Of everything that each student's pages show: notebooks, scores, comments, and how."""
    folders = nbgrader.folders(assignment)
    shown = retry_while_locked(nbgrader.shown, assignment)
    config = {n: c for n, c in nbgrader.config.items() if n not in ("CourseDirectory", "Exchange")}
    how = rooms_digest("nbgrader_plugin", "pages", "student") + repr(sorted(config.items()))
    digests = {}
    for student in students:
        digest = hashlib.sha256(f"{how}{shown.get(student)}".encode())
        for path in sorted(folders.autograded(student).glob("*.ipynb")):
            digest.update(path.name.encode() + path.read_bytes())
        digests[student] = digest.hexdigest()
    return digests


def _pages(folders: Folders, student: str) -> list[Path]:
    """Where the pages of a student's graded notebooks are, or are to be."""
    notebooks = sorted(folders.autograded(student).glob("*.ipynb"))
    return [folders.feedback(student) / f"{path.stem}.html" for path in notebooks]


def _are_whole(folders: Folders, student: str) -> bool:
    """Whether all pages are there, none cut off."""
    return all(
        page.exists() and page.read_text(encoding="utf-8").rstrip().endswith("</html>")
        for page in _pages(folders, student)
    )


def _written(
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
        with bounded("writing this page"):
            _course[0].generate_feedback(assignment, student)
    except (NbgraderFailed, TookTooLong) as problem:  # one student's is not another's trouble
        return f"{problem}"
    except MemoryError:
        return "writing this page needs more memory than is given"
    return ""
