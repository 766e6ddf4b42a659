"""Diagnosis by behaviour: which named mistake does this answer make?

It makes a mistake if it behaves like that misconception wherever the misconception differs from the
reference. What no misconception explains is still told as what it is: raises, returns nothing, has
the wrong shape, changes its arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from autograder.judging.behaviour import ROUNDS, known_behaviour, observe, same_behaviour
from autograder.judging.calls import LearnerGone
from autograder.judging.compare import describe, same
from autograder.judging.exercise import Exercise, seeded
from autograder.judging.judge import Prerequisites
from autograder.judging.learner import LearnerFunction, LocalFunction, changeable, parameters_of
from autograder.judging.partly import despite_faults, mostly
from autograder.judging.purity import changes
from autograder.judging.verdicts import NOT_ATTEMPTED, Mistake

GENERIC = {
    "NotImplementedError": NOT_ATTEMPTED,
    "NameError": Mistake(
        "name not defined",
        "A name in your function is not defined where it runs: a typing slip, or a variable of "
        "another cell that should be an argument.",
    ),
}
NOTHING = Mistake("returns nothing", "The function returns None: is a `return` missing?")

Path = tuple[Any, ...]
"""Keys and positions that lead to one part of nested observations."""
_OWN: WeakKeyDictionary[Callable[..., Any], dict[str, tuple[Path, ...]]] = WeakKeyDictionary()
Known = list[tuple[Callable[..., Any], list[Any]]]
"""Misconceptions and what each does."""


def diagnose(
    exercise: Exercise,
    f: LearnerFunction,
    reference: Callable[..., Any],
    prerequisites: Prerequisites | None,
) -> tuple[Mistake, ...]:
    """Name the mistakes that explain how `f` behaves; empty if none is recognised."""
    try:
        with f.with_prerequisites(prerequisites or {}):
            seen = observe(exercise, f)
    except LearnerGone:
        return ()
    right = known_behaviour(exercise, reference)
    if same_behaviour(seen, right):
        return ()
    known = [(m, known_behaviour(exercise, m)) for m in exercise.misconceptions]
    whole = [mistake(exercise, m) for m, wrong in known if same_behaviour(seen, wrong)]
    return (
        tuple(whole[:1])
        or _silent(seen)
        or _besides_changing(exercise, seen, right, known, reference)
        or _by_parts(exercise, seen, right)
        or _partly(exercise, seen, right, known)
        or generic(seen, right)
    )


def behaves_like(
    exercise: Exercise, f: LearnerFunction, misconception: Callable[..., Any], seed: int
) -> bool:
    """Whether an answer does what a misconception does on inputs that nobody could foresee."""
    rounds = (seed, seed + 1)
    theirs = observe(exercise, LocalFunction(misconception), rounds)
    return same_behaviour(observe(exercise, f, rounds), theirs)


def mistake(exercise: Exercise, misconception: Callable[..., Any]) -> Mistake:
    """The misconception's name and hint, as the learner reads them, and what it leaves."""
    name = misconception.__name__
    hint = " ".join((misconception.__doc__ or "").split())
    return Mistake(name.replace("_", " "), hint, exercise.keeps.get(name, 0.0), inferred=True)


def generic(seen: Sequence[Any], right: Sequence[Any] | None = None) -> tuple[Mistake, ...]:
    """What can be said of any answer: that it raises, or returns something of another form."""
    if silent := _silent(seen):
        return silent
    kinds = {o.get("raised") for o in seen if isinstance(o, dict)}
    if len(kinds) == 1 and (kind := kinds.pop()):
        said = "Every call ends with this error: run the cell with a small example of your own."
        return (Mistake(f"stops with {kind}", said),)
    return _other_form(seen, right) if right else ()


def unaided(
    exercise: Exercise, answer: Callable[..., Any], seen: Sequence[Any]
) -> tuple[Mistake, ...]:
    """What can be said of an answer where no right one is at hand (a student's kit).

    Left blank, returns nothing, a name that is not there, an error in each call, changed arguments.
    """
    if found := generic(seen):
        return found
    if exercise.observation is not None:
        return ()
    changed = _changed_arguments(exercise, seen, _untouched(exercise), answer)
    return (_trait(changed),) if changed else ()


def _untouched(exercise: Exercise) -> list[Any]:
    """The arguments of all observed calls as they are before them."""
    calls = (probe(seeded(r, probe.__name__)) for probe in exercise.probes for r in ROUNDS)
    return [{"arguments": tuple(a for a in call if not changeable(a))} for call in calls]


def _silent(seen: Sequence[Any]) -> tuple[Mistake, ...]:
    """Not attempted, a name that is not there, or nothing returned."""
    kinds = {o.get("raised") for o in seen if isinstance(o, dict)}
    if len(kinds) == 1 and (kind := kinds.pop()) in GENERIC:
        return (GENERIC[kind],)
    values = [o.get("value", 0) for o in seen if isinstance(o, dict)]
    return (NOTHING,) if values and all(v is None for v in values) else ()


