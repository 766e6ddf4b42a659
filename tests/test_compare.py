"""Comparing results: what is accepted, what is refused, and what the message says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging.compare import Failed, agree, as_array, same, symptom

ROW = np.array([1.0, 2.0, 3.0])


def message(got, expected):
    with pytest.raises(Failed) as caught:
        agree(got, expected)
    return caught.value.message


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (0.5, 0.5),
        (np.float64(0.5), 0.5),
        (np.array(0.5), 0.5),
        (1, 1.0),
        ([1.0, 2.0, 3.0], ROW),
        (ROW.astype(np.float32), ROW),
        ((ROW, 2.0), [ROW, 2.0]),
        (np.stack([ROW, ROW]), [ROW, ROW]),
        ({"a": 1.0, "more": 2.0}, {"a": 1.0}),
        (np.array([np.nan]), np.array([np.nan])),
    ],
)
def test_legitimate_styles_are_accepted(got, expected):
    """Lists, tuples, stacks, 0-d arrays and float32 are as good as what was expected."""
    agree(got, expected)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (None, 0.5),
        (np.nan, 0.5),
        (np.array([[0.5]]), 0.5),
        (ROW[:, None], ROW),
        (ROW + 1e-4, ROW),
        ("0.5", 0.5),
        (object(), 0.5),
        (np.array([None, 1.0, 2.0], dtype=object), ROW),
        ((ROW,), [ROW, 2.0]),
        ({}, {"a": 1.0}),
        ([], ["W1"]),
        (1, True),
        (iter([1.0]), ROW),
    ],
)
def test_wrong_results_are_refused(got, expected):
    """Wrong values, shapes, kinds and missing parts all raise `Failed`, and nothing else."""
    with pytest.raises(Failed):
        agree(got, expected)


class AlwaysEqual(np.ndarray):
    """What a cheating learner might return."""

    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __sub__(self, other):
        return np.zeros(self.shape)

    def __abs__(self):
        return np.zeros(self.shape)

    __rsub__ = __sub__
    __hash__ = None


def test_an_array_that_claims_to_equal_everything_is_seen_through():
    """A subclass with a lying comparison is compared by its plain numbers."""
    assert not same((ROW + 1).view(AlwaysEqual), ROW)


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (2 * ROW, "2 × expected"),
        (-ROW, "sign is flipped"),
        (ROW + 0.5, "off by 0.5 everywhere"),
        (0 * ROW, "all zeros"),
        (ROW * np.nan, "NaN"),
    ],
)
def test_patterns_of_error_are_named(got, words):
    """A constant factor, a flipped sign, an offset, zeros and NaN are said in words."""
    assert words in message(got, ROW)


def test_transpose_is_named_and_the_worst_entry_located():
    """The message locates the worst entry and recognises a transpose."""
    matrix = np.arange(6.0).reshape(2, 3)
    assert "transpose" in message(matrix.T, matrix)
    wrong = matrix.copy()
    wrong[1, 2] += 3
    assert "[1, 2] is 8, expected 5 (1 of 6 entries differ)" in message(wrong, matrix)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
)


@given(ANYTHING)
def test_comparison_never_breaks(value):
    """Whatever a learner returns, comparing gives True or False and never another exception."""
    for expected in (0.5, ROW, [ROW, ROW], {"a": 1.0}, "text", None, True, ["W1"]):
        assert same(value, expected) in (True, False)


def test_symptom_is_silent_without_a_pattern():
    """No pattern is claimed where there is none."""
    assert symptom(np.array([1.0, 5.0, 2.0]), ROW) == ""


def test_as_array_refuses_uneven_lists():
    """Uneven nesting is reported as such."""
    with pytest.raises(Failed, match="uneven"):
        as_array([[1.0], [1.0, 2.0]])


def test_truth_values_are_compared_like_numbers():
    """Two boolean arrays that differ give a message, not an error of NumPy's."""
    with pytest.raises(Failed, match=r"at \[1\] is 1, expected 0 \(1 of 3 entries differ\)"):
        agree(np.array([True, True, False]), np.array([True, False, False]))


@pytest.mark.parametrize(
    ("got", "expected", "said"),
    [
        (7.0, 3.5, "2 × expected"),
        (0.25, 1.0, "0.25 × expected"),
        (-3.0, 3.0, "the sign is flipped"),
        (20.0855, 1.0, ""),
        (3, 2, ""),
        (0.0, 1.0, ""),
        (5e-324, 1.0, ""),
        (1e300, 1.0, ""),
    ],
)
def test_a_factor_of_one_number_is_told_if_it_says_something(got, expected, said):
    """Twice too large is a slip; 20.0855 times, class 3 for class 2, or nothing at all is not."""
    assert symptom(np.array(got), np.array(expected)) == said
