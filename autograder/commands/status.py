"""`autograder status`: where one stands in work/, without running anything."""

from __future__ import annotations

import click

from autograder.commands._options import as_json, in_course, say
from autograder.course.build import locate
from autograder.desk.work_folder import all_standings
from autograder.folder.standing import as_facts
from autograder.folder.words import of_standings


@click.command()
@in_course
@as_json
def command(json_: bool) -> None:
    """Show how far you are in each chapter of work/, and what comes next."""
    found = all_standings(locate())
    say(json_, as_facts(found), list(of_standings(found)))
