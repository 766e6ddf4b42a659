"""Build what learners and instructors open, from the chapter texts and the exercise bank.

    course/{chapters,projects}/*.py -> course/source (nbgrader) -> course/release (student notebooks)
                                                     -> solutions (executed, with figures)

`release/` and `solutions/` are committed; `stale` says which of them no longer match.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course.chapter import BEGIN, END, BadChapter, source_notebook, with_reference_parts
from autograder.figures.knobs import STILLS_ONLY
from autograder.folder.kinds import KINDS, kind_of
from autograder.folder.links import PAGES
from autograder.judging import bank
from autograder.judging.content import FILE, Content, content_of, find_content, search_from, upward
from autograder.judging.mendable import Mendable
from autograder.submission.digests import exercise_digest, rooms_digest

CONFIG = "nbgrader_config.py"
CONFIGS = (CONFIG, "nbgrader_config.json")
FINGERPRINT = "solution_of"
SHOWING_ROOMS = ("judging", "judging_hidden", "student", "data", "figures")
"""Rooms that a solved notebook's outputs depend on."""


@dataclass(frozen=True)
class Course:
    """Where a course kit keeps its things."""

    root: Path

    @property
    def texts(self) -> list[Path]:
        """The chapters, and after them the projects."""
        folders = (self.root / "course" / kind.folder for kind in KINDS)
        return [path for folder in folders for path in sorted(folder.glob("[!_]*.py"))]

    def text(self, name: str) -> Path:
        """Where the text of that name is, or would be."""
        return self.nbgrader_root / kind_of(name).folder / f"{name}.py"

    @property
    def nbgrader_root(self) -> Path:
        return self.root / "course"

    @property
    def content(self) -> Content:
        """Where its exercises and references are; raises NoCourse."""
        found = content_of(self.root)
        if found is None:
            raise NoCourse(f"{self.nbgrader_root / FILE} has no part [course]; write one")
        return found

    @property
    def pages(self) -> list[Path]:
        """Texts without exercises: notation, glossary, errata."""
        return sorted((self.root / "course" / PAGES).glob("*.py"))

    def page(self, name: str) -> Path:
        return self.root / "solutions" / PAGES / f"{name}.ipynb"

    def notebook(self, kind: str, chapter: str) -> Path:
        base = self.root if kind == "solutions" else self.nbgrader_root
        return base / kind / chapter / f"{chapter}.ipynb"


class NoCourse(Mendable):
    """There is no course here."""


def locate(start: Path | None = None) -> Course:
    """The course that `start` (default: the current folder) lies in, or this checkout's."""
    found = find_content(start and start.resolve())
    if found is None:
        raise NoCourse(
            f"no course/course.toml in {start or search_from()} or above it; run this inside a "
            "course, name one by --course, or begin one: autograder new course FOLDER"
        )
    return Course(found.root)


def locate_nbgrader() -> Path:
    """The folder of the nbgrader course that the current folder lies in, or of this checkout's."""
    around = upward(search_from())
    found = (place for place in around if any((place / name).exists() for name in CONFIGS))
    return next(found, None) or locate().nbgrader_root


def write_source(course: Course, text: Path) -> Path | None:
    """Write a chapter's nbgrader source notebook if it changed."""
    return _write(course.notebook("source", text.stem), source_notebook(text))


def build_chapter(course: Course, text: Path, *, execute: bool = True) -> list[Path]:
    """Write a chapter's source, release and (if stale) executed solution; return what changed."""
    source = source_notebook(text)
    chapter = text.stem
    changed = [
        _write(course.notebook("source", chapter), source),
        _write(course.notebook("release", chapter), _released(source)),
    ]
    solution = course.notebook("solutions", chapter)
    if execute and _fingerprint_in(solution) != _fingerprint(source):
        changed.append(_write(solution, execute_solution(source)))
    return [path for path in changed if path]


def build_page(course: Course, text: Path) -> list[Path]:
    """Write a page, executed, if it is stale; return it if so."""
    due = list(stale_page(course, text))
    return [path for path in due if _write(path, execute_solution(source_notebook(text)))]


