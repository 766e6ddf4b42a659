"""Grade the grader: does every check catch what it must and accept what it must?

For each exercise the reference and every variant score full and are never named; lazy answers and
recordings score nothing; every misconception loses points, the same on every seed and in single
precision, and is diagnosed as itself; malformed answers stop nobody and get no specific name; slips
at the edges cost one check; public checks alone catch most of what is wrong.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from autograder.course.audits.edges import audit_edges
from autograder.course.audits.found import Audit
from autograder.course.audits.own_answers import Answer, judged, public_verdicts
from autograder.course.audits.lazy import lazy_answers, recording
from autograder.course.audits.malformed import audit_malformed
from autograder.course.audits.mutants import audit_mutants
from autograder.course.audits.precision import audit_precision
from autograder.course.scaffold import TO_DO
from autograder.judging import bank
from autograder.judging.diagnose import diagnose, mistake
from autograder.judging.exercise import Exercise
from autograder.judging.learner import LocalFunction
from autograder.judging.verdicts import CheckResult, Verdict

MIN_MISCONCEPTIONS = 4
MIN_VARIANTS = 2
MIN_PUBLIC_CHECKS = 2
MIN_PUBLIC_SHARE = 0.9
TABLE_SEEDS = 3
"""The kill table says what catches a mistake in these first seeds: more seeds, the same table."""


def audit(exercise: Exercise, seeds: range) -> Audit:
    """Put every known right, wrong and lazy answer to an exercise's checks."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _audited(exercise, seeds)


def _audited(exercise: Exercise, seeds: range) -> Audit:
    found = Audit(exercise.slug, exercise.chapter, len(exercise.checks), len(seeds))
    for answer in (bank.reference(exercise), *exercise.variants):
        _audit_right(exercise, answer, seeds, found)
    for misconception in exercise.misconceptions:
        _audit_misconception(exercise, misconception, seeds, found)
    _audit_lazy(exercise, seeds, found)
    audit_malformed(exercise, found)
    audit_precision(exercise, seeds, found)
    audit_edges(exercise, seeds, found)
    audit_mutants(exercise, found)
    _audit_shape(exercise, found)
    return found


def _audit_right(exercise: Exercise, answer: Answer, seeds: range, found: Audit) -> None:
    name = "reference" if answer is bank.reference(exercise) else answer.__name__
    found.accepted[name] = all([_accepts(exercise, answer, seed, found) for seed in seeds])
    named = diagnose(
        exercise, LocalFunction(answer), bank.reference(exercise), bank.prerequisites(exercise)
    )
    if named:
        found.problems.append(f"{name} is right, but diagnosed as {named[0].name}")
        found.accepted[name] = False


def _accepts(exercise: Exercise, answer: Answer, seed: int, found: Audit) -> bool:
    bad = [c for c in judged(exercise, answer, seed).checks if c.verdict is not Verdict.PASS]
    for c in bad:
        said = f"{answer.__name__} is not accepted by {c.name} (seed {seed}): {c.message}"
        found.problems.append(said)
    return not bad


def _audit_misconception(
    exercise: Exercise, misconception: Answer, seeds: range, found: Audit
) -> None:
    name, lost, earned = misconception.__name__, dict[str, None](), set[float]()
    for seed in seeds:
        result = judged(exercise, misconception, seed)
        earned.add(result.earned)
        if result.earned == result.points:
            found.problems.append(f"the misconception {name} keeps all points (seed {seed})")
        if seed in seeds[:TABLE_SEEDS]:
            lost |= {c.name: None for c in result.checks if c.points and _lost(c)}
    if len(earned) > 1:
        found.unstable.append(name)
        said = f"the misconception {name} earns {sorted(earned)}, depending on the seed"
        found.problems.append(said)
    named = result.mistakes == (mistake(exercise, misconception),)
    if not named:
        took = ", ".join(m.name for m in result.mistakes) or "nothing"
        found.problems.append(f"the misconception {name} is diagnosed as {took}")
    in_public = any(c.verdict is Verdict.FAIL for c in public_verdicts(exercise, misconception))
    found.kills[name] = [list(lost), named, in_public]


def _audit_lazy(exercise: Exercise, seeds: range, found: Audit) -> None:
    reference = bank.reference(exercise)
    for name, answer in lazy_answers(exercise, reference).items():
        earned = judged(exercise, answer, seeds[0]).earned
        found.rejected[name] = earned == 0
        if earned:
            found.problems.append(f"the lazy answer {name!r} earns {earned:g} points")
    if not exercise.asks_for_one_answer:
        replayed = recording(exercise, reference, seeds[0])
        earned = judged(exercise, replayed, seeds[0] + 1).earned
        found.recordings = [1, earned]
        if earned:
            said = f"right answers recorded and replayed by counting calls earn {earned:g} points"
            found.problems.append(said)


def _audit_shape(exercise: Exercise, found: Audit) -> None:
    public = [check for check in exercise.checks if not check.hidden]
    if len(exercise.misconceptions) < MIN_MISCONCEPTIONS:
        found.problems.append(f"fewer than {MIN_MISCONCEPTIONS} misconceptions")
    if len(exercise.variants) < MIN_VARIANTS:
        found.problems.append(f"fewer than {MIN_VARIANTS} variants")
    if TO_DO in Path(bank.source_file(exercise)).read_text(encoding="utf-8"):
        found.problems.append(f"its file still says {TO_DO}")
    if not exercise.hints or not public or not exercise.points:
        found.problems.append("needs hints, a public check and points")
    if exercise.asks_for_one_answer:
        return
    if len(public) < MIN_PUBLIC_CHECKS:
        found.problems.append(f"fewer than {MIN_PUBLIC_CHECKS} public checks")
    share = found.public_caught / max(len(found.kills), 1)
    if share < MIN_PUBLIC_SHARE:
        missed = ", ".join(name for name, (_, _, public) in found.kills.items() if not public)
        found.problems.append(f"public checks catch only {share:.0%}; not: {missed}")


def _lost(check: CheckResult) -> bool:
    return check.verdict in (Verdict.FAIL, Verdict.SKIPPED)
