"""What a notebook calls: `check("slug")` runs the public checks on the learner's own function.

It shows one table, and raises when a check fails, so that Validate and Run All stop there. The
exception says in a sentence or two what is wrong, because Validate shows nothing else. What is
blank or borrowed is no mistake: a calm box says so, and only Validate is told that it fails.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import Any

from autograder.judging import bank
from autograder.judging.behaviour import fingerprint, observe
from autograder.judging.calls import LearnerGone
from autograder.judging.diagnose import diagnose, unaided
from autograder.judging.exercise import Exercise
from autograder.judging.judge import absent, judge, traits
from autograder.judging.learner import LocalFunction
from autograder.judging.mendable import Mendable
from autograder.judging.verdicts import (
    BORROWED,
    NOT_ATTEMPTED,
    RAISE_LEFT_IN,
    ExerciseResult,
    Mistake,
    Verdict,
)
from autograder.student.blanks import is_blank
from autograder.student.lent import is_lent
from autograder.student.note import Note, show
from autograder.student.patience import PatientFunction
from autograder.student.table import Table
from autograder.student.waiting import cells, waits_for

PUBLIC_SEED = 0


class CheckFailed(Mendable, AssertionError):
    """Some public check does not pass."""


def check(slug: str) -> None:
    """Run the public checks of the exercise `slug` on the function of that name.

    Raises
    ------
    CheckFailed
        If a check fails; the message names the mistake, or else the first check and its finding.
    """
    namespace = sys._getframe(1).f_globals
    exercise, answer = bank.find(slug), namespace.get(slug)
    if found := cells.in_the_way(slug, namespace):
        show(Note(f"{found} Nothing was checked."))
        raise CheckFailed(f"{slug}: {found}")
    if is_blank(answer):
        _set_aside(exercise, NOT_ATTEMPTED)
    elif is_lent(slug, answer):
        _set_aside(exercise, BORROWED)
    else:
        _judge(exercise, answer, namespace)


def _judge(exercise: Exercise, answer: Any, namespace: dict[str, Any]) -> None:
    result = public_result(exercise, answer, namespace)
    judged = cells.judged(exercise.slug, result.passed)
    show(Table(result, public=True), about=judged)
    if not result.passed:
        raise CheckFailed(headline(result))


def public_result(exercise: Exercise, answer: Any, namespace: dict[str, Any]) -> ExerciseResult:
    """Judge `answer` by the public checks, with fixed inputs."""
    if not callable(answer):
        public = absent(exercise, "not defined: run its cell first", hidden=False)
        return ExerciseResult(exercise.slug, exercise.title, public)
    f = PatientFunction(answer, namespace)
    results = judge(exercise, f, seed=PUBLIC_SEED, hidden=False)
    if any(result.gone for result in results):
        return ExerciseResult(exercise.slug, exercise.title, results)
    try:
        mistakes = _blaming(answer, namespace, recognise(exercise, f))
    except LearnerGone:  # on inputs that no public check has
        mistakes = ()
    return ExerciseResult(exercise.slug, exercise.title, results, mistakes or traits(results))


def recognise(exercise: Exercise, f: LocalFunction) -> tuple[Mistake, ...]:
    """Name the mistake: by fingerprint in a student's kit, in full where the bank is complete."""
    if exercise.guessable:
        return ()
    if exercise.fingerprints:
        seen = observe(exercise, f)
        found = exercise.fingerprints.get(fingerprint(seen))
        return (Mistake(*found, inferred=True),) if found else unaided(exercise, f.function, seen)
    return diagnose(exercise, f, bank.reference(exercise), prerequisites=None)


def headline(result: ExerciseResult) -> str:
    """What is wrong in one line: the mistake and its hint, else the first check's finding."""
    failing = [c for c in result.checks if c.verdict is Verdict.FAIL]
    count = f"{result.slug}: {len(failing)} of {len(result.checks)} public checks fail"
    if result.mistakes:
        return f"{count} ({result.mistakes[0].name}). {result.mistakes[0].hint}"
    return f"{count}. {failing[0].sentence} Found: {failing[0].message}." if failing else count


def _set_aside(exercise: Exercise, why: Mistake) -> None:
    """Show that there is nothing of the learner's to check yet; to Validate that is a failure."""
    public = absent(exercise, "", hidden=False)
    if why is BORROWED:
        skipped = tuple(replace(check, verdict=Verdict.SKIPPED) for check in public)
        show(Table(ExerciseResult(exercise.slug, exercise.title, skipped, (why,)), public=True))
    else:
        count = "1 public check waits" if len(public) == 1 else f"{len(public)} public checks wait"
        show(Note(f"{exercise.title} · {count} for `{exercise.slug}`, which is still blank."))
    if os.environ.get("NBGRADER_EXECUTION") == "validate":
        raise CheckFailed(f"{exercise.slug}: {why.name}. {why.hint}")


def _blaming(
    answer: Any, namespace: dict[str, Any], found: tuple[Mistake, ...]
) -> tuple[Mistake, ...]:
    """An answer that ends in a stub: in its own, left in, or in one that it builds on."""
    if found != (NOT_ATTEMPTED,):
        return found
    called = getattr(getattr(answer, "__code__", None), "co_names", ())
    blank = next((name for name in called if is_blank(namespace.get(name))), None)
    if blank is None:
        return (RAISE_LEFT_IN,)
    return (Mistake(f"builds on a blank part, {blank}", waits_for(blank, namespace)),)
