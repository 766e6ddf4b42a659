"""Grading one notebook: run it isolated, judge every exercise, write a receipt.

`grade_submission` is what the plug-in and the command use; the judge stays in this process and
the learner's code in another. `grade` is its plain stand-in for nbgrader without our plug-in: the
same checks, in the kernel, hence less safely.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from autograder import sandbox
from autograder.judging import bank
from autograder.judging.diagnose import diagnose
from autograder.judging.exercise import Exercise
from autograder.judging.judge import ExerciseResult, Mistake, Verdict, absent, judge
from autograder.judging.learner import LearnerFunction, LocalFunction
from autograder.student.check import show
from autograder.student.table import Table
from autograder.submission.evidence import suspicious
from autograder.submission.reading import Submission
from autograder.submission.receipt import Receipt
from autograder.submission.rehearsal import rehearsed
from autograder.submission.session import Session, best_isolation

NEVER_COMES_BACK = Mistake(
    "never comes back",
    "The call took too long or ended the whole process: look for a loop whose condition never "
    "becomes false, or for far too much work or memory.",
)


def grade_submission(
    submission: Submission,
    *,
    seed: int | None = None,
    limits: sandbox.Limits | None = None,
    isolation: sandbox.Isolation | None = None,
    every_cell: bool = False,
) -> Receipt:
    """Run a submission in its own process and judge all its exercises.

    Experiment cells that the learner has not touched run only with `every_cell`.

    Raises
    ------
    sandbox.IsolationUnavailable
        If `isolation` is not given and this machine has none.
    sandbox.SandboxFailure
        If the process could not be run for reasons of our own: no grade, try again.
    """
    started = time.monotonic()
    chapter = str(submission.notebook.metadata.chainrule.chapter)
    seed = secrets.randbits(48) if seed is None else seed
    cells = list(submission.runnable(every_cell=every_cell))
    isolation = isolation or best_isolation()
    with Session(cells, limits or sandbox.Limits(), isolation, seed=seed % 2**32) as session:
        judging = time.monotonic()
        results = [_judge_remote(e, session, seed) for e in _exercises(submission)]
        judging = time.monotonic() - judging
    return Receipt(
        key=key_of(submission),
        seed=seed,
        chapter=chapter,
        isolation=isolation.value,
        seconds=round(time.monotonic() - started, 3),
        exercises={result.slug: _record(result) for result in results},
        cells=session.outputs,
        repairs=submission.repairs,
        flags=[*session.flags, *suspicious(cells, _needs(submission))],
        versions=versions(),
        timings=session.timings | {"judge": _milliseconds(judging)},
    )


def key_of(submission: Submission) -> str:
    """What a grade depends on: the cells that run, and our own code. Same key, same work."""
    cells = json.dumps(list(submission.runnable())).encode()
    return hashlib.sha256(cells + engine_digest()).hexdigest()[:24]


def versions() -> dict[str, str]:
    """The versions that a receipt names."""
    return {"python": sys.version.split()[0], "numpy": np.__version__}


def grade(slug: str) -> float:
    """Judge the exercise in this kernel and return the points (nbgrader without our plug-in)."""
    namespace = sys._getframe(1).f_globals
    exercise = bank.find(slug)
    if callable(namespace.get(slug)):
        f = LocalFunction(namespace[slug], namespace)
        result = judge_exercise(exercise, f, seed=secrets.randbits(48))
    else:
        result = _absent(exercise, "not defined")
    show(Table(result))
    return result.earned


def judge_exercise(exercise: Exercise, f: LearnerFunction, *, seed: int) -> ExerciseResult:
    """All verdicts on one exercise, and the mistake if one is recognised."""
    reference, parts = bank.reference(exercise), bank.parts(exercise)
    results = judge(exercise, f, seed=seed, reference=reference, parts=parts)
    mistakes: tuple[Mistake, ...] = ()
    if any(result.gone for result in results):
        mistakes = (NEVER_COMES_BACK,)
    elif any(result.verdict is Verdict.FAIL for result in results):
        mistakes = diagnose(exercise, f, reference, parts)
    return ExerciseResult(exercise.slug, exercise.title, results, mistakes)


def _judge_remote(exercise: Exercise, session: Session, seed: int) -> ExerciseResult:
    f = session.function(exercise.slug)
    if f is None:
        why = session.errors.get(exercise.slug)
        return _absent(exercise, f"not defined: its cell {why}" if why else "not defined")
    rehearsal = rehearsed(exercise, seed)
    sheet = session.ask_ahead(rehearsal.questions)
    known = rehearsal.known(sheet)
    if known is not None:
        return known
    result = judge_exercise(exercise, f, seed=seed)
    rehearsal.remember(sheet, result)
    return result


def _absent(exercise: Exercise, reason: str) -> ExerciseResult:
    return ExerciseResult(exercise.slug, exercise.title, absent(exercise, reason))


def _exercises(submission: Submission) -> list[Exercise]:
    chapter = bank.chapter(str(submission.notebook.metadata.chainrule.chapter))
    return [chapter[cell.id] for cell in submission.notebook.cells if cell.id in chapter]


def _needs(submission: Submission) -> dict[str, frozenset[str]]:
    return {e.slug: frozenset(bank.parts(e)) for e in _exercises(submission)}


def _record(result: ExerciseResult) -> dict[str, Any]:
    table = Table(result)
    return {
        "title": result.title,
        "earned": result.earned,
        "points": result.points,
        "checks": [
            {"name": c.name, "verdict": str(c.verdict), "points": c.points, "message": c.message}
            for c in result.checks
        ],
        "mistakes": [{"name": m.name, "hint": m.hint} for m in result.mistakes],
        "html": table._repr_html_(),
        "text": repr(table),
    }


@cache
def engine_digest() -> bytes:
    """A digest of all code that a grade may depend on."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for folder in (here, here.parent / "reference_impl"):
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.digest()


def _milliseconds(seconds: float) -> float:
    return round(1000 * seconds, 1)
