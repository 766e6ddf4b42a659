"""How a wrong answer behaves, in a form in which answers of a whole class can be compared.

Diagnosis puts the same questions to everybody, whatever the seed of the grading. So equal behaviour
has equal fingerprints, in every run and after `--new-seed`. An answer that does right whatever
diagnosis asks is known by what it says in the checks that it fails; the seed is one for a class.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.judging import bank
from autograder.judging.behaviour import (
    ROUNDS,
    UNREADABLE,
    fingerprint,
    known_behaviour,
    observe,
    same_behaviour,
)
from autograder.judging.calls import LearnerGone
from autograder.judging.compare import Failed, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.judge import judge
from autograder.judging.learner import LearnerFunction
from autograder.judging.verdicts import NOT_ATTEMPTED, CheckResult, ExerciseResult, Verdict
from autograder.submission.witness import Witness
from autograder.submission.written import form_of

LOST = (Verdict.FAIL, Verdict.SKIPPED)
NOTHING = 1e-9
"""What is smaller than this, beside 1 and beside the largest entry, is noise."""


@dataclass(frozen=True)
class WrongAnswer:
    """A wrong answer in a receipt: what tells it from other wrong ones."""

    behaves: str
    """Fingerprint of what it does."""
    written: str = ""
    """Digest of its syntax tree up to names; "" if it has none."""
    size: int = 0
    """Nodes of that tree."""


@dataclass(frozen=True)
class Seen:
    """What one answer did."""

    observations: list[Any]
    failing: tuple[str, ...]
    """The checks that it did not pass."""
    in_checks: bool = False
    """It does right where diagnosis looks: observed is what it says in these checks."""

    @property
    def fingerprint(self) -> str:
        names = self.failing if self.in_checks else ()
        return fingerprint([*names, *map(_settled, self.observations)])

    def alike(self, other: Seen) -> bool:
        """Whether two answers go wrong in the same way."""
        if self.in_checks != other.in_checks:
            return False
        return same_behaviour(self.observations, other.observations)


def see(
    exercise: Exercise, f: LearnerFunction, checks: Sequence[CheckResult], seed: int
) -> Seen | None:
    """What an answer does wrong; None if it ends meanwhile, or cannot be read."""
    failing = tuple(check.name for check in checks if check.verdict in LOST)
    seen = observed(exercise, f)
    right = known_behaviour(exercise, bank.reference(exercise))
    if seen is None:
        return None
    if same_behaviour(seen, right):
        return in_checks(exercise, f, failing, seed)
    return Seen(seen, failing)


def observed(
    exercise: Exercise, f: LearnerFunction, rounds: Sequence[int] = ROUNDS
) -> list[Any] | None:
    """What an answer does where diagnosis looks, or on other inputs; None as above."""
    try:
        with f.with_prerequisites(bank.prerequisites(exercise)):
            seen = observe(exercise, f, rounds)
    except LearnerGone:
        return None
    odd = any(isinstance(part, dict) and UNREADABLE in part for part in seen)
    return None if odd else seen


def in_checks(
    exercise: Exercise, f: LearnerFunction, names: tuple[str, ...], seed: int
) -> Seen | None:
    """What an answer says in the checks of these names."""
    wanted = [replace(check, after=()) for check in exercise.checks if check.name in names]
    witness = Witness(f)
    try:
        with f.with_prerequisites(bank.prerequisites(exercise)):
            alone = replace(exercise, checks=wanted)
            judge(alone, witness, seed=seed, reference=bank.reference(exercise))
    except LearnerGone:
        return None
    said = [{"raised": r.error.kind} if r.error else {"value": r.value} for _, r in witness.seen]
    return Seen(said, names, in_checks=True)


def is_worth_a_look(found: ExerciseResult) -> bool:
    """Whether it is a wrong answer: one that was given, came back, and lost something."""
    lost = any(check.verdict in LOST for check in found.checks)
    gone = any(check.gone for check in found.checks)
    return lost and not gone and NOT_ATTEMPTED not in found.mistakes


def wrong_answer(found: ExerciseResult, source: str, seen: Seen | None) -> WrongAnswer | None:
    """What the receipt keeps of a wrong answer; mistakes that explain it say how it behaves."""
    named = sorted(mistake.name for mistake in found.mistakes if mistake.inferred)
    if seen is not None:
        behaves = seen.fingerprint
    elif named:
        behaves = hashlib.sha256("; ".join(named).encode()).hexdigest()[:24]
    else:
        return None
    form = form_of(source)
    return WrongAnswer(behaves, form.digest, form.size) if form else WrongAnswer(behaves)


def _settled(value: Any) -> Any:
    """Observations without the noise of rounding around zero, which no two ways to write share."""
    if isinstance(value, dict):
        return {key: _settled(part) for key, part in value.items()}
    try:
        array = as_array(value)
    except Failed:
        return [_settled(part) for part in value] if isinstance(value, list | tuple) else value
    if array.dtype.kind not in "fc":
        return array
    with np.errstate(all="ignore"):
        largest = np.max(np.abs(array), initial=1.0, where=np.isfinite(array))
        return np.where(np.abs(array) <= NOTHING * largest, 0.0, array)
