"""Reports to read: a learner's summary and page, and the instructor's class report.

Everything is one self-contained HTML file: no scripts, no fonts or pictures from elsewhere.
Whatever a learner may have written is escaped by the templates.
"""

from __future__ import annotations

import statistics
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder.judging.verdicts import NOT_ATTEMPTED, ExerciseResult, Verdict
from autograder.student.table import Table, marked
from autograder.submission.receipt import Receipt
from autograder.submission.student_result import StudentResult


def summary_html(receipt: Receipt) -> str:
    """The card on top of a feedback page: points and what happened, per exercise."""
    return _environment().get_template("summary.html.j2").render(receipt=receipt, **_words())


def notebook_page(receipt: Receipt, title: str) -> str:
    """A page with the summary and every verdict table of one notebook."""
    tables = [
        (number, Markup(Table(e)._repr_html_()))  # escaped there
        for number, e in enumerate(receipt.exercises.values(), 1)
        if NOT_ATTEMPTED not in e.mistakes
    ]
    return _page("notebook.html.j2", receipt=receipt, title=title, tables=tables)


def class_page(assignment: str, rows: list[StudentResult], isolation: str) -> str:
    """The class report: student × exercise, scores, the commonest mistakes, flags."""
    graded = [row for row in rows if row.receipt is not None]
    slugs = list(dict.fromkeys(s for r in graded if r.receipt for s in r.receipt.exercises))
    return _page(
        "class.html.j2",
        title=assignment,
        rows=rows,
        slugs=slugs,
        counts=counts(rows),
        difficulty={slug: _share(slug, graded) for slug in slugs},
        discrimination={slug: discrimination(slug, graded) for slug in slugs},
        mistakes=common_mistakes(rows),
        histogram=_histogram(graded),
        isolation=isolation,
    )


def counts(rows: list[StudentResult]) -> dict[str, int]:
    """How many submissions were graded, repaired, flagged, not graded, or met a grader error."""
    receipts = [row.receipt for row in rows if row.receipt is not None]
    return {
        "graded": len(receipts),
        "repaired": sum(bool(receipt.repairs) for receipt in receipts),
        "flagged": sum(bool(receipt.flags) for receipt in receipts),
        "not graded": len(rows) - len(receipts),
        "grader errors": sum(bool(receipt.grader_errors) for receipt in receipts),
    }


def discrimination(slug: str, graded: list[StudentResult]) -> float | None:
    """Whether an exercise separates those who do well in the rest from those who do not.

    The correlation, over students, of its points with the points of all other exercises; None
    where one of them is the same for everybody.
    """
    exercises = [row.receipt.exercises for row in graded if row.receipt]
    own = [e[slug].earned for e in exercises if slug in e]
    rest = [
        sum(other.earned for name, other in e.items() if name != slug)
        for e in exercises
        if slug in e
    ]
    try:
        return statistics.correlation(own, rest)
    except statistics.StatisticsError:
        return None


def common_mistakes(rows: list[StudentResult]) -> list[tuple[str, str, int]]:
    """(exercise, mistake, how many) from the commonest down; a blank answer is no mistake."""
    counts = Counter(
        (slug, mistake.name)
        for row in rows
        if row.receipt
        for slug, exercise in row.receipt.exercises.items()
        for mistake in exercise.mistakes
        if mistake.name != NOT_ATTEMPTED.name
    )
    return [(slug, name, n) for (slug, name), n in counts.most_common()]


def outcome(exercise: ExerciseResult) -> str:
    """What happened in one exercise, in a few words: the named mistake or the first finding."""
    if exercise.mistakes:
        return "; ".join(mistake.name for mistake in exercise.mistakes)
    quiet = (Verdict.PASS, Verdict.SKIPPED)
    failing = [check for check in exercise.checks if check.verdict not in quiet]
    return failing[0].message if failing else "right"


def write(path: Path, text: str) -> Path:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path


def _share(slug: str, graded: list[StudentResult]) -> float:
    """The mean share of points in an exercise, 0 to 1."""
    found = [r.receipt.exercises[slug] for r in graded if r.receipt and slug in r.receipt.exercises]
    return float(sum(e.earned for e in found) / max(sum(e.points for e in found), 1e-9))


def _histogram(graded: list[StudentResult], bins: int = 10) -> list[int]:
    counts = [0] * bins
    for row in graded:
        if row.receipt and row.receipt.points:
            share = row.receipt.earned / row.receipt.points
            counts[min(int(share * bins), bins - 1)] += 1
    return counts


def _page(template: str, **facts: Any) -> str:
    return _environment().get_template(template).render(**facts, **_words())


def _words() -> dict[str, Any]:
    return {"outcome": outcome, "marked": _marked, "NOT_ATTEMPTED": NOT_ATTEMPTED}


def _marked(text: str) -> Markup:
    return Markup(marked(text))  # escaped there


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("autograder.pages"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
