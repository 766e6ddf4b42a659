"""Grade one notebook file on its own: the self-learner's full check, without nbgrader."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import sandbox
from autograder.course import build
from autograder.judging.mendable import Mendable
from autograder.notebook.reading import Submission, read_submission
from autograder.submission.bounds import TookTooLong
from autograder.submission.course_names import course_names
from autograder.submission.grading import Options, grade_submission
from autograder.submission.receipt import Receipt
from autograder.submission.seeds import assignment_seed
from autograder.submission.settings import course_settings


class NotGradable(Mendable):
    """That file is not an answer to one of the course's chapters."""


@dataclass(frozen=True)
class Opened:
    """A notebook file that answers a chapter of the course."""

    path: Path
    course: build.Course
    submission: Submission
    seed: int


def open_file(path: Path, *, seed: int | None = None) -> Opened:
    """Read a notebook file; without `seed` it is graded with the assignment's own.

    Raises
    ------
    NotGradable
        If there is no such file, or it cannot be told which chapter it answers.
    """
    if not path.is_file():
        raise NotGradable(f"there is no notebook {path}")
    course, raw = build.locate(), path.read_bytes()
    chapter = _chapter_of(path, raw, course)
    if seed is None:
        seed = assignment_seed(course.nbgrader_root, chapter)
    return Opened(path, course, read_submission(raw, _released(course, chapter)), seed)


def grade_file(path: Path, *, isolation: sandbox.Isolation, seed: int | None = None) -> Receipt:
    """Judge a notebook file with all hidden checks.

    Raises
    ------
    NotGradable
        As `open_file`, and if grading takes more than one submission may take.
    """
    return grade_opened(open_file(path, seed=seed), isolation)


def grade_opened(opened: Opened, isolation: sandbox.Isolation) -> Receipt:
    """The same for a file that was read."""
    try:
        said = course_settings(opened.course.nbgrader_root)
        limits = said.limits(sandbox.Limits())
        names = course_names(opened.course.nbgrader_root, opened.submission.chapter)
        options = Options(
            isolation,
            opened.seed,
            partial_credit=said.partial_credit,
            limits=limits,
            names=names,
        )
        return grade_submission(opened.submission, options)
    except (TookTooLong, MemoryError) as problem:
        why = str(problem) or "it needs too much memory"
        raise NotGradable(f"{opened.path} cannot be graded: {why}") from None


def _chapter_of(path: Path, raw: bytes, course: build.Course) -> str:
    """The chapter that a file answers: by its metadata, else by its name."""
    chapters = [text.stem for text in course.texts]
    named = _chapter_in(raw)
    chapter = named if named in chapters else next((c for c in chapters if c in path.stem), None)
    if chapter is None:
        there = ", ".join(chapters) or f"none in {course.nbgrader_root}"
        raise NotGradable(
            f"{path} does not say which chapter it answers; put the chapter in its name "
            f"(there are: {there})"
        )
    return chapter


def _released(course: build.Course, chapter: str) -> NotebookNode:
    released = course.notebook("release", chapter)
    if not released.exists():
        raise NotGradable(f"{released} is missing; run `autograder build {chapter}` first")
    return nbformat.read(released, as_version=4)


def _chapter_in(raw: bytes) -> str | None:
    try:
        chapter = json.loads(raw.decode("utf-8-sig"))["metadata"]["chainrule"]["chapter"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return chapter if isinstance(chapter, str) else None
