"""The verdicts on one exercise, for a learner's function wherever it is."""

from __future__ import annotations

from dataclasses import replace

from autograder.judging import bank
from autograder.judging.calls import LearnerGone
from autograder.judging.diagnose import behaves_like, diagnose, mistake
from autograder.judging.exercise import Exercise
from autograder.judging.judge import absent, judge, traits
from autograder.judging.learner import LearnerFunction, parameters_of
from autograder.judging.verdicts import NOT_ATTEMPTED, CheckResult, ExerciseResult, Mistake, Verdict
from autograder.submission.obstacles import obstacles, said_once
from autograder.submission.parts import wrong_parts
from autograder.submission.rehearsal import rehearsed
from autograder.submission.session import Session

NEVER_COMES_BACK = Mistake(
    "never comes back",
    "The call took too long or ended the whole process: look for a loop whose condition never "
    "becomes false, or for far too much work or memory.",
)


def judge_exercise(
    exercise: Exercise, f: LearnerFunction, *, seed: int, credit: bool = True
) -> ExerciseResult:
    """All verdicts on one exercise, the mistake if one is recognised, and what it leaves."""
    reference, prerequisites = bank.reference(exercise), bank.prerequisites(exercise)
    results = judge(exercise, f, seed=seed, reference=reference, prerequisites=prerequisites)
    mistakes: tuple[Mistake, ...] = ()
    if any(result.gone for result in results):
        mistakes = (NEVER_COMES_BACK,)
    elif any(result.verdict in (Verdict.FAIL, Verdict.GRADER_ERROR) for result in results):
        mistakes = diagnose(exercise, f, reference, prerequisites) or traits(results)
    if NOT_ATTEMPTED in mistakes:
        results = tuple(map(_not_given, results))
    kept = _kept(exercise, f, mistakes, seed) if credit else 0.0
    return ExerciseResult(exercise.slug, exercise.title, results, mistakes, kept)


def _not_given(result: CheckResult) -> CheckResult:
    """A check that broke costs nobody anything; but where nothing was answered it gives nothing."""
    broken = result.verdict is Verdict.GRADER_ERROR
    return replace(result, verdict=Verdict.FAIL) if broken else result


def _kept(
    exercise: Exercise, f: LearnerFunction, mistakes: tuple[Mistake, ...], seed: int
) -> float:
    """The points that a named slip leaves: only an answer that does exactly the same has made it.

    Diagnosis asks everybody the same, so it is asked once more what nobody could know.
    """
    if len(mistakes) != 1 or not mistakes[0].keeps:
        return 0.0
    slips = {mistake(exercise, m): m for m in exercise.misconceptions}
    prerequisites = bank.prerequisites(exercise)
    try:
        with f.with_prerequisites(prerequisites):
            same = behaves_like(exercise, f, slips[mistakes[0]], seed)
    except LearnerGone:
        return 0.0
    return round(mistakes[0].keeps * exercise.points, 2) if same else 0.0


def judge_session(
    exercise: Exercise, session: Session, seed: int, *, credit: bool = True
) -> ExerciseResult:
    """The same for a function of a sealed process; what is known of such answers is not redone."""
    found = _judged(exercise, session, seed, credit)
    found = replace(found, mistakes=(*found.mistakes, *wrong_parts(exercise, found, session, seed)))
    if found.passed:
        return found
    in_the_way = obstacles(exercise.slug, session.cells, session.errors.get(exercise.slug))
    return replace(found, mistakes=said_once(in_the_way, found.mistakes))


def _judged(exercise: Exercise, session: Session, seed: int, credit: bool) -> ExerciseResult:
    f = session.function(exercise.slug)
    if f is None:
        why = session.errors.get(exercise.slug)
        return undefined(exercise, f"not defined: its cell {why}" if why else "not defined")
    f.parameters = parameters_of(bank.reference(exercise))
    rehearsal = rehearsed(exercise, seed)
    sheet = session.ask_ahead(rehearsal.questions)
    known = rehearsal.known(sheet)
    if known is not None:
        return known
    result = judge_exercise(exercise, f, seed=seed, credit=credit)
    rehearsal.remember(sheet, result)
    return result


def undefined(exercise: Exercise, reason: str) -> ExerciseResult:
    """What is said of an exercise without a function to judge."""
    return ExerciseResult(exercise.slug, exercise.title, absent(exercise, reason))
