"""The audit itself: it must notice every way in which an exercise can be weak."""

import numpy as np
import pytest
from sampling import sampled

from autograder.course.audits.audit import audit
from autograder.course.audits.lazy import lazy_answers
from autograder.course.kill_table import kill_table
from autograder.judging import bank
from autograder.judging.compare import agree

EXERCISES = [e for name in bank.chapters() for e in bank.chapter(name).values()]


@pytest.mark.parametrize("exercise", sampled(EXERCISES, 10), ids=lambda e: e.slug)
def test_the_bank_passes_its_audit(exercise):
    """On seeds that `autograder verify` does not try: right ones full, lazy ones nothing."""
    found = audit(exercise, range(100, 105))
    assert found.problems == []
    assert found.caught == found.named == len(exercise.misconceptions) >= 4
    assert all(found.accepted.values())
    assert len(found.accepted) >= 3


def doubled(x):
    return 2 * x


@pytest.fixture
def audited(doubling, monkeypatch):
    """Audit the toy exercise, whose reference is `doubled`."""
    monkeypatch.setattr(bank, "reference", lambda exercise: doubled)
    monkeypatch.setattr(bank, "prerequisites", lambda exercise: {})
    return lambda: audit(doubling, range(3))


def test_a_sound_exercise_has_only_its_formal_problems(audited):
    """The toy exercise lacks misconceptions, variants and public checks, and nothing else."""
    assert audited().problems == [
        "fewer than 4 misconceptions",
        "fewer than 2 variants",
        "fewer than 2 public checks",
        "public checks catch only 50%; not: in_place",
    ]


def test_a_misconception_that_keeps_its_points_is_reported(audited, doubling):
    """A wrong answer that no check catches is a problem of the exercise."""

    @doubling.misconception
    def harmless(x):
        """Not a mistake at all."""
        return x + x

    assert any("harmless keeps all points" in problem for problem in audited().problems)


def test_two_misconceptions_that_look_alike_are_reported(audited, doubling):
    """A mistake that is taken for another one is caught but not named."""

    @doubling.misconception
    def cubes_badly(x):
        """The same behaviour as `squares` under another name."""
        return x * x

    found = audited()
    assert any("cubes_badly is diagnosed as squares" in problem for problem in found.problems)
    assert found.named == found.caught - 1


def test_a_rejected_variant_is_reported(audited, doubling):
    """A right answer that a check refuses is a problem of the check."""

    @doubling.variant
    def in_single_precision(x):
        return (2 * x).astype(np.float32)

    @doubling.check(points=1)
    def too_strict(f):
        """Insists on double precision."""
        assert f(np.ones(2)).dtype == np.float64

    assert any("in_single_precision is not accepted" in problem for problem in audited().problems)


def test_a_check_that_zeros_pass_is_reported(audited, doubling):
    """Points for nothing, such as a law that zeros obey, are a problem."""

    @doubling.check(points=1)
    def odd(f):
        """Is an odd function."""
        agree(f(-np.ones(2)), -np.asarray(f(np.ones(2))))

    assert any("'zeros' earns 1 points" in problem for problem in audited().problems)


def test_memorised_public_values_are_tried(doubling):
    """The lazy answer that knows the public values by heart gives them, and zeros elsewhere."""
    lazy = lazy_answers(doubling, lambda x: 2 * x)["memorised public values"]
    assert lazy(np.array([3.0])) == [6.0]
    assert lazy(np.array([4.0])) == [0.0]


def test_the_kill_table_names_every_misconception():
    """Each misconception has its row, with the checks that catch it."""
    found = audit(EXERCISES[0], range(1))
    table = kill_table([found])
    for misconception in EXERCISES[0].misconceptions:
        assert f"| {EXERCISES[0].slug} | {misconception.__name__} | " in table
    assert "**nothing**" not in table
