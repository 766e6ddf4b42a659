"""Bug hunts: the learner writes inputs, and the inputs are judged by whom they convict.

The learner sees several suspects, of which one is right, and returns a few input sets. A suspect is
convicted when on some set it says something else than the truth.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Sequence
from typing import Any

from autograder.compare import Failed, describe, same
from autograder.learner import LearnerFunction, quiet

Suspect = Callable[..., Any]
Read = Callable[[Any, str], Sequence[Any]]
"""Turns one input set as the learner wrote it, and its name, into arguments; or raises `Failed`."""


def questions(f: LearnerFunction, read: Read, at_most: int = 3) -> list[Sequence[Any]]:
    """The learner's input sets, each as the arguments that it makes."""
    return _sets(f(), read, at_most)


def convict(
    f: LearnerFunction,
    read: Read,
    suspect: Suspect,
    innocent: Suspect,
    truth: Suspect,
    *,
    at_most: int = 3,
    rtol: float = 1e-5,
    atol: float = 1e-8,
) -> None:
    """Raise `Failed` unless the learner's inputs tell `suspect`, but not `innocent`, from `truth`.

    `truth` is worked out in another way than the suspects do it.
    """

    def separated(one: Suspect) -> bool:
        said = ((testimony(one, q), testimony(truth, q)) for q in asked)
        return any(not same(claimed, true, rtol=rtol, atol=atol) for claimed, true in said)

    asked = questions(f, read, at_most)
    if separated(innocent):
        raise Failed("the inputs are so extreme that even the right suspect looks wrong")
    if not separated(suspect):
        raise Failed(f"{suspect.__name__} gives the right answer on all your inputs")


def verdicts(
    f: LearnerFunction, read: Read, suspects: Sequence[Suspect], at_most: int = 3
) -> list[Any]:
    """What diagnosis looks at: which suspects contradict each other, not the numbers used."""
    reply = f.reply()
    if reply.error is not None:
        return [{"raised": reply.error.kind}]
    if reply.value is None:
        return [{"value": None}]
    try:
        asked = _sets(reply.value, read, at_most)
    except Failed as failure:
        return [failure.message.split(" of set")[0]]
    said = [[testimony(suspect, q) for q in asked] for suspect in suspects]
    return [same(one, other) for one, other in itertools.combinations(said, 2)]


def testimony(suspect: Suspect, arguments: Sequence[Any]) -> Any:
    """What a suspect says, or the name of what it raises."""
    try:
        with quiet():
            return suspect(*copy.deepcopy(list(arguments)))
    except Exception as error:
        return type(error).__name__


def _sets(answer: Any, read: Read, at_most: int) -> list[Sequence[Any]]:
    if not isinstance(answer, tuple | list) or not 1 <= len(answer) <= at_most:
        wanted = f"expected a list of 1 to {at_most} input sets"
        raise Failed(f"the result is {describe(answer)}, {wanted}")
    return [read(item, f"set {i}") for i, item in enumerate(answer, 1)]
