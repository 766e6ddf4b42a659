"""Reading a submitted notebook, whatever state it is in.

A submission contributes only what the learner wrote: the structure (order, ids, points, locked
cells) is always that of the released notebook. So deleted, duplicated, reordered, merged or
relabelled cells, lost metadata, old formats and cut-off files all end as a notebook that can be
graded, and only what is really missing scores zero. Every repair is noted for the learner.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.notebook.cells import HIDDEN_LINES, is_check, is_experiment, is_solution

CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( .*)?$\n?", re.MULTILINE)
LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
MAX_EXTRA_CELLS = 500
SHOWN_NAMES = 5
MAX_DAMAGE = 1000
"""Places at which to look for a cell in vain; a file of nothing but braces has millions."""
MAX_CHARACTERS = 2 << 20
"""So many characters of damage, or as many as the file has, are looked through again for cells."""


@dataclass
class Submission:
    """A submission in the released notebook's structure, and what had to be mended."""

    notebook: NotebookNode
    repairs: list[str] = field(default_factory=list)
    digest: str = ""
    """Of the file that was handed in."""

    @property
    def chapter(self) -> str:
        return str(self.notebook.metadata.chainrule.chapter)

    def runnable(self, *, every_cell: bool = False) -> Iterator[tuple[str, str]]:
        """Id and source of the cells that grading runs: everything but untouched experiments."""
        for cell in self.notebook.cells:
            untouched = is_experiment(cell) and not every_cell
            if cell.cell_type == "code" and not is_check(cell) and not untouched:
                yield cell.id, cell.source


def read_submission(raw: bytes, released: NotebookNode) -> Submission:
    """Fit the bytes of a submitted notebook into the structure of the released one."""
    repairs: list[str] = []
    cells = [c for c in map(_plain_cell, _cells(notebook_text(raw, repairs), repairs)) if c]
    cells = _mended(cells, repairs)
    placed, extra = _match(cells, released, repairs)
    notebook = copy.deepcopy(released)
    repairs += _not_theirs(released, cells, placed)
    notebook.cells = list(_assemble(notebook.cells, placed, extra))
    return Submission(notebook, list(dict.fromkeys(repairs)), digest_of_file(raw))


def digest_of_file(raw: bytes) -> str:
    """Tells one handed-in file from another."""
    return hashlib.sha256(raw).hexdigest()[:24]


@dataclass
class _Cell:
    kind: str
    source: str
    names: tuple[str, ...]
    labels: dict[str, Any] = field(default_factory=dict)
    """What nbgrader's metadata say of it, as handed in."""

    def defines(self, name: str) -> bool:
        if self.kind != "code" or name not in self.source:
            return False
        pattern = rf"^((async )?def {name}\b|class {name}\b|{name} *= *(lambda\b|[A-Za-z_]\w*$))"
        return bool(re.search(pattern, self.source, re.MULTILINE))


def notebook_text(raw: bytes, repairs: list[str]) -> str:
    """The bytes of a file as text, whatever their encoding; what had to be mended is noted."""
    utf_16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = raw.decode("utf-16" if utf_16 else "utf-8-sig")
        repairs += ["the file is UTF-16 text and was read as such"] * utf_16
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
        repairs.append("the file is not UTF-8 text; unreadable characters were replaced")
    if "\0" in text:
        text = text.replace("\0", "")
        repairs.append("the file held NUL bytes, which were removed")
    return text


def _cells(text: str, repairs: list[str]) -> list[Any]:
    """The notebook's cells; of a merge conflict both sides if possible, else one."""
    for repair, version in _versions(text):
        try:
            found = _cell_list(json.loads(version))
        except (ValueError, RecursionError):
            continue
        if found is not None:
            repairs += [repair] * bool(repair)
            return found
    unmerged = CONFLICT.sub("", text)
    repairs += ["merge-conflict markers were removed"] * (unmerged != text)
    salvaged = _salvage(unmerged)
    what = f"its {len(salvaged)} complete cells were kept" if salvaged else "no cell could be read"
    repairs.append(f"the file is not a complete notebook: {what}")
    return salvaged


def _versions(text: str) -> Iterator[tuple[str, str]]:
    yield "", text
    if CONFLICT.search(text):
        yield "merge-conflict markers were removed", CONFLICT.sub("", text)
        yield "of each merge conflict the first side was kept", _one_side(text, "<")
        yield "of each merge conflict the second side was kept", _one_side(text, "=")


