"""A course's own settings of grading, in `course.toml` in the course's folder.

[grading]
partial_credit = false
"""

from __future__ import annotations

import tomllib
from pathlib import Path

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
    path = course / FILE
    if not path.exists():
        return True
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get("grading", {})
        value = found.get("partial_credit", True)
    except (ValueError, AttributeError) as error:
        raise BadSettings(f"{path} cannot be read: {error}") from None
    if not isinstance(value, bool):
        raise BadSettings(f"{path}: partial_credit is {value!r}; write true or false")
    return value


def partial_credit_around(folder: Path) -> bool:
    """The same, for a program that runs somewhere inside the course's folder."""
    inside = (place for place in (folder, *folder.parents) if (place / FILE).exists())
    return partial_credit(next(inside, folder))
