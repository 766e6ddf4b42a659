"""`borrow("slug")`: a working version of an exercise for the rest of the session.

Who has the answers (a clone of the course) may always borrow. A student's kit has what the
instructor lends, beside the exercises: compiled, one file for each chapter and version of Python.
Nothing that is borrowed is worth a point.
"""

from __future__ import annotations

import functools
import importlib
import marshal
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autograder.judging import bank
from autograder.judging.exercise import Exercise
from autograder.judging.mendable import Mendable
from autograder.student.blanks import is_blank
from autograder.student.note import Note, show

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
LENT = "lent-{version}.bin"

LENDING = (
    "`{slug}` is *borrowed* until the kernel restarts, and worth nothing. Later cells run with it; "
    "your own answer takes its place when you run its cell."
)

_borrowed: dict[str, Callable[..., Any]] = {}


class NotLent(Mendable):
    """That exercise cannot be borrowed, or not here."""


def borrow(slug: str) -> None:
    """Define the exercise `slug` in the notebook, so that later cells run; it is worth nothing.

    Your own answer takes its place as soon as you run its cell.

    Raises
    ------
    NotLent
        If it is not lent (yet), or not for this version of Python.
    """
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        return
    exercise = bank.find(slug)
    namespace = sys._getframe(1).f_globals
    _borrowed[slug] = namespace[slug] = _lent(exercise)
    show(Note(LENDING.format(slug=slug)))


def is_lent(slug: str, answer: Any) -> bool:
    """Whether that is what was borrowed, and no answer of the learner's."""
    return answer is not None and _borrowed.get(slug) is answer


def put_back(namespace: dict[str, Any]) -> None:
    """Lend again what a blank stub has overwritten."""
    for slug, lent in _borrowed.items():
        if is_blank(namespace.get(slug)):
            namespace[slug] = lent


def may_be_lent(slug: str) -> bool:
    """Whether `borrow` would give it here."""
    try:
        _lent(bank.find(slug))
    except Mendable:
        return False
    return True


def _lent(exercise: Exercise) -> Callable[..., Any]:
    if exercise.asks_for_one_answer:
        raise NotLent(f"{exercise.slug} asks for your own answer: it is not lent")
    if bank.have_references():
        return _another(bank.reference(exercise))
    return _from_kit(exercise)


def _another(reference: Callable[..., Any]) -> Callable[..., Any]:
    """The same under an identity of its own: a reference is not always borrowed."""

    @functools.wraps(reference)
    def lent(*arguments: Any, **named: Any) -> Any:
        return reference(*arguments, **named)

    return lent


def _from_kit(exercise: Exercise) -> Callable[..., Any]:
    folder = Path(bank.source_file(exercise)).parent
    versions = [p.stem.removeprefix("lent-") for p in folder.glob(LENT.format(version="*"))]
    if versions and VERSION not in versions:
        raise NotLent(
            f"this kit lends for Python {' and '.join(sorted(versions))}, and this is {VERSION}: "
            f"set up its environment with one of those (uv venv --python {sorted(versions)[-1]})"
        )
    lent = _bundle(folder / LENT.format(version=VERSION)) if versions else {}
    if exercise.slug not in lent:
        raise NotLent(
            f"{exercise.slug} is not lent yet: ask your instructor, or go on with exercises that "
            "do not need it; each is graded on its own"
        )
    return lent[exercise.slug]


@functools.cache
def _bundle(path: Path) -> dict[str, Callable[..., Any]]:
    """The functions of a file, each in a namespace of its own, by the exercise's name."""
    stored = marshal.loads(path.read_bytes())
    spaces: dict[str, dict[str, Any]] = {key: {} for key in stored["functions"]}
    for key, code in stored["functions"].items():
        exec(code, spaces[key])
    for key, used in stored["names"].items():
        spaces[key].update({name: _meant(what[0], what[1], spaces) for name, what in used.items()})
    return {slug: _function(key, spaces) for slug, key in stored["exercises"].items()}


def _meant(kind: str, value: Any, spaces: dict[str, dict[str, Any]]) -> Any:
    """What a name in a lent function stands for."""
    if kind == "function":
        return _function(value, spaces)
    if kind == "value":
        return value
    if kind == "dtype":
        return np.dtype(value)
    module, _, attribute = value.partition(":")
    found = importlib.import_module(module)
    return getattr(found, attribute) if attribute else found


def _function(key: str, spaces: dict[str, dict[str, Any]]) -> Callable[..., Any]:
    found: Callable[..., Any] = spaces[key][key.rpartition(".")[2]]
    return found