def _one_side(text: str, wanted: str) -> str:
    """Of each merge conflict in a text, the lines between the marker of `wanted` and the next."""
    side, kept = ">", []
    for line in text.splitlines(keepends=True):
        if CONFLICT.match(line):
            side = line[0]
        elif side in (">", wanted):
            kept.append(line)
    return "".join(kept)


def _cell_list(document: Any) -> list[Any] | None:
    if not isinstance(document, dict):
        return document or None if isinstance(document, list) else None
    if isinstance(document.get("worksheets"), list):  # nbformat 3
        sheets = [s.get("cells") for s in document["worksheets"] if isinstance(s, dict)]
        return [cell for cells in sheets if isinstance(cells, list) for cell in cells]
    cells = document.get("cells")
    return cells if isinstance(cells, list) else None


def _salvage(text: str) -> list[Any]:
    """Every complete cell of a file that is cut off or damaged in places."""
    start = re.search(r'"cells"\s*:\s*\[', text)
    position, decoder, found = start.end() if start else len(text), json.JSONDecoder(), []
    damage, patience = 0, max(len(text), MAX_CHARACTERS)
    while damage < MAX_DAMAGE and (brace := text.find("{", position)) >= 0:
        try:
            cell, position = decoder.raw_decode(text, brace)
        except (ValueError, RecursionError) as error:
            read_to = _read_to(error, text)
            patience -= read_to - brace
            # What is inside may be a cell, but not all of it can be read again and again.
            position = brace + 1 if patience > 0 else max(brace + 1, read_to)
            damage += 1
            continue
        if "cell_type" in cell:  # and not some part of a cell that is damaged
            found.append(cell)
    return found


def _read_to(error: Exception, text: str) -> int:
    """How far a text had been read when that error came."""
    if isinstance(error, json.JSONDecodeError) and not error.msg.startswith("Unterminated"):
        return error.pos
    return len(text)


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
    labels = nbgrader if isinstance(nbgrader, dict) else {}
    return _Cell(kind, _plain_text(source), names, labels) if isinstance(source, str) else None


