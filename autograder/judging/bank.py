"""The exercise bank: find exercises by chapter or slug, and the reference answer to each.

Exercises are the modules of the course's folder of exercises, `<chapter>/<slug>.py`; the reference
of one is the function of the same name in `<topic>.py` among its references, or, for what is no
component of the course (a quiz, a bug hunt), in the exercise's own file. Both folders are those of
the course that `content.py` finds, and are imported under the same two names whichever it is. A
student's kit has exercises installed, and no references.
"""

from __future__ import annotations

import difflib
import functools
import importlib
import importlib.util
import os
import pkgutil
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.judging.content import Content, find_content, mount
from autograder.judging.exercise import Exercise
from autograder.judging.mendable import AuthorMistake, Mendable

EXERCISES = "autograder.exercises"
REFERENCES = "reference_impl"


class UnknownExercise(Mendable):
    """No exercise of that name is in the bank."""


@functools.cache
def content() -> Content | None:
    """The course that this process works for, from its first question on; in a kit, none."""
    found = find_content() if have_references() else None
    if found:
        mount(found, EXERCISES, REFERENCES)
    return found


@functools.cache
def chapters() -> tuple[str, ...]:
    """Chapter names in course order, e.g. `ch02_backprop`; in a student's kit, those installed."""
    content()
    try:
        found = pkgutil.iter_modules(importlib.import_module(EXERCISES).__path__)
    except ModuleNotFoundError:  # a kit's base alone
        return ()
    return tuple(sorted(module.name for module in found if module.ispkg))


@functools.cache
def chapter(name: str) -> dict[str, Exercise]:
    """The exercises of one chapter by slug."""
    if name not in chapters():
        raise UnknownExercise(f"no chapter {name!r}; there are: {', '.join(chapters())}")
    found = ((slug, _exercise(name, slug)) for slug in _modules(name))
    return {slug: exercise for slug, exercise in found if exercise is not None}


def all_exercises() -> list[Exercise]:
    """Every exercise of the bank, in course order."""
    return [exercise for name in chapters() for exercise in chapter(name).values()]


def find(slug: str) -> Exercise:
    """The exercise called `slug`, in whichever chapter it is; no other is imported."""
    for name in chapters():
        if slug in _modules(name) and (exercise := _exercise(name, slug)):
            return exercise
    raise UnknownExercise(f"no exercise {slug!r}; {_what_there_is(slug)}")


def reference(exercise: Exercise) -> Callable[..., Any]:
    """The reference answer to an exercise.

    Raises
    ------
    AuthorMistake
        If there is none.
    """
    own = getattr(importlib.import_module(exercise.module), exercise.slug, None)
    topic = exercise.chapter.partition("_")[2]
    found: Callable[..., Any] | None = own or getattr(
        _topic(f"{REFERENCES}.{topic}"), exercise.slug, None
    )
    if found is None:
        course = content()
        folder = os.path.relpath(course.references) if course else REFERENCES
        raise AuthorMistake(
            f"{source_file(exercise)}: no reference answer; write a function {exercise.slug} in "
            f"{folder}/{topic}.py (or in this file, if it is no component of the course)"
        )
    return found


def folder_of(chapter_name: str) -> Path:
    """Where the files of a chapter's exercises are."""
    return Path(next(iter(importlib.import_module(f"{EXERCISES}.{chapter_name}").__path__)))


def source_file(exercise: Exercise) -> str:
    """The path of an exercise's own file."""
    return str(importlib.import_module(exercise.module).__file__)


def prerequisites(exercise: Exercise) -> dict[str, Callable[..., Any]]:
    """Reference answers to the earlier exercises that this one builds on, and theirs."""
    found: dict[str, Callable[..., Any]] = {}
    for slug in exercise.needs:
        earlier = find(slug)
        found |= {**prerequisites(earlier), slug: reference(earlier)}
    return found


def _what_there_is(slug: str) -> str:
    """What somebody may have meant who asked for an exercise that is not there."""
    known = {s for name in chapters() for s in _modules(name)}
    near = difflib.get_close_matches(slug, known, n=1, cutoff=0.8)
    if near:
        return f"did you mean {near[0]!r}?"
    there = f"there are: those of {', '.join(chapters()) or 'no chapter'}"
    return there if have_references() else f"{there}; install the kit of its chapter, too"


def have_references() -> bool:
    """Whether this is no student's kit."""
    return importlib.util.find_spec(REFERENCES) is not None


@functools.cache
def _modules(chapter_name: str) -> tuple[str, ...]:
    """The names of a chapter's files: exercises and their helpers."""
    package = importlib.import_module(f"{EXERCISES}.{chapter_name}")
    return tuple(module.name for module in pkgutil.iter_modules(package.__path__))


def _exercise(chapter_name: str, slug: str) -> Exercise | None:
    found = getattr(_module(chapter_name, slug), "exercise", None)
    return found if isinstance(found, Exercise) else None


def _module(chapter_name: str, name: str) -> ModuleType:
    """An exercise's module; what keeps it from being imported is its author's to mend."""
    try:
        return importlib.import_module(f"{EXERCISES}.{chapter_name}.{name}")
    except (Mendable, MemoryError):
        raise
    except Exception as error:
        what = f"{_place_of(error)}: {type(error).__name__}: {error}"
        if not have_references():
            what = f"the kit of {chapter_name} does not fit the others: install its newest ({what})"
        raise AuthorMistake(what) from error


def _place_of(error: Exception) -> str:
    """The file and line of the bank where an import failed."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if any(own in f.filename for own in _own_folders())] or frames
    return f"{os.path.relpath(ours[-1].filename)}:{ours[-1].lineno}"


def _own_folders() -> tuple[str, ...]:
    """What is in the path of each file that an author writes."""
    course = content()
    folders = (course.exercises, course.references) if course else (f"{os.sep}exercises",)
    return tuple(f"{folder}{os.sep}" for folder in folders)


def _topic(name: str) -> ModuleType | None:
    """A module of references, if there is one; it may be broken, like an exercise's."""
    if not have_references() or importlib.util.find_spec(name) is None:
        return None
    try:
        return importlib.import_module(name)
    except (Mendable, MemoryError):
        raise
    except Exception as error:
        raise AuthorMistake(f"{_place_of(error)}: {type(error).__name__}: {error}") from error
