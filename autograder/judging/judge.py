"""The judge: put every check of an exercise to a learner's function and give four verdicts.

pass, fail, skipped (an earlier check failed) and *grader error*. The last is our fault and never
costs points: a check that breaks unexpectedly is put to the reference as well, and only if it
breaks there too is it the check that is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.judging.calls import LearnerError, LearnerGone
from autograder.judging.compare import INEXACT, Failed, Mismatch
from autograder.judging.exercise import Check, Exercise, seeded
from autograder.judging.learner import LearnerFunction, LocalFunction
from autograder.judging.verdicts import CheckResult, Mistake, Verdict

WITH_GIVEN_PARTS = "right, given the earlier parts it builds on"
Prerequisites = Mapping[str, Callable[..., Any]]
"""Earlier exercises that an answer may call, by slug."""


def judge(
    exercise: Exercise,
    f: LearnerFunction,
    *,
    seed: int,
    reference: Callable[..., Any] | None = None,
    prerequisites: Prerequisites | None = None,
    hidden: bool = True,
) -> tuple[CheckResult, ...]:
    """Put the exercise's checks to `f`, with the learner's own earlier parts and, should some
    check fail, once more with reference `prerequisites`: a wrong part costs only itself."""
    checks = [check for check in exercise.checks if hidden or not check.hidden]
    own = _run(checks, f, reference, seed)
    if not prerequisites or all(result.verdict is Verdict.PASS for result in own):
        return own
    try:
        with f.with_prerequisites(prerequisites):
            given = _run(checks, f, reference, seed)
    except LearnerGone:  # while the parts were handed over
        return own
    return tuple(_better(a, b) for a, b in zip(own, given, strict=True))


def traits(results: Sequence[CheckResult]) -> tuple[Mistake, ...]:
    """What the failing checks have a name for themselves: true, whatever else is wrong.

    That an answer is nearly right is said only where it is so in each of them.
    """
    told = [result.trait for result in results if result.verdict is Verdict.FAIL]
    named = dict.fromkeys(told if set(told) == {INEXACT} else (t for t in told if t != INEXACT))
    return tuple(Mistake(*trait) for trait in named if trait is not None)


def absent(exercise: Exercise, reason: str, *, hidden: bool = True) -> tuple[CheckResult, ...]:
    """The verdicts when there is nothing to judge: every check fails, the first says why."""
    first, *others = (check for check in exercise.checks if hidden or not check.hidden)
    silent = (_result(check, Verdict.FAIL) for check in others)
    return (_result(first, Verdict.FAIL, reason), *silent)


def _run(
    checks: Sequence[Check],
    f: LearnerFunction,
    reference: Callable[..., Any] | None,
    seed: int,
) -> tuple[CheckResult, ...]:
    results: dict[str, CheckResult] = {}
    gone = ""
    for check in checks:
        failed = [a for a in check.after if a in results and results[a].verdict != Verdict.PASS]
        if gone:
            reason = f"not run: the function {gone}"
            results[check.name] = replace(_result(check, Verdict.FAIL, reason), gone=True)
        elif failed:
            earlier = results[failed[0]].sentence
            results[check.name] = _result(check, Verdict.SKIPPED, f"needs first: {earlier}")
        else:
            results[check.name], gone = _put(check, f, reference, seed)
    return tuple(results.values())


def _put(
    check: Check, f: LearnerFunction, reference: Callable[..., Any] | None, seed: int
) -> tuple[CheckResult, str]:
    """Ask one check; the second value says why the learner's process ended, if it did."""
    try:
        _call(check, f, reference, seed)
    except Failed as failure:
        found = _result(check, Verdict.FAIL, failure.message, failure.mismatch)
        return replace(found, trait=failure.trait), ""
    except LearnerGone as gone:
        reason = gone.sentence()
        return replace(_result(check, Verdict.FAIL, reason), gone=True), reason
    except LearnerError as error:
        return _result(check, Verdict.FAIL, error.sentence()), ""
    except Exception as broken:  # the check itself broke: whose fault is it?
        return _blame(check, broken, reference, seed), ""
    return _result(check, Verdict.PASS), ""


def _call(
    check: Check, f: LearnerFunction, reference: Callable[..., Any] | None, seed: int
) -> None:
    given = {"f": f, "reference": reference, "rng": seeded(seed, check.name)}
    check.function(**{name: given[name] for name in check.arguments})


def _blame(
    check: Check, broken: Exception, reference: Callable[..., Any] | None, seed: int
) -> CheckResult:
    reason = f"{type(broken).__name__}: {broken}"[:300]
    if reference is not None:
        try:
            _call(check, LocalFunction(reference), reference, seed)
        except Exception:
            return _result(check, Verdict.GRADER_ERROR, f"this check is broken ({reason})")
    return _result(check, Verdict.FAIL, f"the answer could not be used ({reason})")


def _better(own: CheckResult, given: CheckResult) -> CheckResult:
    """Of the verdicts with the learner's own and with the given parts, the one that counts.

    What still fails with given parts is this function's own fault, and is said in its own words.
    """
    if own.verdict is Verdict.PASS:
        return own
    if given.verdict is Verdict.PASS:
        return replace(given, message=WITH_GIVEN_PARTS)
    return given


def _result(
    check: Check, verdict: Verdict, message: str = "", mismatch: Mismatch | None = None
) -> CheckResult:
    return CheckResult(check.name, check.sentence, check.points, verdict, message, mismatch)