def _plain_text(source: str) -> str:
    """Without what JSON can say and Python cannot read: NUL, halves of characters, CR."""
    text = source.encode("utf-8", "replace").decode().replace("\0", "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _mended(cells: list[_Cell], repairs: list[str]) -> list[_Cell]:
    """Cells whose text alone shows what happened to them, put right."""
    whole: list[_Cell] = []
    joined = None  # once is enough: a million halves would take for ever
    for cell in cells:
        last = whole[-1] if whole else None
        if (
            last
            and last is not joined
            and last.kind == "code" == cell.kind
            and _is_rest(cell.source)
        ):
            joined = last
            last.source += "\n" + cell.source
            repairs.append("a cell that was split within a function was joined again")
            continue
        if _is_unmerged(cell.source):
            cell.source = _one_side(cell.source, "<")
            repairs.append("of a merge conflict within a cell the first side was kept")
        whole.append(cell)
    return whole


def _is_unmerged(source: str) -> bool:
    if "<<<<<<<" not in source:
        return False
    begins, ends = (re.search(mark, source, re.M) for mark in (r"^<{7}( |$)", r"^>{7}"))
    return bool(begins and ends)


def _is_rest(source: str) -> bool:
    """Whether this is the end of a function: indented, with a `return` that is no deeper."""
    indented = re.match(r"\n*([ \t]{1,40})\S", source)
    return bool(indented and re.search(rf"^{indented[1]}return\b", source, re.MULTILINE))


def _match(
    cells: list[_Cell], released: NotebookNode, repairs: list[str]
) -> tuple[dict[str, _Cell], dict[str, list[_Cell]]]:
    """Say which cell fills which place, and which extra cells follow which place."""
    known = {cell.id: cell for cell in released.cells}
    by_source = {_unlinked(c.source, c.cell_type): c.id for c in released.cells}
    placed: dict[str, _Cell] = {}
    extra: dict[str, list[_Cell]] = {}
    anchor = ""
    for cell in cells:
        alike = by_source.get(_unlinked(cell.source, cell.kind))
        place = next((name for name in cell.names if name in known), alike)
        if place is None or (place in placed and cell.source == known[place].source):
            if place is None:
                extra.setdefault(anchor, []).append(cell)
            continue
        if place in placed and placed[place].source != known[place].source:
            extra.setdefault(anchor, []).append(placed[place])
            repairs.append(f"the cell `{place}` is there twice; the later one counts")
        placed[place] = cell
        anchor = place
    if sum(map(len, extra.values())) > MAX_EXTRA_CELLS:
        repairs.append(f"only the first {MAX_EXTRA_CELLS} of the added cells count")
    _find_by_content(released, placed, extra, repairs)
    return placed, extra


def _unlinked(source: str, kind: str) -> str:
    """A text with links as their words: where they lead depends on what lies beside a notebook."""
    return source if kind == "code" else LINK.sub(r"\1", source)


def _find_by_content(
    released: NotebookNode,
    placed: dict[str, _Cell],
    extra: dict[str, list[_Cell]],
    repairs: list[str],
) -> None:
    """Solution cells that lost their label are recognised by the function they define."""
    known = {cell.id: cell.source for cell in released.cells}
    edited = {name: cell for name, cell in placed.items() if cell.source != known[name]}
    runs = {cell.id for cell in released.cells if is_solution(cell) or is_experiment(cell)}
    strays = [c for group in extra.values() for c in group][:MAX_EXTRA_CELLS]
    missing = []
    for cell in filter(is_solution, released.cells):
        slug = cell.id
        if slug in placed and placed[slug].source != cell.source:
            continue
        others = {name: c for name, c in edited.items() if name != slug and c.defines(slug)}
        running = bool(runs & others.keys()) or any(c.defines(slug) for c in strays)
        if running:
            placed[slug] = _Cell("code", f"# `{slug}` is defined in another cell", ())
        elif others:  # in a cell that is ours, and will be ours again
            placed[slug] = [*others.values()][-1]
        elif slug not in placed:
            missing.append(f"`{slug}`")
        if running or others:
            repairs.append(f"`{slug}` was found in another cell")
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


def _not_theirs(
    released: NotebookNode, cells: list[_Cell], placed: dict[str, _Cell]
) -> Iterator[str]:
    """Say what was changed that is not for learners to change."""
    edited = [c.id for c in released.cells if _is_edited(c, placed.get(c.id))]
    if edited:
        yield f"the released text counts, not what is handed in here: {_some(edited)}"
    known = {cell.id: cell for cell in released.cells}
    relabelled = [next(iter(c.names)) for c in cells if _is_relabelled(c, known)]
    if relabelled:
        yield f"the released labels count, not those handed in: {_some(relabelled)}"


def _is_edited(cell: NotebookNode, submitted: _Cell | None) -> bool:
    """Whether it is a cell of ours, and says something else now."""
    theirs = cell.cell_type != "code" or is_solution(cell) or is_experiment(cell)
    return submitted is not None and not theirs and _text(submitted) != _text(cell)


def _is_relabelled(cell: _Cell, known: dict[str, NotebookNode]) -> bool:
    """Whether its metadata name two cells, or other points or rights than were released."""
    named = {name for name in cell.names if name in known}
    released = known[min(named)].metadata.get("nbgrader", {}) if named else {}
    both = cell.labels.keys() & released.keys() & {"points", "grade", "locked", "solution", "task"}
    return len(named) > 1 or any(cell.labels[key] != released[key] for key in both)


def _some(names: list[str]) -> str:
    """The first of them, and how many more there are."""
    listed = ", ".join(f"`{name}`" for name in names[:SHOWN_NAMES])
    return listed + f" and {len(names) - SHOWN_NAMES} more" * (len(names) > SHOWN_NAMES)


def _text(cell: _Cell | NotebookNode) -> list[str]:
    """Its lines without the white space at their ends, which editors remove.

    A check cell of the solutions has three more lines than the released one.
    """
    source = cell.source.removeprefix(HIDDEN_LINES)
    return [line.rstrip() for line in source.strip().splitlines()]


def _filled(cell: NotebookNode, submitted: _Cell | None) -> NotebookNode:
    """The released cell with what the learner may have written in it."""
    if submitted is None or cell.cell_type != "code" or submitted.source == cell.source:
        return cell
    if is_solution(cell):
        cell.source = submitted.source
    elif is_experiment(cell):
        cell.source = submitted.source
        cell.metadata["tags"] = ["experiment", "edited"]
    return cell
