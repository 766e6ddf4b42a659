"""What a student's notebook calls: `check`, `hint` and `borrow`, each with an exercise's name."""

from autograder.student.check import CheckFailed, check
from autograder.student.hint import hint
from autograder.student.lent import borrow
from autograder.student.waiting import begin

__all__ = ["CheckFailed", "borrow", "check", "hint"]

begin()
