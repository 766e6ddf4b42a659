"""`autograder next`: the exercise to do next."""

from __future__ import annotations

import click

from autograder.commands._options import as_json, in_course, say
from autograder.course.build import locate
from autograder.desk.work_folder import all_standings
from autograder.folder.standing import next_step
from autograder.folder.words import of_next


@click.command()
@click.option("--core", is_flag=True, help="Stay on the two-hour path of each chapter.")
@in_course
@as_json
def command(core: bool, json_: bool) -> None:
    """Name the exercise to do next: what you have begun, else the first that is blank."""
    step = next_step(all_standings(locate()), core=core)
    facts = {} if step is None else {"chapter": step[0], "exercise": step[1].exercise.slug}
    say(json_, facts, list(of_next(step)))
