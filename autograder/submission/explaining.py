"""Why an answer lost its points, call by call: what went in, what came back, what was expected.

For the instructor's eyes only: it shows hidden checks and their inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.judging import bank
from autograder.judging.calls import Arguments, Reply
from autograder.judging.compare import same
from autograder.judging.exercise import Check, Exercise
from autograder.judging.judge import judge
from autograder.judging.learner import LearnerFunction, LocalFunction, changeable, parameters_of
from autograder.judging.verdicts import CheckResult, Verdict
from autograder.notebook.reading import Submission
from autograder.submission.bounds import bounded
from autograder.submission.grading import Options, opened
from autograder.submission.witness import Witness

SHOWN_CALLS = 2000
"""So many calls of one check are looked through for one that went wrong."""
WIDTH = 88


@dataclass(frozen=True)
class Call:
    """One call of the answer, in words."""

    arguments: tuple[tuple[str, str], ...]
    """Names, as far as they are known, and values."""
    got: str
    expected: str
    """Empty where it depends on chance."""


@dataclass(frozen=True)
class Explained:
    """A check that did not pass, and the first call that the reference answers otherwise."""

    check: CheckResult
    call: Call | None


def explain(submission: Submission, exercise: Exercise, options: Options) -> list[Explained]:
    """Judge one exercise again, check by check, and look for the call that went wrong.

    Raises
    ------
    sandbox.SandboxFailure, bounds.TookTooLong
        As grading does.
    """
    seconds = options.limits.total_seconds
    with bounded("explaining this answer", seconds), opened(submission, options) as session:
        f = session.function(exercise.slug)
        if f is None:
            return []
        f.parameters = parameters_of(bank.reference(exercise))
        return list(_explained(exercise, f, options.seed))


def _explained(exercise: Exercise, f: LearnerFunction, seed: int) -> Iterator[Explained]:
    """Each check alone, without those that it waits for, on the inputs that it had."""
    reference, needs = bank.reference(exercise), bank.prerequisites(exercise)
    for check in exercise.checks:
        alone = replace(exercise, checks=[replace(check, after=())])
        witness = Witness(f)
        (result,) = judge(alone, witness, seed=seed, reference=reference, prerequisites=needs)
        if result.verdict is not Verdict.PASS:
            yield Explained(result, _telling(check, witness, reference, needs))


def _telling(
    check: Check,
    witness: Witness,
    reference: Callable[..., Any],
    needs: Mapping[str, Callable[..., Any]],
) -> Call | None:
    """The first call that the reference answers otherwise, or the last if none can be told so."""
    right = LocalFunction(reference)
    found = None
    for arguments, reply in witness.seen[:SHOWN_CALLS]:
        chance = any(changeable(argument) for argument in arguments)
        expected = None if chance else right.reply(*arguments)
        found = (arguments, reply, expected)
        if expected is not None and not _alike(reply, expected):
            break
    return _in_words(witness, *found) if found else None


def _alike(reply: Reply, expected: Reply) -> bool:
    if reply.error is not None or expected.error is not None:
        return (reply.error is None) == (expected.error is None)
    return same(reply.value, expected.value)


def _in_words(witness: Witness, arguments: Arguments, reply: Reply, expected: Reply | None) -> Call:
    names = (*witness.parameters, *(f"argument {k + 1}" for k in range(len(arguments))))
    shown = tuple((name, in_words(a)) for name, a in zip(names, arguments, strict=False))
    return Call(shown, _outcome(reply), _outcome(expected) if expected else "")


def _outcome(reply: Reply) -> str:
    return reply.error.sentence() if reply.error is not None else in_words(reply.value)


def in_words(value: Any) -> str:
    """A value as one reads it: arrays with shape and dtype, long ones with their ends."""
    if isinstance(value, np.ndarray) and value.ndim:
        entries = np.array2string(value, precision=6, threshold=40, max_line_width=WIDTH)
        return f"shape {value.shape}, {value.dtype}\n{entries}"
    if isinstance(value, np.generic | np.ndarray):
        value = value.item()
    if isinstance(value, np.random.Generator):
        return "a generator of random numbers"
    if callable(value):
        return f"the function {getattr(value, '__name__', 'without a name')}"
    if isinstance(value, list | tuple):
        parts = "\n".join(f"[{k}] {in_words(part)}" for k, part in enumerate(value[:10]))
        return f"{type(value).__name__} of {len(value)}\n{parts}"
    if isinstance(value, dict):
        parts = "\n".join(f"{key!r}: {in_words(part)}" for key, part in list(value.items())[:10])
        return f"dict of {len(value)}\n{parts}"
    text = repr(value)
    return text if len(text) <= 10 * WIDTH else f"{text[: 10 * WIDTH]} …"
