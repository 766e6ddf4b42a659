"""A learner's notebook, read without running anything: which exercises are begun, which pass."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course.build import Course
from autograder.desk.stubs import is_stub
from autograder.submission.cells import is_solution
from autograder.submission.reading import read_submission

PASSES = re.compile(r"public checks: (\d+) of \1 pass")


@dataclass(frozen=True)
class Answer:
    """What stands in one exercise's cell."""

    slug: str
    blank: bool
    practised: bool
    """The saved output of its check says that all public checks pass."""
    digest: str


def answers(course: Course, chapter: str, path: Path) -> dict[str, Answer]:
    """The answers of a notebook by slug, in the chapter's order; all blank if there is no file."""
    released = nbformat.read(course.notebook("release", chapter), as_version=4)
    raw = path.read_bytes() if path.exists() else b""
    mine = read_submission(raw, released).notebook if raw else released
    passing = _passing(raw)
    return {cell.id: _answer(cell, cell.id in passing) for cell in mine.cells if is_solution(cell)}


def _answer(cell: NotebookNode, passes: bool) -> Answer:
    blank = is_stub(cell.source)
    digest = hashlib.sha256(cell.source.encode()).hexdigest()[:16]
    return Answer(cell.id, blank, passes and not blank, digest)


def _passing(raw: bytes) -> set[str]:
    """The exercises whose check cell shows that everything passes."""
    try:
        cells = nbformat.reads(raw.decode("utf-8"), as_version=4).cells if raw else []
    except Exception:  # a damaged file tells nothing
        return set()
    checks = (c for c in cells if str(c.get("id", "")).endswith("-check"))
    return {c.id.removesuffix("-check") for c in checks if any(map(_says_so, c.get("outputs", [])))}


def _says_so(output: Any) -> bool:
    return bool(PASSES.search(str(output.get("data", {}).get("text/plain", ""))))
