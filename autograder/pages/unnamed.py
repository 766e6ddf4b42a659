"""Wrong answers that nobody has named, in groups that behave alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from autograder.judging.verdicts import ExerciseResult, Verdict
from autograder.submission.behaving import LOST
from autograder.submission.receipt import Receipt
from autograder.submission.student_result import StudentResult

SHOWN_GROUPS = 40
"""Groups with an example on the page; the others are in its data."""
SHORT = 6
"""Characters of a fingerprint that name a group."""

TextOf = Callable[[str, str], str]
"""The text of a student's answer to an exercise, with nothing in it that says whose it is."""


def group_id(slug: str, behaves: str) -> str:
    """What the report and `autograder name` call a group."""
    return f"{slug}:{behaves[:SHORT]}"


def unnamed(receipt: Receipt, slug: str) -> bool:
    """Whether an answer is wrong in a way that neither the bank nor the course has named."""
    named = any(mistake.inferred for mistake in receipt.exercises[slug].mistakes)
    return slug in receipt.wrong and not named


def no_text(student: str, slug: str) -> str:
    """Where no example is wanted."""
    return ""


def groups(rows: Sequence[StudentResult], text_of: TextOf = no_text) -> list[dict[str, Any]]:
    """From the largest down: who, which checks fail, what one saw, and one example's text."""
    found: dict[tuple[str, str], list[tuple[str, ExerciseResult]]] = defaultdict(list)
    for row in rows:
        receipt = row.receipt
        for slug in receipt.wrong if receipt else ():
            if receipt and unnamed(receipt, slug):
                key = (slug, receipt.wrong[slug].behaves)
                found[key].append((row.student, receipt.exercises[slug]))
    largest = sorted(found, key=lambda key: (-len(found[key]), key))
    return [
        _group(key, found[key], text_of if number < SHOWN_GROUPS else no_text)
        for number, key in enumerate(largest)
    ]


def symptom(exercise: ExerciseResult) -> str:
    """What one learner saw: the first check that did not pass, and what it found."""
    failed = next((c for c in exercise.checks if c.verdict is Verdict.FAIL), None)
    return f"{failed.sentence} Found: {failed.message}" if failed else ""


def _group(
    key: tuple[str, str], members: list[tuple[str, ExerciseResult]], text_of: TextOf
) -> dict[str, Any]:
    slug, behaves = key
    students = [student for student, _ in members]
    failing = dict.fromkeys(c.sentence for _, e in members for c in e.checks if c.verdict in LOST)
    return {
        "id": group_id(slug, behaves),
        "exercise": slug,
        "students": students,
        "failing": list(failing),
        "symptom": symptom(members[0][1]),
        "said": [mistake.name for mistake in members[0][1].mistakes],
        "example": text_of(students[0], slug),
    }
