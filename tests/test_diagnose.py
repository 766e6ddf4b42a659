"""Diagnosis: mistakes are named by behaviour, right answers never."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.judging import bank
from autograder.judging.behaviour import fingerprint, observe
from autograder.judging.compare import INEXACT
from autograder.judging.diagnose import diagnose
from autograder.judging.judge import traits
from autograder.judging.learner import LocalFunction
from autograder.judging.purity import CUTS
from autograder.judging.verdicts import CheckResult, Mistake, Verdict
from autograder.submission.judged import judge_exercise


def double(x):
    return 2 * x


def names(exercise, answer):
    return [m.name for m in diagnose(exercise, LocalFunction(answer), double, None)]


def test_a_mistake_is_recognised_however_it_is_written(doubling):
    """Another text with the same behaviour gets the same name and its hint."""
    found = diagnose(doubling, LocalFunction(lambda v: np.power(v, 2)), double, None)
    assert found[0].name == "squares"
    assert "multiply by 2" in found[0].hint


def test_what_is_done_to_the_arguments_counts(doubling):
    """Overwriting the input is recognised although the value is right."""

    def overwrite(a):
        a[...] = a + a
        return a

    assert names(doubling, overwrite) == ["in place"]


def test_right_answers_are_never_diagnosed(doubling):
    """A different text with right behaviour has no mistake."""
    assert names(doubling, lambda x: x + x) == []


def test_unknown_mistakes_are_not_guessed(doubling):
    """An answer that is wrong in its own way is not given a wrong name."""
    assert names(doubling, lambda x: 3 * x) == []


def test_blank_and_missing_returns_are_named(doubling):
    """An untouched stub and a forgotten return are told apart from wrong answers."""

    def stub(x):
        raise NotImplementedError

    assert names(doubling, stub) == ["not attempted"]
    assert names(doubling, lambda x: None) == ["returns nothing"]


def test_fingerprints_tell_behaviours_apart(doubling):
    """Equal behaviour gives equal fingerprints; every misconception has its own."""

    def print_of(f):
        return fingerprint(observe(doubling, LocalFunction(f)))

    assert print_of(lambda x: x * x) == print_of(doubling.misconceptions[0])
    prints = {print_of(f) for f in (double, lambda x: 3 * x, *doubling.misconceptions)}
    assert len(prints) == 4


def _slope(x, w, b):
    return w * (1 - np.tanh(w * x + b) ** 2)


def _like(x, values):
    out = np.empty_like(x)
    out[...] = values
    return out


def _emptied(x):
    given = x.copy()
    x *= 0
    return given


def _in_one_array(values, kept={}):  # noqa: B006  (that is the mistake)
    out = kept.setdefault(np.shape(values), np.empty(np.shape(values)))
    out[...] = values
    return out


SLIPS = {
    "cuts results to whole numbers for some inputs": lambda x, w, b: _like(x, _slope(x, w, b)),
    "right to about six digits only": lambda x, w, b: _slope(x, w, b) * (1 + 1e-6),
    "changes its argument `x` in place": lambda x, w, b: _slope(_emptied(x), w, b),
    "gives back the same array each time": lambda x, w, b: _in_one_array(_slope(x, w, b)),
}


@pytest.mark.parametrize("name", SLIPS)
def test_what_only_a_check_finds_has_a_name(name):
    """No misconception explains it; the check that fails says what any function can do wrong."""
    exercise = bank.find("one_path_derivative")
    found = judge_exercise(exercise, LocalFunction(SLIPS[name]), seed=7)
    assert 0 <= found.earned < found.points
    assert [mistake.name for mistake in found.mistakes] == [name]


def test_nearly_right_is_said_where_nothing_else_is_wrong():
    """What else a check can tell is true whatever the others find."""
    plain = CheckResult("a", "A.", 1.0, Verdict.FAIL, "the result is 1, expected 2")
    telling = replace(plain, trait=INEXACT)
    assert traits([plain, telling]) == ()
    assert traits([plain, replace(plain, trait=CUTS)]) == (Mistake(*CUTS),)
    assert traits([telling, telling, replace(plain, verdict=Verdict.SKIPPED)]) == (
        Mistake(*INEXACT),
    )
