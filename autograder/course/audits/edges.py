"""A slip at the edges costs its own check and no more: whole numbers, a batch of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.course.audits.found import Audit
from autograder.course.audits.own_answers import Answer, verdicts
from autograder.judging import bank
from autograder.judging.exercise import Exercise

Slip = Callable[[Answer, tuple[Any, ...]], Answer]


def audit_edges(exercise: Exercise, seeds: range, found: Audit) -> None:
    if not exercise.probes:
        return
    usual = exercise.probes[0](np.random.default_rng(0))
    dearest = max((check.points for check in exercise.checks), default=0)
    for name, slip in SLIPS.items():
        answer = slip(bank.reference(exercise), usual)
        results = verdicts(exercise, answer, seeds[0])
        lost = sum(check.points - check.earned for check in results)
        if lost > dearest:
            names = ", ".join(c.name for c in results if c.points and not c.earned)
            said = f"an answer that {name} loses {lost:g} of {exercise.points:g}: {names}"
            found.problems.append(said)


def cuts_whole_numbers(answer: Answer, usual: tuple[Any, ...]) -> Answer:
    """Right, but for whole numbers where floats are usual the result is cut to whole numbers."""

    def cutting(*arguments: Any) -> Any:
        pairs = zip(arguments, usual, strict=False)
        whole = any(_kind(given) in ("i", "u") and _kind(wanted) == "f" for given, wanted in pairs)
        return _cut(answer(*arguments)) if whole else answer(*arguments)

    return cutting


def fails_for_one_example(answer: Answer, usual: tuple[Any, ...]) -> Answer:
    """Right, but raises if a batch has one row."""

    def failing(*arguments: Any) -> Any:
        pairs = zip(arguments, usual, strict=False)
        if any(_rows(given) == 1 < _rows(wanted) for given, wanted in pairs):
            raise ValueError("a batch of one")
        return answer(*arguments)

    return failing


SLIPS: dict[str, Slip] = {
    "cuts the results for whole numbers": cuts_whole_numbers,
    "fails for a batch of one": fails_for_one_example,
}


def _kind(value: Any) -> str:
    return value.dtype.kind if isinstance(value, np.ndarray) else ""


def _rows(value: Any) -> int:
    return len(value) if isinstance(value, np.ndarray) and value.ndim > 1 else 0


def _cut(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _cut(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(map(_cut, value))
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.trunc(value)
    return value
