"""What a learner reads in the terminal: what is done, what was found, what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.desk.standing import BLANK, DONE, PRACTISED, SHORT, ChapterStanding, Step, next_step
from autograder.judging.verdicts import NOT_ATTEMPTED, ExerciseResult
from autograder.pages.report import outcome
from autograder.submission.receipt import Receipt

BAR = 12


def of_receipt(receipt: Receipt) -> Iterator[str]:
    """What a grading found: one line for all that is right, one for all that is blank."""
    numbered = {slug: n for n, slug in enumerate(receipt.exercises, 1)}
    results = receipt.exercises.items()
    right = [slug for slug, e in results if e.earned == e.points]
    blank = [slug for slug, e in results if is_blank(e)]
    if right:
        yield f"  ✓ right: {', '.join(right)}"
    for slug, e in results:
        if slug not in right and slug not in blank:
            yield f"  → {numbered[slug]}. {slug}, {e.earned:g} of {e.points:g} points: {outcome(e)}"
            yield from (f"      {mistake.hint}" for mistake in e.mistakes)
    if blank:
        more = f" and {len(blank) - 1} more" if len(blank) > 1 else ""
        yield f"  still blank: {numbered[blank[0]]}. {blank[0]}{more}"
    yield from (f"  mended while reading: {repair}" for repair in receipt.repairs)
    yield from (f"  while running: {flag}" for flag in receipt.flags)


def is_blank(result: ExerciseResult) -> bool:
    return NOT_ATTEMPTED in result.mistakes


def of_standings(found: list[ChapterStanding]) -> Iterator[str]:
    """A line for each chapter, and what comes next."""
    for c in found:
        done = c.count(DONE, PRACTISED)
        bar = "█" * round(BAR * done / max(len(c.steps), 1))
        left = f"{c.minutes_left} min left" if c.open else "done"
        core = f", {c.core_left} of the core path" if c.core_left else ""
        points = f"{c.earned:g}/{c.points:g} points"
        yield f"{c.chapter:22} {bar:·<{BAR}} {done:2}/{len(c.steps)}  {points:>14}  {left}{core}"
    yield ""
    yield from of_next(next_step(found))


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
    yield f"      open work/{chapter}.ipynb and search for `{exercise.slug}`"
