"""The tree keeps its shape: imports go one way, and each outside library has one door."""

import ast
from pathlib import Path

import pytest

from autograder.engine import processes

ROOT = Path(__file__).resolve().parents[1]
CORE = ("exercise", "compare", "conduct", "gradcheck", "learner", "judge", "diagnose", "chance")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("name", CORE)
def test_the_core_knows_no_course(name):
    """An author's words and the judge import neither exercises nor the reference."""
    for module in imported(ROOT / "autograder" / f"{name}.py"):
        assert not module.startswith(("autograder.exercises", "autograder.bank", "reference_impl"))


def test_only_the_plugin_imports_nbgrader():
    """nbgrader can be exchanged in one place."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "autograder").rglob("*.py")
        if any(module.split(".")[0] == "nbgrader" for module in imported(path))
    }
    assert {name.split("/")[1] for name in found} == {"nbgrader_plugin"}


def test_the_reference_stands_alone():
    """reference_impl imports nothing of ours outside itself, and only NumPy from elsewhere."""
    standard = {"collections", "functools", "inspect", "itertools", "math", "typing"}
    allowed = {"numpy", "reference_impl", *standard}
    for path in (ROOT / "reference_impl").rglob("*.py"):
        assert {module.split(".")[0] for module in imported(path)} <= allowed, path


def test_what_enters_the_jail_knows_no_course():
    """The learner's side of the sandbox imports nothing that could bring answers along."""
    for path in (ROOT / "autograder" / "sandbox").glob("*.py"):
        for module in imported(path):
            assert not module.startswith(
                ("autograder.exercises", "autograder.bank", "reference_impl")
            )


def test_what_workers_find_imported_is_there():
    """A wrong name would go unnoticed: multiprocessing skips what it cannot import."""
    assert processes.IMPORTED
    for name in processes.IMPORTED:
        assert (ROOT / f"{name.replace('.', '/')}.py").is_file(), name


def test_files_stay_small():
    """A room with one purpose has fewer than 400 lines; prose and reference modules may be long."""
    for path in [*(ROOT / "autograder").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        assert len(path.read_text().splitlines()) < 400, path
