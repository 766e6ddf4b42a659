"""Shared rare wrong answers: copies are shown, and nobody else is."""

import itertools
import re

import pytest
from naming import copied, empty_class, hand_in, restyled, right_answers

from autograder.classroom.grade_class import ClassOptions, grade_class
from autograder.course.sample_class import CHAPTER, as_answer
from autograder.judging import bank
from autograder.judging.verdicts import CheckResult, ExerciseResult, Verdict
from autograder.pages.class_facts import class_facts
from autograder.pages.report import class_page
from autograder.pages.shared import LEAST_SIZE, is_rare, shared_wrong_answers
from autograder.submission.behaving import WrongAnswer
from autograder.submission.receipt import Receipt
from autograder.submission.student_result import StudentResult
from autograder.submission.written import form_of

COPIED = ("backprop", "gradient_descent", "softmax_cross_entropy")
TOO_SHORT = "layer_gradients"
"""Copied as well: a line that anybody could have written."""
MADE_WRONG = (*COPIED, TOO_SHORT, "half_mse", "forward_pass", "train_network", "output_error")


def source(exercise, k):
    """The k-th wrong answer of an exercise; after the last come its variants, which are right."""
    answers = [*exercise.misconceptions, *exercise.variants]
    answer = answers[min(k, len(answers) - 1)]
    # One that calls itself has to call itself by its new name.
    return re.sub(rf"\b{answer.__name__}\(", f"{exercise.slug}(", as_answer(answer, exercise.slug))


@pytest.mark.thorough
def test_planted_copies_are_found_and_independent_answers_are_not(course, tmp_path):
    """In a class where everybody makes mistakes, and two have copied three of them.

    Everyone hands in another misconception (or, once there are no more, a variant) of each
    exercise. The restyled student makes the mistakes of the first in a style of their own.
    """
    demo, exercises, right = empty_class(course, tmp_path), bank.chapter(CHAPTER), right_answers()
    wrong = {slug: exercises[slug] for slug in MADE_WRONG}
    everyone = {
        f"s{k:02}": right | {slug: source(e, k) for slug, e in wrong.items()} for k in range(16)
    }
    everyone["restyled"] = {slug: restyled(text) for slug, text in everyone["s00"].items()}
    taken = {slug: copied(everyone["s03"][slug]) for slug in (*COPIED, TOO_SHORT)}
    everyone["copied"] = right | taken
    for student, answers in everyone.items():
        hand_in(demo, student, answers)
    rows = grade_class(demo.nbgrader_root, CHAPTER, ClassOptions(feedback=False)).rows
    found = shared_wrong_answers(rows)
    assert [pair["students"] for pair in found] == [["copied", "s03"]]
    assert {a["exercise"] for a in found[0]["answers"]} == set(COPIED)
    assert all(a["few"] == 2 and a["answered"] == 18 for a in found[0]["answers"])
    page = (demo.nbgrader_root / "reports" / f"{CHAPTER}.html").read_text()
    assert "2 of 18 answers do this" in page
    assert "no proof of anything" in page


@pytest.mark.thorough
def test_no_two_answers_of_the_bank_are_written_alike():
    """Else whoever made one would look like a copy of who made the other."""
    for exercise in bank.all_exercises():
        answers = [bank.reference(exercise), *exercise.variants, *exercise.misconceptions]
        forms = [form_of(as_answer(answer, exercise.slug)).digest for answer in answers[1:]]
        assert len(set(forms)) == len(forms), exercise.slug


def test_the_form_is_that_of_the_program_and_not_of_its_names():
    """Names, comments, docstrings and annotations make no difference; anything that runs does."""
    text = "def f(a, b):\n    c = a + b\n    return np.sum(c * 2)"
    same = (
        "def f(x, y):\n    # mine\n    z = x + y\n    return np.sum(z * 2)",
        'def f(x, y):\n    """Mine."""\n    z = (x + y)\n\n    return np.sum(z*2)',
        "def f(a: float, b: float) -> float:\n    c: float = a + b\n    return np.sum(c * 2)",
    )
    other = (
        "def f(a, b):\n    c = b + a\n    return np.sum(c * 2)",
        "def f(a, b):\n    c = a + b\n    return np.sum(c * 3)",
        "def f(a, b):\n    c = a + b\n    return np.mean(c * 2)",
        "def f(a, b):\n    c = a + b\n    return np.sum(2 * c)",
        "def f(a, b):\n    return np.sum((a + b) * 2)",
    )
    digest = form_of(text).digest
    assert [form_of(one).digest == digest for one in same] == [True] * 3
    assert [form_of(one).digest == digest for one in other] == [False] * 5
    assert form_of("def f(:") is form_of("1" * 200_000) is None


@pytest.mark.parametrize(
    ("count", "answered", "rare"),
    [(2, 11, False), (2, 12, True), (3, 17, False), (3, 18, True), (4, 60, False), (6, 300, True)],
)
def test_rare_is_what_few_of_many_do(count, answered, rare):
    """Three, or one in fifty; in a small class nothing is rare."""
    assert is_rare(count, answered) == rare


def a_class(*answers, others=30):
    """A student for each of these wrong answers, and others who are right."""
    wrong = [WrongAnswer(*answer) for answer in answers]
    students = zip(itertools.count(), [*wrong, *[None] * others], strict=False)
    return [_student(f"s{k:02}", answer) for k, answer in students]


def _student(name, wrong):
    verdict = Verdict.FAIL if wrong else Verdict.PASS
    check = CheckResult("value", "Gives the value.", 2.0, verdict, "all zeros" if wrong else "")
    exercise = ExerciseResult("toy", "A toy", (check,))
    found = {"toy": wrong} if wrong else {}
    receipt = Receipt("k", 1, "ch00_toy", "namespaces", 0.1, {"toy": exercise}, {}, wrong=found)
    return StudentResult(name, {"toy": receipt}, receipt.earned, 2.0)


def test_behaviour_form_size_and_rarity_are_all_needed():
    """Same and rare and long enough: shown. Anything less: not."""
    copy = ("does", "tree", LEAST_SIZE)
    shown = [{"exercise": "toy", "few": 2, "answered": 32, "size": LEAST_SIZE}]
    expected = [{"students": ["s00", "s01"], "answers": shown}]
    assert shared_wrong_answers(a_class(copy, copy)) == expected
    assert shared_wrong_answers(a_class(copy, ("does", "other", 99))) == []
    assert shared_wrong_answers(a_class(copy, ("otherwise", "tree", 99))) == []
    assert shared_wrong_answers(a_class(*[("does", "tree", LEAST_SIZE - 1)] * 2)) == []
    assert shared_wrong_answers(a_class(*[("does", "", 0)] * 2)) == []
    assert shared_wrong_answers(a_class(copy, copy, others=3)) == []
    others = [("does", f"tree{k}", 99) for k in range(5)]
    assert shared_wrong_answers(a_class(copy, copy, *others)) == []


def test_who_is_right_is_never_shown():
    """However alike right answers are written, and in whatever class."""
    facts = class_facts("ch00_toy", a_class(others=40), "namespaces")
    assert facts["shared"] == facts["unnamed"] == []
    assert "Wrong answers that few share" not in class_page(facts)
