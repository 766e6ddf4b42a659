"""Options that several commands have, and how all of them answer."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from autograder.judging.content import FILE, FOLDER, VARIABLE

F = TypeVar("F", bound=Callable[..., Any])


def _work_for(context: click.Context, option: click.Parameter, course: Path | None) -> Path | None:
    """Have this process, and all that it starts, find that course; its nbgrader folder."""
    if course is None:
        return None
    os.environ[VARIABLE] = str(course.resolve())
    return course / FOLDER if (course / FOLDER / FILE).exists() else course


def _course_option(**more: Any) -> Callable[[F], F]:
    kind = click.Path(path_type=Path, exists=True, file_okay=False)
    told = "The course's folder (default: around the working directory)."
    return click.option("--course", type=kind, callback=_work_for, help=told, **more)


as_json = click.option("--json", "json_", is_flag=True, help="Print one JSON object on stdout.")
no_isolation = click.option(
    "--no-isolation",
    is_flag=True,
    help="Run learners' code with YOUR rights if this machine cannot isolate it.",
)
nbgrader_course = _course_option()
"""Handed to the command, as the folder that is nbgrader's."""
in_course = _course_option(expose_value=False)
"""For commands that look for the course themselves."""
out = Console()


def say(json_: bool, facts: dict[str, Any], lines: Sequence[str]) -> None:
    """Print the facts as JSON, or the lines."""
    print(json.dumps(facts, indent=1) if json_ else "\n".join(lines))
