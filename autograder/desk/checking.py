"""Grade notebooks with all hidden checks; in work/, only what has changed is run again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from autograder import sandbox
from autograder.course.build import Course
from autograder.course.one_file import NotGradable, Opened, grade_opened, open_file
from autograder.desk.work_folder import WORK
from autograder.folder.drawer import Graded, add
from autograder.folder.updating import BACKUPS
from autograder.notebook.cells import is_solution
from autograder.pages.report import outcome
from autograder.student.ran import digest_of
from autograder.submission.grading import submission_key
from autograder.submission.receipt import Receipt, load_receipt
from autograder.submission.settings import partial_credit

RECEIPTS = ".graded"
"""Beside the notebooks: what the last grading of each found. May be deleted."""


def notebooks(course: Course, paths: Sequence[Path]) -> list[Path]:
    """The notebooks meant: files as they are, of folders those that answer a chapter.

    Raises
    ------
    NotGradable
        If there is none.
    """
    found: list[Path] = []
    for path in paths or [course.root / WORK]:
        found += _in(course, path) if path.is_dir() else [path]
    if not found:
        where = ", ".join(str(path) for path in paths) or f"{WORK}/ (run `autograder update`)"
        raise NotGradable(f"there is no chapter's notebook in {where}")
    return found


def grade(
    path: Path, isolation: Callable[[], sandbox.Isolation], seed: int | None = None
) -> tuple[Receipt, bool]:
    """The receipt of a notebook, and whether it is new: else nothing that it depends on changed."""
    opened = open_file(path, seed=seed)
    at_home = path.resolve().parent == (opened.course.root / WORK).resolve()
    kept = path.parent / RECEIPTS / f"{path.stem}.json"
    receipt = _still_true(load_receipt(kept) if at_home else None, opened)
    new = receipt is None
    if receipt is None:
        receipt = grade_opened(opened, isolation())
    if at_home:
        receipt.save(kept)
        add(path.parent, _results(opened, receipt))
    return receipt, new


def _in(course: Course, folder: Path) -> list[Path]:
    chapters = [text.stem for text in course.texts]
    found = sorted(folder.rglob("*.ipynb"))
    passed_over = (BACKUPS, ".ipynb_checkpoints")
    own = (p for p in found if not set(p.relative_to(folder).parts) & set(passed_over))
    return [p for p in own if any(chapter in p.stem for chapter in chapters)]


def _still_true(receipt: Receipt | None, opened: Opened) -> Receipt | None:
    if receipt is None:
        return None
    known = receipt.key, receipt.seed, receipt.partial_credit
    credit = partial_credit(opened.course.nbgrader_root)
    return receipt if known == (submission_key(opened.submission), opened.seed, credit) else None


def _results(opened: Opened, receipt: Receipt) -> dict[str, Graded]:
    """What was found, by exercise, with a digest of the answer that it holds for."""
    sources = {c.id: c.source for c in opened.submission.notebook.cells if is_solution(c)}
    return {
        slug: Graded(
            digest_of(sources[slug]),
            result.earned,
            result.points,
            "" if result.earned == result.points else outcome(result),
            result.mistakes[0].hint if result.mistakes else "",
        )
        for slug, result in receipt.exercises.items()
    }
