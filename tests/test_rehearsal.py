"""A rehearsal saves time and nothing else: verdicts, messages and flags are what they would be."""

import dataclasses
import json

import nbformat
import numpy as np
import pytest
from sampling import sampled

from autograder import sandbox
from autograder.course.sample_class import as_answer, sample_class
from autograder.judging import bank
from autograder.judging.verdicts import Verdict
from autograder.notebook.reading import read_submission
from autograder.submission.grading import Options, grade_submission
from autograder.submission.judged import judge_exercise, judge_session
from autograder.submission.rehearsal import Rehearsed, rehearsed
from autograder.submission.session import Session, best_isolation

STUDENTS = ["ada", "ben", "cleo", "dan", "eva", "finn", "ivo", "kim"]
LIMITS = sandbox.Limits(cell_seconds=3, call_seconds=3, ahead_seconds=0.5)
OPTIONS = Options(best_isolation(), 5, limits=LIMITS)
IMPORTS = "import math\nimport numpy as np"
CHAPTERS = ["ch02_backprop", "ch05_initialization", "ch08_dropout", "ch09_optimizers"]


@pytest.fixture(scope="module")
def handed_in(course):
    released = nbformat.read(course.notebook("release", "ch02_backprop"), as_version=4)
    return {
        student: read_submission(raw, released) for student, raw in sample_class(released).items()
    }


@pytest.fixture
def without(monkeypatch):
    """Judge as if nothing were known beforehand."""

    def graded(submission):
        with monkeypatch.context() as patch:
            patch.setattr(Session, "ask_ahead", lambda self, questions: None)
            return essence(grade_submission(submission, OPTIONS))

    return graded


def essence(receipt):
    return json.dumps({**receipt.to_json(), "seconds": 0, "timings": {}})  # NaN equals NaN


def answered(exercise, function):
    """A session whose cells define the earlier parts and this answer."""
    given = bank.prerequisites(exercise) | {exercise.slug: function}
    sources = [(slug, as_answer(f, slug)) for slug, f in given.items()]
    return Session([("imports", IMPORTS), *sources], LIMITS, best_isolation(), seed=1)


@pytest.mark.parametrize("student", sampled(STUDENTS, 2))
def test_receipts_are_the_same_with_and_without(handed_in, without, student):
    """Right and wrong, blank, forged, crashing and endless answers; also when graded again."""
    expected = without(handed_in[student])
    for _ in range(2):
        again = grade_submission(handed_in[student], OPTIONS)
        assert essence(again) == expected


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_right_answers_are_judged_from_the_sheet(course, chapter):
    """Who answers as the reference does is asked nothing more in nearly all exercises."""
    released = nbformat.read(course.notebook("release", chapter), as_version=4)
    solved = read_submission(course.notebook("solutions", chapter).read_bytes(), released)
    sufficed = []
    with Session(list(solved.runnable()), sandbox.Limits(), best_isolation(), seed=1) as session:
        for exercise in bank.chapter(chapter).values():
            f = session.function(exercise.slug)
            sheet = session.ask_ahead(rehearsed(exercise, 7).questions)
            assert judge_exercise(exercise, f, seed=7).passed
            sufficed.append(sheet.sufficed)
    assert np.mean(sufficed) > 0.85


@pytest.mark.parametrize(
    "slug", ["softmax_cross_entropy", "numerical_gradient", "gradient_descent", "batchnorm_forward"]
)
def test_every_mistake_fails_after_a_right_answer(slug):
    """What is remembered of right answers helps no wrong one."""
    exercise = bank.find(slug)
    for function in (bank.reference(exercise), *exercise.misconceptions, bank.reference(exercise)):
        with answered(exercise, function) as session:
            result = judge_session(exercise, session, 3)
        wrong = function in exercise.misconceptions
        assert (result.earned < result.points) == wrong, function.__name__
        assert [m.name for m in result.mistakes] == [function.__name__.replace("_", " ")] * wrong


def test_changed_arguments_are_seen_though_the_value_is_known():
    """The same value as a right answer's, by spoiling the arguments, is another sheet."""
    slug = "half_mse"
    exercise = bank.find(slug)
    right = as_answer(bank.reference(exercise), slug)
    spoilt = f"{right}\n\n_right = half_mse\n\n\ndef half_mse(prediction, target):\n" + (
        "    value = _right(prediction, target)\n    target[...] = 0\n    return value"
    )
    earned = []
    for source in (right, spoilt, right):
        cells = [("imports", IMPORTS), ("answer", source)]
        with Session(cells, LIMITS, best_isolation(), seed=1) as session:
            earned.append(judge_session(exercise, session, 11).earned)
    assert earned[0] == earned[2] == exercise.points > earned[1]


def test_only_full_marks_from_the_sheet_alone_are_remembered():
    """Not a failure, not a grader's error, not what took another question."""
    exercise = bank.find("half_mse")
    with answered(exercise, bank.reference(exercise)) as session:
        sheet = session.ask_ahead(rehearsed(exercise, 1).questions)
        result = judge_exercise(exercise, session.function("half_mse"), seed=1)
    memory = Rehearsed(sandbox.Questions())
    for verdict in (Verdict.FAIL, Verdict.SKIPPED, Verdict.GRADER_ERROR):
        spoilt = dataclasses.replace(result.checks[-1], verdict=verdict)
        checks = (*result.checks[:-1], spoilt)
        memory.remember(sheet, dataclasses.replace(result, checks=checks))
        assert memory.known(sheet) is None
    memory.remember(sheet, result)
    assert memory.known(sheet) is result
    sheet.take(b"something else")
    memory = Rehearsed(sandbox.Questions())
    memory.remember(sheet, result)
    assert memory.known(sheet) is None
