"""A sample class: the submissions that a real class brings, made from the exercise bank.

Right answers, typical mistakes (the bank's own misconceptions), unusual but right ones, blank,
crashing, endless, broken and cheating notebooks.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.course.build import Course, build_chapter
from autograder.judging import bank
from autograder.judging.exercise import Exercise
from autograder.judging.mendable import Mendable
from autograder.notebook.cells import is_solution

CHAPTER = "ch02_backprop"
Answers = dict[str, str]

CRASH = "import os\nos._exit(1)"
ENDLESS_CELL = "while True:\n    pass"
FORGE = """\
import numpy as np
from IPython import get_ipython

np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
get_ipython().input_transformers_post.append(lambda lines: ["99.0\\n"])
"""
SNOOP = """\
import glob, socket

wanted = ("gradebook.db", "reference_impl", "half_mse.py", "ch02_backprop.ipynb")
found = [f for name in wanted for depth in range(5) for f in glob.glob("/*" * depth + "/" + name)]
try:
    import reference_impl
    found.append("reference_impl")
except ImportError:
    pass
try:
    socket.create_connection(("127.0.0.1", 8888), timeout=1)
    found.append("network")
except OSError:
    pass
print("found:", found)
"""
NOISE = """\
import sys, warnings

warnings.warn("a warning on stderr costs nothing")
print("so does this", file=sys.stderr)
"""


class NoSample(Mendable):
    """The course is not the one that the sample class takes."""


def sample_course(course: Course, root: Path) -> Course:
    """A course of its own with the sample class's submissions: a real class is never touched."""
    if not course.text(CHAPTER).exists():
        raise NoSample(f"the sample class answers {CHAPTER}, which {course.root} has not")
    demo = Course(root)
    for part in ("nbgrader_config.py", f"chapters/{CHAPTER}.py", "chapters/_setup.py"):
        _write(demo.nbgrader_root / part, (course.nbgrader_root / part).read_bytes())
    build_chapter(demo, course.text(CHAPTER), execute=False)
    released = nbformat.read(demo.notebook("release", CHAPTER), as_version=4)
    for student, raw in sample_class(released).items():
        folder = demo.nbgrader_root / "submitted" / student / CHAPTER
        _write(folder / f"{CHAPTER}.ipynb", raw)
    return demo


def sample_class(released: NotebookNode) -> dict[str, bytes]:
    """A submission (the bytes of a notebook) for each of the class's students."""
    exercises = _exercises(released)
    right = {e.slug: as_answer(bank.reference(e), e.slug) for e in exercises}
    return {
        "ada": _submission(released, right),
        "ben": _submission(released, right | _mistakes(exercises, 0, every=2)),
        "cleo": _submission(released, right | _mistakes(exercises, 1, every=3)),
        "dan": _submission(released, {}),
        "eva": _submission(released, right, before=CRASH),
        "finn": _submission(released, right | _endless(exercises[2])),
        "gus": _submission(released, _first(right, 4), before=ENDLESS_CELL),
        "hana": _submission(released, right)[: len(_submission(released, right)) * 2 // 3],
        "ivo": _submission(released, {}, before=FORGE),
        "jana": _submission(released, _first(right, 3), before=SNOOP),
        "kim": _submission(released, right | _variants(exercises), before=NOISE),
        "lea": _submission(released, _first(right, 8) | _mistakes(exercises[:8], 2, every=2)),
        "mei": _reordered(_submission(released, right | _mistakes(exercises, 3, every=4))),
        "noa": _submission(released, right | _mistakes(exercises, 0, every=5)),
    }


def as_answer(function: Callable[..., Any], slug: str) -> str:
    """A function as a learner would hand it in: named after the exercise, helpers first."""
    plain = inspect.unwrap(function)
    node = ast.parse(textwrap.dedent(inspect.getsource(plain))).body[0]
    assert isinstance(node, ast.FunctionDef)
    module = inspect.getmodule(plain)
    helpers = _helpers(node, module) if module and module.__name__.endswith(slug) else []
    node.decorator_list = []
    node.body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    private = _Private({name for helper in helpers for name in _bound(helper)}, slug)
    parts = [private.visit(part) for part in [*helpers, node]]
    node.name = slug  # only now: a helper may have had that name (the reference of a quiz)
    return "\n\n\n".join(map(ast.unparse, parts))


class _Private(ast.NodeTransformer):
    """Renames helpers after the exercise: in a notebook all exercises share one namespace."""

    def __init__(self, names: set[str], slug: str) -> None:
        self.new_names = {name: f"{slug}_{name.strip('_')}" for name in names}

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.new_names.get(node.id, node.id)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self.new_names.get(node.name, node.name)
        names, self.new_names = self.new_names, self._visible_in(node)
        self.generic_visit(node)
        self.new_names = names
        return node

    def _visible_in(self, function: ast.FunctionDef) -> dict[str, str]:
        """Without those that are the function's own: arguments, and what it assigns."""
        own = {a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg)}
        names = (part for part in ast.walk(function) if isinstance(part, ast.Name))
        own |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
        return {old: new for old, new in self.new_names.items() if old not in own}


