"""What a self-learner reads in the terminal of a grading with all hidden checks."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.judging.verdicts import NOT_ATTEMPTED, ExerciseResult
from autograder.pages.report import outcome
from autograder.submission.receipt import Receipt


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
