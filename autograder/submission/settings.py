"""A course's own settings of grading, in `course.toml` in the course's folder.

[grading]
partial_credit = false

[lending]
ch02_backprop = 2026-10-12   # kits that are written from that day on lend its exercises
half_mse = true              # kits lend this one at once
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from autograder.judging.mendable import Mendable

FILE = "course.toml"


class BadSettings(Mendable):
    """The file of settings cannot be read."""


def partial_credit(course: Path) -> bool:
    """Whether named slips keep their share of the points; they do unless the course says no.

    Raises
    ------
    BadSettings
        If the file is not TOML, or the setting is neither true nor false.
    """
    value = _section(course, "grading").get("partial_credit", True)
    if not isinstance(value, bool):
        raise BadSettings(f"{course / FILE}: partial_credit is {value!r}; write true or false")
    return value


def lending(course: Path) -> dict[str, bool | date]:
    """Chapters and exercises that students' kits lend, each with `true` or the first day.

    Raises
    ------
    BadSettings
        If the file is not TOML, or a value is neither a date nor true or false.
    """
    found = _section(course, "lending")
    for name, since in found.items():
        if not isinstance(since, bool | date):
            raise BadSettings(f"{course / FILE}: {name} is {since!r}; write true or a date")
    return found


def _section(course: Path, name: str) -> dict[str, Any]:
    path = course / FILE
    try:
        found = (
            tomllib.loads(path.read_text(encoding="utf-8")).get(name, {}) if path.exists() else {}
        )
    except (ValueError, AttributeError) as error:
        raise BadSettings(f"{path} cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise BadSettings(f"{path}: [{name}] is {found!r}; write a table of settings")
    return found


def partial_credit_around(folder: Path) -> bool:
    """The same, for a program that runs somewhere inside the course's folder."""
    inside = (place for place in (folder, *folder.parents) if (place / FILE).exists())
    return partial_credit(next(inside, folder))
