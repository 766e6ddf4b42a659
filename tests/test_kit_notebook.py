"""A learner with nothing but the student's kit: the notebook runs, and names mistakes."""

import html
import json
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from kernels import run_cells, said
from kits import alone, run_in_kit, start, unpacked

from autograder.course import student_kit as kit

CHAPTER = "ch02_backprop"
ANSWERS = {
    "one_path_derivative": "return w * (1 - np.tanh(w * x + b) ** 2)",
    "half_mse": "return np.sum((y - a) ** 2) / len(a)",
}
RIGHT = """
import numpy as np
def half_mse(a, y): return np.sum((y - a) ** 2) / 2 / len(a)
check("half_mse")
"""
HINT = "The cost is twice too large: this is the plain mean of squared distances, without the ½."
ALONE = """\
import pathlib, sys
import autograder
assert pathlib.Path(autograder.__file__).is_relative_to({folder!r}), autograder.__file__
sys.modules["reference_impl"] = None
"""
STATUS = "from autograder import status\nstatus()"
RUN = """\
import nbformat, sys
from nbclient import NotebookClient
from traitlets.config import Config
notebook = nbformat.read(sys.argv[1], as_version=4)
private = Config(KernelManager={"transport": "ipc"})
NotebookClient(notebook, timeout=120, allow_errors=True, config=private).execute()
nbformat.write(notebook, sys.argv[1])
"""


@pytest.fixture(scope="module")
def site(course, tmp_path_factory):
    """The kit as an environment has it; beside it `notebooks/` with START and its copies."""
    folder = kit.write_kit(course, tmp_path_factory.mktemp("kit") / "student", [CHAPTER])
    found = unpacked(folder, tmp_path_factory.mktemp("student") / "site")
    shutil.copytree(folder / "notebooks", found.with_name("notebooks"))
    start(found, found.with_name("notebooks"))
    return found


@pytest.fixture(scope="module")
def path(site):
    """The kit's notebook with a right and a wrong answer, run by a kernel that has only the kit."""
    path = site.with_name("notebooks") / f"{CHAPTER}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.id in ANSWERS:
            cell.source = cell.source.replace("raise NotImplementedError()", ANSWERS[cell.id])
    first = nbformat.v4.new_code_cell(ALONE.format(folder=str(site)), id="alone")
    notebook.cells.insert(0, first)
    notebook.cells.append(nbformat.v4.new_code_cell(STATUS, id="status"))
    nbformat.write(notebook, path)
    command = [sys.executable, "-c", RUN, str(path)]
    subprocess.run(command, env=alone(site), cwd=path.parent, check=True, capture_output=True)
    return path


@pytest.fixture(scope="module")
def cells(path):
    return {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}


@pytest.fixture
def copy(path, tmp_path):
    """That notebook and START.ipynb in a folder of their own."""
    folder = shutil.copytree(path.parent, tmp_path / "notebooks")
    return folder / path.name


def test_only_the_kit_is_there(cells):
    """The kernel found the kit's package, not the instructor's, and no reference."""
    assert cells["alone"].outputs == []
    assert cells["given-1"].outputs == []


def test_a_right_answer_passes(cells):
    """One table, and no exception after it."""
    (table,) = cells["one_path_derivative-check"].outputs
    assert "public checks: 4 of 4 pass" in table.data["text/html"]


def test_a_wrong_answer_is_named_by_its_fingerprint(cells):
    """Table and exception name the mistake and give its hint, in a line or two."""
    table, error = cells["half_mse-check"].outputs
    assert f"<strong>Looks like: forgets the half.</strong> {HINT}" in table.data["text/html"]
    assert error.evalue == f"half_mse: 2 of 2 public checks fail (forgets the half). {HINT}"
    assert len(error.traceback) <= 2


def told(site, folder):
    """What `status()` says of a folder, on one line."""
    code = f"import os; os.chdir({str(folder)!r})\n{STATUS}"
    done = run_in_kit(site, code)
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


def counted(course, *done):
    """What there is to do, as the released notebook tells its readers."""
    text = course.notebook("release", CHAPTER).read_text()
    tasks = {c["id"]: "".join(c["source"]) for c in json.loads(text)["cells"] if "-task" in c["id"]}
    facts = {slug: re.search(r"^\*(\d+) minutes .* (\d+) points(.*)\*$", task, re.MULTILINE)
             for slug, task in tasks.items()}  # fmt: skip
    open_ = [found for slug, found in facts.items() if slug.removesuffix("-task") not in done]
    worth = sum(int(found[2]) for found in facts.values())
    left = sum(int(found[2]) for found in open_)
    core = sum("core path" in found[3] for found in open_)
    minutes = sum(int(found[1]) for found in open_)
    return (
        f"{len(done)}/{len(facts)} {worth - left} of {worth} points {minutes} minutes, "
        f"{core} of the core path"
    )


def test_status_counts_what_the_saved_notebook_shows(course, site, path):
    """Exercises, points, minutes, core path: as the notebook's own texts add up; what is next."""
    said = told(site, path.parent)
    assert counted(course, "one_path_derivative") in said
    assert "next: ch02_backprop, exercise 3, half_mse (The quadratic cost;" in said


