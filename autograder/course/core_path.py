"""The core path: which exercises of a chapter to do in two hours, as the notebook says it."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.judging.exercise import Exercise

CORE = "◆"


def core_path(exercises: Sequence[Exercise]) -> str:
    """A paragraph for a chapter's beginning; the exercises come in the chapter's order."""
    core = [(n, exercise) for n, exercise in enumerate(exercises, 1) if exercise.core]
    everything, some = exercises, [exercise for _, exercise in core]
    titles = "; ".join(f"{number} · {exercise.title}" for number, exercise in core)
    return (
        f"**How long it takes.** The {len(everything)} exercises take about {_minutes(everything)} "
        f"minutes and are worth {_points(everything):g} points. Only two hours? Read everything, and do "
        f"the exercises of the core path, marked {CORE}: about {_minutes(some)} minutes, "
        f"{_points(some):g} points. {titles}."
    )


def _minutes(exercises: Sequence[Exercise]) -> int:
    return sum(exercise.minutes for exercise in exercises)


def _points(exercises: Sequence[Exercise]) -> float:
    return sum(exercise.points for exercise in exercises)
