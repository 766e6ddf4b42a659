"""A learner with nothing but the student's kit: the notebook runs, and names mistakes."""

import subprocess
import sys

import nbformat
import pytest
from kits import alone, run_in_kit, start, unpacked

from autograder.course import student_kit as kit

CHAPTER = "ch02_backprop"
ANSWERS = {
    "one_path_derivative": "return w * (1 - np.tanh(w * x + b) ** 2)",
    "half_mse": "return np.sum((y - a) ** 2) / len(a)",
}
HINT = "The cost is twice too large: this is the plain mean of squared distances, without the ½."
ALONE = """\
import pathlib, sys
import autograder
assert pathlib.Path(autograder.__file__).is_relative_to({folder!r}), autograder.__file__
sys.modules["reference_impl"] = None
"""
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
def cells(course, tmp_path_factory):
    """The kit's notebook with a right and a wrong answer, run by a kernel that has only the kit."""
    folder = kit.write_kit(course, tmp_path_factory.mktemp("kit") / "student", [CHAPTER])
    site = unpacked(folder, tmp_path_factory.mktemp("site"))
    start(site, folder / "notebooks")
    path = folder / "notebooks" / f"{CHAPTER}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.id in ANSWERS:
            cell.source = cell.source.replace("raise NotImplementedError()", ANSWERS[cell.id])
    first = nbformat.v4.new_code_cell(ALONE.format(folder=str(site)), id="alone")
    notebook.cells.insert(0, first)
    nbformat.write(notebook, path)
    command = [sys.executable, "-c", RUN, str(path)]
    subprocess.run(command, env=alone(site), cwd=path.parent, check=True, capture_output=True)
    return {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}


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
