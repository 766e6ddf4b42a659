"""`autograder import`: assignments of other tools as skeletons of our exercises."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.commands._options import as_json, in_course, say
from autograder.course.build import locate
from autograder.course.foreign_notebooks.import_nbgrader import import_nbgrader


@click.group()
def command() -> None:
    """Make skeletons of exercises of another tool's assignments."""


@command.command()
@click.argument("notebook", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--chapter", default="", help="Its name, such as ch02_loops (default: the next).")
@in_course
@as_json
def nbgrader(notebook: Path, chapter: str, json_: bool) -> None:
    """Make a chapter of an nbgrader NOTEBOOK with asserts in its test cells.

    Visible asserts become public checks, hidden ones graded; what has no counterpart is told.
    """
    found = import_nbgrader(locate(), notebook, chapter)
    facts = vars(found) | {"written": [*map(str, found.written)]}
    lines = [*(f"written: {path}" for path in found.written), *found.left_out]
    lines.append(f"then: fill in what says TODO, and autograder build {found.chapter}")
    say(json_, facts, lines)
    sys.exit(1 if found.left_out else 0)
