"""Bring the notebooks of a folder up to the course: what the learner wrote stays, word for word.

Answers are found as in a submission (by cell, else by the function they define). What the course
has changed is taken; a backup of the file as it was is kept beside it.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.folder.links import apart
from autograder.folder.stubs import is_stub
from autograder.notebook.cells import content_id, is_experiment, is_solution
from autograder.notebook.reading import read_submission

BACKUPS = "backups"
STAMP = "handed_out"
"""In a notebook's metadata: a digest of the course's version that it was made of."""
CONTENT_ID = re.compile(r"(text|experiment)-[0-9a-f]{12}")


@dataclass
class Updated:
    """What was done with one file."""

    path: Path
    new: bool = False
    backup: Path | None = None
    changes: list[str] = field(default_factory=list)
    """In words: what is new, what was kept, what is in conflict."""


def update_folder(
    folder: Path, handed_out: Iterable[tuple[str, str]], now: datetime | None = None
) -> list[Updated]:
    """Copy what is missing from a folder, and update what is older than what is handed out.

    Parameters
    ----------
    folder
        The learner's.
    handed_out
        Name and text of each notebook.
    now
        For the names of backups.
    """
    when = (now or datetime.now()).strftime("%Y-%m-%d-%H%M%S")
    found = (_updated(folder / name, text, when) for name, text in handed_out)
    return [updated for updated in found if updated]


def _updated(path: Path, text: str, when: str) -> Updated | None:
    try:
        return _update(path, nbformat.reads(text, as_version=4), _stamp(text), when)
    except OSError as problem:  # a folder of a hub's, say
        said = f"cannot be written ({problem.strerror}): work in a folder of your own"
        return Updated(path, changes=[said])


def _update(path: Path, released: NotebookNode, stamp: str, when: str) -> Updated | None:
    if not path.exists():
        _write(path, released, stamp)
        return Updated(path, new=True)
    before = path.read_bytes()
    try:
        mine = _with_ids(nbformat.reads(before.decode("utf-8"), as_version=4))
    except Exception as problem:  # nothing of a file that cannot be read is touched
        return Updated(path, changes=[f"cannot be read ({type(problem).__name__}), left as it is"])
    if mine.metadata.get("chainrule", {}).get(STAMP) == stamp:
        return None
    merged, changes = merge(mine, released)
    if not changes:
        _write(path, mine, stamp)
        return None
    backup = path.parent / BACKUPS / f"{path.stem}-{when}.ipynb"
    backup.parent.mkdir(exist_ok=True)
    backup.write_bytes(before)
    _write(path, merged, stamp)
    return Updated(path, backup=backup, changes=changes)


def is_older(path: Path, text: str) -> bool:
    """Whether a notebook says that it was made of another version than what is handed out now."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))["metadata"]["chainrule"][STAMP]
    except (OSError, ValueError, LookupError, TypeError):
        return False
    return bool(said != _stamp(text))


def merge(mine: NotebookNode, released: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """The released notebook with the learner's work in it, and what is different from before."""
    known = {cell.source for cell in released.cells}
    kept = copy.deepcopy(mine)
    kept.cells = [c for c in kept.cells if not _is_the_courses(c) or c.source in known]
    for number, cell in enumerate(filter(_is_note, kept.cells)):
        cell.id = f"note-{number}"  # beside the course's text, not in its place
    merged = read_submission(nbformat.writes(kept).encode(), released).notebook
    shown = {c.source: c for c in mine.cells if c.cell_type == "code"}
    for cell in merged.cells:
        if cell.cell_type == "code" and (before := shown.get(cell.source)):
            cell.outputs, cell.execution_count = before.outputs, before.execution_count
    if [(c.id, c.source) for c in merged.cells] == [(c.id, c.source) for c in mine.cells]:
        return merged, []
    return merged, list(_changes(mine, merged, released))


def _with_ids(notebook: NotebookNode) -> NotebookNode:
    """The notebook with an id for each cell; formats before 4.5 have none."""
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    for cell in notebook.cells:
        if "id" not in cell:
            kind = "text" if cell.cell_type == "markdown" else "experiment"
            own = content_id(kind, apart(cell.source))
            cell["id"] = cell.metadata.get("nbgrader", {}).get("grade_id", own)
    return notebook


def _changes(mine: NotebookNode, merged: NotebookNode, released: NotebookNode) -> Iterator[str]:
    """What a learner wants to know of an update, a sentence each."""
    before = {cell.id: cell.source for cell in mine.cells}
    asked = {cell.id for cell in released.cells}
    answers = sum(is_solution(c) and not is_stub(c.source) for c in merged.cells)
    yield f"{answers} {'answer' if answers == 1 else 'answers'} kept, word for word"
    fresh = [c.id for c in merged.cells if is_solution(c) and c.id not in before]
    if fresh:
        yield f"new exercises: {', '.join(fresh)}"
    changed = sum(before.get(c.id) != c.source for c in released.cells if not is_solution(c))
    if changed:
        yield f"{changed} cells of the course are new or changed"
    for cell in mine.cells:
        if is_solution(cell) and cell.id not in asked:
            yield f"`{cell.id}` is no longer asked for: your answer stands where it was"
        elif is_experiment(cell) and cell.id not in asked and not _is_the_courses(cell):
            what = f"an experiment ({_begins(cell)})"
            yield f"both you and the course changed {what}: yours is kept beside the new one"


def _is_the_courses(cell: NotebookNode) -> bool:
    """Whether a cell says what the course once said, so that nothing of the learner's is in it."""
    labels = cell.metadata.get("nbgrader", {})
    if labels.get("solution"):
        return is_stub(cell.source)
    if labels or cell.id.endswith("-task"):
        return True
    named = CONTENT_ID.match(cell.id)
    return named is not None and content_id(named[1], apart(cell.source)) == named[0]


def _is_note(cell: NotebookNode) -> bool:
    """Whether it is a text of the course that the learner has written into."""
    ours = cell.cell_type == "markdown" and CONTENT_ID.match(cell.id)
    return bool(ours) and not _is_the_courses(cell)


def _begins(cell: NotebookNode) -> str:
    return next((f"`{line.strip()[:50]}`" for line in cell.source.splitlines() if line.strip()), "")


def _stamp(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(path: Path, notebook: NotebookNode, stamp: str) -> None:
    notebook.metadata.setdefault("chainrule", {})[STAMP] = stamp
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_name(f".{path.name}.{os.getpid()}")  # at no time is half a notebook there
    whole.write_text(nbformat.writes(notebook, version=4).rstrip("\n") + "\n", encoding="utf-8")
    whole.replace(path)
