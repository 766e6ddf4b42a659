"""Where a course's content is: the same search for our own course and for anybody's.

A course is a folder with a file `course/course.toml` in it that says so:

    [course]
    title = "Numbers and words"
    exercises = "../exercises"      # as it is unless said
    references = "../references"    # as it is unless said

It is looked for where `CHAINRULE_COURSE` points (the commands' `--course` sets that), else in the
working directory, from there upward, and last around this package, which may be a checkout.
"""

from __future__ import annotations

import importlib
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.judging.mendable import Mendable

FOLDER = "course"
FILE = "course.toml"
VARIABLE = "CHAINRULE_COURSE"
OURS = Path(__file__).resolve().parents[2]
"""The folder around this package; in a checkout it holds our own course."""
BY_OTHERS = ("submitted", "autograded", "feedback", "downloaded")
"""Folders in which students' files lie: what looks like a course in there is not looked at."""
OF_NBGRADER = (FILE, "nbgrader_config.py", "nbgrader_config.json")
"""Beside such a folder is one of these."""


class BadCourse(Mendable):
    """A course's file cannot be read, or names folders that are not there."""


@dataclass(frozen=True)
class Content:
    """Where one course keeps what it asks, and the answers to it.

    Parameters
    ----------
    root : Path
        The folder with `course/` in it.
    title : str
        What the course is called in front of students.
    exercises, references : Path
        The folders of what the bank imports as `autograder.exercises` and as the reference.
    """

    root: Path
    title: str
    exercises: Path
    references: Path

    @property
    def folders(self) -> tuple[Path, ...]:
        """All that no learner's process may see."""
        return (self.exercises, self.references, self.root / FOLDER, self.root / "solutions")


def search_from() -> Path:
    """Where the search begins."""
    return Path(os.environ.get(VARIABLE) or Path.cwd()).resolve()


def upward(place: Path) -> Iterator[Path]:
    """A folder and those above it, without what lies among students' files."""
    around = (place, *place.parents)
    others = [number for number, folder in enumerate(around) if _by_others(folder)]
    return iter(around[max(others, default=-1) + 1 :])


def _by_others(folder: Path) -> bool:
    beside = (folder.parent / name for name in OF_NBGRADER)
    return folder.name in BY_OTHERS and any(path.exists() for path in beside)


def find_content(place: Path | None = None) -> Content | None:
    """The course around a place (unless said: where the search begins), if there is one.

    Raises
    ------
    BadCourse
        If its file cannot be read.
    """
    for folder in (*upward(place or search_from()), OURS):
        if found := content_of(folder) or _copy_of_ours(folder):
            return found
    return None


def _copy_of_ours(root: Path) -> Content | None:
    """Chapters in a folder that does not say whose they are: our own course, copied elsewhere."""
    if not (root / FOLDER / "chapters").is_dir():
        return None
    ours = content_of(OURS)
    return replace(ours, root=root) if ours else None


def content_of(root: Path) -> Content | None:
    """The content of the course in that folder, or None if its file has no part `[course]`."""
    path = root / FOLDER / FILE
    said = read_part(path, "course")
    if said is None:
        return None
    if unknown := said.keys() - {"title", "exercises", "references"}:
        raise BadCourse(
            f"{path}: [course] has no setting {min(unknown)}; it has title, exercises, references"
        )
    if wrong := [name for name, value in said.items() if not isinstance(value, str)]:
        raise BadCourse(f"{path}: write {wrong[0]} in quotes")
    folders = [path.parent / said.get(n, f"../{n}") for n in ("exercises", "references")]
    exercises, references = (folder.resolve() for folder in folders)
    if not exercises.is_dir():
        raise BadCourse(
            f"{path}: there is no folder {exercises} for exercises; make it, or name it"
        )
    return Content(root, said.get("title", root.name), exercises, references)


def read_part(path: Path, part: str) -> dict[str, Any] | None:
    """One part of a course's file; None if it is not there.

    Raises
    ------
    BadCourse
        If the file is not TOML.
    """
    if not path.is_file():
        return None
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get(part)
    except ValueError as error:
        raise BadCourse(f"{path} cannot be read: {error}") from None
    if found is not None and not isinstance(found, dict):
        raise BadCourse(f"{path}: write [{part}] on a line of its own")
    return found


def mount(content: Content, exercises: str, references: str) -> None:
    """Let the two packages lead to a course's folders, so that every import finds its content."""
    importlib.import_module(exercises).__path__ = [str(content.exercises)]
    known = importlib.import_module(references).__path__
    if str(content.references) not in known:
        known.insert(0, str(content.references))
