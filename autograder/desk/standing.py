"""Where one stands: each chapter's exercises, done, begun and blank, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course.build import Course
from autograder.desk.answers import answers
from autograder.desk.drawer import Graded, load
from autograder.judging import bank
from autograder.judging.exercise import Exercise

WORK = "work"
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
        return sum(step.exercise.points for step in self.steps)

    @property
    def open(self) -> list[Step]:
        """What is still to do."""
        return [step for step in self.steps if step.state not in (DONE, PRACTISED)]

    @property
    def core_left(self) -> int:
        return sum(step.exercise.core for step in self.open)

    @property
    def minutes_left(self) -> int:
        return sum(step.exercise.minutes for step in self.open)


def standing(course: Course, chapter: str) -> ChapterStanding:
    """How far one is in a chapter, by the notebook in the work folder and what gradings found."""
    path = course.root / WORK / f"{chapter}.ipynb"
    known = load(path.parent)
    steps = []
    for number, (slug, answer) in enumerate(answers(course, chapter, path).items(), 1):
        graded = known.get(slug)
        current = graded if graded and graded.answer == answer.digest else None
        if answer.blank:
            state = BLANK
        elif current:
            state = DONE if current.earned >= current.points else SHORT
        else:
            state = PRACTISED if answer.practised else BEGUN
        steps.append(Step(number, bank.find(slug), state, None if answer.blank else current))
    return ChapterStanding(chapter, path, tuple(steps))


def all_standings(course: Course) -> list[ChapterStanding]:
    """Of all chapters, in course order."""
    return [standing(course, text.stem) for text in course.texts]


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
