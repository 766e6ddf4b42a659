"""From chapter text to nbgrader source notebook.

A chapter (a project is built like one) is percent-format text (jupytext). Prose passes through; a cell marked
`exercise="slug"` becomes three: the task, the solution cell (made from the reference function:
nobody writes a stub) and the check cell. Cell ids derive from slugs, so a rebuild changes nothing.
"""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any, cast

import jupytext
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course.contract import as_markdown
from autograder.course.core_path import CORE, core_path
from autograder.course.glossary import terms, with_terms
from autograder.folder.links import PAGES, linked
from autograder.judging import bank
from autograder.judging.exercise import Exercise
from autograder.judging.mendable import Mendable, where
from autograder.notebook.cells import HIDDEN_LINES, content_id

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
COVERAGE_KEYS = ("component", "claim", "erratum")
LOCKED_TAGS = ("setup", "given")
SETUP_FILE = "_setup.py"
"""Beside the chapter texts: how each chapter's cell tagged `setup` begins."""

BEGIN, END = "    ### BEGIN SOLUTION", "    ### END SOLUTION"
CHECK_CELL = HIDDEN_LINES + 'check("{slug}")'


class BadChapter(Mendable):
    """The chapter text cannot be built as it stands."""


def source_notebook(chapter_text: Path) -> NotebookNode:
    """Return the nbgrader source notebook of a chapter.

    Raises
    ------
    BadChapter
        If the text names an exercise that is not in the bank, or a reference has no docstring.
    """
    parsed = jupytext.read(chapter_text, fmt="py:percent")
    _tell_the_path(parsed, chapter_text)
    _link(parsed, chapter_text)
    _begin_setup(parsed, chapter_text.parents[1] / "chapters" / SETUP_FILE)
    cells = list(_cells(parsed, chapter_text.stem))
    _unique_ids(cells)
    metadata = {
        "kernelspec": KERNELSPEC,
        "language_info": {"name": "python"},
        "chainrule": {"chapter": chapter_text.stem},
    }
    return cast(NotebookNode, from_dict(new_notebook(cells=cells, metadata=metadata)))


def solution_source(function: Callable[..., Any]) -> str:
    """The reference function as a solution cell: what it does, then the answer between markers."""
    signature, contract, answer = _taken_apart(function)
    return "\n".join([*signature, *_shortened(contract), BEGIN, *answer, END])


def _shortened(docstring: list[str]) -> list[str]:
    """A docstring's first paragraph; the whole contract stands in the task."""
    first = list(takewhile(str.strip, docstring))
    if len(first) == len(docstring):
        return first
    return [f'{first[0]}"""'] if len(first) == 1 else [*first, '    """']


def _taken_apart(function: Callable[..., Any]) -> tuple[list[str], list[str], list[str]]:
    """The lines of a function's signature, of its docstring, and of its body."""
    plain = inspect.unwrap(function)
    lines = textwrap.dedent(inspect.getsource(plain)).splitlines()
    node = ast.parse("\n".join(lines)).body[0]
    if not isinstance(node, ast.FunctionDef) or ast.get_docstring(node) is None:
        raise BadChapter(f"{where(plain)}: {plain.__name__} needs a docstring: its contract")
    start, end = node.body[0].lineno - 1, node.body[0].end_lineno or 0
    return lines[node.lineno - 1 : start], lines[start:end], lines[end:]


def _tell_the_path(parsed: NotebookNode, text: Path) -> None:
    """After a chapter's opening: what it asks for, and its core, in the order of the text."""
    known = bank.chapter(text.stem) if text.stem in bank.chapters() else {}
    named = (cell.metadata.get("exercise") for cell in parsed.cells)
    if exercises := [known[slug] for slug in named if slug in known]:
        pages = {path.stem for path in (text.parents[1] / PAGES).glob("*.py")}
        parsed.cells.insert(1, new_markdown_cell(core_path(exercises, pages)))


def _link(parsed: NotebookNode, text: Path) -> None:
    """Have the prose of a chapter lead to other notebooks, and its terms to the glossary."""
    course = text.parents[1]
    there = {path.stem for path in course.glob("*/*.py")}
    left = terms(course) if text.stem in bank.chapters() else {}
    for cell in parsed.cells:
        if cell.cell_type == "markdown":
            cell.source = linked(with_terms(cell.source, left), there)


def _begin_setup(parsed: NotebookNode, common: Path) -> None:
    """Begin the cell tagged `setup` as in every chapter of the course."""
    for cell in parsed.cells:
        tagged = "setup" in cell.metadata.get("tags", [])
        if tagged and not cell.source.strip() and not common.exists():
            raise BadChapter(f"{common} is missing: an empty cell tagged `setup` is what it says")
        if tagged and common.exists():
            cell.source = f"{common.read_text(encoding='utf-8').rstrip()}\n\n{cell.source}".rstrip()


