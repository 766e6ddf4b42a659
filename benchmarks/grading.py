"""Submissions per minute against stock `nbgrader autograde`, on the same solved notebooks.

Both grade the same few copies of the solved chapter in the same run, in turn; one JSON line is
printed: how many times as many submissions we grade in the same time, and both times.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder import build
from autograder.classroom import grade_class
from autograder.demo import CHAPTER
from autograder.nbgrader_plugin import Nbgrader

SUBMISSIONS = 4
ROUNDS = 3
PLAIN = 'c = get_config()\nc.CourseDirectory.course_id = "chainrule"\n'


def course_in(folder: Path, config: str) -> build.Course:
    """A course whose class handed in copies of the solved notebook."""
    ours = build.locate()
    course = build.Course(folder)
    copies = {
        f"chapters/{CHAPTER}.py": (ours.nbgrader_root / f"chapters/{CHAPTER}.py").read_text(),
        "nbgrader_config.py": config,
        f"release/{CHAPTER}/{CHAPTER}.ipynb": ours.notebook("release", CHAPTER).read_text(),
    }
    solved = ours.notebook("solutions", CHAPTER).read_text()
    for number in range(SUBMISSIONS):
        copies[f"submitted/student{number}/{CHAPTER}/{CHAPTER}.ipynb"] = solved
    for name, text in copies.items():
        path = course.nbgrader_root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    build.write_source(course, course.nbgrader_root / "chapters" / f"{CHAPTER}.py")
    Nbgrader(course.nbgrader_root).generate_assignment(CHAPTER)
    return course


def seconds_ours(folder: Path) -> tuple[float, object]:
    config = (build.locate().nbgrader_root / "nbgrader_config.py").read_text()
    course = course_in(folder, config)
    start = time.perf_counter()
    grade_class(course.nbgrader_root, CHAPTER)
    return time.perf_counter() - start, Nbgrader(course.nbgrader_root).scores(CHAPTER)


def seconds_stock(folder: Path) -> tuple[float, object]:
    course = course_in(folder, PLAIN)
    command = [str(Path(sys.executable).parent / "nbgrader"), "autograde", CHAPTER]
    start = time.perf_counter()
    subprocess.run(command, cwd=course.nbgrader_root, check=True, capture_output=True)
    return time.perf_counter() - start, Nbgrader(course.nbgrader_root).scores(CHAPTER)


def main() -> None:
    pairs = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
            (ours, points), (stock, same) = seconds_ours(Path(a)), seconds_stock(Path(b))
            assert points == same, "points differ"
            pairs.append((ours, stock))
    figures = {
        "name": "grading_course_vs_nbgrader",
        "ratio": round(statistics.median(stock / ours for ours, stock in pairs), 2),
        "ours_seconds": round(statistics.median(ours for ours, _ in pairs), 2),
        "stock_seconds": round(statistics.median(stock for _, stock in pairs), 2),
        "submissions": SUBMISSIONS,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
