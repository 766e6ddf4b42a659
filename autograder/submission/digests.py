"""What a verdict depends on, as digests: a changed digest means that grading again is due.

Of ours, the rooms that judge; of an exercise, its own file and its reference with whatever these
import of the bank and of the references. So a new chapter regrades nobody, and nothing that
matters is missed: there is no list of modules to forget one in.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import inspect
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path

from autograder.judging import bank
from autograder.judging.exercise import Exercise

PACKAGE = Path(__file__).resolve().parents[1]
JUDGING_ROOMS = ("judging", "judging_hidden", "notebook", "submission", "sandbox", "data")
RUNNING_ROOMS = ("judging", "notebook", "submission", "sandbox")
"""Rooms that run another course's cells, whose own tests are the judges."""
CONTENT = ("autograder.exercises", "reference_impl")
"""What an exercise's file and its reference may import of each other's kind."""


Cells = Sequence[tuple[str, str]]
"""Names and sources."""


def key_of(cells: Cells, chapter: str = "") -> str:
    """What a grade depends on, but for the seed: the cells that run, and the code that judges."""
    judging = chapter_digest(chapter) if chapter else rooms_digest(*RUNNING_ROOMS)
    return _joined(cells_digest(cells), judging)[:24]


def cells_digest(cells: Cells) -> str:
    """Tells what one learner has written from what others have."""
    return hashlib.sha256(json.dumps(list(cells)).encode()).hexdigest()


@cache
def rooms_digest(*rooms: str) -> str:
    """A digest of all files in these rooms of ours (default: those that any verdict depends on)."""
    folders = [PACKAGE / room for room in rooms or JUDGING_ROOMS]
    return files_digest(path for folder in folders for path in _files_in(folder))


def chapter_digest(chapter: str) -> str:
    """A digest of what the verdicts on any exercise of a chapter depend on."""
    exercises = bank.chapter(chapter).values()
    return _joined(rooms_digest(), *(exercise_digest(e.chapter, e.slug) for e in exercises))


@cache
def exercise_digest(chapter: str, slug: str) -> str:
    """A digest of an exercise's own file, its reference, and all that these build on."""
    return files_digest(sorted(files_of(bank.chapter(chapter)[slug])))


def files_of(exercise: Exercise) -> set[Path]:
    """The files of the bank and of the references that judging this exercise may use."""
    answers = [bank.reference(exercise), *bank.prerequisites(exercise).values()]
    found: set[Path] = set()
    waiting = {Path(bank.source_file(exercise)), *map(_file_of, answers)}
    while waiting:
        path = waiting.pop()
        found.add(path)
        waiting |= set(_imported(path)) - found
    return found


def _file_of(function: object) -> Path:
    return Path(inspect.getfile(inspect.unwrap(function)))  # type: ignore[arg-type]


@cache
def _imported(path: Path) -> tuple[Path, ...]:
    """The files of bank and references that a file imports by name."""
    return tuple(
        Path(spec.origin)
        for name in _imported_names(ast.parse(path.read_text(encoding="utf-8")))
        if name.startswith(CONTENT) and (spec := _spec(name)) and spec.origin
    )


def _imported_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _spec(name: str) -> ModuleSpec | None:
    try:
        return importlib.util.find_spec(name)
    except ModuleNotFoundError:  # `from module import function`
        return None


def _files_in(folder: Path) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if "__pycache__" not in path.parts)


def files_digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _joined(*digests: str) -> str:
    return hashlib.sha256(" ".join(digests).encode()).hexdigest()
