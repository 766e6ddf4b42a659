"""`autograder update`: the notebooks in work/, brought up to the course."""

from __future__ import annotations

import click

from autograder.commands._options import as_json, in_course, say
from autograder.course.build import locate
from autograder.desk.work_folder import update, write_start_page
from autograder.folder.words import of_update


@click.command()
@in_course
@as_json
def command(json_: bool) -> None:
    """Copy new notebooks to work/ and update old ones; your answers stay, and so does a backup."""
    course = locate()
    done = update(course)
    start = write_start_page(course)
    facts = {
        str(u.path): {"new": u.new, "changes": u.changes, "backup": str(u.backup or "")}
        for u in done
    }
    lines = [line for u in done for line in of_update(u)]
    lines += [f"written: {start}"] if start else []
    say(json_, facts, lines or ["work/ is up to date"])
