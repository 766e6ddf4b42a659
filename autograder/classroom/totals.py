"""Running totals of a run: what the progress bar shows, and the last line says."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.submission.student_result import StudentResult


@dataclass
class Totals:
    """How many submissions were graded, unchanged, repaired, flagged, or not graded."""

    graded: int = 0
    unchanged: int = 0
    repaired: int = 0
    flagged: int = 0
    failed: int = 0

    def add(self, done: StudentResult) -> None:
        self.failed += bool(done.failure)
        self.graded += done.fresh
        self.unchanged += not done.fresh and not done.failure
        self.repaired += any(receipt.repairs for receipt in done.receipts.values())
        self.flagged += any(receipt.flags for receipt in done.receipts.values())

    def __str__(self) -> str:
        """Without what there is none of."""
        return ", ".join(f"{count} {what}" for what, count in vars(self).items() if count)

    def in_full(self) -> str:
        return ", ".join(f"{count} {what}" for what, count in vars(self).items())
