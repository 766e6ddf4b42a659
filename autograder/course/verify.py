"""Grade the grader: does every check catch what it must and accept what it must?

For each exercise the reference and every variant score full; the stub and lazy answers (zeros, an
echo, None, NaN, memorised public values) score nothing; every misconception loses points *and* is
diagnosed as itself. An exercise that does not pass does not land.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np

from autograder.judging import bank
from autograder.judging.compare import Array
from autograder.judging.diagnose import diagnose, mistake
from autograder.judging.exercise import Exercise
from autograder.judging.judge import CheckResult, Verdict, judge
from autograder.judging.learner import LocalFunction, changeable

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


def summary(audits: list[Audit]) -> dict[str, Any]:
    """The counts that `verify --json` prints."""
    return {
        "exercises": len(audits),
        "checks": sum(a.checks for a in audits),
        "misconceptions": {
            "total": sum(len(a.kills) for a in audits),
            "caught": sum(a.caught for a in audits),
            "named": sum(a.named for a in audits),
        },
        "variants": {
            "total": sum(len(a.accepted) - 1 for a in audits),
            "accepted": sum(sum(a.accepted.values()) - a.accepted["reference"] for a in audits),
        },
        "references": {
            "total": len(audits),
            "accepted": sum(a.accepted["reference"] for a in audits),
        },
        "lazy": {
            "total": sum(len(a.rejected) for a in audits),
            "rejected": sum(sum(a.rejected.values()) for a in audits),
        },
        "problems": [f"{a.slug}: {problem}" for a in audits for problem in a.problems],
    }


def kill_table(audits: list[Audit]) -> str:
    """The kill table as Markdown: every misconception and the checks that catch it."""
    lines = [
        "# Kill table",
        "",
        "Written by `autograder verify`. Each row is a wrong answer that ships with its exercise;",
        "the checks beside it catch it, and the grader then names it.",
        "",
        "| chapter | exercises | checks | wrong answers | caught | named | variants accepted |",
        "|---|---|---|---|---|---|---|",
    ]
    by_chapter = {name: list(group) for name, group in groupby(audits, lambda a: a.chapter)}
    lines += [_totals(name, group) for name, group in by_chapter.items()]
    for name, group in by_chapter.items():
        lines += ["", f"## {name}", "", "| exercise | misconception | caught by | named |"]
        lines += ["|---|---|---|---|", *(row for found in group for row in _kills(found))]
    return "\n".join(lines) + "\n"


def lazy_answers(exercise: Exercise, reference: Answer) -> dict[str, Answer]:
    """Answers without thought, which must earn nothing."""

    def stub(*arguments: Any) -> Any:
        raise NotImplementedError

    def zeros(*arguments: Any) -> Any:
        return _filled(reference(*arguments), 0)

    def not_a_number(*arguments: Any) -> Any:
        return _filled(reference(*arguments), np.nan)

    def echo(*arguments: Any) -> Any:
        return arguments[0] if arguments else None

    def nothing(*arguments: Any) -> Any:
        return None

    lazy = {"stub": stub, "zeros": zeros, "NaN": not_a_number, "echo": echo, "None": nothing}
    if exercise.guessable:
        lazy |= {f"always {letter}": _always(letter, reference) for letter in "abcde"}
    if exercise.probes and exercise.probes[0](np.random.default_rng(0)):
        lazy["memorised public values"] = _memorised(exercise, reference)
    return lazy


def _totals(chapter: str, audits: list[Audit]) -> str:
    facts = summary(audits)
    wrong, right = facts["misconceptions"], facts["variants"]
    counts = (len(audits), facts["checks"], wrong["total"], wrong["caught"], wrong["named"])
    cells = [chapter, *map(str, counts), f"{right['accepted']} of {right['total']}"]
    return f"| {' | '.join(cells)} |"


def _kills(found: Audit) -> Iterator[str]:
    for name, (lost, named) in found.kills.items():
        caught = ", ".join(lost) or "**nothing**"
        yield f"| {found.slug} | {name} | {caught} | {'yes' if named else '**no**'} |"


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
    seen = diagnose(exercise, f, bank.reference(exercise), bank.parts(exercise))
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
    named = diagnose(exercise, f, bank.reference(exercise), bank.parts(exercise))
    if named:
        found.problems.append(f"{name} is right, but diagnosed as {named[0].name}")
    return not bad and not named


def _audit_shape(exercise: Exercise, found: Audit) -> None:
    if len(exercise.misconceptions) < MIN_MISCONCEPTIONS:
        found.problems.append(f"fewer than {MIN_MISCONCEPTIONS} misconceptions")
    if len(exercise.variants) < MIN_VARIANTS:
        found.problems.append(f"fewer than {MIN_VARIANTS} variants")
    if not exercise.hints or all(c.hidden for c in exercise.checks) or not exercise.points:
        found.problems.append("needs hints, a public check and points")


def _judged(exercise: Exercise, answer: Answer, seed: int) -> tuple[CheckResult, ...]:
    reference = bank.reference(exercise)
    return judge(exercise, LocalFunction(answer), seed=seed, reference=reference)


def _lost(check: CheckResult) -> bool:
    return check.verdict in (Verdict.FAIL, Verdict.SKIPPED)


def _named(functions: list[Answer]) -> dict[str, Answer]:
    return {function.__name__: function for function in functions}


def _filled(value: Any, number: float) -> Any:
    """A result of the same form with every number replaced."""
    if isinstance(value, Mapping):
        return {key: _filled(part, number) for key, part in value.items()}
    if isinstance(value, tuple | list) and any(isinstance(part, str) for part in value):
        return type(value)()
    if isinstance(value, tuple | list):
        return type(value)(_filled(part, number) for part in value)
    filled = np.full_like(np.asarray(value, dtype=float), number)
    return filled if filled.ndim else float(filled)


def _always(letter: str, reference: Answer) -> Answer:
    """An answer that says the same letter to every question of a quiz."""
    return lambda: dict.fromkeys(reference(), letter)


def _memorised(exercise: Exercise, reference: Answer) -> Answer:
    """An answer that knows the public checks' values by heart and nothing else."""
    known: dict[bytes, Any] = {}

    def remember(*arguments: Any) -> Any:
        known[_key(arguments)] = reference(*arguments)
        return known[_key(arguments)]

    judge(exercise, LocalFunction(remember), seed=0, hidden=False)

    def memorised(*arguments: Any) -> Any:
        return known.get(_key(arguments), _filled(reference(*arguments), 0))

    return memorised


def _key(arguments: tuple[Any, ...]) -> bytes:
    return b"|".join(_leaves(arguments))


def _leaves(value: Any) -> Iterator[bytes]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, tuple | list):
        for part in value:
            yield from _leaves(part)
    elif not changeable(value):
        array: Array = np.asarray(value)
        yield array.tobytes()