def _helpers(node: ast.stmt, module: ModuleType) -> list[ast.stmt]:
    """The plain functions and constants of the exercise file that a function uses, in order."""
    candidates = {
        name: part
        for part in ast.parse(inspect.getsource(module)).body
        if (isinstance(part, ast.FunctionDef) and not part.decorator_list)
        or (isinstance(part, ast.Assign) and not isinstance(part.value, ast.Call))
        for name in _bound(part)
    }
    wanted, queue = {}, [node]
    while queue:
        for name in ast.walk(queue.pop()):
            if isinstance(name, ast.Name) and name.id in candidates and name.id not in wanted:
                wanted[name.id] = candidates[name.id]
                queue.append(candidates[name.id])
    return sorted(wanted.values(), key=lambda part: part.lineno)


def _bound(part: ast.stmt) -> list[str]:
    if isinstance(part, ast.FunctionDef):
        return [part.name]
    targets = part.targets if isinstance(part, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _submission(released: NotebookNode, answers: Answers, before: str = "") -> bytes:
    notebook = copy.deepcopy(released)
    for cell in filter(is_solution, notebook.cells):
        cell.source = answers.get(cell.id, cell.source)
    if before:
        notebook.cells.insert(_first_exercise(notebook), new_code_cell(before, id="mine"))
    return bytes(nbformat.writes(notebook), "utf-8")


def _reordered(raw: bytes) -> bytes:
    """The last cells moved to the front and one check cell deleted."""
    notebook = nbformat.reads(raw.decode(), as_version=4)
    notebook.cells = notebook.cells[-6:] + notebook.cells[:-7]
    return bytes(nbformat.writes(notebook), "utf-8")


def _mistakes(exercises: list[Exercise], which: int, every: int) -> Answers:
    """The misconception number `which` of every so-many-th exercise."""
    chosen = exercises[which::every]
    return {
        e.slug: as_answer(e.misconceptions[which % len(e.misconceptions)], e.slug) for e in chosen
    }


def _variants(exercises: list[Exercise]) -> Answers:
    return {e.slug: as_answer(e.variants[0], e.slug) for e in exercises}


def _endless(exercise: Exercise) -> Answers:
    return {exercise.slug: f"def {exercise.slug}(*arguments):\n    while True:\n        pass"}


def _first(answers: Answers, count: int) -> Answers:
    return dict(list(answers.items())[:count])


def _first_exercise(notebook: NotebookNode) -> int:
    return next(i for i, cell in enumerate(notebook.cells) if is_solution(cell))


def _exercises(released: NotebookNode) -> list[Exercise]:
    chapter = bank.chapter(released.metadata.chainrule.chapter)
    return [chapter[cell.id] for cell in released.cells if is_solution(cell)]


def _write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
