"""Grading one submission: the one way in, whoever asks.

The engine, Dask, nbgrader's commands, Formgrader and `autograder check` all come here and add
nothing: the seed, the bounds on time and memory, the second try after a failure of ours, silence
about warnings and the stamps on the receipt are this module's.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from nbformat import NotebookNode

from autograder import sandbox
from autograder.judging import bank
from autograder.judging.exercise import Exercise
from autograder.judging.verdicts import ExerciseResult
from autograder.notebook.reading import Submission
from autograder.submission import foreign
from autograder.submission.behaving import WrongAnswer, is_worth_a_look, see, wrong_answer
from autograder.submission.bounds import bounded
from autograder.submission.course_names import Names
from autograder.submission.digests import cells_digest, key_of
from autograder.submission.evidence import suspicious
from autograder.submission.examples import Where, with_course_name
from autograder.submission.judged import judge_session
from autograder.submission.receipt import Receipt
from autograder.submission.seeds import BITS, learner_seed
from autograder.submission.session import Session

TRIES = 2
"""How often a learner's process is started before giving up: a failure of ours is no grade."""

OUR_SHARE = 4
"""How many times what a learner's own process may take: time granted again, and judging."""


@dataclass(frozen=True)
class Options:
    """How to grade: the same for every submission of an assignment."""

    isolation: sandbox.Isolation
    seed: int
    """Where the questions come from; see `autograder.submission.seeds`."""
    every_cell: bool = False
    """Run experiment cells that the learner has not touched, too."""
    partial_credit: bool = True
    """Let named slips keep their share of the points; see `autograder.submission.settings`."""
    limits: sandbox.Limits = field(default_factory=sandbox.Limits)
    names: Names = field(default_factory=Names)
    """Mistakes that the course has named by itself; see `autograder.submission.course_names`."""

    def __post_init__(self) -> None:
        if not 0 <= self.seed < 2**BITS:
            raise ValueError(f"a seed is a number of 0 to 2**{BITS} - 1, and not {self.seed}")


def grade_submission(submission: Submission, options: Options) -> Receipt:
    """Run a submission in its own process and judge all its exercises.

    Raises
    ------
    sandbox.SandboxFailure
        If the process could not be run for reasons of our own: no grade, try again.
    bounds.TookTooLong, MemoryError
        If judging it takes more than one submission may take.
    """
    return _graded(lambda: _judged(submission, options), options.limits)


def grade_notebook(
    notebook: NotebookNode, options: Options, *, work: Path | None = None, submitted: str = ""
) -> Receipt:
    """Run a notebook of any other course, its own test cells included, in a sealed process.

    `work` is a folder whose files its cells find, `submitted` the digest of the file handed in.
    Raises what `grade_submission` raises, and `foreign.OtherLanguage`.
    """
    return _graded(lambda: _run(notebook, options, work, submitted), options.limits)


def opened(submission: Submission, options: Options) -> Session:
    """A process of its own for a submission; its cells run as soon as it is entered."""
    cells = list(submission.runnable(every_cell=options.every_cell))
    seed = learner_seed(options.seed, cells_digest(cells))
    return Session(cells, options.limits, options.isolation, seed=seed)


def submission_key(submission: Submission) -> str:
    """What a submission's grade depends on but for the seed: same key, same work."""
    return key_of(list(submission.runnable()), submission.chapter)


def versions() -> dict[str, str]:
    """The versions that a receipt names."""
    return {"python": sys.version.split()[0], "numpy": np.__version__}


def _graded(attempt: Callable[[], Receipt], limits: sandbox.Limits) -> Receipt:
    with bounded("grading this submission", OUR_SHARE * limits.total_seconds):
        for _ in range(TRIES - 1):
            try:
                return attempt()
            except sandbox.SandboxFailure:
                continue
        return attempt()


def _judged(submission: Submission, options: Options) -> Receipt:
    started = time.monotonic()
    exercises = exercises_of(submission)
    with opened(submission, options) as session:
        judging = time.monotonic()
        looked_at = [_looked_at(exercise, session, options) for exercise in exercises]
        judging = time.monotonic() - judging
    needs = {e.slug: frozenset(bank.prerequisites(e)) for e in exercises}
    return Receipt(
        key=submission_key(submission),
        seed=options.seed,
        chapter=submission.chapter,
        isolation=options.isolation.value,
        seconds=round(time.monotonic() - started, 3),
        exercises={result.slug: result for result, _ in looked_at},
        cells=session.outputs,
        repairs=submission.repairs,
        flags=[*session.flags, *suspicious(session.cells, needs)],
        versions=versions(),
        timings=session.timings | {"judge": round(1000 * judging, 1)},
        submitted=submission.digest,
        every_cell=options.every_cell,
        partial_credit=options.partial_credit,
        wrong={result.slug: wrong for result, wrong in looked_at if wrong},
        names=options.names.digest,
    )


def _looked_at(
    exercise: Exercise, session: Session, options: Options
) -> tuple[ExerciseResult, WrongAnswer | None]:
    """The verdicts on an exercise, and what tells a wrong answer from other wrong ones."""
    found = judge_session(exercise, session, options.seed, credit=options.partial_credit)
    source = dict(session.cells).get(exercise.slug, "")
    if not is_worth_a_look(found):
        return found, None
    if any(mistake.inferred for mistake in found.mistakes):
        return found, wrong_answer(found, source, None)
    f = session.function(exercise.slug)
    seen = see(exercise, f, found.checks, options.seed) if f else None
    if seen is not None:
        where = Where(options.isolation, options.limits, options.seed)
        found = with_course_name(exercise, found, seen, options.names, where)
    return found, wrong_answer(found, source, seen)


def _run(notebook: NotebookNode, options: Options, work: Path | None, submitted: str) -> Receipt:
    started = time.monotonic()
    cells = foreign.runnable(notebook)
    seed = learner_seed(options.seed, cells_digest(cells))
    with Session(
        cells, options.limits, options.isolation,
        seed=seed, work=work, ours=False, environment=foreign.ENVIRONMENT,
    ) as session:  # fmt: skip
        outputs = session.outputs
    return Receipt(
        key=key_of(cells),
        seed=options.seed,
        chapter="",
        isolation=options.isolation.value,
        seconds=round(time.monotonic() - started, 3),
        exercises={},
        cells=outputs,
        flags=[*session.flags, *suspicious(cells)],
        versions=versions(),
        timings=session.timings,
        submitted=submitted,
        forgeable=True,
    )


def exercises_of(submission: Submission) -> list[Exercise]:
    chapter = bank.chapter(submission.chapter)
    return [chapter[cell.id] for cell in submission.notebook.cells if cell.id in chapter]
