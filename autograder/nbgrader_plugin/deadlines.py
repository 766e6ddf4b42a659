"""When an assignment is due: for the class, and later for those with an extension."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nbgrader.api import Gradebook, MissingEntry


@dataclass(frozen=True)
class DueDates:
    """As the gradebook has them, in UTC."""

    usual: datetime | None
    extended: Mapping[str, datetime]
    """By student."""

    def seconds_late(self, student: str, timestamp: datetime | None) -> float:
        """How late a submission is: what its penalty depends on."""
        due = self.extended.get(student, self.usual)
        if due is None or timestamp is None:
            return 0.0
        return max(0.0, (timestamp - due).total_seconds())


def due_dates(gradebook: Gradebook, assignment: str) -> DueDates:
    """Read them; of an assignment that is not known there are none."""
    try:
        usual = gradebook.find_assignment(assignment).duedate
    except MissingEntry:
        return DueDates(None, {})
    submissions = gradebook.assignment_submissions(assignment) if usual else []
    return DueDates(usual, {s.student_id: s.duedate for s in submissions if s.extension})
