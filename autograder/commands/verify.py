"""`autograder verify`: grades the grader."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from autograder.commands._options import as_json, say
from autograder.course.build import Course, locate, stale
from autograder.course.coverage import short_solutions
from autograder.course.kill_table import kill_table
from autograder.course.verify import audits, summary
from autograder.judging import bank
from autograder.pages.progress import progress

KILL_TABLE = "docs/kill-table.md"


@click.command()
@click.argument("slugs", nargs=-1)
@click.option("--seeds", default=3, show_default=True, help="Grading seeds to try per answer.")
@click.option("--jobs", default=os.cpu_count() or 1, show_default="all cores", help="Processes.")
@click.option("--write", is_flag=True, help=f"Write {KILL_TABLE} instead of comparing it.")
@as_json
def command(slugs: tuple[str, ...], seeds: int, jobs: int, write: bool, json_: bool) -> None:
    """Audit the exercises SLUGS (default: all): grade the grader, compare the kill table."""
    exercises = [bank.find(s) for s in slugs] or bank.all_exercises()
    order = {exercise.slug: number for number, exercise in enumerate(exercises)}
    found = []
    with progress("auditing", len(exercises)) as advance:
        for audit in audits(exercises, seeds, jobs):
            found.append(audit)
            advance(audit.slug)
    found.sort(key=lambda audit: order[audit.slug])
    facts = summary(found)
    if not slugs:
        course = locate()
        facts["problems"] += [*_table_problems(course, kill_table(found), write)]
        facts["problems"] += _notebook_problems(course)
    say(json_, facts, _lines(facts))
    sys.exit(1 if facts["problems"] else 0)


def _table_problems(course: Course, table: str, write: bool) -> list[str]:
    path = course.root / KILL_TABLE
    if write:
        path.parent.mkdir(exist_ok=True)
        path.write_text(table, encoding="utf-8")
    same = path.exists() and path.read_text(encoding="utf-8") == table
    return [] if same else [f"{path} is stale: run `autograder verify --write`"]


def _notebook_problems(course: Course) -> list[str]:
    old = [str(path) for text in course.texts for path in stale(course, text)]
    problems = [f"{path} is stale: run `autograder build`" for path in old]
    return problems + short_solutions(course.root / "solutions")


def _lines(facts: dict[str, Any]) -> list[str]:
    wrong, other = facts["misconceptions"], facts["variants"]
    return [
        f"{facts['exercises']} exercises, {facts['checks']} checks",
        f"misconceptions: {wrong['caught']} of {wrong['total']} caught, {wrong['named']} named",
        f"variants: {other['accepted']} of {other['total']} accepted",
        f"lazy answers: {facts['lazy']['rejected']} of {facts['lazy']['total']} earn nothing",
        *(f"PROBLEM {problem}" for problem in facts["problems"]),
    ]
