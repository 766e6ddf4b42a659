"""The pages of public names: all that exercises and chapters import is on them."""

import ast
import importlib
import tomllib
from pathlib import Path

import pytest

from autograder.site.public_names import functions, words

ROOT = Path(__file__).resolve().parents[1]
ON_THE_PAGE = {name: names.split(", ") for part in words().values() for name, names in part}


def used():
    """Every name of ours that an exercise or a chapter's text imports, with its module."""
    files = [*ROOT.glob("autograder/exercises/*/*.py"), *ROOT.glob("course/*/*.py")]
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder."):
            yield from ((node.module, alias.name) for alias in node.names)


@pytest.mark.parametrize(("module", "name"), sorted(set(used())))
def test_what_an_exercise_imports_is_explained(module, name):
    """A function or class stands on the page, a module has a part of its own."""
    if module.startswith("autograder.exercises"):
        return
    value = getattr(importlib.import_module(module), name)
    if callable(value):
        assert name in ON_THE_PAGE[module]
    else:
        assert module in ON_THE_PAGE or f"{module}.{name}" in ON_THE_PAGE


def test_the_references_components_are_on_their_page():
    """Each that the table of components names."""
    listed = tomllib.loads((ROOT / "reference_impl/components.toml").read_text("utf-8"))
    shown = {
        (module.split(".")[1], name) for module, names in functions() for name in names.split(", ")
    }
    asked = {
        (c.split(".")[0], c.split(".")[-1]) for components in listed.values() for c in components
    }
    assert asked - shown == set()
