"""How long a text takes, and which exercises of a chapter are its two-hour core path."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.judging.exercise import Exercise

CORE = "◆"


def core_path(exercises: Sequence[Exercise]) -> str:
    """A paragraph for a text's beginning; the exercises come in the text's order."""
    core = [(n, exercise) for n, exercise in enumerate(exercises, 1) if exercise.core]
    everything, some = exercises, [exercise for _, exercise in core]
    titles = "; ".join(f"{number} · {exercise.title}" for number, exercise in core)
    path = (
        " Only two hours? Read everything, and do "
        f"the exercises of the core path, marked {CORE}: about {minutes_of(some)} minutes, "
        f"{points_of(some):g} points. {titles}."
    )
    return (
        f"**How long it takes.** The {len(everything)} exercises take about {minutes_of(everything)} "
        f"minutes and are worth {points_of(everything):g} points.{path * bool(core)}\n\n"
        "Symbols are explained on the [notation page](notation), terms in the [glossary](glossary)."
    )


def minutes_of(exercises: Sequence[Exercise]) -> int:
    """How long a typical student takes for all of them."""
    return sum(exercise.minutes for exercise in exercises)


def points_of(exercises: Sequence[Exercise]) -> float:
    """What all of them are worth."""
    return sum(exercise.points for exercise in exercises)
