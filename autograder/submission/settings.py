"""A course's own settings of grading, in `course.toml` in the course's folder.

[grading]
partial_credit = false

[limits]
notebook_seconds = 1200
memory_gib = 8

[lending]
ch02_backprop = 2026-10-12   # kits that are written from that day on lend its exercises
half_mse = true              # kits lend this one at once
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from autograder.judging.mendable import Mendable
from autograder.sandbox import Limits
from autograder.sandbox.protocol.limits import GIB

FILE = "course.toml"


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
    lending: Mapping[str, bool | date] = field(default_factory=dict)
    """Chapters and exercises that students' kits lend: `true`, or the first day."""

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
        known = [setting for part in PARTS for setting in _part(found, part)]
        return Settings(**dict(known), lending=dict(_lending(found)))
    except (ValueError, AttributeError, TypeError) as error:
        raise BadSettings(f"{path} cannot be read: {error}") from None


def partial_credit(course: Path) -> bool:
    """Whether named slips keep their share of the points; they do unless the course says no."""
    return course_settings(course).partial_credit


def partial_credit_around(folder: Path) -> bool:
    """The same, for a program that runs somewhere inside the course's folder."""
    inside = (place for place in (folder, *folder.parents) if (place / FILE).exists())
    return partial_credit(next(inside, folder))


def _switch(value: Any) -> str:
    """What is wrong with a value that should be on or off."""
    return "" if isinstance(value, bool) else "write true or false"


def _positive(value: Any) -> str:
    number = not isinstance(value, bool) and 0 < float(value) < float("inf")
    return "" if number else "write a number above 0"


def _since(value: Any) -> str:
    return "" if isinstance(value, bool | date) else "write true or a date"


PARTS: dict[str, dict[str, Callable[[Any], str]]] = {
    "grading": {"partial_credit": _switch},
    "limits": {"notebook_seconds": _positive, "memory_gib": _positive},
}
"""Every setting, by its part of the file, and who says what is wrong with its value."""


def _part(found: dict[str, Any], part: str) -> list[tuple[str, Any]]:
    settings = found.get(part, {})
    for name, value in settings.items():
        if name not in PARTS[part]:
            raise ValueError(f"[{part}] has no setting {name}; it has {', '.join(PARTS[part])}")
        _right(name, value, PARTS[part][name])
    return list(settings.items())


def _lending(found: dict[str, Any]) -> list[tuple[str, bool | date]]:
    settings = found.get("lending", {})
    for name, value in settings.items():
        _right(name, value, _since)
    return list(settings.items())


def _right(name: str, value: Any, wrong: Callable[[Any], str]) -> None:
    if advice := wrong(value):
        raise ValueError(f"{name} is {value!r}; {advice}")
