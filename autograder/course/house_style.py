"""What a course asks of its own texts: `[texts]` in its `course.toml`; without it, nothing.

    [texts]
    opening = ["**Before you start.**"]    # marks of each text's first cell
    ending = ["**Sources.**"]              # and of its last
    core_minutes = 90                      # at most, for the core path of a chapter, or a project
    core_share = [0.25, 0.45]              # of a chapter's points
    project_exercises = [3, 6]
    knobs = true                           # a figure with a knob in each chapter
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.judging.content import FILE, BadCourse, read_part

ANY = (0, 10**6)


@dataclass(frozen=True)
class HouseStyle:
    """The rules of one course's texts, or none."""

    opening: tuple[str, ...] = ()
    ending: tuple[str, ...] = ()
    core_minutes: float = float("inf")
    core_share: tuple[float, float] = ANY
    project_exercises: tuple[int, int] = ANY
    knobs: bool = False


def house_style(course: Path) -> HouseStyle:
    """The rules of the course whose nbgrader folder that is; raises BadCourse."""
    said = read_part(course / FILE, "texts") or {}
    if unknown := said.keys() - HouseStyle.__dataclass_fields__.keys():
        raise BadCourse(f"{course / FILE}: [texts] has no setting {min(unknown)}")
    if wrong := [name for name, value in said.items() if not _fits(name, value)]:
        raise BadCourse(f"{course / FILE}: {wrong[0]} is {said[wrong[0]]!r}; {EXPECTED[wrong[0]]}")
    rules: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in said.items()}
    return HouseStyle(**rules)


EXPECTED = {
    **dict.fromkeys(("opening", "ending"), "write a list of marks in quotes"),
    **dict.fromkeys(("core_share", "project_exercises"), "write the least and the most: [1, 2]"),
    "core_minutes": "write a number",
    "knobs": "write true or false",
}


def _fits(name: str, value: Any) -> bool:
    match name:
        case "core_minutes":
            return isinstance(value, int | float)
        case "knobs":
            return isinstance(value, bool)
        case "opening" | "ending":
            return isinstance(value, list) and all(isinstance(part, str) for part in value)
    pair = isinstance(value, list) and len(value) == len(ANY)
    return pair and all(isinstance(part, int | float) for part in value)
