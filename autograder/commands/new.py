"""`autograder new`: a course of one's own, skeletons of a chapter or an exercise."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands._options import in_course
from autograder.course.build import locate
from autograder.course.scaffold import left_to_do, new_chapter, new_course, new_exercise


@click.group()
def command() -> None:
    """Begin a course, a chapter or an exercise, and say what is still to do."""


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", default="", help="What students read (default: the folder's name).")
def course(folder: Path, title: str) -> None:
    """Begin a course of your own in FOLDER, with a chapter and an exercise that work."""
    _say(new_course(folder, title))
    click.echo(f"then: cd {folder} && autograder build && autograder verify --write")


@command.command()
@click.argument("name")
@in_course
def chapter(name: str) -> None:
    """Begin the chapter NAME, such as ch04_preprocessing."""
    _say(new_chapter(locate(), name))


@command.command()
@click.argument("chapter")
@click.argument("slug")
@in_course
def exercise(chapter: str, slug: str) -> None:
    """Begin the exercise SLUG, the name of its function, at the end of CHAPTER."""
    _say(new_exercise(locate(), chapter, slug))
    click.echo(f"then: autograder build {chapter} && autograder verify {slug}")


def _say(written: list[Path]) -> None:
    for path in written:
        click.echo(f"written: {path}")
    for line in left_to_do(written):
        click.echo(line)
