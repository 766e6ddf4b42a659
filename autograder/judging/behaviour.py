"""What an answer does, as values that can be compared: its outputs, errors, and changed arguments.

Nothing of the learner's text is looked at, so renaming variables hides nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from autograder.judging.calls import LearnerError, LearnerGone, Reply
from autograder.judging.compare import Failed, as_array, same
from autograder.judging.exercise import Exercise, seeded
from autograder.judging.learner import LearnerFunction, LocalFunction, changeable

ROUNDS = (0, 1)
"""Seeds of the inputs that are drawn from each probe: the same for everybody."""
UNREADABLE = "unreadable"

_WATCHED: WeakKeyDictionary[Callable[..., Any], dict[str, list[Any]]] = WeakKeyDictionary()


def observe(exercise: Exercise, f: LearnerFunction, rounds: Sequence[int] = ROUNDS) -> list[Any]:
    """Everything visible about how `f` behaves on the exercise's probes.

    An answer that the exercise's own way to look cannot read is "unreadable": it is like no other.

    Raises
    ------
    LearnerGone
        If the learner's process has ended.
    """
    if exercise.observation is None:
        calls = [
            probe(seeded(round_, probe.__name__)) for probe in exercise.probes for round_ in rounds
        ]
        return [_seen(reply) for reply in f.replies(calls)]
    try:
        return list(exercise.observation(f))
    except LearnerGone:
        raise
    except LearnerError as error:
        return [_raised(error)]
    except Exception as error:  # an answer of a form that nobody has foreseen
        return [{UNREADABLE: type(error).__name__}]


def known_behaviour(exercise: Exercise, answer: Callable[..., Any]) -> list[Any]:
    """What one of the bank's own answers does: always the same, so it is watched only once."""
    watched = _WATCHED.setdefault(answer, {})
    if exercise.module not in watched:
        watched[exercise.module] = observe(exercise, LocalFunction(answer))
    return watched[exercise.module]


def same_behaviour(left: Sequence[Any], right: Sequence[Any]) -> bool:
    """Whether two answers do the same; what cannot be read is never the same as anything."""
    readable = not any(isinstance(o, dict) and UNREADABLE in o for o in (*left, *right))
    return readable and len(left) == len(right) and all(map(same, left, right))


def fingerprint(observations: Sequence[Any]) -> str:
    """A one-way summary of behaviour: it recognises a mistake without giving it away."""
    digest = hashlib.sha256()
    for observation in observations:
        _feed(digest, observation)
    return digest.hexdigest()[:24]


def _seen(reply: Reply) -> dict[str, Any]:
    if reply.error is not None:
        return _raised(reply.error)
    kept = tuple(a for a in reply.args_after if not changeable(a))
    return {"value": reply.value, "arguments": kept}


def _raised(error: LearnerError) -> dict[str, Any]:
    """An error by its kind and its words; sizes in them depend on the input."""
    return {"raised": error.kind, "said": re.sub(r"\d+", "#", error.message)}


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
