"""The README's table of chapters and projects: its words are the author's, its numbers the bank's."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.folder.kinds import label_of
from autograder.judging import bank

ROW = re.compile(r"^\| (\d+|Project \d) ([^|]*)\| (\d+) \| ([\d.]+) \|$", re.MULTILINE)


def counted(text: str) -> str:
    """The README with the numbers of exercises and points as they are now."""
    exercises = {label_of(name): bank.chapter(name).values() for name in bank.chapters()}

    def row(found: re.Match[str]) -> str:
        own = exercises.get(found[1], ())
        points = sum(exercise.points for exercise in own)
        return f"| {found[1]} {found[2]}| {len(own)} | {points:g} |"

    return ROW.sub(row, text)


def stale_table(readme: Path) -> list[Path]:
    """The README, if its numbers are not the bank's."""
    return [readme] if readme.exists() and counted(_text(readme)) != _text(readme) else []


def write_table(readme: Path) -> list[Path]:
    """Bring the numbers up to date; return the README if that changed it."""
    due = stale_table(readme)
    for path in due:
        path.write_text(counted(_text(path)), encoding="utf-8")
    return due


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
