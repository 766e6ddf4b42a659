"""What an ordinary nbgrader notebook holds: functions that are asked for, their tests, and the rest.

Nothing of it is run: code is read as syntax trees.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.judging.mendable import AuthorMistake

HIDDEN = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS.*?\n(.*?)^[ \t]*### END HIDDEN TESTS[^\n]*\n?",
    re.MULTILINE | re.DOTALL,
)
ANSWER_MARK = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION.*\n?", re.MULTILINE)
FOR_TESTS = re.compile(r"^(from|import) (nose|pytest|unittest|numpy\.testing)\b.*$", re.MULTILINE)
MAGIC = re.compile(r"^[ \t]*[%!].*$", re.MULTILINE)
IMPORTS = (ast.Import, ast.ImportFrom)
AUTOTEST = "### AUTOTEST"


class NoAssignment(AuthorMistake):
    """That file is no notebook of nbgrader's."""


@dataclass
class Test:
    """A cell that grades: statements that anybody may see, and hidden ones."""

    name: str
    points: float
    visible: list[ast.stmt]
    hidden: list[ast.stmt]


@dataclass
class Asked:
    """A function that students write, with the tests that come after it."""

    function: ast.FunctionDef
    source: str
    tests: list[Test] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.function.name


@dataclass
class Parts:
    """A notebook, taken apart.

    Parameters
    ----------
    texts : list of (kind, str)
        In order: "markdown", "code" and "given" (locked code) as they stand, "exercise" with a
        function's name.
    asked : dict of str to Asked
        By the name of the function.
    given : dict of str to ast.stmt
        What cells define that nobody has to write: imports, helpers, data.
    left_out : list of str
        A sentence for each thing that has no counterpart.
    """

    texts: list[tuple[str, str]] = field(default_factory=list)
    asked: dict[str, Asked] = field(default_factory=dict)
    given: dict[str, ast.stmt] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def read_parts(path: Path) -> Parts:
    """Take a notebook apart.

    Raises
    ------
    NoAssignment
        If it cannot be read, or no cell of it is nbgrader's.
    """
    try:
        cells = nbformat.read(path, as_version=4).cells
    except Exception as error:  # whatever nbformat says of a file that is none
        raise NoAssignment(f"{path} is no notebook that can be read: {error}") from None
    if not any("nbgrader" in cell.metadata for cell in cells):
        raise NoAssignment(f"{path} has no cell with nbgrader's metadata; is it an assignment?")
    parts = Parts()
    for number, cell in enumerate(cells, 1):
        _take(cell, number, parts)
    return parts


def _take(cell: NotebookNode, number: int, parts: Parts) -> None:
    label = cell.metadata.get("nbgrader", {})
    name = label.get("grade_id") or f"number {number}"
    if label.get("task") or (label.get("grade") and label.get("solution")):
        parts.left_out.append(
            f"cell {name} ({label.get('points', 0):g} points) is graded by hand: its text is kept, "
            "its points are not"
        )
        if cell.cell_type == "markdown":
            parts.texts.append(("markdown", cell.source))
        return
    if cell.cell_type != "code":
        parts.texts.append(("markdown", cell.source))
        return
    try:
        if label.get("grade"):
            _take_test(cell.source, name, float(label.get("points", 0)), parts)
        elif label.get("solution"):
            _take_answer(cell.source, name, parts)
        else:
            parts.texts.append(("given" if label.get("locked") else "code", _shown(cell.source)))
            parts.given |= _defined(_parsed(cell.source))
    except SyntaxError as error:
        parts.left_out.append(f"cell {name} cannot be read as Python: {error.msg}")


def _shown(source: str) -> str:
    """A cell without what only its tests needed."""
    return FOR_TESTS.sub("", source).strip("\n")


def _take_answer(source: str, name: str, parts: Parts) -> None:
    """Each function of the cell becomes an exercise; what else is in it, is given."""
    plain = ANSWER_MARK.sub("", source)
    body = _parsed(plain)
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    if not functions:
        parts.left_out.append(
            f"cell {name} asks for something else than a function: it is left out; have a function "
            "return what it asks for"
        )
    for function in functions:
        text = ast.get_source_segment(plain, function) or ast.unparse(function)
        parts.asked[function.name] = Asked(function, text)
        parts.texts.append(("exercise", function.name))
    rest = [node for node in body if node not in functions]
    parts.given |= _defined(rest)
    if functions and any(isinstance(node, ast.ClassDef) for node in rest):
        parts.left_out.append(f"cell {name} asks for a class: an exercise is a function")


def _take_test(source: str, name: str, points: float, parts: Parts) -> None:
    if AUTOTEST in source:
        parts.left_out.append(f"cell {name} has lines {AUTOTEST}: write what they should find")
    hidden = [node for found in HIDDEN.finditer(source) for node in _parsed(found[1])]
    visible = _parsed(HIDDEN.sub("", source))
    imports = [node for node in (*visible, *hidden) if isinstance(node, IMPORTS)]
    parts.given |= _defined(imports)
    test = Test(name, points, *([n for n in b if n not in imports] for b in (visible, hidden)))
    if asked := _meant(test, parts.asked):
        asked.tests.append(test)
    else:
        parts.left_out.append(f"cell {name} ({points:g} points) tests no function that is asked for")


def _meant(test: Test, asked: dict[str, Asked]) -> Asked | None:
    """Whose test it is: of the functions that it names, the one that was asked for last."""
    names = {n.id for part in (*test.visible, *test.hidden) for n in _names(part)}
    return next((a for a in reversed(asked.values()) if a.name in names), None)


def _names(node: ast.AST) -> Iterator[ast.Name]:
    return (part for part in ast.walk(node) if isinstance(part, ast.Name))


def _parsed(source: str) -> list[ast.stmt]:
    return ast.parse(MAGIC.sub("", source)).body


def _defined(body: Sequence[ast.stmt]) -> dict[str, ast.stmt]:
    """By name, what statements define."""
    found: dict[str, ast.stmt] = {}
    for node in body:
        match node:
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names = [(alias.asname or alias.name).split(".")[0] for alias in aliases]
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names = [name]
            case ast.Assign(targets=targets):
                names = [n.id for target in targets for n in _names(target)]
            case _:
                names = []
        found |= dict.fromkeys(names, node)
    return found
