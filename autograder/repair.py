"""Reading a submitted notebook, whatever state it is in.

A submission contributes only what the learner wrote: the structure (order, ids, points, locked
cells) is always that of the released notebook. So deleted, duplicated, reordered, merged or
relabelled cells, lost metadata, old formats and cut-off files all end as a notebook that can be
graded, and only what is really missing scores zero. Every repair is noted for the learner.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.chapter import is_check, is_solution

CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( .*)?$\n?", re.MULTILINE)
MAX_EXTRA_CELLS = 500


@dataclass
class Submission:
    """A submission in the released notebook's structure, and what had to be mended."""

    notebook: NotebookNode
    repairs: list[str] = field(default_factory=list)

    def runnable(self) -> Iterator[tuple[str, str]]:
        """Id and source of the cells that grading runs: everything but untouched experiments."""
        for cell in self.notebook.cells:
            untouched = cell.metadata.get("tags") == ["experiment"]
            if cell.cell_type == "code" and not is_check(cell) and not untouched:
                yield cell.id, cell.source


def read_submission(raw: bytes, released: NotebookNode) -> Submission:
    """Fit the bytes of a submitted notebook into the structure of the released one."""
    repairs: list[str] = []
    cells = [c for c in map(_plain_cell, _cells(_text(raw, repairs), repairs)) if c]
    placed, extra = _match(cells, released, repairs)
    notebook = copy.deepcopy(released)
    notebook.cells = list(_assemble(notebook.cells, placed, extra))
    return Submission(notebook, repairs)


@dataclass
class _Cell:
    kind: str
    source: str
    names: tuple[str, ...]

    def defines(self, name: str) -> bool:
        return self.kind == "code" and bool(re.search(rf"^def {name}\b", self.source, re.MULTILINE))


def _text(raw: bytes, repairs: list[str]) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
        repairs.append("the file is not UTF-8 text; unreadable characters were replaced")
    if "\0" in text:
        repairs.append("the file held NUL bytes, which were removed")
    return text.replace("\0", "").replace("\r\n", "\n")


def _cells(text: str, repairs: list[str]) -> list[Any]:
    try:
        found = _cell_list(json.loads(text))
    except (ValueError, RecursionError):
        found = None
    if found is not None:
        return found
    unmerged = CONFLICT.sub("", text)
    if unmerged != text:
        repairs.append("merge-conflict markers were removed")
    salvaged = _salvage(unmerged)
    what = f"its {len(salvaged)} complete cells were kept" if salvaged else "no cell could be read"
    repairs.append(f"the file is not a complete notebook: {what}")
    return salvaged


def _cell_list(document: Any) -> list[Any] | None:
    if not isinstance(document, dict):
        return None
    if isinstance(document.get("worksheets"), list):  # nbformat 3
        sheets = [s.get("cells") for s in document["worksheets"] if isinstance(s, dict)]
        return [cell for cells in sheets if isinstance(cells, list) for cell in cells]
    cells = document.get("cells")
    return cells if isinstance(cells, list) else None


def _salvage(text: str) -> list[Any]:
    """Every complete cell of a file that is cut off or damaged further on."""
    start = re.search(r'"cells"\s*:\s*\[', text)
    position, decoder, found = start.end() if start else len(text), json.JSONDecoder(), []
    while (brace := text.find("{", position)) >= 0:
        try:
            cell, position = decoder.raw_decode(text, brace)
        except (ValueError, RecursionError):
            break
        found.append(cell)
    return found


def _plain_cell(cell: Any) -> _Cell | None:
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    names = tuple(name for name in (grade_id, cell.get("id")) if isinstance(name, str))
    kind = "markdown" if cell.get("cell_type") in ("markdown", "raw", "heading") else "code"
    return _Cell(kind, source, names) if isinstance(source, str) else None


def _match(
    cells: list[_Cell], released: NotebookNode, repairs: list[str]
) -> tuple[dict[str, _Cell], dict[str, list[_Cell]]]:
    """Say which cell fills which place, and which extra cells follow which place."""
    known = {cell.id: cell for cell in released.cells}
    placed: dict[str, _Cell] = {}
    extra: dict[str, list[_Cell]] = {}
    anchor = ""
    for cell in cells:
        place = next((name for name in cell.names if name in known), None)
        if place is None or (place in placed and cell.source == known[place].source):
            if place is None:
                extra.setdefault(anchor, []).append(cell)
            continue
        if place in placed and placed[place].source != known[place].source:
            extra.setdefault(anchor, []).append(placed[place])
            repairs.append(f"the cell `{place}` is there twice; the later one counts")
        placed[place] = cell
        anchor = place
    _find_by_content(released, placed, extra, repairs)
    return placed, extra


def _find_by_content(
    released: NotebookNode,
    placed: dict[str, _Cell],
    extra: dict[str, list[_Cell]],
    repairs: list[str],
) -> None:
    """Solution cells that lost their label are recognised by the function they define."""
    missing = []
    for cell in filter(is_solution, released.cells):
        slug = cell.id
        if slug in placed and placed[slug].source != cell.source:
            continue
        others = [c for name, c in placed.items() if name != slug]
        strays = [c for group in extra.values() for c in group]
        if any(other.defines(slug) for other in [*others, *strays]):
            placed[slug] = _Cell("code", f"# `{slug}` is defined in another cell", ())
            repairs.append(f"`{slug}` was found in another cell")
        elif slug not in placed:
            missing.append(f"`{slug}`")
    if missing:
        repairs.append(f"left blank, because their cells are missing: {', '.join(missing)}")


def _assemble(
    template: list[NotebookNode], placed: dict[str, _Cell], extra: dict[str, list[_Cell]]
) -> Iterator[NotebookNode]:
    number = 0
    groups = [("", None), *((cell.id, cell) for cell in template)]
    for name, cell in groups:
        if cell is not None:
            yield _filled(cell, placed.get(name))
        for stray in extra.get(name, []):
            number += 1
            if number <= MAX_EXTRA_CELLS:
                make = new_code_cell if stray.kind == "code" else new_markdown_cell
                yield make(stray.source, id=f"extra-{number}", metadata={"tags": ["learner"]})


def _filled(cell: NotebookNode, submitted: _Cell | None) -> NotebookNode:
    """The released cell with what the learner may have written in it."""
    if submitted is None or cell.cell_type != "code" or submitted.source == cell.source:
        return cell
    if is_solution(cell):
        cell.source = submitted.source
    elif cell.metadata.get("tags") == ["experiment"]:
        cell.source = submitted.source
        cell.metadata["tags"] = ["experiment", "edited"]
    return cell
