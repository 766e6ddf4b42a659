"""Grade the grader: does every check catch what it must and accept what it must?

For each exercise the reference and every variant score full; the stub and lazy answers (zeros, an
echo, None, NaN, memorised public values) score nothing; every misconception loses points *and* is
diagnosed as itself. An exercise that does not pass does not land.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.course.scaffold import TO_DO
from autograder.course.lazy import lazy_answers
from autograder.judging import bank
from autograder.judging.diagnose import diagnose, mistake
from autograder.judging.exercise import Exercise
from autograder.judging.judge import judge
from autograder.judging.verdicts import CheckResult, Verdict
from autograder.judging.learner import LocalFunction

MIN_MISCONCEPTIONS = 4
MIN_VARIANTS = 2
TABLE_SEEDS = 3
"""The kill table says what catches a mistake in these first seeds: more seeds, the same table."""

Answer = Callable[..., Any]


@dataclass
class Audit:
    """What `verify` found about one exercise."""

    slug: str
    chapter: str
    checks: int
    kills: dict[str, tuple[list[str], bool]] = field(default_factory=dict)
    accepted: dict[str, bool] = field(default_factory=dict)
    rejected: dict[str, bool] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def caught(self) -> int:
        return sum(bool(lost) for lost, _ in self.kills.values())

    @property
    def named(self) -> int:
        return sum(named for _, named in self.kills.values())


def audit(exercise: Exercise, seeds: range) -> Audit:
    """Put every known right, wrong and lazy answer to an exercise's checks."""
    found = Audit(exercise.slug, exercise.chapter, len(exercise.checks))
    reference = bank.reference(exercise)
    for name, answer in {"reference": reference, **_named(exercise.variants)}.items():
        found.accepted[name] = all(_accepts(exercise, answer, seed, found) for seed in seeds)
    for misconception in exercise.misconceptions:
        _audit_misconception(exercise, misconception, seeds, found)
    for name, answer in lazy_answers(exercise, reference).items():
        earned = sum(c.earned for c in _judged(exercise, answer, seeds[0]))
        found.rejected[name] = earned == 0
        if earned:
            found.problems.append(f"the lazy answer {name!r} earns {earned:g} points")
    _audit_shape(exercise, found)
    return found


def _audit_misconception(
    exercise: Exercise, misconception: Answer, seeds: range, found: Audit
) -> None:
    name = misconception.__name__
    lost: dict[str, None] = {}
    for seed in seeds:
        missed = [c.name for c in _judged(exercise, misconception, seed) if c.points and _lost(c)]
        if not missed:
            found.problems.append(f"the misconception {name} keeps all points (seed {seed})")
        if seed in seeds[:TABLE_SEEDS]:
            lost |= dict.fromkeys(missed)
    f = LocalFunction(misconception)
    seen = diagnose(exercise, f, bank.reference(exercise), bank.prerequisites(exercise))
    named = seen == (mistake(misconception),)
    if not named:
        took = ", ".join(m.name for m in seen) or "nothing"
        found.problems.append(f"the misconception {name} is diagnosed as {took}")
    found.kills[name] = (list(lost), named)


def _accepts(exercise: Exercise, answer: Answer, seed: int, found: Audit) -> bool:
    bad = [c for c in _judged(exercise, answer, seed) if c.verdict is not Verdict.PASS]
    name = answer.__name__
    for c in bad:
        found.problems.append(f"{name} is not accepted by {c.name} (seed {seed}): {c.message}")
    f = LocalFunction(answer)
    named = diagnose(exercise, f, bank.reference(exercise), bank.prerequisites(exercise))
    if named:
        found.problems.append(f"{name} is right, but diagnosed as {named[0].name}")
    return not bad and not named


def _audit_shape(exercise: Exercise, found: Audit) -> None:
    if len(exercise.misconceptions) < MIN_MISCONCEPTIONS:
        found.problems.append(f"fewer than {MIN_MISCONCEPTIONS} misconceptions")
    if len(exercise.variants) < MIN_VARIANTS:
        found.problems.append(f"fewer than {MIN_VARIANTS} variants")
    if TO_DO in Path(bank.source_file(exercise)).read_text(encoding="utf-8"):
        found.problems.append(f"its file still says {TO_DO}")
    if not exercise.hints or all(c.hidden for c in exercise.checks) or not exercise.points:
        found.problems.append("needs hints, a public check and points")


def _judged(exercise: Exercise, answer: Answer, seed: int) -> tuple[CheckResult, ...]:
    reference = bank.reference(exercise)
    return judge(exercise, LocalFunction(answer), seed=seed, reference=reference)


def _lost(check: CheckResult) -> bool:
    return check.verdict in (Verdict.FAIL, Verdict.SKIPPED)


def _named(functions: list[Answer]) -> dict[str, Answer]:
    return {function.__name__: function for function in functions}
