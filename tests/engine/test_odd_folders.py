"""Odd folders: whatever one student handed in, everybody else is graded, and it is told why not."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from quickstart import RIGHT, hand_in, with_config

SCRIPTS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def odd_class(example, tmp_path_factory):
    """nbgrader's example course with honest students and odd ones, graded by the command."""
    root = with_config(example, tmp_path_factory.mktemp("odd") / "course")
    for student in ("ada", "extra", "stamp", "latin", "Ben [123]", "zoe"):
        hand_in(root, student, RIGHT)
    submitted = root / "submitted"
    shutil.copy(submitted / "extra/ps1/problem1.ipynb", submitted / "extra/ps1/Untitled.ipynb")
    (submitted / "stamp/ps1/timestamp.txt").write_bytes(b"\xff9999-99-99 yesterday")
    Path(os.fsdecode(os.fsencode(submitted / "latin/ps1") + b"/caf\xe9.txt")).write_text("x")
    (submitted / "mia").mkdir()
    (submitted / "mia/ps1").symlink_to(submitted / "ada/ps1", target_is_directory=True)
    (submitted / "leo").symlink_to(submitted / "ada", target_is_directory=True)
    command = [SCRIPTS / "autograder", "grade", "ps1", "--json", "--jobs", "2"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr[-2000:]
    return done.returncode, json.loads(done.stdout), root


def test_honest_students_are_graded_with_a_page(odd_class):
    """Before and after the odd ones in the alphabet, and beside a file with an odd name."""
    _, facts, _ = odd_class
    for student in ("ada", "extra", "latin", "zoe"):
        assert facts["students"][student]["earned"] == facts["students"]["ada"]["earned"] > 0
        assert Path(facts["feedback"][student]).exists()


@pytest.mark.parametrize(
    ("student", "part"),
    [("mia", "is a link"), ("leo", "is a link"), ("stamp", "says no time that can be read")],
)
def test_who_cannot_be_graded_is_told_why(odd_class, student, part):
    """A link to a neighbour's folder earns nothing; a broken time stamp can be mended."""
    code, facts, _ = odd_class
    assert facts["students"][student]["earned"] is None
    assert part in facts["students"][student]["status"]
    assert code == 1


def test_a_notebook_that_was_not_asked_for_is_ignored(odd_class):
    """As nbgrader does: it is neither graded nor kept with the graded ones."""
    _, _, root = odd_class
    kept = sorted(path.name for path in (root / "autograded/extra/ps1").glob("*.ipynb"))
    assert kept == ["problem1.ipynb", "problem2.ipynb"]


def test_a_name_with_brackets_costs_nobody_else_a_page(odd_class):
    """It is graded; if nbgrader cannot write its page, that is said and the run goes on."""
    _, facts, _ = odd_class
    assert facts["students"]["Ben [123]"]["earned"] == facts["students"]["ada"]["earned"]
    assert ("Ben [123]" in facts["feedback"]) != ("Ben [123]" in facts["without_feedback"])
