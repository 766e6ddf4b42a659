"""Partial credit: a named slip keeps its share, exactly that slip and nothing else."""

import numpy as np
import pytest

from autograder.judging import bank
from autograder.judging.exercise import MOST_KEPT
from autograder.judging.learner import LocalFunction
from autograder.judging.mendable import AuthorMistake
from autograder.student.table import Table
from autograder.submission.judged import judge_exercise
from autograder.submission.settings import BadSettings, partial_credit, partial_credit_around


@pytest.fixture
def forgetful(doubling, monkeypatch):
    """The toy exercise (3 points) with a slip that keeps half of them."""
    monkeypatch.setattr(bank, "reference", lambda exercise: lambda x: 2 * x)
    monkeypatch.setattr(bank, "prerequisites", lambda exercise: {})

    @doubling.misconception(keeps=0.5)
    def doubles_twice(x):
        """Doubled once too often."""
        return 4 * x

    return doubling


def judged(exercise, answer, **options):
    return judge_exercise(exercise, LocalFunction(answer), seed=7, **options)


def test_the_slip_keeps_its_share_and_says_so(forgetful):
    """However it is written; the table tells what the points are for."""
    result = judged(forgetful, lambda x: x + x + x + x)
    assert (result.earned, result.points) == (1.5, 3.0)
    assert "1.5 of 3 points: doubles twice" in Table(result).summary()


def test_other_mistakes_keep_nothing(forgetful):
    """Not a wrong idea, not nearly the slip, and not the slip beside another mistake."""
    for answer in (lambda x: x**2, lambda x: 4.001 * x, lambda x: 4 * x + (x > 1)):
        assert judged(forgetful, answer).earned == 0

    def in_place_too(x):
        x *= 4
        return x

    assert judged(forgetful, in_place_too).earned == 0


def test_who_knows_the_questions_of_diagnosis_keeps_nothing(forgetful):
    """Diagnosis asks everybody the same; what is kept depends on questions nobody could foresee."""
    from autograder.judging.behaviour import ROUNDS
    from autograder.judging.exercise import seeded

    known = [p(seeded(r, p.__name__))[0] for p in forgetful.probes for r in ROUNDS]

    def by_heart(x):
        return 4 * x if any(np.array_equal(x, k) for k in known) else 5 * x

    result = judged(forgetful, by_heart)
    assert [m.name for m in result.mistakes] == ["doubles twice"]
    assert result.earned == 0


def test_a_course_may_switch_it_off(forgetful, tmp_path):
    """In course.toml; what is no true or false there is told."""
    assert judged(forgetful, lambda x: 4 * x, credit=False).earned == 0
    assert partial_credit(tmp_path)
    (tmp_path / "course.toml").write_text("[grading]\npartial_credit = false\n")
    assert not partial_credit(tmp_path)
    assert not partial_credit_around(tmp_path / "autograded" / "ada")
    for text in ("[grading]\npartial_credit = 1\n", "[grading"):
        (tmp_path / "course.toml").write_text(text)
        with pytest.raises(BadSettings):
            partial_credit(tmp_path)


def test_nobody_keeps_more_than_two_thirds(doubling):
    """An author who gives more is told."""
    with pytest.raises(AuthorMistake, match="two thirds"):

        @doubling.misconception(keeps=MOST_KEPT + 0.01)
        def generous(x):
            """Too much."""
            return x


CREDITED = [(e, m) for e in bank.all_exercises() for m in e.misconceptions if e.keeps[m.__name__]]


@pytest.mark.thorough
def test_slips_of_the_bank_keep_what_they_should():
    """The share of the points, rounded to cents, or more where their checks give more."""
    for exercise, slip in CREDITED:
        result = judged(exercise, slip)
        share = round(exercise.keeps[slip.__name__] * exercise.points, 2)
        assert result.kept == share, (exercise.slug, slip.__name__)
        assert share <= result.earned < result.points
