"""`autograder coverage`: how much of the syllabus ran green."""

from __future__ import annotations

import click

from autograder.commands._options import as_json, in_course, say
from autograder.course.build import locate
from autograder.course.coverage import coverage, missing


@click.command()
@in_course
@as_json
def command(json_: bool) -> None:
    """Count the syllabus's components, claims and errata that ran green in solutions/."""
    course = locate()
    syllabus, solutions = course.nbgrader_root / "syllabus.toml", course.root / "solutions"
    counts = coverage(syllabus, solutions)
    lines = [
        f"{prefix}  " + "  ".join(f"{kind} {done}/{total}" for kind, (done, total) in kinds.items())
        for prefix, kinds in counts.items()
    ]
    begun = [prefix for prefix, kinds in counts.items() if any(done for done, _ in kinds.values())]
    for prefix in begun:
        lines += [f"missing in {prefix}: {name}" for name in missing(syllabus, solutions, prefix)]
    say(json_, counts, lines)
