"""Submissions per minute against Otter-Grader, the same two questions and the same points.

Otter grades without Docker by `otter.api.grade_submission`, one submission after another in one
process of its own environment (made in build/, and kept for the next time); its start is not
counted. We use one worker, and our start cancels out. Otter isolates nothing that way; we do.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import nbformat
from common import ENVIRONMENT, PLAIN, ROOT, command, mode, note, ours, rate, report, student
from nbformat.v4 import new_code_cell, new_notebook

from autograder.nbgrader_plugin import Nbgrader

ENVIRONMENT_OF_OTTER = ROOT / "build" / "otter"
PACKAGES = ("otter-grader==7.0.0", "ipykernel")
ASSIGNMENT = "ps1"
SQUARES = "def squares(n):\n    return [i**2 for i in range(1, n + 1)]"
SUM = "def sum_of_squares(n):\n    return sum(squares(n))"
RAISES = "def sum_of_squares(n):\n    return 1 / 0"
KINDS = [(SQUARES, SUM), (SQUARES.replace(" + 1", ""), SUM), (SQUARES, RAISES)]
"""Right, wrong by one, raising."""
TESTS = {"squares": "squares(4) == [1, 4, 9, 16]", "sum_of_squares": "sum_of_squares(4) == 30"}
OTTERS_TEST = """OK_FORMAT = True
test = {{"name": "{0}", "points": 1, "suites": [{{"cases": [
    {{"code": ">>> {1}\\nTrue", "hidden": False, "locked": False}}],
    "scored": True, "setup": "", "teardown": "", "type": "doctest"}}]}}
"""
LOOP = """
import json, sys, time
from otter.api import grade_submission
for path in sys.argv[2:]:
    start = time.perf_counter()
    points = grade_submission(path, sys.argv[1], quiet=True).total
    print(json.dumps([points, time.perf_counter() - start]))
"""


def otters_python() -> Path:
    python = ENVIRONMENT_OF_OTTER / "bin" / "python"
    if not (ENVIRONMENT_OF_OTTER / "bin" / "otter").exists():
        note("installing Otter-Grader")
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT_OF_OTTER)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def with_otter(folder: Path, count: int) -> list[list[float]]:
    """Points and seconds of each submission."""
    python = otters_python()
    environment = {**ENVIRONMENT, "PATH": f"{python.parent}{os.pathsep}{ENVIRONMENT['PATH']}"}
    (folder / "tests").mkdir(parents=True)
    for name, claim in TESTS.items():
        (folder / "tests" / f"{name}.py").write_text(OTTERS_TEST.format(name, claim))
    run = partial(subprocess.run, cwd=folder, env=environment, check=True, capture_output=True)
    run([str(python.parent / "otter"), "generate", "-t", "tests", "--no-environment",
         "--no-requirements"])  # fmt: skip
    names = [f"{student(number)}.ipynb" for number in range(count)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    for number, name in enumerate(names):
        cells = [new_code_cell(source) for source in KINDS[number % len(KINDS)]]
        start = new_code_cell("import otter\ngrader = otter.Notebook()")
        nbformat.write(new_notebook(cells=[start, *cells], metadata=kernel), folder / name)
    done = run([str(python), "-c", LOOP, "autograder.zip", *names], text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]


def make(root: Path, count: int) -> Path:
    """The same questions as a course of nbgrader."""
    cells = []
    for name, claim in TESTS.items():
        cells += [_cell(name, "### BEGIN SOLUTION\n### END SOLUTION", solution=True)]
        cells += [_cell(f"test_{name}", f"assert {claim}", grade=True, locked=True, points=1)]
    place = root / "source" / ASSIGNMENT / "ps1.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), place)
    (root / "nbgrader_config.py").write_text(PLAIN)
    command(root, "nbgrader", "generate_assignment", ASSIGNMENT, "--create")
    released = nbformat.read(root / "release" / ASSIGNMENT / "ps1.ipynb", as_version=4)
    for number in range(count):
        for cell, answer in zip(released.cells[::2], KINDS[number % len(KINDS)], strict=True):
            cell.source = answer
        folder = root / "submitted" / student(number) / ASSIGNMENT
        folder.mkdir(parents=True)
        nbformat.write(released, folder / "ps1.ipynb")
    return root


def _cell(name: str, code: str, **label: object) -> nbformat.NotebookNode:
    plain = {"grade": False, "locked": False, "solution": False, "task": False}
    cell = new_code_cell(code)
    cell.metadata.nbgrader = {"schema_version": 3, "grade_id": name, **plain, **label}
    return cell


def main() -> None:
    chosen = mode()
    few, many, theirs = 3, chosen.pick(12, 120), chosen.pick(3, 15)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        template = make(Path(folder) / "course", many)
        otter = with_otter(Path(folder) / "otter", theirs)
        (Path(folder) / "ours").mkdir()
        one_worker = partial(ours, assignment=ASSIGNMENT, jobs=1)
        found, root = rate(one_worker, template, Path(folder) / "ours", few, many)
        scores = Nbgrader(root).scores(ASSIGNMENT)
        for number, (points, _) in enumerate(otter):
            assert scores[student(number)][0] == points, f"points differ: {student(number)}"
    seconds = statistics.median(spent for _, spent in otter)
    report(
        name="grading_vs_otter",
        ratio=round(seconds / found.seconds_each, 2),
        otter_seconds_each=round(seconds, 3),
        ours_seconds_each=round(found.seconds_each, 3),
        ours=many,
        otter=len(otter),
        points_compared=len(otter),
    )


if __name__ == "__main__":
    main()
