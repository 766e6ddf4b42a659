"""An ordinary nbgrader notebook becomes a chapter: its text, and skeletons of its exercises."""

from __future__ import annotations

import ast
import builtins
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course.build import Course
from autograder.course.foreign_notebooks.asserts import CannotSay, in_our_words
from autograder.course.foreign_notebooks.assignment_parts import Asked, Parts, Test, read_parts
from autograder.course.scaffold import (
    exercises_of,
    free_place,
    references_of,
    topic_of,
    write_skeleton,
)
from autograder.judging.mendable import AuthorMistake

KNOWN = {*dir(builtins), "f", "reference", "rng", "agree", "Failed", "error"}
LIBRARIES = {"numpy", *sys.stdlib_module_names}
"""What a check may use: its values cross to the learner's process, so they are plain ones."""
PLAIN_CALL = re.compile(
    r"(np|numpy)\.(?!random|load|save|from|genfrom|memmap)|(list|tuple|dict|set|range)$"
)
STUB = re.compile(r"^\s*# YOUR CODE HERE.*\n?", re.MULTILINE)
IMPORTS = (ast.Import, ast.ImportFrom)
OWN = {"Exercise": "exercise", "exercise": "exercise", "call": "call"}


@dataclass
class Imported:
    """What came of a notebook: files, and a sentence for each thing that has to be done by hand."""

    chapter: str
    written: list[Path] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def import_nbgrader(course: Course, notebook: Path, chapter: str = "") -> Imported:
    """Make a chapter of a notebook; without a name, the next chapter, called like the file.

    Raises
    ------
    AuthorMistake
        If the notebook is no assignment, asks for no function, or something is there already;
        then nothing is written.
    """
    parts = read_parts(notebook)
    if not parts.asked:
        raise AuthorMistake(f"{notebook} asks for no function: there is nothing to make exercises of")
    chapter = chapter or _next_name(course, notebook)
    text = free_place(course, chapter)
    files = {name: exercises_of(course, chapter) / f"{name}.py" for name in parts.asked}
    reference = references_of(course, chapter)
    for path in (*files.values(), reference):
        if path.exists():
            raise AuthorMistake(f"{path} is there already")
    found = Imported(chapter, left_out=parts.left_out)
    facts = {"chapter": chapter, "topic": topic_of(chapter), "number": int(chapter[2:4])}
    package = exercises_of(course, chapter) / "__init__.py"
    found.written.append(write_skeleton(package, "package.py.j2", facts))
    for name, path in files.items():
        exercise = _exercise(parts.asked[name], parts, found.left_out)
        found.written.append(write_skeleton(path, "imported_exercise.py.j2", exercise))
    found.written += [_write(reference, _answers(parts, found)), _write(text, _text(parts))]
    return found


def _next_name(course: Course, notebook: Path) -> str:
    numbers = [int(n[1]) for text in course.texts if (n := re.match(r"ch(\d\d)_", text.stem))]
    topic = re.sub(r"[^a-z0-9]+", "_", notebook.stem.lower()).strip("_0123456789") or "imported"
    return f"ch{max(numbers, default=0) + 1:02}_{topic}"


def _exercise(asked: Asked, parts: Parts, left_out: list[str]) -> dict[str, Any]:
    """What the skeleton of an exercise says."""
    checks: list[dict[str, Any]] = []
    for test in asked.tests:
        try:
            checks += _checks(asked, test, parts)
        except CannotSay as reason:
            left_out.append(f"cell {test.name} ({test.points:g} points) {reason}: it is left out")
            continue
        if test.points and not test.hidden:
            left_out.append(
                f"cell {test.name} shows all its asserts: {asked.name}'s graded check asks the same "
                "again; have it draw its inputs from rng"
            )
    if not asked.tests:
        left_out.append(f"{asked.name} has no test: write checks for it")
    bodies = [node for check in checks for node in check["statements"]]
    needed = list(_needed(bodies, parts))
    for check in checks:
        check["body"] = textwrap.indent("\n".join(map(ast.unparse, check["statements"])), "    ")
    return {
        "imports": [ast.unparse(n) for n in needed if isinstance(n, IMPORTS)],
        "definitions": [ast.unparse(n) for n in needed if not isinstance(n, IMPORTS)],
        "checks": checks,
        "arguments": _first_arguments(bodies),
        "parameters": ast.unparse(asked.function.args),
    }


def _checks(asked: Asked, test: Test, parts: Parts) -> Iterator[dict[str, Any]]:
    """A public check of the visible asserts, and a graded one of the hidden ones."""
    visible = in_our_words(test.visible, asked.function)
    preparing = [node for node in visible if isinstance(node, ast.Assign | ast.FunctionDef)]
    hidden = in_our_words(test.hidden, asked.function)
    for node in (*visible, *hidden):
        _sure(node, [*visible, *hidden], asked, parts)
    name = re.sub(r"\W+", "_", test.name).strip("_").lower() or "test"
    name = f"test_{name}" if name[0].isdigit() or name in KNOWN or name in OWN else name
    if len(preparing) < len(visible):
        shown = f"{name}_in_public" if test.points else name
        yield {"name": shown, "points": 0, "cell": test.name, "statements": visible}
    if test.points:
        statements = [*preparing, *hidden] if hidden else visible
        yield {"name": name, "points": test.points, "cell": test.name, "statements": statements}


