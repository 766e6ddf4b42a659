"""What START.ipynb calls, and any notebook may: `update()` and `status()` of its folder.

Everything is read from the notebooks that lie there; no file of ours is kept beside them.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.judging import bank
from autograder.judging.mendable import Mendable
from autograder.student.note import Note, show
from autograder.student.own_notebooks import notebooks_of
from autograder.student.waiting import cells

if TYPE_CHECKING:
    from autograder.folder.standing import ChapterStanding
    from autograder.folder.updating import Updated

NOTHING_HERE = (
    "No chapter's notebook lies in this folder. Run START.ipynb of your kit: it brings those that "
    "are installed."
)
NOTHING_INSTALLED = (
    "No notebooks are installed here that yours could be updated to. In a clone of the course that "
    "is done by `autograder update`, in a terminal."
)
NEWER = (
    "A newer version of {names} is installed: run START.ipynb, which keeps what you have written."
)
OPEN_AGAIN = "Is it open? Close its tab, and open it again."


class NotebooksNotRead(Mendable):
    """What reads notebooks is not installed."""


def status() -> None:
    """Show how far you are in each chapter of this folder, and what comes next."""
    _need_nbformat()
    from autograder.folder.overview import Overview

    here, installed = Path.cwd(), _installed()
    found = {c: path for c in bank.chapters() for path in notebooks_of(c, here)[:1]}
    standings = [_standing(chapter, path, installed) for chapter, path in found.items()]
    show(Overview(standings, here) if found else Note(NOTHING_HERE))
    if older := _older(found, installed):
        show(Note(NEWER.format(names=", ".join(f"`{name}`" for name in older))))


def update() -> None:
    """Copy the notebooks of your kits into this folder, or bring yours up to them.

    Answers stay word for word; of each notebook that is changed a copy is kept, in `backups/`.
    """
    _need_nbformat()
    from autograder.folder.updating import update_folder

    installed = _installed()
    if not installed:
        show(Note(NOTHING_INSTALLED))
    handed_out = ((f"{chapter}.ipynb", text) for chapter, text in installed.items())
    for done in update_folder(Path(), handed_out):
        show(Note(_told(done)))


def _installed() -> dict[str, str]:
    """The text of each chapter's notebook that came with an installed kit."""
    paths = {c: bank.folder_of(c) / f"{c}.ipynb" for c in bank.chapters()}
    return {c: path.read_text(encoding="utf-8") for c, path in paths.items() if path.is_file()}


def _standing(chapter: str, path: Path, installed: dict[str, str]) -> ChapterStanding:
    import nbformat

    from autograder.folder.standing import standing

    asked = nbformat.reads(installed[chapter], as_version=4) if chapter in installed else None
    return standing(chapter, path, asked, cells.passed())


def _older(found: dict[str, Path], installed: dict[str, str]) -> list[str]:
    """The chapters whose notebooks are of another version than their kits."""
    from autograder.folder.updating import is_older

    return [c for c, path in found.items() if c in installed and is_older(path, installed[c])]


def _told(done: Updated) -> str:
    """What was done with one notebook, as a paragraph."""
    if done.new:
        return f"*New* `{done.path}`"
    said = f"`{done.path}`: {'; '.join(done.changes)}."
    return f"*Updated* {said} As it was: `{done.backup}`. {OPEN_AGAIN}" if done.backup else said


def _need_nbformat() -> None:
    if importlib.util.find_spec("nbformat") is None:
        raise NotebooksNotRead("this reads notebooks by nbformat: pip install nbformat")
