"""The student's kit: notebooks, and packages that can run their public checks and nothing more.

The packages add up: `chainrule-student` brings our rooms, and one more package for each chapter
its exercises, so that the kits of several chapters share an environment and no file has two owners.

A chapter's notebook is in its package, too. The folder `notebooks/` holds what a learner does not write in:
the pages, and START.ipynb, which copies the notebooks there. So whatever is unpacked over an older kit, no file
of the learner's is in it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course.build import Course
from autograder.course.handout import handout
from autograder.course.lending import lent_files
from autograder.course.public_part import chapter_sources
from autograder.course.start_page import START, start_page
from autograder.judging import bank
from autograder.judging.bank import EXERCISES
from autograder.judging.mendable import Mendable
from autograder.student import stills

SHIPPED_ROOMS = ("judging", "notebook", "student", "folder", "data", "figures")
"""Whole folders; of the exercises what public checks need, and nothing else of ours."""

BASE = "chainrule-student"
SHOW = "from autograder import status, update\n\nupdate()\nstatus()"
ROOMS = Path(__file__).parents[1]
Facts = dict[str, Any]


class UnusableFolder(Mendable):
    """The kit cannot be written there."""


def write_kit(course: Course, folder: Path, chapters: Collection[str]) -> Path:
    """Write the student's kit of `chapters` into `folder`: new, empty, or an earlier kit.

    Chapters give functions that earlier ones ask for, so hand out those that are due and no more.

    Raises
    ------
    UnusableFolder
        If the folder holds something else, or a notebook that somebody may have worked in: nothing
        of it is touched.
    """
    facts: Facts = {"base": BASE, "version": version("chainrule"), "title": course.content.title}
    given = dict(handout(course, chapters))
    pages = {name: text for name, text in given.items() if Path(name).stem not in chapters}
    pages[START] = start_page(_text("START.md", facts), SHOW)
    _refuse_what_is_no_kit(folder, pages)
    for part in ("packages", "notebooks"):
        shutil.rmtree(folder / part, ignore_errors=True)
    packages = with_parts(course, chapters)
    facts["names"] = {chapter: f"{BASE}-{chapter.replace('_', '-')}" for chapter in packages}
    for file in ("README.md", "requirements.txt"):
        _write(folder / file, _text(file, facts))
    _write_base(folder / "packages" / BASE, facts)
    for chapter in packages:
        _write_chapter(folder / "packages", course, chapter, facts, given.get(f"{chapter}.ipynb"))
    for name, text in pages.items():
        _write(folder / "notebooks" / name, text)
    return folder


def with_parts(course: Course, chapters: Collection[str]) -> list[str]:
    """The chapters, and those whose exercises a project among them brings: it checks these too."""
    cells = (
        cell
        for chapter in chapters
        for cell in json.loads(course.notebook("release", chapter).read_text("utf-8"))["cells"]
    )
    brought = (bank.find(slug) for cell in cells for slug in cell["metadata"].get("bring", ()))
    return sorted({*chapters, *(exercise.chapter for exercise in brought)})


def _write_base(package: Path, facts: Facts) -> None:
    _write(package / "pyproject.toml", _text("base.toml", facts))
    _write(package / "autograder" / "__init__.py", (ROOMS / "__init__.py").read_text("utf-8"))
    for room in SHIPPED_ROOMS:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOMS / room, package / "autograder" / room, ignore=ignore)


def _write_chapter(packages: Path, course: Course, chapter: str, facts: Facts, notebook: str | None) -> None:
    """One chapter's exercises, with the notebook that asks for them; the folder above belongs to no package."""
    package = packages / facts["names"][chapter]
    _write(package / "pyproject.toml", _text("chapter.toml", {**facts, "chapter": chapter}))
    exercises = _exercises_of(package, chapter)
    for name, text in _chapter_files(chapter):
        _write(exercises / name, text)
    if notebook is not None:
        _write(exercises / f"{chapter}.ipynb", notebook)
        pictures = stills.stills_of(chapter, course.notebook("solutions", chapter))
        shown = {name: asdict(stills.small(picture)) for name, picture in pictures.items()}
        _write(exercises / stills.FILE, json.dumps(shown))
    for file, lent in lent_files(course.nbgrader_root, chapter):
        exercises.joinpath(file).write_bytes(lent)


def _exercises_of(package: Path, chapter: str) -> Path:
    return package.joinpath(*EXERCISES.split("."), chapter)


def _chapter_files(chapter: str) -> Iterator[tuple[str, str]]:
    yield "__init__.py", f'"""Exercises of {chapter}."""\n'
    for module, shown in chapter_sources(bank.folder_of(chapter)).items():
        yield f"{module}.py", shown


def _text(name: str, facts: Facts) -> str:
    templates = PackageLoader("autograder.course", "skeletons/kit")
    environment = Environment(  # noqa: S701  (TOML and Markdown, from names of our own)
        loader=templates, undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True
    )
    return environment.get_template(f"{name}.j2").render(facts)


def _refuse_what_is_no_kit(folder: Path, pages: Collection[str]) -> None:
    packages = folder / "packages"
    ours = packages.is_dir() and all(p.name.startswith(BASE) for p in packages.iterdir())
    if folder.exists() and any(folder.iterdir()) and not ours:
        raise UnusableFolder(f"{folder} is not empty and not a kit; name a new folder")
    worked = (p for p in sorted((folder / "notebooks").glob("*.ipynb")) if p.name not in pages)
    if (found := next(worked, None)) is not None:
        raise UnusableFolder(f"{found} may be somebody's work, and is no part of a kit; name a new folder")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
