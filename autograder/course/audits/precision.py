"""Single precision earns nothing: a mistake stays one, and a right answer loses one check at most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.course.audits.found import Audit
from autograder.course.audits.own_answers import Answer, verdicts
from autograder.judging import bank
from autograder.judging.exercise import Exercise


def audit_precision(exercise: Exercise, seeds: range, found: Audit) -> None:
    for misconception in exercise.misconceptions:
        plain = _earned(exercise, misconception, seeds[0])
        cast = _earned(exercise, cast_to_single(misconception), seeds[0])
        found.float32[0] += 1
        found.float32[1] += cast <= plain
        if cast > plain:
            said = f"{misconception.__name__} earns {plain:g}, and {cast:g} when cast to float32"
            found.problems.append(said)
    lost = [c for c in verdicts(exercise, _single(exercise), seeds[0]) if c.points and not c.earned]
    if len(lost) > 1:
        names = ", ".join(check.name for check in lost)
        found.problems.append(f"a right answer cast to float32 loses more than one check: {names}")


def cast_to_single(answer: Answer) -> Answer:
    """The same answer, its results rounded to single precision."""
    return lambda *arguments: _rounded(answer(*arguments))


def _single(exercise: Exercise) -> Answer:
    return cast_to_single(bank.reference(exercise))


def _earned(exercise: Exercise, answer: Answer, seed: int) -> float:
    return sum(check.earned for check in verdicts(exercise, answer, seed))


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(map(_rounded, value))
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        with np.errstate(all="ignore"):
            return value.astype(np.float32)
    if isinstance(value, float):  # np.float64 is one
        with np.errstate(all="ignore"):
            return np.float32(value)
    return value
