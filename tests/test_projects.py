"""A project from hand-in to feedback: own parts inside, a wrong one is told and costs nothing."""

import copy
import json
import subprocess
import sys

import nbformat
import pytest

from autograder.classroom.grade_class import grade_class
from autograder.course.build import Course, write_source
from autograder.course.sample_class import as_answer
from autograder.judging import bank
from autograder.nbgrader_plugin import Nbgrader

PROJECT = "project1_digit_reader"
PARTS = ("relu_forward", "relu_backward", "layer_gradients", "softmax_cross_entropy")
FULL = sum(e.points for e in bank.chapter(PROJECT).values())
WRONG = "def relu_backward(dout, cache):\n    return dout * (cache >= 0)"
UNSHAPED = "def relu_backward(dout, cache):\n    return np.ones(3)"


def submission(course, parts):
    """The project as somebody hands it in who has brought these parts."""
    notebook = copy.deepcopy(nbformat.read(course.notebook("release", PROJECT), as_version=4))
    for cell in notebook.cells:
        if "bring" in cell.metadata and parts:
            cell.source = "\n\n\n".join(parts.values())
        elif cell.id in bank.chapter(PROJECT):
            cell.source = as_answer(bank.reference(bank.find(cell.id)), cell.id)
    return nbformat.writes(notebook).encode()


@pytest.fixture(scope="module")
def hand_ins(course):
    parts = {slug: as_answer(bank.reference(bank.find(slug)), slug) for slug in PARTS}
    return {
        "right": submission(course, parts),
        "wrong": submission(course, parts | {"relu_backward": UNSHAPED}),
        "without": submission(course, {}),
    }


@pytest.fixture(scope="module")
def classroom(course, hand_ins, tmp_path_factory):
    """A class of three, graded with real nbgrader."""
    mine = Course(tmp_path_factory.mktemp("projects"))
    for name in ("nbgrader_config.py", f"projects/{PROJECT}.py", "chapters/_setup.py"):
        copied = mine.nbgrader_root / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_bytes((course.nbgrader_root / name).read_bytes())
    write_source(mine, mine.text(PROJECT))
    Nbgrader(mine.nbgrader_root).generate_assignment(PROJECT)
    for student, raw in hand_ins.items():
        path = mine.nbgrader_root / "submitted" / student / PROJECT / f"{PROJECT}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(raw)
    result = grade_class(mine.nbgrader_root, PROJECT)
    return {row.student: row for row in result.rows}, result


def told(row):
    return [m.name for result in row.receipt.exercises.values() for m in result.mistakes]


def test_parts_cost_nothing_here(classroom):
    """Right, wrong or missing parts: the project's own exercises are right, and score full."""
    assert {student: row.earned for student, row in classroom[0].items()} == {
        "right": FULL, "wrong": FULL, "without": FULL,
    }  # fmt: skip


def test_a_wrong_part_is_told_as_such(classroom):
    """In the receipt and on the page, with its chapter; right parts are not mentioned."""
    rows, result = classroom
    assert told(rows["right"]) == []
    assert set(told(rows["wrong"])) == {"your `relu_backward` is wrong here"}
    assert "your `relu_forward` is not in this notebook" in told(rows["without"])
    page = result.feedback["wrong"].read_text()
    assert "relu_backward" in page
    assert "ch03_activations" in page


def test_one_notebook_is_checked_alone(course, hand_ins, tmp_path):
    """`autograder check` knows a project by its metadata, and tells the wrong part too."""
    path = tmp_path / "mine.ipynb"
    path.write_bytes(hand_ins["wrong"])
    command = [sys.executable, "-m", "autograder", "check", str(path), "--json"]
    done = subprocess.run(
        [*command, "--report", str(tmp_path / "r.html")],
        cwd=course.root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["earned"] == found["points"] == FULL
    page = (tmp_path / "r.html").read_text()
    assert "your `relu_backward` is wrong here" in page
    assert "right, given the earlier parts it builds on" in page
