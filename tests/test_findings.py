"""What `check` says in a kernel that has only the kit, before and beside any named mistake."""

import json
import os
import time

import pytest
from kernels import errors, run_cells, said
from kits import alone, unpacked

from autograder.course import student_kit as kit

CHAPTER = "ch02_backprop"
BEGIN = """
import sys; sys.modules["reference_impl"] = None
import numpy as np
from autograder import borrow, check, hint
import autograder; assert autograder.__file__.startswith({site!r}), autograder.__file__
"""
RIGHT = "def half_mse(a, y):\n    return np.sum((y - a) ** 2) / 2 / len(a)"
STUB = "def half_mse(a, y):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
CHECK = 'check("half_mse")'
ANSWERS = {
    "return None": "half_mse: 2 of 2 public checks fail (returns nothing).",
    "return aa": "half_mse: 2 of 2 public checks fail (name not defined).",
    "raise ValueError('no')": "half_mse: 2 of 2 public checks fail (stops with ValueError).",
    "np.sum((y - a) ** 2)\n    raise NotImplementedError()": "(raise left in). The line",
    "a *= 2\n    return 1.0": "(changes its argument `a` in place).",
}


@pytest.fixture(scope="module")
def site(course, tmp_path_factory):
    folder = kit.write_kit(course, tmp_path_factory.mktemp("kit") / "kit", [CHAPTER])
    return unpacked(folder, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def run(site):
    """Run cells with that kit; the outputs of the first, which only begins, are left out."""
    begin = BEGIN.format(site=str(site))
    return lambda *cells, **more: run_cells(begin, *cells, environment=alone(site) | more)[1:]


def test_answers_that_do_nothing_right_are_named(run):
    """None, an unknown name, an error in every call, a `raise` left in, a changed argument."""
    cells = [c for body in ANSWERS for c in (f"def half_mse(a, y):\n    {body}", CHECK)]
    for found, expected in zip(run(*cells)[1::2], ANSWERS.values(), strict=True):
        assert expected in errors(found)[0]


def test_a_blank_stub_is_one_calm_line(run):
    """No error: the cells after it run."""
    _, blank, after = run(STUB, CHECK, "print('after')")
    assert (
        said(blank)
        == "The quadratic cost · 2 public checks wait for `half_mse`, which is still blank."
    )
    assert said(after) == "after\n"


def test_validate_still_fails_on_a_blank_stub(run):
    """nbgrader's Validate must not call an empty notebook right."""
    _, blank = run(STUB, CHECK, NBGRADER_EXECUTION="validate")
    assert errors(blank) == ["half_mse: not attempted. This stub has not been filled in yet."]


def test_a_cell_that_python_cannot_read_is_told(run):
    """The previous definition is not judged; once the cell runs again, it is."""
    *_, broken, _, mended = run(RIGHT, CHECK, f"{RIGHT} +", CHECK, RIGHT, CHECK)
    (error,) = errors(broken)
    assert error.startswith("half_mse: Python cannot read the cell that defines `half_mse`: line 2")
    assert "2 of 2 pass" in said(mended)


def test_a_cell_that_was_edited_and_not_run_is_told(run, tmp_path):
    """The notebook's file is newer than the run, and holds something else: run it first."""
    path = tmp_path / "mine.ipynb"
    for source, seconds, expected in [
        (f"{RIGHT}  # edited", 60, True),
        (RIGHT, 60, False),
        ("x", -60, False),
    ]:
        path.write_text(json.dumps({"cells": [{"id": "half_mse", "source": [source]}]}))
        os.utime(path, (0, time.time() + seconds))
        _, checked = run(RIGHT, CHECK, JPY_SESSION_NAME=str(path))
        assert [
            e.endswith("changed and not run since: run it first.") for e in errors(checked)
        ] == ([True] if expected else [])


def test_an_answer_on_top_of_a_blank_part_says_which(run):
    """It is not called blank itself."""
    stub = "def sigmoid(z):\n    raise NotImplementedError()"
    *_, checked = run(
        stub, "def forward_pass(*given):\n    return sigmoid(given[0])", 'check("forward_pass")'
    )
    assert "builds on a blank part" in said(checked)


def test_hints_come_one_at_a_time(run):
    """A question first; each says how many are left, the last one that it is the last."""
    first, second, third, again = map(said, run(*['hint("half_mse")'] * 4))
    assert first.startswith("Hint 1 of 3 · How far is one output row")
    assert '2 more: `hint("half_mse")`' in first
    assert second.startswith("Hint 2 of 3")
    assert "1 more" in second
    assert "That was the last one." in third
    assert all(f"Hint {number} of 3" in again for number in (1, 2, 3))


def test_what_a_learner_can_mend_is_told_without_a_traceback(run):
    """A slip of the pen in a name, and what is not lent here: a sentence, no frames of ours."""
    for cell, part in (
        ('check("half_mes")', "did you mean 'half_mse'?"),
        ('borrow("half_mse")', "is not lent yet"),
    ):
        ((output,),) = run(cell)
        shown = "\n".join(output.traceback)
        assert part in shown.replace("\n", " ")
        assert "File" not in shown
        assert "Traceback" not in shown
