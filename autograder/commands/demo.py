"""`autograder demo`: a sample class of one chapter, graded in a folder of its own."""

from __future__ import annotations

import sys

import click

from autograder import sandbox
from autograder.classroom.grade_class import ClassOptions, grade_class
from autograder.classroom.terminal import print_class
from autograder.commands._options import out
from autograder.course.build import locate
from autograder.course.sample_class import CHAPTER, sample_course


@click.command()
@click.option("--jobs", default=2, show_default=True, help="Submissions judged at a time.")
def command(jobs: int) -> None:
    """Grade a sample class of the exemplar chapter, in the folder demo/."""
    course = locate()
    demo = sample_course(course, course.root / "demo")
    options = ClassOptions(jobs=jobs, no_isolation=_without_isolation())
    result = grade_class(demo.nbgrader_root, CHAPTER, options)
    print_class(result, out)
    sys.exit(0 if result.clean else 1)


def _without_isolation() -> bool:
    if sys.platform == "linux" or sandbox.available_isolation() is not sandbox.Isolation.NONE:
        return False
    out.print(
        "[bold]This system cannot isolate learners' code.[/] The demo runs its own sample class "
        "without isolation; real classes should be graded on Linux."
    )
    return True
