"""`hint("slug")`: the hints of an exercise one at a time, a question first, the formula last."""

from __future__ import annotations

from collections import Counter

from autograder.judging import bank
from autograder.student.lent import may_be_lent
from autograder.student.note import Note, show

_taken: Counter[str] = Counter()
"""How many hints of each exercise were asked for since the kernel began."""


def hint(slug: str) -> None:
    """Show the next hint of the exercise `slug`, and how many are left; after the last, all."""
    hints = bank.find(slug).hints
    _taken[slug] += 1
    last = min(_taken[slug], len(hints))
    for number in [last] if _taken[slug] <= len(hints) else range(1, last + 1):
        then = _what_next(slug, len(hints) - last) if number == last else ""
        show(Note(f"*Hint {number} of {len(hints)}* · {hints[number - 1]} {then}".rstrip()))


def _what_next(slug: str, left: int) -> str:
    if left > 0:
        return f'({left} more: `hint("{slug}")` once again.)'
    lend = f' Or go on with `borrow("{slug}")`.' if may_be_lent(slug) else ""
    return f"(That was the last one. Try it with numbers that fit on a sheet of paper.{lend})"
