"""What a student's notebook calls: `check`, `hint`, `borrow`, `bring`, with exercises' names."""

from autograder.student.bring import NotBrought, bring
from autograder.student.check import CheckFailed, check
from autograder.student.hint import hint
from autograder.student.lent import borrow
from autograder.student.waiting import begin

__all__ = ["CheckFailed", "NotBrought", "borrow", "bring", "check", "hint"]

begin()
