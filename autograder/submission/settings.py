"""A course's own settings of grading, in `course.toml` in the course's folder.

[grading]
partial_credit = false

[limits]
notebook_seconds = 1200
memory_gib = 8
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.judging.mendable import Mendable
from autograder.sandbox import Limits
from autograder.sandbox.protocol.limits import GIB

FILE = "course.toml"
KNOWN = {"grading": ("partial_credit",), "limits": ("notebook_seconds", "memory_gib")}


class BadSettings(Mendable):
    """The file of settings cannot be read."""


@dataclass(frozen=True)
class Settings:
    """What the course says, or what holds for a course that says nothing."""

    partial_credit: bool = True
    """Whether named slips keep their share of the points."""
    notebook_seconds: float | None = None
    """Wall time of all cells of a notebook together."""
    memory_gib: float | None = None

    def limits(self, usual: Limits) -> Limits:
        """The limits of a submission: the usual ones, but for what the course sets."""
        if self.notebook_seconds is not None:
            usual = replace(usual, total_seconds=self.notebook_seconds)
        if self.memory_gib is not None:
            usual = replace(usual, memory_bytes=int(self.memory_gib * GIB))
        return usual


def course_settings(course: Path) -> Settings:
    """The settings of the course in that folder.

    Raises
    ------
    BadSettings
        If the file is not TOML, or a setting is unknown or of the wrong kind.
    """
    path = course / FILE
    if not path.exists():
        return Settings()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return Settings(**{name: value for part in KNOWN for name, value in _part(found, part)})
    except (ValueError, AttributeError) as error:
        raise BadSettings(f"{path} cannot be read: {error}") from None


def partial_credit(course: Path) -> bool:
    """Whether named slips keep their share of the points; they do unless the course says no."""
    return course_settings(course).partial_credit


def partial_credit_around(folder: Path) -> bool:
    """The same, for a program that runs somewhere inside the course's folder."""
    inside = (place for place in (folder, *folder.parents) if (place / FILE).exists())
    return partial_credit(next(inside, folder))


def _part(found: dict[str, Any], part: str) -> list[tuple[str, Any]]:
    settings = found.get(part, {})
    for name, value in settings.items():
        if name not in KNOWN[part]:
            raise ValueError(f"[{part}] has no setting {name}; it has {', '.join(KNOWN[part])}")
        switch = name == "partial_credit"
        if switch and not isinstance(value, bool):
            raise ValueError(f"{name} is {value!r}; write true or false")
        if not switch and (isinstance(value, bool) or not (0 < float(value) < float("inf"))):
            raise ValueError(f"{name} is {value!r}; write a number above 0")
    return list(settings.items())
