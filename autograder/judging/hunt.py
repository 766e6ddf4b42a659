"""Bug hunts: the learner writes inputs, and the inputs are judged by whom they convict.

The learner sees several suspects, of which one is right, and returns a few input sets. A suspect is
convicted when on some set it says something else than the truth.

A hunt's file registers `opens` (public) and `charges` (graded; the kit leaves it out).
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from autograder.judging.compare import Failed, describe, same
from autograder.judging.exercise import Exercise, no_arguments
from autograder.judging.learner import LearnerFunction, quiet

AT_MOST = 3
"""How many input sets a learner may use."""

Suspect = Callable[..., Any]
Read = Callable[[Any, str], Sequence[Any]]
"""Turns one input set as the learner wrote it, and its name, into arguments; or raises `Failed`."""


def lineup(suspects: ModuleType) -> list[Suspect]:
    """The suspects that a module shows, `suspect_a` and so on."""
    return [getattr(suspects, name) for name in suspects.__all__ if name.startswith("suspect_")]


def opens(exercise: Exercise, read: Read, suspects: Sequence[Suspect], sentence: str) -> None:
    """Register what a hunt's public side needs: that the input sets are well-formed, in a sentence.

    Diagnosis looks at which suspects contradict each other.
    """

    def well_formed(f: LearnerFunction) -> None:
        questions(f, read)

    well_formed.__doc__ = sentence
    exercise.probe(no_arguments)
    exercise.check(well_formed)
    exercise.observe(lambda f: verdicts(f, read, suspects))


def charges(
    exercise: Exercise,
    read: Read,
    suspects: Sequence[Suspect],
    *,
    innocent: str,
    truth: Suspect,
    points: float,
    sentence: str = "Separates suspect {} from the truth.",
) -> None:
    """Register a check for each suspect but the innocent letter; the sentence names the checks."""
    public = [check.function for check in exercise.checks if not check.hidden]
    by_letter = {suspect.__name__[-1]: suspect for suspect in suspects}
    right = by_letter.pop(innocent)
    for letter, suspect in by_letter.items():
        check = _conviction(read, suspect, right, truth)
        check.__name__ = f"{sentence.split(maxsplit=1)[0].lower()}_{letter}"
        check.__doc__ = sentence.format(letter)
        exercise.check(points=points, after=public)(check)


def questions(f: LearnerFunction, read: Read) -> list[Sequence[Any]]:
    """The learner's input sets, each as the arguments that it makes."""
    return _sets(f(), read)


def convict(
    f: LearnerFunction, read: Read, suspect: Suspect, innocent: Suspect, truth: Suspect
) -> None:
    """Raise `Failed` unless the learner's inputs tell `suspect`, but not `innocent`, from `truth`.

    `truth` is worked out in another way than the suspects do it.
    """
    asked = questions(f, read)
    if _separated(innocent, truth, asked):
        raise Failed("the inputs are so extreme that even the right suspect looks wrong")
    if not _separated(suspect, truth, asked):
        raise Failed(f"{suspect.__name__} gives the right answer on all your inputs")


def verdicts(f: LearnerFunction, read: Read, suspects: Sequence[Suspect]) -> list[Any]:
    """What diagnosis looks at: which suspects contradict each other, not the numbers used."""

    def contradictions(asked: list[Sequence[Any]]) -> list[Any]:
        said = [[testimony(suspect, q) for q in asked] for suspect in suspects]
        return [same(one, other) for one, other in itertools.combinations(said, 2)]

    return _seen(f, read, contradictions)


def convicted(
    f: LearnerFunction,
    read: Read,
    suspects: Sequence[Suspect],
    truth: Suspect,
) -> list[Any]:
    """What diagnosis looks at instead if the truth is no secret: whom the inputs convict."""
    return _seen(f, read, lambda asked: [_separated(s, truth, asked) for s in suspects])


def testimony(suspect: Suspect, arguments: Sequence[Any]) -> Any:
    """What a suspect says, or the name of what it raises."""
    try:
        with quiet():
            return suspect(*copy.deepcopy(list(arguments)))
    except Exception as error:
        return type(error).__name__


def _conviction(read: Read, suspect: Suspect, innocent: Suspect, truth: Suspect) -> Suspect:
    def check(f: LearnerFunction) -> None:
        convict(f, read, suspect, innocent, truth)

    return check


def _seen(
    f: LearnerFunction,
    read: Read,
    summary: Callable[[list[Sequence[Any]]], list[Any]],
) -> list[Any]:
    reply = f.reply()
    if reply.error is not None:
        return [{"raised": reply.error.kind}]
    if reply.value is None:
        return [{"value": None}]
    try:
        return summary(_sets(reply.value, read))
    except Failed as failure:
        return [failure.message.split(" of set")[0]]


def _separated(suspect: Suspect, truth: Suspect, asked: Sequence[Sequence[Any]]) -> bool:
    """Whether the suspect says something else than the truth on some input set."""
    said = ((testimony(suspect, q), testimony(truth, q)) for q in asked)
    return any(not same(claimed, true, rtol=1e-5, atol=1e-8) for claimed, true in said)


def _sets(answer: Any, read: Read) -> list[Sequence[Any]]:
    if not isinstance(answer, tuple | list) or not 1 <= len(answer) <= AT_MOST:
        wanted = f"expected a list of 1 to {AT_MOST} input sets"
        raise Failed(f"the result is {describe(answer)}, {wanted}")
    return [read(item, f"set {i}") for i, item in enumerate(answer, 1)]
