"""In words: what is done, what comes next, what an update has done with a notebook."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.folder.standing import (
    BLANK,
    DONE,
    PRACTISED,
    SHORT,
    ChapterStanding,
    Step,
    next_step,
)
from autograder.folder.updating import Updated

BAR = 12


def of_standings(found: list[ChapterStanding]) -> Iterator[str]:
    """A line for each chapter, and what comes next."""
    graded = any(c.graded for c in found)
    for c in found:
        done = c.count(DONE, PRACTISED)
        bar = "█" * round(BAR * done / max(len(c.steps), 1))
        points = f"{points_of(c, graded)} points"
        yield (
            f"{c.chapter:22} {bar:·<{BAR}} {done:2}/{len(c.steps)}  {points:>17}  {what_is_left(c)}"
        )
    yield ""
    yield from of_next(next_step(found))


def points_of(c: ChapterStanding, graded: bool) -> str:
    """The points that were earned; before any grading, what is done is worth."""
    return f"{c.earned if graded else c.worth:g} of {c.points:g}"


def what_is_left(c: ChapterStanding) -> str:
    """The time for what is open, and how much of that is on the core path."""
    core = f", {c.core_left} of the core path" if c.core_left else ""
    return f"{c.minutes_left} minutes{core}" if c.open else "✓ done"


def of_next(step: tuple[str, Step] | None) -> Iterator[str]:
    """The next exercise: where it is, how long it takes, and what was found in it."""
    if step is None:
        yield "Everything is done. What about a chapter's experiments?"
        return
    chapter, s = step
    again = "again" if s.state == SHORT else "new" if s.state == BLANK else "go on"
    exercise = s.exercise
    yield (
        f"next: {chapter}, exercise {s.number}, {exercise.slug} ({exercise.title}; "
        f"{exercise.minutes} minutes; {again})"
    )
    if s.graded and s.graded.finding:
        yield f"      found: {s.graded.finding}. {s.graded.hint}".rstrip()
    yield f"      open {chapter}.ipynb and search for `{exercise.slug}`"


def of_update(updated: Updated) -> Iterator[str]:
    """What was done with one file: a line, and a line for each change."""
    if updated.new:
        yield f"copied: {updated.path}"
        return
    yield f"updated: {updated.path}" if updated.backup else f"left alone: {updated.path}"
    yield from (f"  {change}" for change in updated.changes)
    if updated.backup:
        yield f"  as it was: {updated.backup}"
