"""Quizzes: any way of writing the right letters passes, and a wrong one is never given away."""

import pytest

from autograder.judging import bank, quiz
from autograder.judging.compare import Failed
from autograder.judging.diagnose import diagnose
from autograder.judging.judge import judge
from autograder.judging.learner import LocalFunction
from autograder.student.check import public_result

QUIZ = bank.find("backprop_predictions")
RIGHT = bank.reference(QUIZ)()
OPTIONS = {"one": "ab", "two": "abc"}


def result(answer):
    return judge(QUIZ, LocalFunction(lambda: answer), seed=0, reference=bank.reference(QUIZ))


def test_letters_may_be_written_with_capitals_and_spaces():
    """Case and blanks do not matter, nor does the order of the questions."""
    assert quiz.answers({"two": " C ", "one": "A"}, OPTIONS) == {"one": "a", "two": "c"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "expected a dict"),
        (["a", "b"], "expected a dict"),
        ({"one": "a"}, "answer to 'two' is None"),
        ({"one": "a", "two": "d"}, "expected one of a, b, c"),
        ({"one": "a", "two": ""}, "expected one of"),
        ({"one": "a", "two": "ab"}, "expected one of"),
        ({"one": 1, "two": "a"}, "answer to 'one' is 1"),
        ({"one": "a", "two": "a", "three": "a"}, "no question 'three'"),
    ],
)
def test_what_is_no_answer_is_explained(given, words):
    """The message names the question and the letters it may have."""
    with pytest.raises(Failed, match=words):
        quiz.answers(given, OPTIONS)


@pytest.mark.parametrize("question", RIGHT)
def test_one_wrong_letter_costs_its_group_and_nothing_more(question):
    """Each question is in one group of two points; the message names no letter."""
    for letter in set("abc") - {RIGHT[question]}:
        lost = [c for c in result({**RIGHT, question: letter}) if c.earned < c.points]
        assert [c.points for c in lost] == [2]
        assert "1 of the 2 predictions" in lost[0].message
        assert RIGHT[question] not in lost[0].message.split("(")[0].split()


def test_every_other_answer_sheet_loses_points():
    """Whatever letters are guessed, full points are for the right ones alone."""
    for letter in "abcd":
        assert sum(c.earned for c in result(dict.fromkeys(RIGHT, letter))) == 0


def test_several_wrong_beliefs_are_all_named():
    """Each wrong letter is explained by its own misconception."""
    f = LocalFunction(lambda: {**RIGHT, "steep": "a", "start": "d"})
    named = {m.name for m in diagnose(QUIZ, f, bank.reference(QUIZ), {})}
    assert named == {"large weights are steep", "starts at the number of classes"}


def test_the_notebook_does_not_say_which_letters_are_wrong():
    """Public checks pass any complete answer, and name no mistake in an incomplete one."""
    wrong = dict.fromkeys(RIGHT, "a")
    assert public_result(QUIZ, lambda: wrong, {}).passed
    incomplete = public_result(QUIZ, lambda: {**wrong, "steep": "z"}, {})
    assert not incomplete.passed
    assert incomplete.mistakes == ()
