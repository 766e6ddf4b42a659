"""`autograder new`: skeletons of a chapter or an exercise."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.course.build import locate
from autograder.course.scaffold import left_to_do, new_chapter, new_exercise


@click.group()
def command() -> None:
    """Write the skeleton of a chapter or an exercise, and say what is still to do."""


@command.command()
@click.argument("name")
def chapter(name: str) -> None:
    """Begin the chapter NAME, such as ch04_preprocessing."""
    _say(new_chapter(locate(), name))


@command.command()
@click.argument("chapter")
@click.argument("slug")
def exercise(chapter: str, slug: str) -> None:
    """Begin the exercise SLUG, the name of its function, at the end of CHAPTER."""
    _say(new_exercise(locate(), chapter, slug))
    click.echo(f"then: autograder build {chapter} && autograder verify {slug}")


def _say(written: list[Path]) -> None:
    for path in written:
        click.echo(f"written: {path}")
    for line in left_to_do(written):
        click.echo(line)
