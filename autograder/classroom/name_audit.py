"""Whether a name that an instructor gives would say something wrong of anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from autograder.judging import bank
from autograder.judging.behaviour import ROUNDS, known_behaviour, observe, same_behaviour
from autograder.judging.diagnose import GENERIC, NOTHING, mistake
from autograder.judging.exercise import Exercise
from autograder.judging.learner import LocalFunction
from autograder.judging.mendable import Mendable
from autograder.submission.behaving import Seen, observed
from autograder.submission.course_names import Named, Names
from autograder.submission.examples import Where, opened_example, seen_example

LONGEST_NAME, LONGEST_HINT = 60, 600
OTHER_ROUNDS = (1 << 20, (1 << 20) + 1)
"""Inputs that diagnosis does not look at."""


class NotNamed(Mendable):
    """The group is not there, or the name would say something wrong; nothing was written."""


def look_at_words(exercise: Exercise, behaves: str, names: Names, name: str, hint: str) -> None:
    """A name is short, a hint a sentence, and no other mistake of this exercise is called so."""
    if not name or len(name) > LONGEST_NAME:
        raise NotNamed(
            f"a name has 1 to {LONGEST_NAME} characters: say in a few words what is done"
        )
    if not hint or len(hint) > LONGEST_HINT:
        raise NotNamed(
            f"a hint has 1 to {LONGEST_HINT} characters: say in a sentence or two what to look at"
        )
    ours = [mistake(exercise, m).name for m in exercise.misconceptions]
    plain = [m.name for m in (*GENERIC.values(), NOTHING)]
    others = [n.name for n in names.of(exercise.slug) if n.behaves != behaves]
    if _words(name) in map(_words, (*ours, *plain, *others)):
        raise NotNamed(
            f"another mistake of {exercise.slug} is called “{name}” already, and does "
            "something else: choose a name that tells them apart"
        )


def look_at_behaviour(
    exercise: Exercise, names: Names, named: Named, seen: Seen, where: Where
) -> None:
    """It names no right answer, nothing that has a name, and does the same every time."""
    asked = seen.failing if seen.in_checks else ()
    for other in (n for n in names.of(exercise.slug) if n.behaves != named.behaves):
        example = seen_example(other, where, asked)
        if example is not None and seen.alike(example):
            raise NotNamed(f"this course calls that “{other.name}” already")
    if not seen.failing:
        raise NotNamed("these answers lose nothing: there is no mistake to name")
    another = replace(where, seed=where.seed ^ 1)
    if not seen.in_checks:
        refuse_what_is_known(exercise, seen.observations, ROUNDS)
        with opened_example(named, another) as f:
            elsewhere = observed(exercise, f, OTHER_ROUNDS) if f else None
        if elsewhere is not None:
            refuse_what_is_known(exercise, elsewhere, OTHER_ROUNDS)
    again = seen_example(named, another)
    if again is None or not (seen.in_checks or seen.alike(again)):
        raise NotNamed(
            "this answer does something else each time it is run (does it draw random numbers of "
            "its own?), so that nobody else's could be recognised by it"
        )


def refuse_what_is_known(exercise: Exercise, seen: list[Any], rounds: tuple[int, ...]) -> None:
    """Compare with all that the bank holds, on the usual inputs or on others; raises NotNamed."""
    for answer in (bank.reference(exercise), *exercise.variants):
        if same_behaviour(seen, observe(exercise, LocalFunction(answer), rounds)):
            raise NotNamed(
                f"a right answer ({answer.__name__}) does the same wherever diagnosis looks: the "
                "name would be said of it, too"
            )
    for misconception in exercise.misconceptions if rounds == ROUNDS else ():
        if same_behaviour(seen, known_behaviour(exercise, misconception)):
            raise NotNamed(f"that has a name: “{mistake(exercise, misconception).name}”")


def _words(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.lower()))
