"""The audit itself: it must notice every way in which an exercise can be weak."""

import numpy as np
import pytest
from sampling import sampled

from autograder.course.audits.audit import audit
from autograder.course.audits.lazy import lazy_answers
from autograder.course.kill_table import kill_table
from autograder.judging import bank
from autograder.judging.compare import agree
from autograder.judging.purity import unchanged

EXERCISES = [e for name in bank.chapters() for e in bank.chapter(name).values()]


@pytest.mark.parametrize("exercise", sampled(EXERCISES, 25), ids=lambda e: e.slug)
def test_the_bank_passes_its_audit(exercise):
    """On seeds that `autograder verify` does not try: right ones full, lazy ones nothing."""
    found = audit(exercise, range(100, 105))
    assert found.problems == []
    assert found.caught == found.named == len(exercise.misconceptions) >= 4
    assert all(found.accepted.values())
    assert len(found.accepted) >= 3


def doubled(x):
    """Twice as much."""
    return 2 * x


@pytest.fixture
def audited(doubling, monkeypatch):
    """Audit the toy exercise, whose reference doubles its argument."""
    monkeypatch.setattr(bank, "reference", lambda exercise: doubled)
    monkeypatch.setattr(bank, "prerequisites", lambda exercise: {})

    @doubling.check
    def stays_as_it_was(f):
        """Leaves 3 and 5 as they were."""
        unchanged(f, np.array([3.0, 5.0]))

    return lambda: audit(doubling, range(3))


def test_a_sound_exercise_has_only_its_formal_problems(audited):
    """The toy exercise lacks only misconceptions and variants."""
    assert audited().problems == ["fewer than 4 misconceptions", "fewer than 2 variants"]


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


def problems_with(audited, said):
    return [problem for problem in audited().problems if said in problem]


def test_a_mark_that_depends_on_the_seed_is_reported(audited, doubling):
    """A mistake that shows on some inputs only costs the one and not the other."""

    @doubling.misconception
    def wrong_at_times(x):
        """Wrong where the first number is positive."""
        return 2 * x + (x[0] > 0)

    found = audit(doubling, range(20))
    assert found.unstable == ["wrong_at_times"]
    assert any("depending on the seed" in problem for problem in found.problems)


def test_a_mistake_that_single_precision_hides_is_reported(audited, doubling):
    """What is caught in double precision only may not be worth more when it is rounded."""

    @doubling.check(points=1)
    def exact(f):
        """Is exact."""
        agree(f(np.array([1 / 3])), np.array([2 / 3]), rtol=1e-12, double=True)

    @doubling.misconception
    def a_little_off(x):
        """A hair's breadth."""
        return 2 * x * (1 + 1e-9)

    assert not problems_with(audited, "when cast to float32")

    @doubling.misconception
    def off_and_rounded(x):
        """Off by less than the checks forgive in single precision."""
        return 2 * x * (1 + 1e-6) if x.dtype == np.float64 else 2 * x

    assert problems_with(audited, "off_and_rounded earns")


def test_recordings_are_reported(audited, doubling):
    """Right answers that are the same for every seed can be learned by heart and replayed."""

    @doubling.check(points=1)
    def ten(f):
        """Turns 5 into 10."""
        agree(f(np.array([5.0])), np.array([10.0]))

    del doubling.checks[1:3]
    assert problems_with(audited, "recorded and replayed by counting calls earn 1 points")


def test_an_edge_that_costs_everything_is_reported(audited, doubling):
    """Whole numbers in the gate: who cuts them, and nothing else, loses all points."""

    @doubling.check(points=1, after=())
    def whole(f, reference):
        """Takes whole numbers."""
        agree(f(np.array([1, 2])), np.array([2.5, 4.0]) - [0.5, 0])

    assert not problems_with(audited, "whole numbers")
    gate = doubling.checks[1]
    assert gate.name == "random_numbers"

    def with_whole_numbers(f, reference, rng):
        agree(np.asarray(f(np.arange(3))) * 0.5, np.asarray(reference(np.arange(3))) * 0.5)
        gate.function(f, reference, rng)

    def halves(x):
        """Half as much, so that cutting shows."""
        return x / 2

    import dataclasses

    asked = ("f", "reference", "rng")
    doubling.checks[1] = dataclasses.replace(gate, function=with_whole_numbers, arguments=asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bank, "reference", lambda exercise: halves)
        assert problems_with(audited, "cuts the results for whole numbers loses")


def test_public_checks_that_catch_too_little_are_reported(audited, doubling):
    """A learner should see most mistakes in the notebook already."""

    @doubling.misconception
    def wrong_for_many(x):
        """Right for one number only."""
        return 2 * x if x.size < 3 else 3 * x

    (problem,) = problems_with(audited, "public checks catch only")
    assert "wrong_for_many" in problem


def test_malformed_answers_stop_nobody_and_get_no_name(audited, doubling):
    """An observation that cannot read an answer is no reason to name it, nor to stop."""

    @doubling.observe
    def first_entry(f):
        return [f(np.array([3.0, 1.0]))[0]]

    found = audited()
    assert found.malformed[0] > 30
    assert found.malformed[1:] == [0, 0], found.problems


def test_a_surviving_mutant_is_reported_unless_it_is_excused(audited, doubling):
    """It is called by what was changed, and an excuse for what does not survive is one too many."""
    from autograder.course.excuses import mutant_problems

    del doubling.checks[1:3]

    @doubling.check(points=1)
    def sign(f):
        """Keeps the sign."""
        assert f(np.ones(2))[0] > 0

    found = audited()
    assert found.survivors == ["2 * x → 2 / x  in  return 2 * x", "2 → 3  in  return 2 * x"]
    said = list(mutant_problems([found], {}))
    assert len(said) == 2
    excuses = {"doubling": dict.fromkeys([*found.survivors, "nothing of the kind"], "because")}
    (only,) = mutant_problems([found], excuses)
    assert "does not survive: nothing of the kind" in only
