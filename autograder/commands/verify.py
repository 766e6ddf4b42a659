"""`autograder verify`: grades the grader."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from autograder.commands._options import as_json, in_course, say
from autograder.course.build import Course, locate, stale, stale_page
from autograder.course.coverage import short_solutions
from autograder.course.excuses import excused, mutant_problems, read_excuses
from autograder.course.kill_table import kill_table
from autograder.course.text_audit import page_problems, text_problems
from autograder.course.verify import audits, summary
from autograder.judging import bank
from autograder.pages.progress import progress

KILL_TABLE = "docs/kill-table.md"


@click.command()
@click.argument("slugs", nargs=-1)
@click.option("--seeds", default=3, show_default=True, help="Grading seeds to try per answer.")
@click.option("--jobs", default=os.cpu_count() or 1, show_default="all cores", help="Processes.")
@click.option("--write", is_flag=True, help=f"Write {KILL_TABLE} instead of comparing it.")
@click.option("--mutants", is_flag=True, help="Also list the mutants that keep all points.")
@in_course
@as_json
def command(
    slugs: tuple[str, ...], seeds: int, jobs: int, write: bool, mutants: bool, json_: bool
) -> None:
    """Audit the exercises SLUGS (default: all): grade the grader, compare the kill table."""
    exercises = [bank.find(s) for s in slugs] or bank.all_exercises()
    order = {exercise.slug: number for number, exercise in enumerate(exercises)}
    found = []
    with progress("auditing", len(exercises)) as advance:
        for audit in audits(exercises, seeds, jobs):
            found.append(audit)
            advance(audit.slug)
    found.sort(key=lambda audit: order[audit.slug])
    facts, course = summary(found), locate()
    excuses = read_excuses(course.nbgrader_root / "mutants.toml")
    facts["mutants"]["excused"] = excused(found, excuses)
    facts["problems"] += mutant_problems(found, excuses)
    if not slugs:
        facts["problems"] += [*_table_problems(course, kill_table(found), write)]
        facts["problems"] += _notebook_problems(course)
    lines = _lines(facts) + [
        f"{a.slug}: {change}" for a in found for change in a.survivors if mutants
    ]
    say(json_, facts, lines)
    sys.exit(1 if facts["problems"] else 0)


def _table_problems(course: Course, table: str, write: bool) -> list[str]:
    path = course.root / KILL_TABLE
    if write:
        path.parent.mkdir(exist_ok=True)
        path.write_text(table, encoding="utf-8")
    same = path.exists() and path.read_text(encoding="utf-8") == table
    return [] if same else [f"{path} is stale: run `autograder verify --write`"]


def _notebook_problems(course: Course) -> list[str]:
    old = [path for text in course.texts for path in stale(course, text)]
    old += [path for page in course.pages for path in stale_page(course, page)]
    problems = [f"{path} is stale: run `autograder build`" for path in old]
    for text in course.texts:
        problems += text_problems(course, text)
    for page in course.pages:
        problems += page_problems(page)
    return problems + short_solutions(course.root / "solutions")


def _lines(facts: dict[str, Any]) -> list[str]:
    wrong, other = facts["misconceptions"], facts["variants"]
    return [
        f"{facts['exercises']} exercises, {facts['checks']} checks",
        f"misconceptions: {wrong['caught']} of {wrong['total']} caught, {wrong['named']} named",
        f"variants: {other['accepted']} of {other['total']} accepted",
        f"lazy answers: {facts['lazy']['rejected']} of {facts['lazy']['total']} earn nothing",
        f"public checks alone catch {facts['public']['caught']} of {facts['public']['total']}",
        f"cast to float32 {facts['float32']['caught']} of {facts['float32']['total']} lose as much",
        f"malformed answers: {facts['malformed']['crashed']} of {facts['malformed']['tried']} stop "
        f"the grader, {facts['malformed']['named']} get a specific name",
        f"recordings: {facts['recordings']['tried']} earn {facts['recordings']['earned']:g} points",
        f"marks that depend on the seed ({facts['stable']['seeds']} tried): "
        f"{facts['stable']['unstable']}",
        f"mutants: {facts['mutants']['killed']} of {facts['mutants']['total']} killed, "
        f"{facts['mutants']['excused']} excused",
        *(f"PROBLEM {problem}" for problem in facts["problems"]),
    ]
