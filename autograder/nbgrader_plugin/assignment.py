"""What grading an assignment needs to know, as plain facts that travel to workers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.api import Notebook as NotebookRow
from traitlets.config import Config

from autograder.judging.mendable import Mendable


class NotRegistered(Mendable):
    """The gradebook does not know the assignment."""


@dataclass(frozen=True)
class SourceCell:
    """One source cell of the instructor's, as the gradebook holds it."""

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str
    max_score: float | None
    """None if it is not graded."""
    solution: bool
    task: bool


@dataclass(frozen=True)
class SourceNotebook:
    """One notebook of an assignment."""

    name: str
    cells: dict[str, SourceCell]
    kernelspec: dict[str, Any]
    released: str | None
    """The released notebook, if it is one of ours."""
    texts: tuple[str, ...] = ()
    """The text cells as they were released."""

    @property
    def chapter(self) -> str:
        """The chapter of ours that it is, or nothing."""
        if self.released is None:
            return ""
        return str(json.loads(self.released)["metadata"]["chainrule"]["chapter"])


@dataclass(frozen=True)
class Assignment:
    """An assignment of a course: its notebooks, the instructor's files, nbgrader's settings."""

    name: str
    notebooks: dict[str, SourceNotebook]
    files: dict[str, bytes]
    config: Config

    @property
    def ours(self) -> bool:
        """Whether it is a chapter of ours, judged from outside."""
        return any(notebook.released is not None for notebook in self.notebooks.values())


class FrozenGradebook:
    """Answers a preprocessor's questions about one notebook without a database."""

    def __init__(self, facts: SourceNotebook) -> None:
        self.facts = facts

    def find_source_cell(self, name: str, *unused: str) -> SourceCell:
        if name not in self.facts.cells:
            raise MissingEntry(f"no source cell {name}")
        return self.facts.cells[name]

    def find_graded_cell(self, name: str, *unused: str) -> SourceCell:
        cell = self.find_source_cell(name)
        if cell.max_score is None:
            raise MissingEntry(f"no graded cell {name}")
        return cell

    def find_notebook(self, *unused: str) -> SimpleNamespace:
        cells = list(self.facts.cells.values())
        return SimpleNamespace(
            source_cells=cells,
            grade_cells=[c for c in cells if c.max_score is not None and not c.task],
            solution_cells=[c for c in cells if c.solution],
            task_cells=[c for c in cells if c.task],
        )


def read_assignment(
    gradebook: Gradebook, root: Path, name: str, config: Config, files: dict[str, bytes]
) -> Assignment:
    """Read the facts from the gradebook and the course folder.

    Raises
    ------
    NotRegistered
        If `nbgrader generate_assignment` has not been run.
    """
    try:
        rows = gradebook.find_assignment(name).notebooks
    except MissingEntry:
        raise NotRegistered(
            f"the gradebook does not know {name!r}; run `nbgrader generate_assignment {name}` first"
        ) from None
    notebooks = {row.name: _facts(row, root / "release" / name) for row in rows}
    return Assignment(name, notebooks, files, config)


def _facts(row: NotebookRow, release: Path) -> SourceNotebook:
    points = {cell.name: float(cell.max_score) for cell in [*row.grade_cells, *row.task_cells]}
    solutions = {cell.name for cell in row.solution_cells}
    tasks = {cell.name for cell in row.task_cells}
    cells = {
        cell.name: SourceCell(
            name=cell.name,
            cell_type=cell.cell_type,
            locked=bool(cell.locked),
            source=cell.source,
            checksum=cell.checksum,
            max_score=points.get(cell.name),
            solution=cell.name in solutions,
            task=cell.name in tasks,
        )
        for cell in row.source_cells
    }
    kernelspec = json.loads(row.kernelspec) if row.kernelspec else {}
    text = _read(release / f"{row.name}.ipynb")
    released = text if text and is_ours(text) else None
    return SourceNotebook(row.name, cells, kernelspec, released, released_texts(text or "{}"))


def is_ours(text: str) -> bool:
    """Whether a released notebook is a chapter of ours."""
    return "chainrule" in json.loads(text).get("metadata", {})


def released_texts(text: str) -> tuple[str, ...]:
    """The sources of a notebook's text cells."""
    cells = json.loads(text).get("cells", [])
    sources = [cell["source"] for cell in cells if cell["cell_type"] != "code"]
    return tuple("".join(source) for source in sources)


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
