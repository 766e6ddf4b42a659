"""Diagnosis by behaviour: which named mistake does this answer make?

An answer is *observed*: its outputs, errors and what it did to its arguments, on every probe. It
makes a mistake if it behaves like that misconception wherever the misconception differs from the
reference. Nothing of the learner's text is looked at, so renaming variables hides nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from autograder.judging.calls import LearnerGone, Reply
from autograder.judging.compare import Failed, as_array, same
from autograder.judging.exercise import Exercise, seeded
from autograder.judging.judge import Prerequisites
from autograder.judging.learner import LearnerFunction, LocalFunction, changeable
from autograder.judging.verdicts import NOT_ATTEMPTED, Mistake

ROUNDS = 2
"""How many inputs are drawn from each probe."""

GENERIC = {
    "NotImplementedError": NOT_ATTEMPTED,
    "NameError": Mistake(
        "name not defined",
        "A name in your function is not defined where it runs: a typing slip, or a variable of "
        "another cell that should be an argument.",
    ),
}
NOTHING = Mistake("returns nothing", "The function returns None: is a `return` missing?")


_WATCHED: WeakKeyDictionary[Callable[..., Any], dict[str, list[Any]]] = WeakKeyDictionary()


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
    right = _known_behaviour(exercise, reference)
    if same_behaviour(seen, right):
        return ()
    known = [(m, _known_behaviour(exercise, m)) for m in exercise.misconceptions]
    whole = [mistake(m) for m, wrong in known if same_behaviour(seen, wrong)]
    return tuple(whole[:1]) or _generic(seen) or _by_parts(seen, right, known)


def mistake(misconception: Callable[..., Any]) -> Mistake:
    """The misconception's name and hint, as the learner reads them."""
    hint = " ".join((misconception.__doc__ or "").split())
    return Mistake(misconception.__name__.replace("_", " "), hint)


def observe(exercise: Exercise, f: LearnerFunction) -> list[Any]:
    """Everything visible about how `f` behaves on the exercise's probes."""
    if exercise.observation is not None:
        return list(exercise.observation(f))
    calls = [
        probe(seeded(round_, probe.__name__))
        for probe in exercise.probes
        for round_ in range(ROUNDS)
    ]
    return [_seen(reply) for reply in f.replies(calls)]


def _known_behaviour(exercise: Exercise, answer: Callable[..., Any]) -> list[Any]:
    """What one of the bank's own answers does: always the same, so it is watched only once."""
    watched = _WATCHED.setdefault(answer, {})
    if exercise.module not in watched:
        watched[exercise.module] = observe(exercise, LocalFunction(answer))
    return watched[exercise.module]


def same_behaviour(left: Sequence[Any], right: Sequence[Any]) -> bool:
    return len(left) == len(right) and all(map(same, left, right))


def fingerprint(observations: Sequence[Any]) -> str:
    """A one-way summary of behaviour: it recognises a mistake without giving it away."""
    digest = hashlib.sha256()
    for observation in observations:
        _feed(digest, observation)
    return digest.hexdigest()[:24]


def _seen(reply: Reply) -> dict[str, Any]:
    if reply.error is not None:
        return {"raised": reply.error.kind}
    kept = tuple(a for a in reply.args_after if not changeable(a))
    return {"value": reply.value, "arguments": kept}


def _generic(seen: Sequence[Any]) -> tuple[Mistake, ...]:
    kinds = {o.get("raised") for o in seen if isinstance(o, dict)}
    if len(kinds) == 1 and (kind := kinds.pop()) in GENERIC:
        return (GENERIC[kind],)
    values = [o.get("value", 0) for o in seen if isinstance(o, dict)]
    return (NOTHING,) if values and all(v is None for v in values) else ()


def _by_parts(
    seen: Sequence[Any], right: Sequence[Any], known: Sequence[tuple[Any, Sequence[Any]]]
) -> tuple[Mistake, ...]:
    """Explain an answer of several parts, each wrong part by its own misconception."""
    paths = _paths(right)
    wrong = [p for p in paths if not same(_at(seen, p), _at(right, p))]
    found: dict[str, Mistake] = {}
    explained = set()
    for misconception, behaviour in known:
        its_own = [p for p in paths if not same(_at(behaviour, p), _at(right, p))]
        if its_own and all(same(_at(seen, p), _at(behaviour, p)) for p in its_own):
            found[misconception.__name__] = mistake(misconception)
            explained.update(its_own)
    return tuple(found.values()) if explained.issuperset(wrong) else ()


def _paths(value: Any) -> list[tuple[Any, ...]]:
    """The paths to every leaf (array, number, text) of a nested result."""
    if isinstance(value, dict):
        return [(k, *rest) for k, part in value.items() for rest in _paths(part)]
    if isinstance(value, list | tuple):
        return [(k, *rest) for k, part in enumerate(value) for rest in _paths(part)]
    return [()]


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return "absent"
    return value


def _feed(digest: Any, value: Any) -> None:
    if isinstance(value, dict):
        digest.update(f"{{{len(value)}".encode())
        for key in sorted(value, key=str):
            digest.update(str(key).encode())
            _feed(digest, value[key])
        return
    if isinstance(value, str) or value is None:
        digest.update(repr(value).encode())
        return
    try:
        array = as_array(value)
    except Failed:
        parts = value if isinstance(value, list | tuple) else ()
        digest.update(f"({len(parts)}".encode())
        for part in parts:
            _feed(digest, part)
        return
    with np.errstate(all="ignore"):
        rounded = np.array([float(f"{x:.5g}") + 0.0 for x in np.ravel(np.real(array))])
    digest.update(str(array.shape).encode() + rounded.astype("<f8").tobytes())
