"""What a student's notebook calls: `check("slug")`, and the table that it shows."""

from autograder.student.check import CheckFailed, check

__all__ = ["CheckFailed", "check"]
