"""What came of one student's submission, for the class report and the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.submission.receipt import Receipt, merged


@dataclass(frozen=True)
class StudentResult:
    """One submission that is settled: recorded now or earlier, or not graded."""

    student: str
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    """By notebook, in short: a class of thousands is kept in memory until its report is written."""
    earned: float = 0.0
    """As nbgrader counts it: manual grades and penalties included."""
    points: float = 0.0
    failure: str = ""
    """Why there is no grade."""
    fresh: bool = False
    """Graded in this run."""

    @property
    def receipt(self) -> Receipt | None:
        """The receipts of all notebooks in one."""
        return merged(list(self.receipts.values()))

    @property
    def status(self) -> str:
        return self.failure or "graded"

    @property
    def note(self) -> str:
        """What the instructor should know of it."""
        receipt = self.receipt
        return "; ".join([*receipt.repairs, *receipt.flags]) if receipt else ""
