"""The examples of a course's own mistakes, run like submissions: sealed, never in our process."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder import sandbox
from autograder.judging import bank
from autograder.judging.behaviour import known_behaviour
from autograder.judging.calls import LearnerGone
from autograder.judging.diagnose import generic
from autograder.judging.exercise import Exercise
from autograder.judging.judge import judge
from autograder.judging.learner import LearnerFunction, parameters_of
from autograder.judging.verdicts import ExerciseResult, Mistake
from autograder.submission.behaving import Seen, in_checks, see
from autograder.submission.course_names import Named, Names
from autograder.submission.digests import cells_digest
from autograder.submission.seeds import learner_seed
from autograder.submission.session import Session

EXAMPLES = 256
"""So many examples are kept in mind by one worker."""


@dataclass(frozen=True)
class Where:
    """How an example is run: as the submissions that it is compared with."""

    isolation: sandbox.Isolation
    limits: sandbox.Limits
    seed: int


def with_course_name(
    exercise: Exercise, found: ExerciseResult, seen: Seen, names: Names, where: Where
) -> ExerciseResult:
    """The result with the course's name for what the answer does, if it has one."""
    asked = seen.failing if seen.in_checks else ()
    for one in names.of(exercise.slug):
        example = seen_example(one, where, asked)
        if example is not None and seen.alike(example):
            right = known_behaviour(exercise, bank.reference(exercise))
            plain = () if seen.in_checks else generic(seen.observations, right)
            said = Mistake(one.name, one.hint, inferred=True)
            kept = (mistake for mistake in found.mistakes if mistake not in plain)
            return replace(found, mistakes=(said, *kept))
    return found


@functools.lru_cache(EXAMPLES)
def seen_example(named: Named, where: Where, asked: tuple[str, ...] = ()) -> Seen | None:
    """Run an example in a sealed process, once a worker, and see what it does.

    Parameters
    ----------
    asked : tuple of str, optional
        Look at what it says in these checks, and not where diagnosis looks.

    Returns
    -------
    Seen or None
        None if it does not come back.
    """
    exercise = bank.find(named.exercise)
    with opened_example(named, where) as f:
        if f is None:
            return None
        if asked:
            return in_checks(exercise, f, asked, where.seed)
        reference, needs = bank.reference(exercise), bank.prerequisites(exercise)
        try:
            checks = judge(exercise, f, seed=where.seed, reference=reference, prerequisites=needs)
        except LearnerGone:
            return None
        return see(exercise, f, checks, where.seed)


@contextlib.contextmanager
def opened_example(named: Named, where: Where) -> Iterator[LearnerFunction | None]:
    """The function of an example, in a sealed process of its own."""
    own = learner_seed(where.seed, cells_digest(named.cells))
    with Session(named.cells, where.limits, where.isolation, seed=own) as session:
        f = session.function(named.exercise)
        if f is not None:
            f.parameters = parameters_of(bank.reference(bank.find(named.exercise)))
        yield f
