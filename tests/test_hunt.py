"""Bug hunts: inputs convict the guilty, and inputs that convict the innocent do not count."""

import pytest

from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.judge import judge
from autograder.judging.learner import LocalFunction


def guilty(x):
    """Right for positive numbers only."""
    return abs(x)


def innocent(x):
    return x * (1 - 1e-9)


def truth(x):
    return x


def read(item, what):
    return [as_array(item, what)]


def hunting(*sets):
    return LocalFunction(lambda: list(sets))


def test_inputs_that_tell_them_apart_convict():
    """One telling set among lazy ones is enough."""
    hunt.convict(hunting([1.0, 2.0], [-3.0]), read, guilty, innocent, truth)


def test_lazy_inputs_convict_nobody():
    """The message names the suspect that got away."""
    with pytest.raises(Failed, match="guilty gives the right answer"):
        hunt.convict(hunting([1.0, 2.0]), read, guilty, innocent, truth)


def test_inputs_that_convict_everybody_do_not_count():
    """Whatever makes the right suspect look wrong is too extreme to prove anything."""
    with pytest.raises(Failed, match="even the right suspect"):
        hunt.convict(hunting([-3.0]), read, guilty, lambda x: x + 1, truth)


@pytest.mark.parametrize("sets", [[], [[1.0]] * 4])
def test_the_number_of_sets_is_limited(sets):
    """No set, or more than allowed, is refused."""
    with pytest.raises(Failed, match="1 to 3 input sets"):
        hunt.questions(hunting(*sets), read)


def test_a_bad_set_is_named():
    """The message of `read` carries the set's number."""
    with pytest.raises(Failed, match="set 2"):
        hunt.questions(hunting([1.0], "text"), read)


def test_suspects_cannot_spoil_the_inputs_for_each_other():
    """A suspect that changes its arguments, raises or warns is heard all the same."""

    def vandal(x):
        x[:] = 0
        return x

    def crashing(x):
        raise ZeroDivisionError

    for suspect in (vandal, crashing):
        hunt.convict(hunting([2.0, -1.0]), read, suspect, innocent, truth)
    assert hunt.testimony(crashing, [1.0]) == "ZeroDivisionError"


def test_observation_sees_who_contradicts_whom_and_no_numbers():
    """Two different ways of asking the same look the same."""
    suspects = [guilty, innocent, truth]
    seen = [hunt.verdicts(hunting([-x]), read, suspects) for x in (1.0, 7.5)]
    assert seen[0] == seen[1] != hunt.verdicts(hunting([1.0]), read, suspects)


def test_a_hunt_charges_everybody_but_the_innocent():
    """A check per guilty letter, named by the sentence, asked only of well-formed inputs."""
    exercise = Exercise("course.chapter.slug", minutes=1, difficulty=1, hints=())
    suspects = [_called("suspect_a", guilty), _called("suspect_b", innocent)]
    hunt.opens(exercise, read, suspects, "Returns inputs.")
    hunt.charges(
        exercise, read, suspects, innocent="b", truth=truth, points=2, sentence="Catches {}."
    )
    assert [(c.name, c.sentence, c.points) for c in exercise.checks] == [
        ("well_formed", "Returns inputs.", 0),
        ("catches_a", "Catches a.", 2),
    ]
    for sets, verdicts in [
        ([[-3.0]], ["pass", "pass"]),
        ([[3.0]], ["pass", "fail"]),
        ([], ["fail", "skipped"]),
    ]:
        assert [r.verdict for r in judge(exercise, hunting(*sets), seed=0)] == verdicts
    assert exercise.observation(hunting([-3.0])) != exercise.observation(hunting([3.0]))


def _called(name, function):
    def suspect(x):
        return function(x)

    suspect.__name__ = name
    return suspect
