"""Without our plug-in the same notebooks grade, in the kernel, to the same points."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.course.sample_class import CHAPTER, sample_course
from autograder.nbgrader_plugin import Nbgrader

STUDENTS = ("ada", "ben", "dan", "kim", "noa")
PLAIN_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "chainrule"
"""


def nbgrader(root, *arguments):
    """Run the nbgrader command itself, as an instructor would."""
    command = [str(Path(sys.executable).parent / "nbgrader"), *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def without_experiments(path):
    """Drop the experiment cells: they are not graded, and running them takes its time."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [c for c in notebook.cells if c.metadata.get("tags") != ["experiment"]]
    nbformat.write(notebook, path)


@pytest.mark.slow
def test_points_are_the_same_without_the_plugin(course, tmp_path, monkeypatch):
    """nbgrader's own commands give every student the same score with and without our plug-in."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    scores = {}
    for name in ("ours", "plain"):
        demo = sample_course(course, tmp_path / name)
        root = demo.nbgrader_root
        for folder in (root / "submitted").iterdir():
            if folder.name not in STUDENTS:
                folder.rename(tmp_path / f"{name}-{folder.name}")
            else:
                without_experiments(folder / CHAPTER / f"{CHAPTER}.ipynb")
        if name == "plain":
            (root / "nbgrader_config.py").write_text(PLAIN_CONFIG)
        nbgrader(root, "generate_assignment", CHAPTER, "--force")
        nbgrader(root, "autograde", CHAPTER)
        nbgrader(root, "generate_feedback", CHAPTER)
        scores[name] = Nbgrader(root).scores(CHAPTER)
    assert set(scores["ours"]) == set(STUDENTS)
    assert scores["ours"] == scores["plain"]
    assert len(set(scores["ours"].values())) >= 3
