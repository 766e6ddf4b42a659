"""What a notebook calls: `check("slug")` runs the public checks on the learner's own function.

It shows one table, and raises when a check fails, so that Validate and Run All stop there. The
exception says in a sentence or two what is wrong, because Validate shows nothing else.
"""

from __future__ import annotations

import sys
import textwrap
from typing import Any

from autograder.judging import bank
from autograder.judging.behaviour import fingerprint, observe
from autograder.judging.diagnose import diagnose
from autograder.judging.exercise import Exercise
from autograder.judging.judge import absent, judge
from autograder.judging.learner import LocalFunction
from autograder.judging.verdicts import ExerciseResult, Mistake, Verdict
from autograder.student.table import Table

PUBLIC_SEED = 0
LINE_WIDTH = 90


class CheckFailed(AssertionError):
    """Some public check does not pass; shown as its message instead of a traceback."""

    def _render_traceback_(self) -> list[str]:
        # Validate's dialog does not wrap lines: the end of a long one is out of sight.
        return textwrap.wrap(f"CheckFailed: {self}", LINE_WIDTH)


def check(slug: str) -> None:
    """Run the public checks of the exercise `slug` on the function of that name.

    Raises
    ------
    CheckFailed
        If a check fails; the message names the mistake, or else the first check and its finding.
    """
    namespace = sys._getframe(1).f_globals
    result = public_result(bank.find(slug), namespace.get(slug), namespace)
    show(Table(result, public=True))
    if not result.passed:
        raise CheckFailed(headline(result))


def public_result(exercise: Exercise, answer: Any, namespace: dict[str, Any]) -> ExerciseResult:
    """Judge `answer` by the public checks, with fixed inputs."""
    if not callable(answer):
        public = absent(exercise, "not defined: run its cell first")
        return ExerciseResult(exercise.slug, exercise.title, public)
    f = LocalFunction(answer, namespace)
    results = judge(exercise, f, seed=PUBLIC_SEED, hidden=False)
    failed = any(result.verdict is Verdict.FAIL for result in results)
    mistakes = recognise(exercise, f) if failed else ()
    return ExerciseResult(exercise.slug, exercise.title, results, mistakes)


def recognise(exercise: Exercise, f: LocalFunction) -> tuple[Mistake, ...]:
    """Name the mistake: by fingerprint in a student's kit, in full where the bank is complete."""
    if exercise.guessable:
        return ()
    if exercise.fingerprints:
        found = exercise.fingerprints.get(fingerprint(observe(exercise, f)))
        return (Mistake(*found),) if found else ()
    return diagnose(exercise, f, bank.reference(exercise), prerequisites=None)


def headline(result: ExerciseResult) -> str:
    """What is wrong in one line: the mistake and its hint, else the first check's finding."""
    failing = [c for c in result.checks if c.verdict is Verdict.FAIL]
    count = f"{result.slug}: {len(failing)} of {len(result.checks)} public checks fail"
    if result.mistakes:
        return f"{count} ({result.mistakes[0].name}). {result.mistakes[0].hint}"
    return f"{count}. {failing[0].sentence} Found: {failing[0].message}." if failing else count


def show(table: Table) -> None:
    """Display in a notebook, print elsewhere."""
    if "IPython" in sys.modules:
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display(table)
            return
    print(table)