def test_status_knows_of_checks_that_are_not_saved_yet(course, cells):
    """It was run in the notebook, when its file had no output."""
    (table,) = cells["status"].outputs
    assert counted(course, "one_path_derivative") in " ".join(table.data["text/plain"].split())
    assert f'<a href="{CHAPTER}.ipynb">2 backprop</a>' in table.data["text/html"]


def test_status_finds_folders_side_by_side(course, site, path, tmp_path):
    """As nbgrader hands assignments out: each in a folder of its own."""
    (tmp_path / CHAPTER).mkdir()
    (tmp_path / "ch03_activations").mkdir()
    shutil.copyfile(path, tmp_path / CHAPTER / path.name)
    assert counted(course, "one_path_derivative") in told(site, tmp_path / "ch03_activations")


def test_a_pass_does_not_outlive_its_answer(course, site, copy):
    """Written anew and not checked since, it is not done; nor is it when outputs are cleared."""
    notebook = nbformat.read(copy, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == "one_path_derivative")
    cell.source = cell.source.replace("return w", "return 2 * w")
    nbformat.write(notebook, copy)
    assert counted(course) in told(site, copy.parent)
    cell.source = cell.source.replace("return 2 * w", "return w")
    nbformat.write(notebook, copy)
    assert counted(course, "one_path_derivative") in told(site, copy.parent)
    for cell in notebook.cells:
        cell.update({"outputs": []} if cell.cell_type == "code" else {})
    nbformat.write(notebook, copy)
    assert counted(course) in told(site, copy.parent)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"cells": 3}'])
def test_a_broken_notebook_disturbs_nothing(course, site, copy, damage):
    """Nothing is known of it, START leaves it as it is, and a check elsewhere works."""
    copy.write_text(damage)
    assert counted(course) in told(site, copy.parent)
    assert "left as it is" in start(site, copy.parent)
    assert copy.read_text() == damage
    code = f"import os; os.chdir({str(copy.parent)!r})\nfrom autograder import check\n{RIGHT}"
    assert "public checks: 2 of 2 pass" in run_in_kit(site, code).stdout


def test_a_folder_that_cannot_be_written_is_told(site):
    """The sentence says what to do, and a check does not mind."""
    code = f"import os; os.chdir('/proc')\nfrom autograder import check, update\nupdate()\n{RIGHT}"
    done = run_in_kit(site, code)
    assert "work in a folder of your own" in done.stdout, done.stderr
    assert "public checks: 2 of 2 pass" in done.stdout


def test_a_folder_without_notebooks_says_where_they_come_from(site, tmp_path):
    assert "Run START.ipynb of your kit" in told(site, tmp_path)


def sections(cells):
    """The ids of cells between two headings of the chapter."""
    found = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            found.append([])
        found[-1].append(cell.id)
    return found


def test_what_waits_shows_what_one_will_see(course, cells):
    """The solved notebook's picture with its words, but for what stands beside a guess."""
    solved = nbformat.read(course.notebook("solutions", CHAPTER), as_version=4).cells
    drawn = {c.id: o.data["text/plain"] for c in solved for o in c.get("outputs", [])
             if "data:image/png" in o.get("data", {}).get("text/html", "")}  # fmt: skip
    guessed = [s for s in sections(solved) if {"backprop_predictions", "separating_inputs"} & {*s}]
    assert len(guessed) == 2
    silent = {name for section in guessed for name in section}
    shown = 0
    for name, cell in cells.items():
        for output in cell.get("outputs", []):
            box = output.get("data", {}).get("text/html", "")
            if "This waits for" not in box or name.startswith("bring"):
                continue
            assert ("This is what you will see." in box) == (name in drawn.keys() - silent), name
            if "<img" in box:
                shown += 1
                assert f'alt="{html.escape(drawn[name])}"' in box
                assert box.count("data:image/webp;base64,") == 1
    assert shown > 5


def test_a_changed_experiment_promises_nothing(site, cells):
    """Its picture would be another; and stills that cannot be read are as if there were none."""
    stub = "def several_paths_derivative(*given):\n    raise NotImplementedError()"
    begin = f'import sys; sys.modules["reference_impl"] = None\n{cells["given-1"].source}'
    waits = next(c.source for c in cells.values() if c.source.startswith("def z_of("))
    kept = next(site.rglob("stills.json"))
    whole = kept.read_text()
    for source, stills, seen in (
        (waits, whole, True), (f"{waits}\n# mine", whole, False), (waits, "{", False),
        (waits, '{"a": 3}', False),
    ):  # fmt: skip
        kept.write_text(stills)
        try:
            *_, found = run_cells(begin, stub, source, environment=alone(site))
        finally:
            kept.write_text(whole)
        assert "This waits for `several_paths_derivative`" in said(found)
        assert ("This is what you will see." in said(found)) == seen


def test_without_nbformat_all_but_status_works(site):
    """In a browser, say: checks do not need it, and the sentence says what does."""
    begin = "import sys; sys.modules['nbformat'] = None\nfrom autograder import check"
    done = run_in_kit(site, f"{begin}\n{RIGHT}\n{STATUS}")
    assert "public checks: 2 of 2 pass" in done.stdout
    assert "NotebooksNotRead: this reads notebooks by nbformat: pip install nbformat" in done.stderr
