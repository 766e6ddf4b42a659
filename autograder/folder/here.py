"""What START.ipynb calls, and any notebook may: `update()` and `status()` of its folder.

Everything is read from the notebooks that lie there; no file of ours is kept beside them.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.judging import bank
from autograder.judging.mendable import Mendable
from autograder.student.note import Note, show
from autograder.student.own_notebooks import notebooks_of
from autograder.student.waiting import cells

if TYPE_CHECKING:
    from autograder.folder.standing import ChapterStanding

NOTHING_HERE = (
    "No chapter's notebook lies in this folder. Run START.ipynb of your kit: it brings those that "
    "are installed."
)
NOTHING_INSTALLED = (
    "No notebooks are installed here that yours could be updated to. In a clone of the course that "
    "is done by `autograder update`, in a terminal."
)
OPEN_AGAIN = "Is it open? Close its tab, and open it again."


class NotebooksNotRead(Mendable):
    """What reads notebooks is not installed."""


def status() -> None:
    """Show how far you are in each chapter of this folder, and what comes next."""
    _need_nbformat()
    from autograder.folder.overview import Overview

    here = Path.cwd()
    found = [standing for name in bank.chapters() for standing in _standing(name, here)]
    show(Overview(found, here) if found else Note(NOTHING_HERE))


def update() -> None:
    """Copy the notebooks of your kits into this folder, or bring yours up to them.

    Answers stay word for word; of each notebook that is changed a copy is kept, in `backups/`.
    """
    _need_nbformat()
    from autograder.folder.updating import update_folder
    from autograder.folder.words import of_update

    handed_out = list(_handed_out())
    if not handed_out:
        show(Note(NOTHING_INSTALLED))
    for done in update_folder(Path(), handed_out):
        told = " ".join(_as_sentence(line) for line in of_update(done))
        show(Note(f"{told} {OPEN_AGAIN}" if done.backup else told))


def _standing(chapter: str, here: Path) -> Iterator[ChapterStanding]:
    """The standing in a chapter, if a notebook of it is in reach."""
    import nbformat

    from autograder.folder.standing import standing

    asked = dict(_handed_out()).get(f"{chapter}.ipynb")
    released = nbformat.reads(asked, as_version=4) if asked else None
    for path in notebooks_of(chapter, here)[:1]:
        yield standing(chapter, path, released, cells.passed())


def _handed_out() -> Iterator[tuple[str, str]]:
    """Name and text of each notebook that came with an installed kit."""
    for chapter in bank.chapters():
        path = bank.folder_of(chapter) / f"{chapter}.ipynb"
        if path.is_file():
            yield path.name, path.read_text(encoding="utf-8")


def _as_sentence(line: str) -> str:
    said = line.strip()
    return said if said.endswith(".") else f"{said}."


def _need_nbformat() -> None:
    if importlib.util.find_spec("nbformat") is None:
        raise NotebooksNotRead("this reads notebooks by nbformat: pip install nbformat")
