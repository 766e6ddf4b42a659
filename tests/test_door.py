"""The door: replies are plain and bounded before any check sees them."""

import numpy as np
import pytest

from autograder.judging.door import LONGEST
from autograder.judging.learner import LocalFunction


def reply_with(value):
    return LocalFunction(lambda: value).reply()


@pytest.mark.parametrize(
    "value",
    [
        np.zeros((2**40, 0)),
        np.zeros((0, 2**40)),
        [1.0, (np.zeros((LONGEST + 1, 0)),)],
        {"W": np.zeros((3, LONGEST + 1, 0))},
        10**400,
    ],
    ids=["rows", "columns", "inside a list", "inside a dict", "digits"],
)
def test_what_cannot_be_looked_through_is_an_error_of_the_answer(value):
    """It costs the learner that call, and the judge nothing."""
    reply = reply_with(value)
    assert reply.value is None
    assert "too much to look at" in reply.error.sentence()


def test_deep_nesting_is_an_error_of_the_answer():
    """Also where it is a loop."""
    loop = []
    loop.append(loop)
    assert "nested too deeply" in reply_with(loop).error.sentence()


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_subclasses_become_plain_arrays():
    """Nobody compares as they like."""

    class Agreeable(np.ndarray):
        def __eq__(self, other):
            return True

        __hash__ = None

    for value in (np.zeros(3).view(Agreeable), np.matrix([[1.0]])):
        assert type(reply_with(value).value) is np.ndarray
        assert type(reply_with((value, {"a": [value]})).value[1]["a"][0]) is np.ndarray


def test_ordinary_answers_pass_as_they_are():
    """Arrays are not copied, and numbers, text and None stay what they are."""
    array = np.arange(6.0).reshape(2, 3)
    value = reply_with((array, {"loss": 1.5, "name": "a", "none": None}, [True, 3])).value
    assert value[0] is array
    assert value[1:] == ({"loss": 1.5, "name": "a", "none": None}, [True, 3])
