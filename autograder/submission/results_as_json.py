"""Results of judging as JSON and back; what is as it nearly always is, is left out."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.compare import Array, Mismatch
from autograder.judging.verdicts import (
    NOT_ATTEMPTED,
    CheckResult,
    ExerciseResult,
    Mistake,
    Verdict,
)

DIGITS = 6
"""Enough for a picture; the check's message has more where more is needed."""


def exercise_to_json(result: ExerciseResult) -> dict[str, Any]:
    return {
        "title": result.title,
        "checks": [_check_to_json(check) for check in result.checks],
        "mistakes": [_mistake_to_json(mistake) for mistake in result.mistakes],
    } | ({"kept": result.kept} if result.kept else {})


def exercise_from_json(slug: str, found: dict[str, Any]) -> ExerciseResult:
    """Read what `exercise_to_json` wrote, now or in earlier versions.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError
        If it is something else.
    """
    checks = tuple(_check_from_json(check) for check in found["checks"])
    mistakes = tuple(
        Mistake(
            str(m["name"]),
            str(m["hint"]),
            float(m.get("keeps", 0.0)),
            bool(m.get("inferred", m["name"] != NOT_ATTEMPTED.name)),
        )
        for m in found["mistakes"]
    )
    kept = float(found.get("kept", 0.0))
    return ExerciseResult(slug, str(found["title"]), checks, mistakes, kept)


def _mistake_to_json(mistake: Mistake) -> dict[str, Any]:
    facts = {"name": mistake.name, "hint": mistake.hint, "inferred": mistake.inferred}
    return facts | ({"keeps": mistake.keeps} if mistake.keeps else {})


def _check_to_json(check: CheckResult) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": check.name,
        "sentence": check.sentence,
        "points": check.points,
        "verdict": str(check.verdict),
    }
    for name in ("message", "partial", "gone"):
        if value := getattr(check, name):
            facts[name] = value
    if check.mismatch is not None and check.mismatch.drawable:
        facts["mismatch"] = _mismatch_to_json(check.mismatch)
    return facts


def _check_from_json(found: dict[str, Any]) -> CheckResult:
    mismatch = found.get("mismatch")
    return CheckResult(
        name=str(found["name"]),
        sentence=str(found.get("sentence", found["name"].replace("_", " "))),
        points=float(found["points"]),
        verdict=Verdict(found["verdict"]),
        message=str(found.get("message", "")),
        mismatch=None if mismatch is None else _mismatch_from_json(mismatch),
        gone=bool(found.get("gone", False)),
        partial=float(found.get("partial", 0.0)),
    )


def _mismatch_to_json(mismatch: Mismatch) -> dict[str, Any]:
    arrays = {"got": _rounded(mismatch.got), "expected": _rounded(mismatch.expected)}
    return {"what": mismatch.what, "kind": mismatch.kind, **arrays}


def _mismatch_from_json(found: dict[str, Any]) -> Mismatch:
    got, expected = (np.array(found[name], dtype=float) for name in ("got", "expected"))
    return Mismatch(str(found["what"]), got, expected, str(found["kind"]))


def _rounded(array: Array) -> list[list[float]]:
    with np.errstate(all="ignore"):
        real = np.real(array).astype(float)
    return [[float(f"{value:.{DIGITS}g}") for value in row] for row in real]
