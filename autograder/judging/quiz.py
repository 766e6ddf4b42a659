"""Quizzes that are graded: predict with letters, then run the experiment that shows the truth.

The learner's function takes nothing and returns `{"question": "letter", …}`. Questions are graded
in groups, all right or nothing, so that guessing one letter for everything earns nothing; and what
is said about a wrong answer never tells which letter is right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograder.judging.compare import Failed, describe
from autograder.judging.exercise import Exercise, no_arguments
from autograder.judging.learner import LearnerFunction

Options = Mapping[str, str]
"""Question -> its letters, such as `{"first_layer": "abcd"}`."""


def opens(
    exercise: Exercise,
    options: Options,
    sentence: str = "Every question has one of its letters.",
) -> None:
    """Register what a quiz's public side needs: that every question is answered, in a sentence.

    Diagnosis looks at the letters, however they are written.
    """

    def every_question_answered(f: LearnerFunction) -> None:
        answers(f(), options)

    every_question_answered.__doc__ = sentence
    exercise.probe(no_arguments)
    exercise.check(every_question_answered)
    exercise.observe(lambda f: letters(f, options))


def group(
    exercise: Exercise, options: Options, name: str, sentence: str, questions: str, *, points: float
) -> None:
    """Register a check of that name: all of these questions (one string, words) are right."""
    public = [check.function for check in exercise.checks if not check.hidden]

    def check(f: LearnerFunction, reference: Callable[[], Mapping[str, str]]) -> None:
        predicted(f, reference, options, *questions.split())

    check.__name__, check.__doc__ = name, sentence
    exercise.check(points=points, after=public)(check)


def answers(given: Any, options: Options) -> dict[str, str]:
    """The learner's letters, in lower case; `Failed` says which question has none."""
    if not isinstance(given, Mapping):
        raise Failed(f"the result is {describe(given)}, expected a dict of question: letter")
    unknown = [str(question)[:40] for question in given if question not in options]
    if unknown:
        raise Failed(f"there is no question {', '.join(map(repr, unknown))}")
    return {question: _letter(given, question, options[question]) for question in options}


def predicted(
    f: LearnerFunction, reference: Callable[[], Mapping[str, str]], options: Options, *group: str
) -> None:
    """Raise `Failed` unless every question of the group has the right letter."""
    given, right = answers(f(), options), reference()
    wrong = sum(given[question] != right[question] for question in group)
    if wrong:
        raise Failed(f"{wrong} of the {len(group)} predictions ({', '.join(group)}) do not hold")


def letters(f: LearnerFunction, options: Options) -> list[Any]:
    """What diagnosis looks at: the letters, however they are written."""
    reply = f.reply()
    if reply.error is not None:
        return [{"raised": reply.error.kind}]
    try:
        return [{"value": answers(reply.value, options)}]
    except Failed as failure:
        return [{"value": None} if reply.value is None else failure.message]


def _letter(given: Mapping[str, Any], question: str, known: str) -> str:
    letter = given.get(question)
    tidy = letter.strip().lower() if isinstance(letter, str) else ""
    if len(tidy) != 1 or tidy not in known:
        wanted = f"expected one of {', '.join(known)}"
        raise Failed(f"the answer to {question!r} is {describe(letter)}, {wanted}")
    return tidy
