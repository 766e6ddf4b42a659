"""A learner's notebook, read without running anything: which exercises are begun, which pass.

What passes is read from the saved outputs of checks: nothing is written down anywhere else. An
output names the answer that it was given for, so that a pass does not outlive its answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.folder.stubs import is_stub
from autograder.notebook.cells import is_check, is_solution
from autograder.notebook.reading import read_submission
from autograder.student.note import ABOUT
from autograder.student.ran import digest_of

PASSES = re.compile(r"public checks: (\d+) of \1 pass")


@dataclass(frozen=True)
class Answer:
    """What stands in one exercise's cell."""

    slug: str
    blank: bool
    practised: bool
    """The saved output of its check says that all public checks pass."""
    digest: str
    points: float


def answers(path: Path, released: NotebookNode | None = None) -> dict[str, Answer]:
    """The answers of a notebook by slug, in the order of the one that was released.

    All are blank if there is no file; without a released notebook the learner's own says what is
    asked, and one that cannot be read asks nothing.
    """
    raw = _bytes(path)
    saved = _notebook(raw)
    asked = released or saved or nbformat.v4.new_notebook()
    mine = read_submission(raw, asked).notebook if raw else asked
    points = dict(_points(asked))
    passing = _passing(saved)
    found = ((c.id, c.source, points.get(c.id, 0.0)) for c in mine.cells if is_solution(c))
    return {slug: _answer(slug, source, passing, worth) for slug, source, worth in found}


def _answer(slug: str, source: str, passing: dict[str, str], points: float) -> Answer:
    blank, digest = is_stub(source), digest_of(source)
    practised = not blank and passing.get(slug) in (digest, "")
    return Answer(slug, blank, practised, digest, points)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # none is there, or it is not ours to read
        return b""


def _notebook(raw: bytes) -> NotebookNode | None:
    try:
        return nbformat.reads(raw.decode("utf-8"), as_version=4) if raw else None
    except Exception:  # a damaged file tells nothing
        return None


def _points(notebook: NotebookNode) -> Iterator[tuple[str, float]]:
    for cell in filter(is_check, notebook.cells):
        yield cell.id.removesuffix("-check"), float(cell.metadata.nbgrader.get("points", 0))


def _passing(notebook: NotebookNode | None) -> dict[str, str]:
    """The exercises whose check shows that all pass, and for which answer: unknown if it is old."""
    cells = notebook.cells if notebook else []
    checks = (c for c in cells if str(c.get("id", "")).endswith("-check"))
    outputs = ((c.id.removesuffix("-check"), o) for c in checks for o in c.get("outputs", []))
    return {slug: _about(output) for slug, output in outputs if _says_so(output)}


def _says_so(output: Any) -> bool:
    return bool(PASSES.search(str(output.get("data", {}).get("text/plain", ""))))


def _about(output: Any) -> str:
    return str(output.get("metadata", {}).get(ABOUT, ""))
