"""`autograder explain`: why a student lost points in an exercise, call by call."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from autograder.commands._options import as_json, nbgrader_course, no_isolation, say


@click.command()
@click.argument("student")
@click.argument("exercise")
@nbgrader_course
@no_isolation
@as_json
def command(
    student: str, exercise: str, course: Path | None, no_isolation: bool, json_: bool
) -> None:
    """Explain what STUDENT lost in EXERCISE: inputs, what came back, what was expected.

    For the instructor: it shows hidden checks. The answer is judged again with its receipt's seed.
    """
    from autograder.classroom.office_hour import explain_answer, in_lines
    from autograder.course.build import locate_nbgrader
    from autograder.submission.session import best_isolation

    root = course or locate_nbgrader()
    isolation = best_isolation(allow_none=no_isolation)
    result, explained = explain_answer(root, student, exercise, isolation)
    facts = {
        "student": student,
        "exercise": exercise,
        "earned": result.earned,
        "points": result.points,
        "mistakes": [mistake.name for mistake in result.mistakes],
        "checks": [
            {
                "name": one.check.name,
                "message": one.check.message,
                "call": asdict(one.call) if one.call else None,
            }
            for one in explained
        ],
    }
    say(json_, facts, list(in_lines(result, explained)))
