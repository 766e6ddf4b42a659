"""Diagnosis: mistakes are named by behaviour, right answers never."""

import numpy as np

from autograder.judging.behaviour import fingerprint, observe
from autograder.judging.diagnose import diagnose
from autograder.judging.learner import LocalFunction


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
