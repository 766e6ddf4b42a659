"""Answers of every form that nobody asked for: they stop nobody and get no specific name."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.course.audits.found import Audit
from autograder.course.audits.own_answers import judged
from autograder.judging.exercise import Exercise


class Anything:
    """An object that is no number and has no parts."""


def raising(kind: type[Exception]) -> Callable[..., Any]:
    def answer(*arguments: Any) -> Any:
        raise kind("no")

    return answer


VALUES: dict[str, Callable[[], Any]] = {
    "a number": lambda: 2,
    "a 0-d array": lambda: np.array(1.5),
    "a flat array": lambda: np.arange(7.0),
    "a ragged list": lambda: [[1.0], [2.0, 3.0]],
    "an empty array": lambda: np.zeros(0),
    "an empty list": list,
    "an empty tuple": tuple,
    "a huge empty array": lambda: np.zeros((2**40, 0)),
    "a huge empty array on its side": lambda: np.zeros((0, 2**40)),
    "NaN": lambda: float("nan"),
    "infinity": lambda: np.full((2, 2), np.inf),
    "None": lambda: None,
    "Nones": lambda: (None, None),
    "text": lambda: "abc",
    "an array of text": lambda: np.array(["a", "b"]),
    "an empty dict": dict,
    "a dict": lambda: {"W1": 1.0, "x": None},
    "an iterator": lambda: iter([1.0, 2.0]),
    "a generator": lambda: (n for n in range(3)),
    "an object": Anything,
    "an array of objects": lambda: np.array([Anything(), None]),
    "a function": lambda: len,
    "a type": lambda: float,
    "a complex number": lambda: 1j,
    "a truth value": lambda: True,
    "a huge integer": lambda: 10**400,
    "nested lists": lambda: [[[[1.0]]]],
    "a set": lambda: {1.0, 2.0},
    "bytes": lambda: b"abc",
}
ERRORS = (
    ValueError,
    IndexError,
    KeyError,
    ZeroDivisionError,
    RecursionError,
    StopIteration,
    MemoryError,
    AssertionError,
    ImportError,
    np.linalg.LinAlgError,
)


def malformed_answers() -> dict[str, Callable[..., Any]]:
    """Functions that give back, or raise, what no exercise asks for."""

    def giving(value: Callable[[], Any]) -> Callable[..., Any]:
        return lambda *arguments: value()

    given = {name: giving(value) for name, value in VALUES.items()}
    raised = {kind.__name__: raising(kind) for kind in ERRORS}
    return given | raised | {"wrong arity": lambda one, two, three, four, five, six, seven: one}


def audit_malformed(exercise: Exercise, found: Audit) -> None:
    specific = {m.__name__.replace("_", " ") for m in exercise.misconceptions}
    for name, answer in malformed_answers().items():
        found.malformed[0] += 1
        try:
            result = judged(exercise, answer, seed=0)
        except Exception as error:
            found.malformed[1] += 1
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{type(error).__name__} in {place.name}, line {place.lineno}"
            found.problems.append(f"{name} as an answer stops the grader: {where}")
            continue
        if wrong := [m.name for m in result.mistakes if m.name in specific]:
            found.malformed[2] += 1
            found.problems.append(f"{name} as an answer is diagnosed as {wrong[0]}")
