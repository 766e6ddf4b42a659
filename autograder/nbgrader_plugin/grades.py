"""The gradebook's grades of one assignment, as exports want them."""

from __future__ import annotations

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student

from autograder.exports.grade import Grade


def read_grades(gradebook: Gradebook, assignment: str) -> tuple[str, list[Grade]]:
    """The due date, and every student's grade, by the rules of `nbgrader export`.

    Raises
    ------
    MissingEntry
        If the gradebook has no such assignment.
    """
    found = gradebook.find_assignment(assignment)
    due = str(found.duedate) if found.duedate else ""
    return due, [_grade(gradebook, found, student) for student in gradebook.students]


def _grade(gradebook: Gradebook, assignment: Assignment, student: Student) -> Grade:
    who = {
        "student": student.id,
        "points": float(assignment.max_score),
        "first_name": student.first_name or "",
        "last_name": student.last_name or "",
        "email": student.email or "",
    }
    try:
        found = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return Grade(raw=0.0, handed_in=False, **who)
    return Grade(
        raw=float(found.score),
        penalty=float(found.late_submission_penalty or 0.0),
        unfinished=bool(found.needs_manual_grade),
        timestamp=str(found.timestamp) if found.timestamp else "",
        **who,
    )