def _other_form(seen: Sequence[Any], right: Sequence[Any]) -> tuple[Mistake, ...]:
    """The answers have another shape than the right ones, all of them."""
    pairs = [
        (s["value"], r["value"])
        for s, r in zip(seen, right, strict=False)
        if isinstance(s, dict) and isinstance(r, dict) and "value" in s and "value" in r
    ]
    wrong = [(got, wanted) for got, wanted in pairs if _form(got) != _form(wanted)]
    if not wrong or len(wrong) < len(pairs):
        return ()
    got, wanted = wrong[0]
    told = f"The result is {describe(got)}, where {describe(wanted)} is expected."
    return (Mistake("holds no numbers" if _is_text(got) else "has the wrong shape", told),)


def _is_text(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "SUO"


def _form(value: Any) -> Any:
    """What an answer is made of, but for its numbers; a list and an array of numbers are alike."""
    if isinstance(value, dict):
        return {key: _form(part) for key, part in value.items()}
    try:
        array = np.asarray(value)
        return array.shape if array.dtype.kind in "biufc" else type(value).__name__
    except (ValueError, TypeError):
        return [_form(part) for part in value] if isinstance(value, list | tuple) else "other"


def _besides_changing(
    exercise: Exercise,
    seen: Sequence[Any],
    right: Sequence[Any],
    known: Known,
    reference: Callable[..., Any],
) -> tuple[Mistake, ...]:
    """An answer that changes its arguments: that is told, and the rest is explained without it."""
    if exercise.observation is not None:
        return ()
    changed = _changed_arguments(exercise, seen, right, reference)
    if not changed:
        return ()
    trait = _trait(changed)
    values = _values(seen)
    if same_behaviour(values, _values(right)):
        return (trait,)
    found = [mistake(exercise, m) for m, wrong in known if same_behaviour(values, _values(wrong))]
    return (*_without_credit(found[:1]), trait) if found else ()


def _trait(changed: Sequence[str]) -> Mistake:
    return Mistake(*changes(changed))


def _changed_arguments(
    exercise: Exercise, seen: Sequence[Any], right: Sequence[Any], reference: Callable[..., Any]
) -> list[str]:
    """The names of those arguments that are not afterwards what they were before."""
    parameters = parameters_of(reference)
    if not exercise.probes:
        return []
    given = exercise.probes[0](np.random.default_rng(0))
    names = [n for n, a in zip(parameters, given, strict=False) if not changeable(a)]
    changed: dict[str, None] = {}
    for mine, theirs in zip(seen, right, strict=False):
        if "arguments" in mine and "arguments" in theirs:
            pairs = zip(names, mine["arguments"], theirs["arguments"], strict=False)
            changed |= {n: None for n, now, was in pairs if not same(now, was, rtol=0, atol=0)}
    return list(changed)


def _values(observations: Sequence[Any]) -> list[Any]:
    """The observations without what became of the arguments."""
    return [
        {key: part for key, part in o.items() if key != "arguments"} if isinstance(o, dict) else o
        for o in observations
    ]


def _by_parts(exercise: Exercise, seen: Sequence[Any], right: Sequence[Any]) -> tuple[Mistake, ...]:
    """Explain an answer of several parts, each wrong part by its own misconception."""
    wrong = {p for p in _paths(right) if not same(_at(seen, p), _at(right, p))}
    found: list[Mistake] = []
    explained: set[Path] = set()
    for misconception in exercise.misconceptions:
        behaviour = known_behaviour(exercise, misconception)
        its_own = _own_paths(exercise, misconception, right)
        if (
            its_own
            and wrong.issuperset(its_own)
            and all(same(_at(seen, p), _at(behaviour, p)) for p in its_own)
        ):
            found.append(mistake(exercise, misconception))
            explained.update(its_own)
    return _without_credit(found) if explained.issuperset(wrong) else ()


def _partly(
    exercise: Exercise, seen: Sequence[Any], right: Sequence[Any], known: Known
) -> tuple[Mistake, ...]:
    """A misconception beside which something else goes wrong, and what that is."""
    if exercise.observation is not None:
        return ()
    named, faults = despite_faults(seen, right, known)
    named = named or (() if faults else mostly(seen, right, known))
    return (*_without_credit([mistake(exercise, m) for m in named]), *faults)


def _own_paths(
    exercise: Exercise, misconception: Callable[..., Any], right: Sequence[Any]
) -> tuple[Path, ...]:
    """Where a misconception differs from what is right: worked out once."""
    known = _OWN.setdefault(misconception, {})
    if exercise.module not in known:
        behaviour = known_behaviour(exercise, misconception)
        differing = (p for p in _paths(right) if not same(_at(behaviour, p), _at(right, p)))
        known[exercise.module] = tuple(differing)
    return known[exercise.module]


def _without_credit(mistakes: Sequence[Mistake]) -> tuple[Mistake, ...]:
    return tuple(replace(m, keeps=0.0) for m in mistakes)


def _paths(value: Any) -> list[tuple[Any, ...]]:
    """The paths to every leaf (array, number, text) of a nested result."""
    if isinstance(value, dict):
        return [(k, *rest) for k, part in value.items() for rest in _paths(part)]
    if isinstance(value, list | tuple):
        return [(k, *rest) for k, part in enumerate(value) for rest in _paths(part)]
    return [()]


class _Absent:
    """What is not there; it is the same as nothing, not even as itself."""


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return _Absent()
    return value
