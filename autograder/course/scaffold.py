"""Skeletons of courses, chapters and exercises, and what is still to do in each."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course.build import Course
from autograder.judging.mendable import AuthorMistake

CHAPTER_NAME = re.compile(r"ch\d\d_[a-z][a-z0-9_]*")
TAKEN = ("validation",)
"""Modules of the references that are everybody's."""
SLUG = re.compile(r"[a-z][a-z0-9_]*")
WHOLE = "course"
"""The folder of skeletons whose files make a course."""
TO_DO = "TODO"
"""Marks what an author has to fill in; `autograder verify` finds what was left."""


def new_course(root: Path, title: str = "") -> list[Path]:
    """Write a course of one's own, whole: a chapter with an exercise, and all that it is built with.

    Parameters
    ----------
    root : Path
        A folder that is new or empty.
    title : str
        What students read; unless said, the folder's name.

    Raises
    ------
    AuthorMistake
        If the folder holds something, or its name has nothing to call a course by.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise AuthorMistake(f"{root} is there already; name a new folder")
    name = re.sub(r"[^a-z0-9]+", "-", root.resolve().name.lower()).strip("-")
    if not name:
        raise AuthorMistake(f"{root} has no letter to call a course by; name another folder")
    if not (title := title.strip() or name.replace("-", " ").capitalize()).isprintable():
        raise AuthorMistake("the title has characters that cannot be printed; give another")
    facts = {"course_id": name, "title": title}
    templates = sorted(t for t in _environment().list_templates() if t.startswith(f"{WHOLE}/"))
    return [write_skeleton(root / t.removeprefix(f"{WHOLE}/").removesuffix(".j2"), t, facts) for t in templates]


def new_chapter(course: Course, name: str) -> list[Path]:
    """Write what a chapter consists of, but for what is there already.

    Raises
    ------
    AuthorMistake
        If the name cannot be a chapter's, or the chapter is there.
    """
    text = free_place(course, name)
    facts = {"chapter": name, "topic": topic_of(name), "number": int(name[2:4])}
    return [
        write_skeleton(text, "chapter.py.j2", facts),
        write_skeleton(exercises_of(course, name) / "__init__.py", "package.py.j2", facts),
        *_missing_reference(course, facts),
    ]


def free_place(course: Course, name: str) -> Path:
    """Where the text of a new chapter of that name will be; raises AuthorMistake."""
    if not CHAPTER_NAME.fullmatch(name):
        raise AuthorMistake(f"{name!r} cannot be a chapter's name; call it like ch02_backprop")
    if topic_of(name) in TAKEN:
        raise AuthorMistake(f"{name}: {topic_of(name)} is a module of ours; give it another name")
    if course.text(name).exists():
        raise AuthorMistake(f"{course.text(name)} is there already")
    return course.text(name)


def new_exercise(course: Course, chapter: str, slug: str) -> list[Path]:
    """Write an exercise's file, a reference to fill in, and its place in the chapter.

    Raises
    ------
    AuthorMistake
        If there is no such chapter, the slug cannot be one, or the exercise is there.
    """
    text, path = course.text(chapter), exercises_of(course, chapter) / f"{slug}.py"
    if not text.exists():
        raise AuthorMistake(f"there is no {text}; run `autograder new chapter {chapter}` first")
    if not SLUG.fullmatch(slug) or keyword.iskeyword(slug):
        raise AuthorMistake(f"{slug!r} cannot be an exercise's name: it is that of its function")
    if path.exists():
        raise AuthorMistake(f"{path} is there already")
    facts = {"chapter": chapter, "topic": topic_of(chapter), "slug": slug}
    written = [write_skeleton(path, "exercise.py.j2", facts), *_missing_reference(course, facts)]
    reference = references_of(course, chapter)
    if f"def {slug}(" not in reference.read_text(encoding="utf-8"):
        _append(reference, "reference_function.py.j2", facts)
    place = f'# %% exercise="{slug}"'
    if place not in text.read_text(encoding="utf-8"):
        _append(text, "place.py.j2", facts)
    return [*written, reference, text]


def left_to_do(paths: list[Path]) -> list[str]:
    """Each line that an author still has to fill in, as `file:line: what`."""
    return [
        f"{path}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if TO_DO in line
    ]


def _missing_reference(course: Course, facts: Mapping[str, object]) -> list[Path]:
    path = references_of(course, str(facts["chapter"]))
    return [] if path.exists() else [write_skeleton(path, "reference.py.j2", facts)]


def exercises_of(course: Course, chapter: str) -> Path:
    return course.content.exercises / chapter


def references_of(course: Course, chapter: str) -> Path:
    folder = course.content.references / topic_of(chapter)
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")


def topic_of(chapter: str) -> str:
    return chapter.partition("_")[2]


def write_skeleton(path: Path, template: str, facts: Mapping[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_rendered(template, facts), encoding="utf-8")
    return path


def _append(path: Path, template: str, facts: Mapping[str, object]) -> None:
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text(f"{text}\n{_rendered(template, facts)}", encoding="utf-8")


def _rendered(template: str, facts: Mapping[str, object]) -> str:
    return _environment().get_template(template).render(facts)


def _environment() -> Environment:
    loader = PackageLoader("autograder.course", "skeletons")
    return Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True)
