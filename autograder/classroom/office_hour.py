"""One answer of one student, explained from its receipt: for the office hour."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.classroom.replay import NotReplayable, reopened
from autograder.judging import bank
from autograder.judging.verdicts import NOT_ATTEMPTED, ExerciseResult
from autograder.nbgrader_plugin.autograde import submission_of
from autograder.sandbox import Isolation
from autograder.submission.explaining import Call, Explained, explain
from autograder.submission.receipt import receipt_path


def explain_answer(
    root: Path, student: str, slug: str, isolation: Isolation
) -> tuple[ExerciseResult, list[Explained]]:
    """What the receipt says of an exercise, and the calls that went wrong.

    Raises
    ------
    NotReplayable
        If there is no receipt, or the submission is not the one that it was made from.
    """
    exercise = bank.find(slug)
    path = receipt_path(root, student, exercise.chapter, exercise.chapter)
    if not path.exists():
        raise NotReplayable(
            f"there is no receipt {path}: run `autograder grade {exercise.chapter}`"
        )
    found = reopened(path, isolation)
    released = found.facts.notebooks[found.notebook].released
    if released is None or slug not in found.receipt.exercises:
        raise NotReplayable(f"{path} says nothing of {slug}: grade {exercise.chapter} again")
    result = found.receipt.exercises[slug]
    if result.passed or NOT_ATTEMPTED in result.mistakes:
        return result, []
    return result, explain(submission_of(found.raw, released), exercise, found.options)


def in_lines(result: ExerciseResult, explained: list[Explained]) -> Iterator[str]:
    """The explanation as text."""
    yield f"{result.title}: {result.earned:g} of {result.points:g} points"
    yield from (f"{mistake.said}. {mistake.hint}" for mistake in result.mistakes)
    if not explained and not result.passed and not result.mistakes:
        yield f"There is no function to ask: {result.checks[0].message}"
    for one in explained:
        worth = f"{one.check.points:g} point{'s' * (one.check.points != 1)}"
        worth = worth if one.check.points else "practice"
        yield from ("", f"✗ {one.check.sentence} ({worth})", f"  {one.check.message}")
        yield from _call(one.call) if one.call else ()


def _call(call: Call) -> Iterator[str]:
    for name, value in call.arguments:
        yield from _part(f"{name} =", value)
    yield from _part("it gave", call.got)
    yield from _part("expected", call.expected or "something that depends on chance")


def _part(name: str, value: str) -> list[str]:
    first, *others = value.splitlines() or [""]
    return [f"    {name:10} {first}", *(f"    {'':10} {line}" for line in others)]
