"""`autograder grade`: a whole class, or one receipt once more."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from autograder import sandbox
from autograder.commands._options import as_json, nbgrader_course, no_isolation, out, say
from autograder.sandbox.protocol.text import plain_text


@click.command()
@click.argument("assignment", required=False)
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    metavar="RECEIPT",
    help="Grade one submission again, exactly as this receipt says, and compare.",
)
@nbgrader_course
@click.option("--jobs", default=2, show_default=True, help="Submissions graded at a time.")
@click.option("--scheduler", help="Grade on this Dask cluster instead, e.g. tcp://host:8786.")
@click.option("--every-cell", is_flag=True, help="Run untouched experiment cells, too.")
@click.option("--feedback/--no-feedback", default=True, help="Write feedback pages.")
@click.option("--student", "students", multiple=True, help="Only this one; may be repeated.")
@click.option("--notebook", "notebooks", multiple=True, help="Only this one; may be repeated.")
@click.option("--force", is_flag=True, help="Grade what has not changed, too.")
@click.option("--new-seed", is_flag=True, help="Draw other questions: all are graded again.")
@no_isolation
@as_json
def command(
    assignment: str | None, course: Path | None, replay: Path | None, json_: bool, **options: Any
) -> None:
    """Grade a class: every submission of ASSIGNMENT in submitted/, into nbgrader's gradebook.

    Works in this course, and in the folder of any other nbgrader course with Python notebooks.
    """
    if sys.platform == "win32":
        raise sandbox.IsolationUnavailable
    if replay is not None:
        _replay(replay, json_, allow_none=options["no_isolation"])
    elif assignment is None:
        raise click.UsageError("which assignment? e.g. `autograder grade ch02_backprop`")
    else:
        _grade(assignment, course, json_, options)


def _grade(assignment: str, course: Path | None, json_: bool, options: dict[str, Any]) -> None:
    from autograder.classroom import processes

    if options["scheduler"] is None:
        processes.make_ready()  # it takes as long as what is imported next
    from autograder.classroom.grade_class import ClassOptions, grade_class
    from autograder.classroom.terminal import facts, print_class
    from autograder.course.build import Course, build_chapter, locate_nbgrader

    root = course or locate_nbgrader()
    text = Course(root.parent).text(assignment)
    if text.exists():
        build_chapter(Course(root.parent), text, execute=False)
    if options["new_seed"]:
        print("other questions are drawn: all will be graded again", file=sys.stderr)
    result = grade_class(root, assignment, ClassOptions(**options))
    if json_:
        click.echo(json.dumps(facts(result), indent=2))
    else:
        print_class(result, out)
    sys.exit(0 if result.clean else 1)


def _replay(path: Path, json_: bool, *, allow_none: bool) -> None:
    from autograder.classroom.replay import replay
    from autograder.submission.session import best_isolation

    found = replay(path, best_isolation(allow_none=allow_none))
    same = (
        f"{plain_text(found.student)}: the same {found.now.earned:g} of {found.now.points:g} points"
    )
    lines = [plain_text(line) for line in found.differences] or [
        f"{same}, and the same verdicts and outputs throughout"
    ]
    say(json_, {"student": found.student, "differences": found.differences}, lines)
    sys.exit(1 if found.differences else 0)
