"""A plain table, with the eleven columns of nbgrader's own export: what reads that reads this."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from autograder.exports.grade import Grade, short

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a field that begins so for a formula, whoever wrote it."""


def spreadsheet(assignment: str, duedate: str, grades: Sequence[Grade]) -> str:
    """One line per student of the gradebook; who handed in nothing has a score of 0."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for g in grades:
        words = (assignment, duedate, g.timestamp, g.student, g.last_name, g.first_name, g.email)
        numbers = (g.raw, g.penalty, g.score, g.points)
        writer.writerow([*map(_harmless, words), *map(short, numbers)])
    return out.getvalue()


def _harmless(field: str) -> str:
    return f"'{field}" if field.startswith(FORMULA) else field
