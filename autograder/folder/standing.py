"""Where one stands: each chapter's exercises, done, begun and blank, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.folder.answers import Answer, answers
from autograder.folder.drawer import Graded, load
from autograder.judging import bank
from autograder.judging.exercise import Exercise

DONE, SHORT, PRACTISED, BEGUN, BLANK = "done", "short", "practised", "begun", "blank"
"""Full points; fewer; passes the public checks and was not graded; filled in; still the stub."""


@dataclass(frozen=True)
class Step:
    """One exercise, in the chapter's order."""

    number: int
    exercise: Exercise
    state: str
    graded: Graded | None
    """What grading found in the answer as it is now."""
    points: float
    """The most that its answer can earn: a student's kit has this from the notebook."""

    @property
    def earned(self) -> float:
        return self.graded.earned if self.graded else 0.0


@dataclass(frozen=True)
class ChapterStanding:
    """How far one is in a chapter."""

    chapter: str
    path: Path
    steps: tuple[Step, ...]

    def count(self, *states: str) -> int:
        return sum(step.state in states for step in self.steps)

    @property
    def earned(self) -> float:
        return sum(step.earned for step in self.steps)

    @property
    def points(self) -> float:
        return sum(step.points for step in self.steps)

    @property
    def worth(self) -> float:
        """The points of the exercises that are done, as far as one can see without grading."""
        return self.points - sum(step.points for step in self.open)

    @property
    def graded(self) -> bool:
        return any(step.graded for step in self.steps)

    @property
    def open(self) -> list[Step]:
        """What is still to do."""
        return [step for step in self.steps if step.state not in (DONE, PRACTISED)]

    @property
    def core(self) -> int:
        return sum(step.exercise.core for step in self.steps)

    @property
    def core_left(self) -> int:
        return sum(step.exercise.core for step in self.open)

    @property
    def minutes_left(self) -> int:
        return sum(step.exercise.minutes for step in self.open)


def standing(
    chapter: str,
    path: Path,
    released: NotebookNode | None = None,
    passed: Mapping[str, bool] | None = None,
) -> ChapterStanding:
    """How far one is in a chapter, by its notebook and what gradings found.

    Parameters
    ----------
    chapter, path
        The chapter, and the learner's notebook of it.
    released
        The notebook as it is handed out; without one, the learner's own says what is asked.
    passed
        What public checks have said since the notebook was saved, by slug.
    """
    known, newer, steps = load(path.parent), passed or {}, []
    asked = bank.chapter(chapter)
    for number, (slug, answer) in enumerate(answers(path, released).items(), 1):
        graded = known.get(slug)
        current = graded if graded and graded.answer == answer.digest else None
        state = _state(answer, current, newer.get(slug))
        if slug in asked:  # and not in another version of the course only
            shown = None if state == BLANK else current
            steps.append(Step(number, asked[slug], state, shown, answer.points))
    return ChapterStanding(chapter, path, tuple(steps))


def _state(answer: Answer, graded: Graded | None, passed: bool | None) -> str:
    if passed is not None:
        return PRACTISED if passed else BEGUN
    if answer.blank:
        return BLANK
    if graded:
        return DONE if graded.earned >= graded.points else SHORT
    return PRACTISED if answer.practised else BEGUN


def next_step(found: list[ChapterStanding], *, core: bool = False) -> tuple[str, Step] | None:
    """The chapter and exercise to do next: what was begun, else on from the furthest chapter."""
    left = [(c, step) for c in found for step in c.open if step.exercise.core or not core]
    started = [c.chapter for c in found if len(c.open) < len(c.steps) or c.count(BEGUN, SHORT)]
    begun = [pair for pair in left if pair[1].state in (BEGUN, SHORT)]
    here = [pair for pair in left if started and pair[0].chapter >= started[-1]]
    return next(((c.chapter, step) for c, step in [*begun, *here, *left]), None)


def as_facts(found: list[ChapterStanding]) -> dict[str, Any]:
    """The same as plain data, for `--json`."""
    return {
        c.chapter: {
            "earned": c.earned, "points": c.points, "exercises": len(c.steps),
            "done": c.count(DONE, PRACTISED),
            "minutes_left": c.minutes_left, "core_left": c.core_left,
            "states": {step.exercise.slug: step.state for step in c.steps},
        }
        for c in found
    }  # fmt: skip
