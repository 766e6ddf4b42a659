"""The exercise bank: find exercises by chapter or slug, and the reference answer to each.

Exercises are the modules of `autograder/exercises/<chapter>/`; the reference of one is the
function of the same name in `reference_impl/<topic>.py`, or, for what is no component of the
course (a quiz, a bug hunt), in the exercise's own file. A student's kit has no references.
"""

from __future__ import annotations

import functools
import importlib
import os
import pkgutil
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any

from autograder.judging.exercise import Exercise
from autograder.judging.mendable import AuthorMistake, Mendable

EXERCISES = "autograder.exercises"
REFERENCES = "reference_impl"


class UnknownExercise(Mendable):
    """No exercise of that name is in the bank."""


@functools.cache
def chapters() -> tuple[str, ...]:
    """Chapter names in course order, e.g. `ch02_backprop`."""
    found = pkgutil.iter_modules(importlib.import_module(EXERCISES).__path__)
    return tuple(sorted(module.name for module in found if module.ispkg))


@functools.cache
def chapter(name: str) -> dict[str, Exercise]:
    """The exercises of one chapter by slug."""
    if name not in chapters():
        raise UnknownExercise(f"no chapter {name!r}; there are: {', '.join(chapters())}")
    package = importlib.import_module(f"{EXERCISES}.{name}")
    modules = (_module(name, m.name) for m in pkgutil.iter_modules(package.__path__))
    return {e.slug: e for m in modules if isinstance(e := getattr(m, "exercise", None), Exercise)}


def all_exercises() -> list[Exercise]:
    """Every exercise of the bank, in course order."""
    return [exercise for name in chapters() for exercise in chapter(name).values()]


def find(slug: str) -> Exercise:
    """The exercise called `slug`, in whichever chapter it is."""
    for name in chapters():
        if slug in chapter(name):
            return chapter(name)[slug]
    known = sorted(s for name in chapters() for s in chapter(name))
    raise UnknownExercise(f"no exercise {slug!r}; there are: {', '.join(known)}")


def reference(exercise: Exercise) -> Callable[..., Any]:
    """The reference answer to an exercise.

    Raises
    ------
    AuthorMistake
        If there is none.
    """
    own = getattr(importlib.import_module(exercise.module), exercise.slug, None)
    topic = f"{REFERENCES}.{exercise.chapter.partition('_')[2]}"
    found: Callable[..., Any] | None = own or getattr(_topic(topic), exercise.slug, None)
    if found is None:
        raise AuthorMistake(
            f"{source_file(exercise)}: no reference answer; write a function {exercise.slug} in "
            f"{topic.replace('.', '/')}.py (or in this file, if it is no component of the course)"
        )
    return found


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


def _module(chapter_name: str, name: str) -> ModuleType:
    """An exercise's module; what keeps it from being imported is its author's to mend."""
    try:
        return importlib.import_module(f"{EXERCISES}.{chapter_name}.{name}")
    except (Mendable, MemoryError):
        raise
    except Exception as error:
        raise AuthorMistake(f"{_place_of(error)}: {type(error).__name__}: {error}") from error


def _place_of(error: Exception) -> str:
    """The file and line of the bank where an import failed."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if f"{os.sep}exercises{os.sep}" in f.filename] or frames
    return f"{os.path.relpath(ours[-1].filename)}:{ours[-1].lineno}"


def _topic(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return None
