"""What is wrong with the earlier parts that an answer was brought: told, at no cost here.

A project is judged with the reference's parts where the learner's own let it down. Which of them
did is said all the same, in the words of the chapter that taught it.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.judging import bank
from autograder.judging.diagnose import diagnose
from autograder.judging.exercise import Exercise
from autograder.judging.judge import WITH_GIVEN_PARTS, judge
from autograder.judging.verdicts import CheckResult, ExerciseResult, Mistake, Verdict
from autograder.submission.session import Session

NO_COST = "No points are lost for it here: mend it in {chapter}, and bring it again."


def wrong_parts(
    exercise: Exercise, found: ExerciseResult, session: Session, seed: int
) -> tuple[Mistake, ...]:
    """Of the parts from other chapters those that are missing or wrong, if anything went amiss."""
    if all(c.verdict is Verdict.PASS and c.message != WITH_GIVEN_PARTS for c in found.checks):
        return ()
    return tuple(_wrong(exercise, session, seed))


def _wrong(exercise: Exercise, session: Session, seed: int) -> Iterator[Mistake]:
    for slug in bank.prerequisites(exercise):
        part = bank.find(slug)
        if part.chapter != exercise.chapter and (said := _said(part, session, seed)):
            yield said


def _said(part: Exercise, session: Session, seed: int) -> Mistake | None:
    """What there is to say of one part; nothing if all its checks pass."""
    f, no_cost = session.function(part.slug), NO_COST.format(chapter=part.chapter)
    if f is None:
        name = f"your `{part.slug}` is not in this notebook"
        return Mistake(name, f"Run the cell that brings it, and save. {no_cost}")
    reference, needs = bank.reference(part), bank.prerequisites(part)
    results = judge(part, f, seed=seed, reference=reference, prerequisites=needs)
    failing = [check for check in results if check.verdict is Verdict.FAIL]
    if not failing:
        return None
    named = diagnose(part, f, reference, needs)
    what = f"it looks like “{named[0].name}”. {named[0].hint}" if named else _finding(failing[0])
    return Mistake(f"your `{part.slug}` is wrong here", f"In short: {what} {no_cost}")


def _finding(check: CheckResult) -> str:
    return f"{check.sentence} Found: {check.message}."
