"""The student's kit: notebooks, and a package that can run their public checks and nothing more.

From each exercise file only what a public check needs is kept: no hidden checks, variants or
misconceptions, and no reference. Named mistakes still work there, by fingerprints (one-way hashes
of how each misconception behaves).
"""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from autograder.judging import bank
from autograder.course.build import Course
from autograder.course.handout import handout
from autograder.judging.behaviour import fingerprint, observe
from autograder.judging.diagnose import mistake
from autograder.judging.mendable import Mendable
from autograder.judging.exercise import Exercise
from autograder.judging.learner import LocalFunction

SHIPPED_ROOMS = ("judging", "student", "data", "figures")
"""Whole folders; of the exercises what public checks need, and nothing else of ours."""

SECRET_DECORATORS = ("variant", "misconception")

PYPROJECT = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "chainrule-student"
version = "0.1.0"
description = "Chainrule's public checks, for students' notebooks."
requires-python = ">=3.11"
dependencies = ["numpy>=1.26,<3", "matplotlib>=3.8,<4", "jupyterlab>=4.2,<5"]

[tool.setuptools.packages.find]
include = ["autograder*"]

[tool.setuptools.package-data]
autograder = ["data/*", "figures/*"]
"""

README = """\
# Chainrule: your notebooks

    python3 -m venv .venv
    .venv/bin/pip install .
    .venv/bin/jupyter lab notebooks

Fill in the cells that say `YOUR CODE HERE`, run `check("…")` below each, hand in the notebook.
"""


class UnusableFolder(Mendable):
    """The kit cannot be written there."""


def write_kit(course: Course, folder: Path, chapters: Collection[str]) -> Path:
    """Write the student's kit of `chapters` into `folder`: new, empty, or an earlier kit.

    Chapters give functions that earlier ones ask for, so hand out those that are due and no more.

    Raises
    ------
    UnusableFolder
        If the folder holds something else: nothing of it is touched.
    """
    if folder.exists() and any(folder.iterdir()) and not _is_kit(folder):
        raise UnusableFolder(f"{folder} is not empty and not a kit; name a new folder")
    for part in ("autograder", "notebooks"):
        shutil.rmtree(folder / part, ignore_errors=True)
    _write(folder / "pyproject.toml", PYPROJECT)
    _write(folder / "README.md", README)
    _write_package(folder / "autograder", with_parts(course, chapters))
    for name, text in handout(course, chapters):
        _write(folder / "notebooks" / name, text)
    return folder


def with_parts(course: Course, chapters: Collection[str]) -> list[str]:
    """The chapters, and those whose exercises a project among them brings: it checks these too."""
    cells = (
        cell
        for chapter in chapters
        for cell in json.loads(course.notebook("release", chapter).read_text("utf-8"))["cells"]
    )
    brought = (bank.find(slug) for cell in cells for slug in cell["metadata"].get("bring", ()))
    return sorted({*chapters, *(exercise.chapter for exercise in brought)})


def public_source(exercise: Exercise) -> str:
    """An exercise file with everything secret taken out and the fingerprints put in."""
    tree = ast.parse(Path(bank.source_file(exercise)).read_text(encoding="utf-8"))
    kept = [node for node in tree.body if not _secret(node, exercise.slug)]
    while len(used := list(_used(kept))) < len(kept):
        kept = used
    prints = {
        fingerprint(observe(exercise, LocalFunction(m))): (mistake(exercise, m).name, mistake(exercise, m).hint)
        for m in exercise.misconceptions
        if not exercise.guessable
    }
    body = ast.unparse(ast.Module(kept, []))
    return f"{body}\n\nexercise.fingerprints.update({prints!r})\n"


def _write_package(package: Path, chapters: Collection[str]) -> None:
    here = Path(__file__).parents[1]
    package.mkdir(parents=True)
    shutil.copyfile(here / "__init__.py", package / "__init__.py")
    for room in SHIPPED_ROOMS:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(here / room, package / room, ignore=ignore)
    _write(package / "exercises" / "__init__.py", '"""The exercises of this kit."""\n')
    for name in chapters:
        _write(package / "exercises" / name / "__init__.py", f'"""Exercises of {name}."""\n')
        for module, shown in chapter_sources(here / "exercises" / name).items():
            _write(package / "exercises" / name / f"{module}.py", shown)


def chapter_sources(folder: Path) -> dict[str, str]:
    """Module -> what is shown of it: exercises, and of their helpers what those still use."""
    exercises = bank.chapter(folder.name)
    shown = {slug: public_source(exercise) for slug, exercise in exercises.items()}
    helpers = {p.stem: p for p in sorted(folder.glob("*.py")) if p.stem not in exercises}
    helpers.pop("__init__")
    while True:
        more = {name: _helper_source(path, name, shown) for name, path in helpers.items()}
        more = {name: source for name, source in more.items() if source}
        if shown == (shown := {**shown, **more}):
            return shown


def _helper_source(path: Path, name: str, shown: dict[str, str]) -> str:
    """The part of a helper module that shown sources use; all of one that lists its `__all__`."""
    text = path.read_text(encoding="utf-8")
    body = ast.parse(text).body
    if any("__all__" in _bound(node) for node in body):
        return text
    users = [ast.parse(source) for module, source in shown.items() if module != name]
    wanted = {used for tree in users for node in ast.walk(tree) for used in _uses(node, name)}
    kept: list[ast.stmt] = []
    while len(kept) < len(kept := [n for n in body if wanted & set(_bound(n))]):
        wanted |= {name.id for n in kept for name in ast.walk(n) if isinstance(name, ast.Name)}
    return f"{ast.unparse(ast.Module([_narrowed(n, wanted) for n in kept], []))}\n" if kept else ""


def _uses(node: ast.AST, helper: str) -> Iterator[str]:
    """What an expression or an import takes from a helper module: `helper.name`, or the name."""
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == helper:
            yield attribute
        case ast.ImportFrom(module=str(module), names=names) if module.endswith(f".{helper}"):
            yield from (alias.name for alias in names)


def _secret(node: ast.stmt, slug: str) -> bool:
    """Whether a statement is the reference or registers something secret, however it does so."""
    if isinstance(node, ast.FunctionDef) and node.name == slug:
        return True
    registering = node.decorator_list if isinstance(node, ast.FunctionDef) else [node]
    for part in (inner for outer in registering for inner in ast.walk(outer)):
        if isinstance(part, ast.keyword) and part.arg == "points":
            return True
        if isinstance(part, ast.Attribute) and part.attr in SECRET_DECORATORS:
            return True
    return False


def _used(nodes: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that others need: helpers of secret functions alone fall away."""
    for node in nodes:
        others = {
            name.id
            for other in nodes
            if other is not node
            for name in ast.walk(other)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)
        }
        names = set(_bound(node))
        if not names or names & others or "exercise" in names or _registered(node):
            yield _narrowed(node, others)


def _registered(node: ast.stmt) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    found = (part for decorator in decorators for part in ast.walk(decorator))
    return any(isinstance(part, ast.Name) and part.id == "exercise" for part in found)


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((alias.asname or alias.name).split(".")[0] for alias in node.names)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name))


def _narrowed(node: ast.stmt, others: set[str]) -> ast.stmt:
    """An import without the names that nobody uses any more."""
    if isinstance(node, ast.ImportFrom) and node.module != "__future__":
        node.names = [a for a in node.names if (a.asname or a.name) in others]
    return node


def _is_kit(folder: Path) -> bool:
    project = folder / "pyproject.toml"
    return project.exists() and "chainrule-student" in project.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