def stale_page(course: Course, text: Path) -> Iterator[Path]:
    """The page, if a build would change it."""
    page = course.page(text.stem)
    if _fingerprint_in(page) != _fingerprint(source_notebook(text)):
        yield page


def stale(course: Course, text: Path) -> Iterator[Path]:
    """The committed notebooks of a chapter that a build would change."""
    source = source_notebook(text)
    release = course.notebook("release", text.stem)
    if not release.exists() or release.read_text() != _text(_released(source)):
        yield release
    solution = course.notebook("solutions", text.stem)
    if _fingerprint_in(solution) != _fingerprint(source):
        yield solution


def _released(source: NotebookNode) -> NotebookNode:
    """The student notebook; nbgrader takes a second to import, and most commands do without."""
    from autograder import nbgrader_plugin

    return nbgrader_plugin.release(source)


def execute_solution(source: NotebookNode) -> NotebookNode:
    """Run the solved notebook from top to bottom; an error in any cell is raised as BadChapter."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError
    from nbconvert.preprocessors import CoalesceStreamsPreprocessor
    from traitlets.config import Config

    solved = with_reference_parts(source)
    for cell in solved.cells:
        cell.source = "\n".join(line for line in cell.source.split("\n") if line not in (BEGIN, END))
    with tempfile.TemporaryDirectory() as sockets:  # nobody else's, however many builds run
        private = Config(KernelManager={"transport": "ipc", "ip": f"{sockets}/kernel"})
        waits = {"timeout": 120, "startup_timeout": 300}
        client = NotebookClient(solved, kernel_name="python3", config=private, **waits)
        try:
            client.execute(env={**os.environ, STILLS_ONLY: "1"})
        except (CellExecutionError, CellTimeoutError) as error:
            raise BadChapter(_what_went_wrong(solved, error)) from None
    # What is printed comes in pieces, as chance has it.
    solved, _ = CoalesceStreamsPreprocessor().preprocess(solved, {})
    for cell in solved.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("metadata", {}).pop("needs_background", None)
    solved.metadata.chainrule[FINGERPRINT] = _fingerprint(source)
    return solved


def _what_went_wrong(solved: NotebookNode, error: Exception) -> str:
    """Which cell did not run, with its first line, and why."""
    chapter = solved.metadata.chainrule.chapter
    outputs = ((c, o) for c in solved.cells for o in c.get("outputs", []))
    for cell, output in outputs:
        if output.output_type == "error":
            first = cell.source.strip().partition("\n")[0]
            why = f"{output.ename}: {' '.join(str(output.evalue).split())[:300]}"
            return f"{chapter}: the solved cell {cell.id} (`{first}`) raises {why}"
    took = [cell for cell in solved.cells if cell.get("execution_count")]
    after = f"after the cell {took[-1].id}" if took else "at its beginning"
    return f"{chapter}: the solved notebook does not end; it stands {after} ({type(error).__name__})"


def _fingerprint(source: NotebookNode) -> str:
    """What a solution depends on: every cell, what it is said to show, the code behind the checks."""
    cells = [[c.id, c.source, c.metadata] for c in with_reference_parts(source).cells]
    digest = hashlib.sha256(json.dumps(cells, sort_keys=True).encode())
    digest.update(rooms_digest(*SHOWING_ROOMS).encode())
    chapter = source.metadata.chainrule.chapter
    for slug in bank.chapter(chapter) if chapter in bank.chapters() else ():
        digest.update(exercise_digest(chapter, slug).encode())
    return digest.hexdigest()[:16]


def _fingerprint_in(solution: Path) -> str | None:
    if not solution.exists():
        return None
    found = json.loads(solution.read_text())["metadata"].get("chainrule", {}).get(FINGERPRINT)
    return str(found)


def _write(path: Path, notebook: NotebookNode) -> Path | None:
    text = _text(notebook)
    if path.exists() and path.read_text() == text:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def _text(notebook: NotebookNode) -> str:
    return str(nbformat.writes(notebook, version=4)).rstrip("\n") + "\n"
