"""Answers without thought, which must earn nothing: stubs, zeros, echoes, what is known by heart."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from autograder.judging.compare import Array
from autograder.judging.exercise import Exercise
from autograder.judging.judge import judge
from autograder.judging.learner import LocalFunction, changeable

Answer = Callable[..., Any]


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


def recording(exercise: Exercise, reference: Answer, seed: int) -> Answer:
    """An answer that was told, once, what is right, and tells it again by counting calls."""
    told: list[Any] = []

    def listen(*arguments: Any) -> Any:
        told.append(copy.deepcopy(reference(*arguments)))
        return told[-1]

    judge(exercise, LocalFunction(listen), seed=seed, reference=reference)
    left = iter(told)
    return lambda *arguments: next(left, None)


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
