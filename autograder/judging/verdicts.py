"""What judging finds, from the judge to every page: verdicts of checks, recognised mistakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from autograder.judging.compare import Mismatch, Trait


class Verdict(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    SKIPPED = "skipped"
    GRADER_ERROR = "grader error"


@dataclass(frozen=True)
class CheckResult:
    """One check's verdict, in the words the learner reads."""

    name: str
    sentence: str
    points: float
    verdict: Verdict
    message: str = ""
    mismatch: Mismatch | None = None
    gone: bool = False
    """The learner's process ended during this check, or before it could be asked."""

    partial: float = 0.0
    """Points that are kept although it does not pass."""

    trait: Trait | None = None
    """What the check found is a mistake of this name, whatever the exercise."""

    @property
    def earned(self) -> float:
        full = self.verdict in (Verdict.PASS, Verdict.GRADER_ERROR)
        return self.points if full else self.partial


@dataclass(frozen=True)
class Mistake:
    """A recognised mistake: its name and its hint."""

    name: str
    hint: str
    keeps: float = 0.0
    """The share of the points that is kept if the answer behaves exactly so."""
    inferred: bool = field(default=False, compare=False)
    """The answer behaves like a misconception; all else that is said of it is plain to see."""

    @property
    def said(self) -> str:
        """The name, as certain as it is."""
        return f"Looks like: {self.name}" if self.inferred else self.name


NOT_ATTEMPTED = Mistake("not attempted", "This stub has not been filled in yet.")
BORROWED = Mistake("borrowed", "It runs, and is worth nothing: run a cell with your own answer.")
RAISE_LEFT_IN = Mistake(
    "raise left in",
    "The line `raise NotImplementedError()` of the stub is still in your function and ends it "
    "there: delete that line.",
)


@dataclass(frozen=True)
class ExerciseResult:
    """All verdicts of one exercise and the mistakes recognised in the answer."""

    slug: str
    title: str
    checks: tuple[CheckResult, ...]
    mistakes: tuple[Mistake, ...] = ()
    kept: float = 0.0
    """Points that a named slip leaves, whatever the checks give."""

    @property
    def points(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def earned(self) -> float:
        """Points earned: a plain float within [0, points], as nbgrader wants it."""
        by_checks = sum(check.earned for check in self.checks)
        return float(min(max(by_checks, self.kept, 0.0), self.points))

    @property
    def passed(self) -> bool:
        return all(check.verdict is Verdict.PASS for check in self.checks)