def _cells(parsed: NotebookNode, chapter: str) -> Iterator[NotebookNode]:
    number = given = 0
    for cell in parsed.cells:
        covers = {k: cell.metadata[k] for k in COVERAGE_KEYS if k in cell.metadata}
        tags = list(cell.metadata.get("tags", []))
        if slug := cell.metadata.get("exercise"):
            number += 1
            yield from _exercise_cells(chapter, slug, number, covers)
        elif "bring" in cell.metadata:
            yield _bringing(cell.metadata["bring"].split())
        elif cell.cell_type == "markdown":
            yield new_markdown_cell(cell.source, id=content_id("text", cell.source))
        elif set(tags) & set(LOCKED_TAGS):
            given += 1
            source = "\n\n\n".join([*_pasted(cell, chapter), cell.source]).strip("\n")
            yield _locked(source, f"given-{given}", tags, covers)
        else:
            metadata = {"tags": tags or ["experiment"], **covers}
            name = content_id("experiment", cell.source)
            yield new_code_cell(cell.source, id=name, metadata=metadata)


def _exercise_cells(
    chapter: str, slug: str, number: int, covers: dict[str, Any]
) -> Iterator[NotebookNode]:
    known = bank.chapter(chapter)
    if slug not in known:
        raise BadChapter(f"the text of {chapter} names the exercise {slug!r}, which is not in its bank")
    exercise = known[slug]
    yield new_markdown_cell(_task(exercise, number), id=f"{slug}-task")
    yield new_code_cell(
        solution_source(bank.reference(exercise)),
        id=slug,
        metadata={"nbgrader": _nbgrader(slug, solution=True), **covers},
    )
    yield new_code_cell(
        CHECK_CELL.format(slug=slug),
        id=f"{slug}-check",
        metadata={"nbgrader": _nbgrader(f"{slug}-check", locked=True, points=exercise.points)},
    )


def with_reference_parts(source: NotebookNode) -> NotebookNode:
    """A copy in which the cells that bring a learner's own parts hold the reference's instead."""
    solved = copy.deepcopy(source)
    for cell in solved.cells:
        if slugs := cell.metadata.get("bring"):
            needed = (name for slug in slugs for name in (*bank.prerequisites(bank.find(slug)), slug))
            cell.source = "\n\n\n".join(map(_answer_to, dict.fromkeys(needed)))
    return solved


def _bringing(slugs: list[str]) -> NotebookNode:
    """The cell that fetches a learner's own answers to earlier exercises, and is filled with them."""
    names = ", ".join(f'"{slug}"' for slug in slugs)
    source = f"bring({names})"
    metadata = {"tags": ["experiment"], "bring": slugs}
    return new_code_cell(source, id=content_id("bring", source), metadata=metadata)


def _pasted(cell: NotebookNode, chapter: str) -> Iterator[str]:
    """What the build puts in front of a locked cell's own source."""
    for slug in cell.metadata.get("given", "").split():
        yield _given(slug, chapter)
    if "module" in cell.metadata:
        yield _shown(chapter, cell.metadata["module"])


def _given(slug: str, chapter: str) -> str:
    """The answer to an exercise of an earlier chapter."""
    exercise = bank.find(slug)
    if exercise.chapter >= chapter:
        raise BadChapter(f"{chapter} gives away {slug!r}, which {exercise.chapter} asks for")
    return _answer_to(slug)


def _answer_to(slug: str) -> str:
    """The reference's answer as it stands in a notebook."""
    signature, contract, answer = _taken_apart(bank.reference(bank.find(slug)))
    return "\n".join([*signature, *_shortened(contract), *answer])


def _shown(chapter: str, module: str) -> str:
    """The public functions of a bank module, as they are shown in a given cell."""
    found = importlib.import_module(f"{bank.EXERCISES}.{chapter}.{module}")
    return "\n\n".join(inspect.getsource(getattr(found, name)) for name in found.__all__).rstrip()


def _task(exercise: Exercise, number: int) -> str:
    contract = as_markdown(inspect.getdoc(inspect.unwrap(bank.reference(exercise))) or "")
    stars = "●" * exercise.difficulty + "○" * (5 - exercise.difficulty)
    builds_on = ", ".join(f"`{slug}`" for slug in exercise.needs)
    facts = f"{exercise.minutes} minutes · difficulty {stars} · {exercise.points:g} points"
    if exercise.core:
        facts += f" · {CORE} core path"
    if builds_on:
        facts += f" · builds on {builds_on}"
    hints = [
        f"<details><summary>Hint {i}</summary>\n\n{hint}\n\n</details>"
        for i, hint in enumerate(exercise.hints, 1)
    ]
    return "\n\n".join([f"### Exercise {number} · {exercise.title}", f"*{facts}*", contract, *hints])


def _locked(source: str, name: str, tags: list[str], covers: dict[str, Any]) -> NotebookNode:
    metadata = {"nbgrader": _nbgrader(name, locked=True), "tags": tags, **covers}
    return new_code_cell(source, id=name, metadata=metadata)


def _nbgrader(
    grade_id: str, *, solution: bool = False, locked: bool = False, points: float | None = None
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return facts if points is None else {**facts, "points": points}


def _unique_ids(cells: list[NotebookNode]) -> None:
    seen: dict[str, int] = {}
    for cell in cells:
        seen[cell.id] = seen.get(cell.id, 0) + 1
        if seen[cell.id] > 1:
            cell.id = f"{cell.id}-{seen[cell.id]}"
