"""Judging one of the bank's own answers, as a learner's would be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.judging import bank
from autograder.judging.exercise import Exercise
from autograder.judging.judge import judge
from autograder.judging.learner import LocalFunction
from autograder.judging.verdicts import CheckResult, ExerciseResult
from autograder.student.check import PUBLIC_SEED
from autograder.submission.judged import judge_exercise

Answer = Callable[..., Any]


def judged(exercise: Exercise, answer: Answer, seed: int) -> ExerciseResult:
    """All verdicts, the mistakes and what they leave of the points."""
    return judge_exercise(exercise, LocalFunction(answer), seed=seed)


def verdicts(exercise: Exercise, answer: Answer, seed: int) -> tuple[CheckResult, ...]:
    """The verdicts alone, which is quicker."""
    reference = bank.reference(exercise)
    return judge(exercise, LocalFunction(answer), seed=seed, reference=reference)


def public_verdicts(exercise: Exercise, answer: Answer) -> tuple[CheckResult, ...]:
    """What a learner sees in the notebook."""
    return judge(exercise, LocalFunction(answer), seed=PUBLIC_SEED, hidden=False)
