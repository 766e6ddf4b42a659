"""What must hold for the text of every chapter and project: `verify` asks it of each.

Hints stop short of the answer, figures have alternative text, links lead somewhere, claims are
asserted; and how it begins and ends and how long it takes is as the course itself asks
(`house_style.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from autograder.course.build import Course
from autograder.course.core_path import minutes_of, points_of
from autograder.course.house_style import HouseStyle, house_style
from autograder.folder.kinds import kind_of
from autograder.judging import bank
from autograder.judging.exercise import Exercise

CODE_IN_A_HINT = re.compile(r"```|(^|`|\n)\s*return\b|`[^`]*(\w = |for \w+ in|\blambda\b)[^`]*`")
ASSERTION = re.compile(r"^\s*assert\b|^\s*np\.testing\.assert_", re.MULTILINE)
KNOB = re.compile(r"^with_knobs\(", re.MULTILINE)
LINK = re.compile(r"\]\(\.\./(\w+)/(\w+)\.ipynb")


def text_problems(course: Course, text: Path) -> Iterator[str]:
    """What is wrong with a chapter's text, a sentence each."""
    cells = jupytext.read(text, fmt="py:percent").cells
    exercises = list(bank.chapter(text.stem).values())
    style = house_style(course.nbgrader_root)
    found = [
        *(f"its first cell has no {mark}" for mark in style.opening if mark not in cells[0].source),
        *(f"its end has no {mark}" for mark in style.ending if mark not in cells[-1].source),
        *_placed([c.metadata["exercise"] for c in cells if "exercise" in c.metadata], exercises),
        *(_core_path if kind_of(text.stem).core_path else _two_hours)(exercises, style),
        *(f"a hint of {e.slug} has code in it" for e in exercises if _gives_away(e)),
        *_shown(course, text.stem),
        *_knobs(cells, style.knobs and kind_of(text.stem).core_path),
    ]
    return (f"{text.name}: {problem}" for problem in [*found, *_unasserted(cells)])


def page_problems(page: Path) -> Iterator[str]:
    """What is wrong with a page's text, a sentence each."""
    cells = jupytext.read(page, fmt="py:percent").cells
    return (f"{page.name}: {problem}" for problem in _unasserted(cells))


def _unasserted(cells: list[NotebookNode]) -> Iterator[str]:
    """A claim holds, and an erratum fails, because a cell says `assert`; exercises have checks."""
    for cell in cells:
        shown = [name for key in ("claim", "erratum") for name in cell.metadata.get(key, [])]
        if shown and "exercise" not in cell.metadata and not ASSERTION.search(cell.source):
            yield f"the cell of {', '.join(shown)} asserts nothing"


def _placed(named: list[str], exercises: list[Exercise]) -> Iterator[str]:
    for exercise in exercises:
        if named.count(exercise.slug) != 1:
            yield f"{exercise.slug} is in its text {named.count(exercise.slug)} times, not once"


def _core_path(exercises: list[Exercise], style: HouseStyle) -> Iterator[str]:
    core = [exercise for exercise in exercises if exercise.core]
    low, high = style.core_share
    share = points_of(core) / max(points_of(exercises), 1)
    if not low <= share <= high:
        yield f"its core path has {share:.0%} of the points, not {low:.0%} to {high:.0%}"
    if minutes_of(core) > style.core_minutes:
        yield f"its core path takes {minutes_of(core)} minutes, more than {style.core_minutes:g}"


def _two_hours(exercises: list[Exercise], style: HouseStyle) -> Iterator[str]:
    """A project is done as a whole: a few exercises, and time to look at what they make."""
    few, many = style.project_exercises
    if not few <= len(exercises) <= many:
        yield f"it has {len(exercises)} exercises, not {few} to {many}"
    if minutes_of(exercises) > style.core_minutes:
        yield f"it takes {minutes_of(exercises)} minutes, more than {style.core_minutes:g}"


def _knobs(cells: list[NotebookNode], wanted: bool) -> Iterator[str]:
    """Every chapter has a figure whose knob the reader turns."""
    if wanted and not any(KNOB.search(c.source) for c in cells if c.cell_type == "code"):
        yield "it has no figure with a knob: with_knobs(draw, rate=[...])"


def _gives_away(exercise: Exercise) -> bool:
    return any(CODE_IN_A_HINT.search(hint) for hint in exercise.hints)


def _shown(course: Course, chapter: str) -> Iterator[str]:
    """Figures of the solved notebook without alternative text, and links to nowhere."""
    solution = course.notebook("solutions", chapter)
    cells = json.loads(solution.read_text(encoding="utf-8"))["cells"] if solution.exists() else []
    for cell in cells:
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", ())):
            yield f"{cell['id']} shows a figure without alternative text: end it with show('…')"
        for folder, name in LINK.findall("".join(cell["source"])):
            if not (course.root / "solutions" / folder / f"{name}.ipynb").exists():
                yield f"a link leads to {name}, which does not exist"