def _sure(node: ast.stmt, body: Sequence[ast.stmt], asked: Asked, parts: Parts) -> None:
    """Raise CannotSay if a statement uses what a check cannot have."""
    bound = {n.id for part in body for n in _names(part) if not isinstance(n.ctx, ast.Load)}
    bound |= {a.arg for part in body for a in ast.walk(part) if isinstance(a, ast.arg)}
    bound |= {part.name for part in body if isinstance(part, ast.FunctionDef)}
    for name in {n.id for n in _names(node)} - bound - KNOWN:
        if name in parts.asked:
            raise CannotSay(f"calls {name}, too, and a check has only {asked.name}")
        definition = parts.given.get(name)
        if definition is None:
            raise CannotSay(f"uses {name}, which no cell defines")
        if isinstance(definition, ast.Assign) and not _plain(definition.value):
            raise CannotSay(f"uses {name}, which the notebook computes: make it in the exercise's file")
        if library := _library(definition):
            raise CannotSay(f"uses {library}, whose objects do not pass to a learner's process")


def _plain(value: ast.expr) -> bool:
    """Whether an expression calls nothing, or NumPy's functions and Python's types only."""
    calls = [ast.unparse(part.func) for part in ast.walk(value) if isinstance(part, ast.Call)]
    return all(PLAIN_CALL.match(call) for call in calls)


def _library(definition: ast.stmt) -> str:
    match definition:
        case ast.Import(names=names):
            roots = [alias.name.split(".")[0] for alias in names]
        case ast.ImportFrom(module=str(module)):
            roots = [module.split(".")[0]]
        case _:
            roots = []
    return next((root for root in roots if root not in LIBRARIES), "")


def _needed(body: Iterable[ast.stmt], parts: Parts) -> Iterator[ast.stmt]:
    """What statements use of the notebook's definitions, each once, in the notebook's order."""
    wanted, queue = set[str](), list(body)
    while queue:
        names = {n.id for n in _names(queue.pop())} & parts.given.keys() - wanted
        wanted |= names
        queue += [parts.given[name] for name in names]
    seen: list[ast.stmt] = []
    for name, node in parts.given.items():
        if name in wanted and node not in seen:
            seen.append(node)
            yield node


def _first_arguments(body: Iterable[ast.stmt]) -> str:
    """The arguments of the first call that needs nothing but itself."""
    for node in body:
        for call in ast.walk(node):
            match call:
                case ast.Call(func=ast.Name(id="f"), args=[_, *_] as arguments) if not any(
                    isinstance(part, ast.Name) for a in arguments for part in ast.walk(a)
                ):
                    return f"{', '.join(map(ast.unparse, arguments))},"
    return ""


def _answers(parts: Parts, found: Imported) -> str:
    """The module of references."""
    functions = [asked.function for asked in parts.asked.values()]
    needed = [n for n in _needed(functions, parts) if not _library(n)]
    pieces = [f'"""TODO: one sentence that a teacher would begin with ({found.chapter})."""']
    imports = [ast.unparse(node) for node in needed if isinstance(node, IMPORTS)]
    pieces += ["\n".join(imports)] if imports else []
    pieces += ["\n\n" + ast.unparse(node) for node in needed if not isinstance(node, IMPORTS)]
    for asked in parts.asked.values():
        if _is_stub(asked.function):
            found.left_out.append(f"the notebook holds no answer of {asked.name}: write it")
        if ast.get_docstring(asked.function) is None:
            found.left_out.append(f"{asked.name} has no docstring: write its contract")
        pieces.append("\n" + _answer(asked))
    return "\n\n".join(pieces) + "\n"


def _answer(asked: Asked) -> str:
    """The function with its contract; comments stay where there is an answer."""
    function, lines = asked.function, STUB.sub("", asked.source).rstrip().split("\n")
    if ast.get_docstring(function) is None or _is_stub(function):
        contract = ast.get_docstring(function) or "TODO: the contract: what comes in, what comes out."
        head = ast.FunctionDef(**{**vars(function), "body": [ast.Expr(ast.Constant(contract))]})
        lines = [*ast.unparse(head).split("\n"), *_body(function, lines)]
    return "\n".join(lines)


def _body(function: ast.FunctionDef, lines: list[str]) -> list[str]:
    """What stands below a contract: the answer's lines, or what is to be written."""
    if _is_stub(function):
        return ["    raise NotImplementedError  # TODO: the answer, as on a whiteboard"]
    first = function.body[0].lineno - function.lineno
    unparsed = "\n".join(map(ast.unparse, function.body))
    return lines[first:] if first else textwrap.indent(unparsed, "    ").split("\n")


def _is_stub(function: ast.FunctionDef) -> bool:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return all(isinstance(node, ast.Pass | ast.Raise) for node in body)


def _text(parts: Parts) -> str:
    """The chapter's text in percent format; its set-up comes after the first words."""
    cells = [_cell(kind, text) for kind, text in parts.texts]
    first = 1 if parts.texts[0][0] == "markdown" else 0
    cells.insert(first, new_code_cell("", metadata={"tags": ["setup"]}))
    metadata = {"jupytext": {"notebook_metadata_filter": "-all"}}
    return str(jupytext.writes(new_notebook(cells=cells, metadata=metadata), fmt="py:percent"))


def _cell(kind: str, text: str) -> NotebookNode:
    if kind == "markdown":
        return new_markdown_cell(text)
    metadata = {"exercise": {"exercise": text}, "given": {"tags": ["given"]}}.get(kind, {})
    return new_code_cell("" if kind == "exercise" else text, metadata=metadata)


def _names(node: ast.AST) -> Iterator[ast.Name]:
    return (part for part in ast.walk(node) if isinstance(part, ast.Name))


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
