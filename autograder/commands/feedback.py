"""`autograder feedback`: the pages of graded students, where what they show has changed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.commands._options import as_json, nbgrader_course, say


@click.command()
@click.argument("assignment")
@nbgrader_course
@click.option("--student", "students", multiple=True, help="Only this one; may be repeated.")
@click.option("--jobs", default=2, show_default=True, help="Pages written at a time.")
@click.option("--force", is_flag=True, help="Write those that are up to date, too.")
@as_json
def command(
    assignment: str,
    course: Path | None,
    students: tuple[str, ...],
    jobs: int,
    force: bool,
    json_: bool,
) -> None:
    """Write the feedback pages of ASSIGNMENT whose grades or comments have changed."""
    from autograder.classroom.feedback_pages import graded_students, refresh
    from autograder.classroom.stopping import advise_on_stops
    from autograder.course.build import locate_nbgrader
    from autograder.nbgrader_plugin import Nbgrader
    from autograder.sandbox.protocol.text import plain_text

    root = course or locate_nbgrader()
    nbgrader = Nbgrader(root)
    with advise_on_stops(root):
        wanted = graded_students(nbgrader, assignment, students)
        found = refresh(nbgrader, assignment, wanted, jobs, force=force)
    lines = [
        *(f"no page for {plain_text(who)}: {plain_text(why)}" for who, why in found[1].items()),
        f"pages in {root / 'feedback'}: {len(found[0])} there, {len(found[1])} failed",
    ]
    facts = {"feedback": {s: str(page) for s, page in found[0].items()}}
    say(json_, {**facts, "without_feedback": found[1]}, lines)
    sys.exit(1 if found[1] else 0)
