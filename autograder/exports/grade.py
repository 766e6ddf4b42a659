"""What an export knows of one student's grade."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.judging.mendable import Mendable


class NotExported(Mendable):
    """The grades cannot be handed over without doubt; nothing was written."""


@dataclass(frozen=True)
class Grade:
    """One student's grade for one assignment, as the gradebook has it."""

    student: str
    """The id in the gradebook, which is the name of the submission's folder."""
    raw: float
    """Points before penalties; manual scores and bonus points included."""
    points: float
    """The most that the assignment gives."""
    penalty: float = 0.0
    """What being late cost."""
    handed_in: bool = True
    unfinished: bool = False
    """Some cell still waits for a person to grade it."""
    timestamp: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    @property
    def score(self) -> float:
        """What counts: never below 0."""
        return max(0.0, self.raw - self.penalty)


def short(number: float) -> str:
    """A score as a person writes it: 12, 12.5, 33.333333."""
    return f"{number:.6f}".rstrip("0").rstrip(".")
