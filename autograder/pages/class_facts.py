"""What a graded class tells, as plain data: for the report, and for whoever takes it from there.

Nobody's answers are in it but as findings, and no finding names anybody but its own student.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.judging.verdicts import NOT_ATTEMPTED, CheckResult, ExerciseResult, Verdict
from autograder.pages.shared import shared_wrong_answers
from autograder.pages.unnamed import TextOf, groups, no_text, symptom
from autograder.submission.receipt import Receipt
from autograder.submission.student_result import StudentResult

Rows = Sequence[StudentResult]


def class_facts(
    assignment: str,
    rows: Rows,
    isolation: str,
    trend: Sequence[tuple[str, float]] = (),
    pages: Mapping[str, str] | None = None,
    text_of: TextOf = no_text,
) -> dict[str, Any]:
    """Everything that the class report shows.

    Parameters
    ----------
    trend : sequence of (str, float)
        Every assignment of the course so far, and the mean share of its points.
    pages : mapping, optional
        Student -> address of the feedback page, seen from the report.
    text_of : callable, optional
        The text of a student's answer to an exercise, for an example of what has no name.
    """
    results = [row.receipt.exercises for row in rows if row.receipt]
    slugs = list(dict.fromkeys(slug for exercises in results for slug in exercises))
    earned = earnings(results)
    return {
        "assignment": assignment,
        "isolation": isolation,
        "counts": counts(rows),
        "exercises": [_exercise(slug, results, earned) for slug in slugs],
        "mistakes": _mistakes(rows),
        "unnamed": groups(rows, text_of),
        "shared": shared_wrong_answers(rows),
        "distribution": distribution(rows),
        "trend": [{"assignment": name, "share": share} for name, share in trend],
        "students": [_student(row, (pages or {}).get(row.student)) for row in rows],
    }


def counts(rows: Rows) -> dict[str, int]:
    """How many submissions were graded, repaired, flagged, not graded, or met a grader error."""
    receipts = [row.receipt for row in rows if row.receipt is not None]
    return {
        "graded": len(receipts),
        "repaired": sum(bool(receipt.repairs) for receipt in receipts),
        "flagged": sum(bool(receipt.flags) for receipt in receipts),
        "not graded": len(rows) - len(receipts),
        "grader errors": sum(bool(receipt.grader_errors) for receipt in receipts),
    }


def earnings(results: Sequence[Mapping[str, ExerciseResult]]) -> list[dict[str, float]]:
    """What each student earned, by exercise."""
    return [{slug: e.earned for slug, e in exercises.items()} for exercises in results]


def discrimination(slug: str, earned: Sequence[Mapping[str, float]]) -> float | None:
    """Whether an exercise separates those who do well in the rest from those who do not.

    The correlation, over students, of its points with the points of all other exercises; None
    where one of them is the same for everybody.
    """
    met = [points for points in earned if slug in points]
    own = [points[slug] for points in met]
    rest = [sum(points.values()) - points[slug] for points in met]
    try:
        return statistics.correlation(own, rest)
    except statistics.StatisticsError:
        return None


def distribution(rows: Rows, bins: int = 10) -> list[int]:
    """How many submissions reached how large a share of the points, from the lowest bin up."""
    found = [0] * bins
    for row in rows:
        if row.receipt and row.points:
            found[max(0, min(int(row.earned / row.points * bins), bins - 1))] += 1
    return found


def _exercise(
    slug: str,
    results: Sequence[Mapping[str, ExerciseResult]],
    earned: Sequence[Mapping[str, float]],
) -> dict[str, Any]:
    met = [exercises[slug] for exercises in results if slug in exercises]
    asked: dict[str, list[CheckResult]] = defaultdict(list)
    for exercise in met:
        for check in exercise.checks:
            asked[check.name].append(check)
    most, got = sum(e.points for e in met), sum(points.get(slug, 0.0) for points in earned)
    return {
        "slug": slug,
        "title": met[0].title,
        "points": float(met[0].points),
        "share": got / max(most, 1e-9),
        "discrimination": discrimination(slug, earned),
        "checks": [_check(name, found) for name, found in asked.items()],
    }


def _check(name: str, found: list[CheckResult]) -> dict[str, Any]:
    failed = sum(check.verdict in (Verdict.FAIL, Verdict.SKIPPED) for check in found)
    first = found[0]
    facts = {"name": name, "sentence": first.sentence, "points": float(first.points)}
    return facts | {"failed": failed, "asked": len(found)}


def _mistakes(rows: Rows) -> list[dict[str, Any]]:
    """Named mistakes from the commonest down, with who made them; a blank answer is none."""
    who: dict[tuple[str, str], list[str]] = defaultdict(list)
    hints: dict[tuple[str, str], tuple[str, ExerciseResult]] = {}
    for student, slug, exercise in _answers(rows):
        for mistake in exercise.mistakes:
            if mistake.name != NOT_ATTEMPTED.name:
                who[slug, mistake.name].append(student)
                hints.setdefault((slug, mistake.name), (mistake.hint, exercise))
    commonest = sorted(who, key=lambda key: (-len(who[key]), key))
    return [
        {
            "exercise": slug,
            "name": name,
            "hint": hints[slug, name][0],
            "symptom": symptom(hints[slug, name][1]),
            "students": who[slug, name],
        }
        for slug, name in commonest
    ]


def _answers(rows: Rows) -> Iterator[tuple[str, str, ExerciseResult]]:
    for row in rows:
        receipt: Receipt | None = row.receipt
        for slug, exercise in receipt.exercises.items() if receipt else ():
            yield row.student, slug, exercise


def _student(row: StudentResult, page: str | None) -> dict[str, Any]:
    receipt = row.receipt
    return {
        "student": row.student,
        "earned": float(row.earned),
        "points": float(row.points),
        "failure": row.failure,
        "flags": receipt.flags if receipt else [],
        "repairs": receipt.repairs if receipt else [],
        "errors": receipt.grader_errors if receipt else [],
        "page": page,
        "exercises": {s: _answer(e) for s, e in receipt.exercises.items()} if receipt else {},
    }


def _answer(exercise: ExerciseResult) -> dict[str, Any]:
    quiet = (Verdict.PASS, Verdict.SKIPPED)
    names = [mistake.name for mistake in exercise.mistakes]
    return {
        "earned": float(exercise.earned),
        "points": float(exercise.points),
        "blank": NOT_ATTEMPTED.name in names,
        "mistakes": [name for name in names if name != NOT_ATTEMPTED.name],
        "checks": [
            {"name": c.name, "found": c.message} for c in exercise.checks if c.verdict not in quiet
        ],
    }
