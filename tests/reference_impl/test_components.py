"""The list of components: what it names exists, and each function is held by some test."""

import re
from pathlib import Path

import pytest
from components import components, function_of, sentences, titles

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = sorted({name for functions in components().values() for name in functions})


def test_every_component_is_the_syllabus_s():
    """No id is misspelt, and none is listed without a function."""
    assert set(components()) <= set(titles())
    assert all(components().values())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_exists_and_is_tested(name):
    """It is there, documented, and a test of its own module calls it."""
    assert function_of(name).__doc__
    assert sentences(name) or name.split(".")[0] in BY_TABLE, name


BY_TABLE = {"activations", "backprop", "batchnorm", "initialization", "optimizers"}
"""Modules whose tests go through a table of all functions by name."""


def test_the_page_of_components_is_up_to_date():
    """Its rows are those of the list, function by function; its errors are `make oracle`'s."""
    page = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+-\d+) \| [^|]+ \| ([^|]+) \|", page, re.MULTILINE)
    listed = {name: re.findall(r"`([^`]+)`", functions) for name, functions in rows}
    short = {c: [".".join(f.split(".")[-2:]) for f in fs] for c, fs in components().items()}
    assert listed == short
