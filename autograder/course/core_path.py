"""How long a text takes, and which exercises of a chapter are its two-hour core path."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from autograder.judging.exercise import Exercise

CORE = "◆"
EXPLAINED = {
    "notation": "symbols are explained on the [notation page](notation)",
    "glossary": "terms in the [glossary](glossary)",
}


def core_path(exercises: Sequence[Exercise], pages: Collection[str]) -> str:
    """Paragraphs for a text's beginning; the exercises come in the text's order."""
    core = [(n, exercise) for n, exercise in enumerate(exercises, 1) if exercise.core]
    some = [exercise for _, exercise in core]
    titles = "; ".join(f"{number} · {exercise.title}" for number, exercise in core)
    path = (
        " Only two hours? Read everything, and do "
        f"the exercises of the core path, marked {CORE}: about {minutes_of(some)} minutes, "
        f"{points_of(some):g} points. {titles}."
    )
    minutes, points = minutes_of(exercises), points_of(exercises)
    many = f"{len(exercises)} exercises take about {minutes} minutes and are worth {points:g} points."
    one = f"exercise takes about {minutes} minutes and is worth {points:g} points."
    length = f"**How long it takes.** The {one if len(exercises) == 1 else many}{path * bool(core)}"
    where = ", ".join(words for page, words in EXPLAINED.items() if page in pages)
    return f"{length}\n\n{where[:1].upper()}{where[1:]}." if where else length


def minutes_of(exercises: Sequence[Exercise]) -> int:
    """How long a typical student takes for all of them."""
    return sum(exercise.minutes for exercise in exercises)


def points_of(exercises: Sequence[Exercise]) -> float:
    """What all of them are worth."""
    return sum(exercise.points for exercise in exercises)
