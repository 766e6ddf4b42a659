"""The demonstration: a sample class of the exemplar chapter, graded in a folder of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from rich.console import Console

from autograder import sandbox
from autograder.classroom.grade_class import How, grade_class
from autograder.commands.class_table import print_class
from autograder.commands.sample_class import sample_class
from autograder.course.build import Course, build_chapter, write_source

CHAPTER = "ch02_backprop"


def run_demo(course: Course, out: Console, *, jobs: int = 2) -> int:
    """Build the chapter, hand in for the sample class, grade it and print what came of it."""
    text = course.nbgrader_root / "chapters" / f"{CHAPTER}.py"
    build_chapter(course, text, execute=False)
    demo = sample_course(course, course.root / "demo")
    how = How(jobs=jobs, no_isolation=_without_isolation(out))
    result = grade_class(demo.nbgrader_root, CHAPTER, how)
    print_class(result, out)
    return 0 if result.clean else 1


def sample_course(course: Course, root: Path) -> Course:
    """A course of its own with the sample class's submissions: a real class is never touched."""
    demo = Course(root)
    for part in ("nbgrader_config.py", f"chapters/{CHAPTER}.py"):
        _write(demo.nbgrader_root / part, (course.nbgrader_root / part).read_bytes())
    _write(demo.notebook("release", CHAPTER), course.notebook("release", CHAPTER).read_bytes())
    write_source(demo, demo.nbgrader_root / "chapters" / f"{CHAPTER}.py")
    released = nbformat.read(course.notebook("release", CHAPTER), as_version=4)
    for student, raw in sample_class(released).items():
        folder = demo.nbgrader_root / "submitted" / student / CHAPTER
        _write(folder / f"{CHAPTER}.ipynb", raw)
    return demo


def _without_isolation(out: Console) -> bool:
    if sys.platform == "linux" or sandbox.available_isolation() is not sandbox.Isolation.NONE:
        return False
    out.print(
        "[bold]This system cannot isolate learners' code.[/] The demo runs its own sample class "
        "without isolation; real classes should be graded on Linux."
    )
    return True


def _write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
