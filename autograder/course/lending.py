"""What a kit lends: reference functions, compiled, of exercises that the instructor has freed.

`course.toml` says which (`[lending]`, see `autograder.submission.settings`); without it, none.
"""

from __future__ import annotations

import ast
import inspect
import json
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from autograder.course import compile_away
from autograder.judging import bank
from autograder.judging.exercise import Exercise
from autograder.judging.mendable import AuthorMistake
from autograder.student.lent import LENT, VERSION
from autograder.submission.settings import FILE, BadSettings, course_settings

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""Versions to compile for, as far as they are on this machine."""
PLAIN = (bool, int, float, str, type(None))


def lent_files(course: Path, chapter: str, today: date | None = None) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file that lends exercises of a chapter from `today` on.

    Raises
    ------
    BadSettings
        If the settings name what is not there, or would give away an exercise that they do not name.
    """
    freed = _freed(course_settings(course).lending, today or date.today())
    exercises = [e for e in bank.chapter(chapter).values() if e.slug in freed]
    if exercises:
        bundle = json.dumps(_bundle(exercises, freed))
        for version, python in _pythons():
            command = [python, "-I", compile_away.__file__]
            done = subprocess.run(command, input=bundle.encode(), capture_output=True, check=True)
            yield LENT.format(version=version), done.stdout


def _freed(settings: Mapping[str, bool | date], today: date) -> set[str]:
    """The slugs of all exercises that may be lent."""
    slugs: set[str] = set()
    for name, since in settings.items():
        named = bank.chapter(name) if name in bank.chapters() else [bank.find(name).slug]
        if since is True or (isinstance(since, date) and since <= today):
            slugs |= set(named)
    return {slug for slug in slugs if not bank.find(slug).asks_for_one_answer}


def _bundle(exercises: Iterable[Exercise], freed: set[str]) -> dict[str, Any]:
    """Sources of the exercises' references and of all that they call, and what names stand for."""
    asked = {inspect.unwrap(bank.reference(e)): e.slug for e in bank.all_exercises()}
    names: dict[str, dict[str, tuple[str, Any]]] = {}
    sources: dict[str, str] = {}
    entries = {e.slug: inspect.unwrap(bank.reference(e)) for e in exercises}
    left = list(entries.values())
    while left:
        function = left.pop()
        if _key(function) in sources:
            continue
        if (slug := asked.get(function, "")) and slug not in freed:
            raise BadSettings(
                f"{FILE} lends what calls {slug}, and does not lend that: the kit would hold its "
                "answer; lend it too"
            )
        names[_key(function)] = used = dict(_used(function))
        sources[_key(function)] = _source(function)
        left += [f for f in _globals(function).values() if _key_or_none(f) in _keys(used)]
    return {
        "functions": sources,
        "names": names,
        "exercises": {slug: _key(function) for slug, function in entries.items()},
    }


def _used(function: Callable[..., Any]) -> Iterator[tuple[str, tuple[str, Any]]]:
    """Each global name of a function, and what it stands for."""
    for name, value in _globals(function).items():
        if isinstance(value, ModuleType):
            yield name, ("module", value.__name__)
        elif key := _key_or_none(value):
            yield name, ("function", key)
        elif isinstance(value, PLAIN):
            yield name, ("value", value)
        elif isinstance(value, np.dtype):
            yield name, ("dtype", value.name)
        elif hasattr(value, "__qualname__"):
            yield name, ("import", f"{value.__module__}:{value.__qualname__}")
        else:
            raise AuthorMistake(f"{_key(function)} cannot be lent: it uses {name}, {value!r:.60}")


def _globals(function: Any) -> dict[str, Any]:
    used = sorted(set(_names(function.__code__)) & set(function.__globals__))
    found = {name: function.__globals__[name] for name in used if not name.startswith("__")}
    return {name: inspect.unwrap(v) if _ours(v) else v for name, v in found.items()}


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _source(function: Any) -> str:
    """The function's own text, without decorators, annotations and docstring."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.decorator_list, node.returns = [], None
            for argument in ast.walk(node.args):
                if isinstance(argument, ast.arg):
                    argument.annotation = None
    return ast.unparse(tree)


def _keys(used: dict[str, tuple[str, Any]]) -> set[str]:
    return {value for kind, value in used.values() if kind == "function"}


def _key_or_none(value: Any) -> str | None:
    """How a function of the course is called in the bundle."""
    return _key(value) if _ours(value) else None


def _ours(value: Any) -> bool:
    packages = (f"{bank.REFERENCES}.", f"{bank.EXERCISES}.")
    return isinstance(value, FunctionType) and value.__module__.startswith(packages)


def _key(function: Callable[..., Any]) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def _pythons() -> Iterator[tuple[str, str]]:
    """Versions of Python that are here, and how each is started."""
    for version in PYTHONS:
        found = sys.executable if version == VERSION else shutil.which(f"python{version}")
        runs = found and subprocess.run([found, "-c", ""], capture_output=True, check=False)
        if found and runs and runs.returncode == 0:
            yield version, found
