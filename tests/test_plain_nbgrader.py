"""Without our plug-in the same notebooks grade, in the kernel, to the same points."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.course.sample_class import CHAPTER, sample_course
from autograder.nbgrader_plugin import Nbgrader
from autograder.notebook.cells import is_check

CLASSES = [
    pytest.param(("ben", "dan", "noa"), 4, id="few"),
    pytest.param(("ada", "ben", "dan", "kim", "noa"), None, id="all", marks=pytest.mark.thorough),
]
"""Who hands in, and how many exercises of the chapter (None: all)."""
PLAIN_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "chainrule"
"""


def nbgrader(root, *arguments):
    """Run the nbgrader command itself, as an instructor would."""
    command = [str(Path(sys.executable).parent / "nbgrader"), *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def cut(path, exercises):
    """Drop the experiments, which are not graded, and what follows after so many exercises."""
    notebook = nbformat.read(path, as_version=4)
    cells = [c for c in notebook.cells if c.metadata.get("tags") != ["experiment"]]
    checks = [number for number, cell in enumerate(cells) if is_check(cell)]
    notebook.cells = cells[: checks[exercises - 1] + 1 if exercises else None]
    nbformat.write(notebook, path)


@pytest.mark.slow
@pytest.mark.parametrize(("students", "exercises"), CLASSES)
def test_points_are_the_same_without_the_plugin(course, tmp_path, monkeypatch, students, exercises):
    """nbgrader's own commands give every student the same score with and without our plug-in."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    scores = {}
    for name in ("ours", "plain"):
        demo = sample_course(course, tmp_path / name)
        root = demo.nbgrader_root
        cut(demo.notebook("source", CHAPTER), exercises)
        for folder in (root / "submitted").iterdir():
            if folder.name not in students:
                folder.rename(tmp_path / f"{name}-{folder.name}")
            else:
                cut(folder / CHAPTER / f"{CHAPTER}.ipynb", exercises)
        if name == "plain":
            (root / "nbgrader_config.py").write_text(PLAIN_CONFIG)
        nbgrader(root, "generate_assignment", CHAPTER, "--force")
        nbgrader(root, "autograde", CHAPTER)
        nbgrader(root, "generate_feedback", CHAPTER)
        scores[name] = Nbgrader(root).scores(CHAPTER)
    assert set(scores["ours"]) == set(students)
    assert scores["ours"] == scores["plain"]
    assert len(set(scores["ours"].values())) >= 3
