"""`autograder update`: the notebooks in work/, brought up to the course."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from autograder.commands._options import as_json, in_course, say
from autograder.course.build import locate
from autograder.desk.start_page import write_start_page
from autograder.desk.updating import Updated, update


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
    lines = [line for u in done for line in _lines(u)]
    lines += [f"written: {start}"] if start else []
    say(json_, facts, lines or ["work/ is up to date"])


def _facts(updated: Updated) -> dict[str, Any]:
    backup = str(updated.backup or "")
    return {"new": updated.new, "changes": updated.changes, "backup": backup}


def _lines(updated: Updated) -> Iterator[str]:
    if updated.new:
        yield f"copied: {updated.path}"
        return
    yield f"updated: {updated.path}" if updated.backup else f"left alone: {updated.path}"
    yield from (f"  {change}" for change in updated.changes)
    if updated.backup:
        yield f"  as it was: {updated.backup}"
