"""Verdicts: pass, fail, skipped, and whose fault it is when a check breaks."""

import sys

import numpy as np
import pytest

from autograder.judging import bank
from autograder.judging.calls import LearnerGone
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.judge import judge
from autograder.judging.learner import LearnerFunction, LocalFunction
from autograder.judging.verdicts import NOT_ATTEMPTED, Verdict
from autograder.sandbox import Isolation
from autograder.submission.grading import Options
from autograder.submission.judged import judge_exercise


def double(x):
    return 2 * x


def verdicts(exercise, answer, reference=double, **options):
    f = answer if isinstance(answer, LearnerFunction) else LocalFunction(answer)
    results = judge(exercise, f, seed=1, reference=reference, **options)
    return {r.name: r for r in results}


def test_a_right_answer_earns_all_points(doubling):
    """The reference itself passes every check."""
    found = verdicts(doubling, double)
    assert {r.verdict for r in found.values()} == {Verdict.PASS}
    assert sum(r.earned for r in found.values()) == doubling.points == 3


def test_later_checks_are_skipped_after_a_failure(doubling):
    """A wrong value fails its check, and what builds on it is skipped: neither earns anything."""
    found = verdicts(doubling, lambda x: x)
    assert found["random_numbers"].verdict is Verdict.FAIL
    assert found["inputs"].verdict is Verdict.SKIPPED
    assert sum(r.earned for r in found.values()) == 0


def test_overwriting_the_input_costs_only_its_own_check(doubling):
    """A right value through a changed input loses one point, not three."""

    def overwrites(x):
        x *= 2
        return x

    found = verdicts(doubling, overwrites)
    assert [r.earned for r in found.values()] == [0, 2, 0]
    assert "the argument `x` was changed" in found["inputs"].message


def test_an_exception_is_told_with_its_line(doubling):
    """A raising answer fails with the exception's kind and text."""

    def broken(x):
        return x + undefined_name  # noqa: F821

    assert "NameError" in verdicts(doubling, broken)["random_numbers"].message


@pytest.mark.parametrize("junk", [None, "2", {}, object(), [[1], [1, 2]], np.array("x"), (), 1e999])
def test_no_junk_result_ever_earns_points(doubling, junk):
    """Whatever is returned instead of numbers fails; it can't pass for our mistake."""
    found = verdicts(doubling, lambda x: junk)
    assert sum(r.earned for r in found.values()) == 0
    assert all(r.verdict in (Verdict.FAIL, Verdict.SKIPPED) for r in found.values())


def test_a_check_broken_for_everybody_costs_nothing(doubling):
    """If a check breaks on the reference as well, it is a grader error and the points are given."""

    @doubling.check(points=4)
    def ours(f, rng):
        """Breaks whatever the answer."""
        raise KeyError("our own mistake")

    result = verdicts(doubling, lambda x: x)["ours"]
    assert (result.verdict, result.earned) == (Verdict.GRADER_ERROR, 4)


def test_a_check_that_only_this_answer_breaks_is_failed(doubling):
    """An answer that makes a check stumble is at fault if the reference does not."""

    @doubling.check(points=4)
    def stumbles(f):
        """Uses the answer without looking."""
        assert f(np.ones(3)).sum() == 6

    result = verdicts(doubling, lambda x: "no array")["stumbles"]
    assert (result.verdict, result.earned) == (Verdict.FAIL, 0)


def test_nothing_is_asked_of_a_process_that_is_gone(doubling):
    """After a time-out the other checks fail at once instead of waiting again."""

    class Gone(LearnerFunction):
        calls = 0

        def replies(self, calls):
            Gone.calls += 1
            raise LearnerGone("did not finish within 10 s")

    found = verdicts(doubling, Gone())
    assert Gone.calls == 1
    assert "not run" in found["inputs"].message
    assert all(r.verdict is Verdict.FAIL for r in found.values())


def test_a_wrong_earlier_part_does_not_cascade():
    """An answer that is right given its earlier part is told so and earns its points."""
    sys.modules["toy.ch00_toy.quadruple"] = sys.modules[__name__]
    exercise = Exercise(
        "toy.ch00_toy.quadruple", minutes=1, difficulty=1, hints=("?",), needs=("half",)
    )

    @exercise.check(points=2)
    def four(f):
        """Turns 1 into 4."""
        agree(f(1.0), 4.0)

    namespace = {"part": lambda x: 3 * x}
    exec("def quadruple(x):\n    return part(part(x))", namespace)
    f = LocalFunction(namespace["quadruple"])
    own = judge(exercise, f, seed=0, reference=double)
    given = judge(exercise, f, seed=0, reference=double, prerequisites={"part": double})
    assert (own[0].earned, given[0].earned) == (0, 2)
    assert "given the earlier parts" in given[0].message
    assert namespace["part"](1.0) == 3


def test_public_judging_leaves_out_the_graded_checks(doubling):
    """Without hidden checks only the practice ones are put."""
    assert list(verdicts(doubling, double, hidden=False)) == ["worked_example"]


def test_inputs_depend_on_the_seed(doubling):
    """Different grading seeds draw different inputs, the same seed the same ones."""
    seen = []

    def spy(x):
        seen.append(x.tobytes())
        return 2 * x

    for seed in (1, 1, 2):
        judge(doubling, LocalFunction(spy), seed=seed, reference=double)
    once = len(seen) // 3
    assert seen[:once] == seen[once : 2 * once] != seen[2 * once :]


def test_what_fails_with_given_parts_is_told_as_its_own_fault(doubling):
    """A check skipped because of a wrong part runs with the right one, and its finding counts."""
    exercise = Exercise(doubling.module, minutes=1, difficulty=1, hints=(), needs=("part",))

    @exercise.check(points=1)
    def at_one(f):
        """Turns 1 into 2."""
        agree(f(1.0), 2.0)

    @exercise.check(points=1, after=at_one)
    def at_minus_one(f):
        """Turns -1 into -2."""
        agree(f(-1.0), -2.0)

    namespace = {"part": lambda x: 3 * x}
    exec("def doubled(x):\n    return part(abs(x))", namespace)
    f = LocalFunction(namespace["doubled"])
    results = judge(exercise, f, seed=0, reference=double, prerequisites={"part": double})
    assert [r.verdict for r in results] == [Verdict.PASS, Verdict.FAIL]
    assert "2, expected -2" in results[1].message


@pytest.mark.parametrize("slug", ["half_mse", "softmax_cross_entropy", "dropout_forward"])
def test_a_blank_answer_is_worth_nothing_whatever_breaks(slug):
    """A seed that no generator takes breaks every check that draws: that is nobody's answer."""

    def blank(*arguments, **keywords):
        raise NotImplementedError

    result = judge_exercise(bank.find(slug), LocalFunction(blank, {}), seed=-1)
    assert result.earned == 0
    assert result.mistakes == (NOT_ATTEMPTED,)
    with pytest.raises(ValueError, match="seed"):
        Options(Isolation.NONE, seed=-1)
