"""What a student's notebook calls: `check("slug")`, which shows a table; `bring("slug", …)`."""

from autograder.student.bring import NotBrought, bring
from autograder.student.check import CheckFailed, check

__all__ = ["CheckFailed", "NotBrought", "bring", "check"]
