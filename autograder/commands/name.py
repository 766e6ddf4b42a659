"""`autograder name`: a group of wrong answers becomes a mistake with a name and a hint."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands._options import as_json, no_isolation, say


@click.command()
@click.argument("assignment")
@click.argument("group")
@click.argument("name")
@click.argument("hint")
@click.option(
    "--course", type=click.Path(path_type=Path, exists=True), help="The nbgrader course's folder."
)
@no_isolation
@as_json
def command(
    assignment: str,
    group: str,
    name: str,
    hint: str,
    course: Path | None,
    no_isolation: bool,
    json_: bool,
) -> None:
    """Give GROUP, as the class report of ASSIGNMENT calls it, a NAME and a HINT.

    The next `autograder grade` says both to everybody who behaves like it, in every seed. Nothing
    is written if a right answer or another mistake does the same.
    """
    from autograder.classroom.naming import name_group
    from autograder.course.build import locate_nbgrader
    from autograder.submission.session import best_isolation

    root = course or locate_nbgrader()
    isolation = best_isolation(allow_none=no_isolation)
    named, found, path = name_group(root, assignment, group, name, hint, isolation)
    students = [student for student, _ in found.members]
    facts = {"exercise": named.exercise, "name": named.name, "students": students}
    who = f"{len(students)} student{'s' * (len(students) != 1)}"
    said = f"“{named.name}” is a mistake of {named.exercise} now, made by {who} so far: {path}"
    lines = [said, f"to tell them, run `autograder grade {assignment}`"]
    say(json_, {**facts, "written": str(path)}, lines)
