"""What the checks of an exercise will ask, found by putting them to the reference first.

Checks are plain functions that ask one thing after another, each a round trip to the learner's
process. With the same seed they ask a learner who is right the same as the reference. So all
of that is asked in one go, and the checks then find their answers waiting; whoever is asked
something else, or something more, is asked it then.

A check knows nothing of a learner but the answers. Where they are the same as another's, bit for
bit, so are the verdicts.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from autograder.judging import bank
from autograder.judging.calls import Arguments, Reply
from autograder.judging.exercise import Exercise
from autograder.judging.judge import judge
from autograder.judging.learner import LocalFunction
from autograder.judging.verdicts import ExerciseResult
from autograder.sandbox import Questions, Sheet

CHAPTER = 64
"""A run puts the exercises of one chapter, which has fewer, and one seed to all submissions."""
SHEETS = 1000


class Rehearsal(LocalFunction):
    """A function that notes what it is asked."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self.name = name
        self.questions = Questions()

    def replies(self, calls: Sequence[Arguments]) -> list[Reply]:
        self.questions.add(self.name, calls)
        return super().replies(calls)


class Rehearsed:
    """The questions of one exercise with one seed, and the results of answers seen before."""

    def __init__(self, questions: Questions) -> None:
        self.questions = questions
        self._results: dict[bytes, ExerciseResult] = {}

    def known(self, sheet: Sheet | None) -> ExerciseResult | None:
        """The result of an earlier sheet with the same answers."""
        return self._results.get(sheet.digest) if sheet else None

    def remember(self, sheet: Sheet | None, result: ExerciseResult) -> None:
        """Keep full marks that nothing but this sheet had a part in.

        Less than that may be a fault of ours, which is not to spread.
        """
        if sheet and sheet.sufficed and result.passed and len(self._results) < SHEETS:
            self._results[sheet.digest] = result


def rehearsed(exercise: Exercise, seed: int) -> Rehearsed:
    """Put the exercise's checks, with that seed, to who answers rightly."""
    return _rehearsed(exercise.chapter, exercise.slug, seed)


@functools.lru_cache(CHAPTER)
def _rehearsed(chapter: str, slug: str, seed: int) -> Rehearsed:
    exercise = bank.chapter(chapter)[slug]
    reference = bank.reference(exercise)
    rehearsal = Rehearsal(slug, reference)
    judge(exercise, rehearsal, seed=seed, reference=reference)
    return Rehearsed(rehearsal.questions)
