"""Where a learner's own answers are: in the notebooks that lie beside the one that asks.

Beside means in the same folder, as in a student's kit, or in folders side by side, as nbgrader
hands them out. An answer is found by its cell's name, and comes with the helpers it uses.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EVERYWHERE = {"np", "plt", "os", "check", "load_digits"}
"""Imported by the first cell of every notebook of the course."""


@dataclass(frozen=True)
class Answer:
    """What a learner has written for one exercise."""

    notebook: Path
    source: str
    helpers: tuple[str, ...]
    """What the answer uses of the rest of that notebook, in the order in which it stands there."""

    @property
    def blank(self) -> bool:
        """Whether the stub's `raise` is still in it."""
        return "raise NotImplementedError" in self.source


def find_answer(slug: str, chapter: str, folder: Path) -> Answer | None:
    """The answer to an exercise, from the notebook called like its chapter or else from another.

    Raises
    ------
    SyntaxError
        If the cell cannot be read.
    """
    for path in notebooks_of(chapter, folder):
        cells = list(_code_cells(path))
        for names, source in cells:
            if slug in names:
                return Answer(path, source, _helpers(source, [s for _, s in cells if s != source]))
    return None


def notebooks_of(chapter: str, folder: Path) -> list[Path]:
    """Those in reach: the chapter's own first, the others from the latest to the oldest."""
    own = [folder / f"{chapter}.ipynb", folder.parent / chapter / f"{chapter}.ipynb"]
    others = {*folder.glob("*.ipynb"), *(folder.parent / chapter).glob("*.ipynb")} - set(own)
    named = sorted((p for p in others if chapter in p.stem), key=lambda p: -p.stat().st_mtime)
    return [path for path in [*own, *named] if path.is_file()]


def _code_cells(path: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    """The names (nbgrader's and Jupyter's) and the source of each; nothing of a broken file."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    for cell in cells:
        if cell.get("cell_type") == "code":
            label = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
            yield (label, cell.get("id", "")), "".join(cell.get("source", ""))


def _helpers(source: str, others: list[str]) -> tuple[str, ...]:
    """The definitions and imports of other cells that a source needs, and what these need."""
    known = {name: text for other in others for name, text in _definitions(other)}
    order = list(known)
    wanted, waiting = set[str](), [source]
    while waiting:
        used = _names(waiting.pop()) & known.keys() - wanted - EVERYWHERE
        wanted |= used
        waiting += [known[name] for name in used]
    wanted -= {name for name, _ in _definitions(source)}
    return tuple(dict.fromkeys(known[name] for name in order if name in wanted))


def _definitions(source: str) -> Iterator[tuple[str, str]]:
    """The names that a cell binds by `def`, `class`, `import` or a value, and the text of each."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return
    for node in body:
        text = ast.get_source_segment(source, node) or ""
        for name in _bound(node):
            yield name, text


def _bound(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((alias.asname or alias.name).split(".")[0] for alias in names)
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if not _calls(value):
            yield name


def _calls(value: ast.expr) -> bool:
    """Whether something is worked out: a table of results is no helper."""
    return any(isinstance(part, ast.Call) for part in ast.walk(value))


def _names(source: str) -> set[str]:
    found: Any = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name))
    return {name.id for name in found}
