"""Notebooks of the browser edition fetch their kit there, and elsewhere are like all others."""

import json
import re

import nbformat
import pytest
from click.testing import CliRunner

from autograder.commands import cli
from autograder.judging import bank
from autograder.site.browser_notebooks import START, write_notebooks

NAMES = ["ch02_backprop", "project1_digit_reader"]


@pytest.fixture(scope="module")
def folder(course, tmp_path_factory):
    """What JupyterLite is given to show."""
    folder = tmp_path_factory.mktemp("files")
    write_notebooks(course, NAMES, folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_they_fetch_their_own_kit(course, folder, name):
    """One cell before all others that run, which does nothing outside of a browser."""
    cells = nbformat.read(folder / f"{name}.ipynb", as_version=4).cells
    first = next(cell for cell in cells if cell.cell_type == "code")
    assert f'"chainrule-student-{name.replace("_", "-")}"' in first.source
    assert first.source.splitlines()[2].startswith('if sys.platform == "emscripten":')
    released = json.loads(course.notebook("release", name).read_text("utf-8"))
    assert len(cells) == len(released["cells"]) + 1


def test_the_first_page_leads_to_all_of_them(folder):
    """And to nothing that is not there."""
    linked = set(re.findall(r"\((\w+\.ipynb)\)", (folder / START).read_text("utf-8")))
    assert {f"{name}.ipynb" for name in NAMES} <= linked
    assert all((folder / file).exists() for file in linked)


@pytest.mark.thorough
def test_what_is_downloaded_grades_to_the_same_points(course, folder, tmp_path):
    """A solved notebook with the cell that fetches the kit has all points of its chapter."""
    name = NAMES[0]
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    solved = nbformat.read(course.notebook("solutions", name), as_version=4)
    answers = {cell.id: cell.source for cell in solved.cells}
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answers[cell.id]
    nbformat.write(notebook, tmp_path / f"{name}.ipynb")
    done = CliRunner().invoke(cli, ["check", "--json", str(tmp_path / f"{name}.ipynb")])
    points = sum(exercise.points for exercise in bank.chapter(name).values())
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["earned"] == points
