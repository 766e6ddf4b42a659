"""Calls without side effects, seen the same in this process and in the learner's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autograder.judging.compare import Failed
from autograder.judging.learner import LearnerFunction, LocalFunction
from autograder.judging.purity import unchanged
from autograder.sandbox import Limits, available_isolation
from autograder.submission.session import Session

SOURCE = """
import numpy as np

BUFFERS = {}
ONE = np.ones(3)


def buffer(x):
    return BUFFERS.setdefault(np.shape(x), np.empty(np.shape(x)))


def into_one_array(x):
    return np.multiply(x, 2, out=buffer(x))


def kept_for_the_way_back(x):
    return 2 * x, {"x": np.copyto(buffer(x), x) or buffer(x)}


def its_argument(x):
    return x


def always_the_same(x):
    return ONE


def only_in_this_order(x):
    if x[0] > x[-1]:
        raise ValueError("must rise")
    return 2 * x


def in_place(x):
    x *= 2
    return x


def with_a_function(x):
    return x, len
"""
Find = Callable[[str], LearnerFunction]


@pytest.fixture(scope="module", params=["local", "remote"])
def find(request: pytest.FixtureRequest) -> Iterator[Find]:
    if request.param == "local":
        namespace: dict = {}
        exec(SOURCE, namespace)
        yield lambda name: LocalFunction(namespace[name])
        return
    with Session([("f", SOURCE)], Limits(call_seconds=8), available_isolation()) as session:
        yield session.function


@pytest.mark.parametrize("name", ["into_one_array", "kept_for_the_way_back"])
@pytest.mark.parametrize("shape", [(3,), (2, 5)])
def test_an_answer_must_outlive_the_next_call(find: Find, name: str, shape) -> None:
    """`a = f(x); b = f(y)` must not change `a`, nor anything inside it."""
    with pytest.raises(Failed, match="next call changed"):
        unchanged(find(name), np.arange(1.0, 1 + np.prod(shape)).reshape(shape))


@pytest.mark.parametrize(
    "name", ["its_argument", "always_the_same", "only_in_this_order", "with_a_function"]
)
def test_what_changes_nothing_is_left_in_peace(find: Find, name: str) -> None:
    """Giving back the argument or a constant harms nobody; nor does refusing other numbers."""
    unchanged(find(name), np.array([1.0, 2.0, 4.0]))


def test_arguments_are_the_callers(find: Find) -> None:
    """Writing into an argument is told with its position."""
    with pytest.raises(Failed, match=r"argument (1|`x`) was changed"):
        unchanged(find("in_place"), np.ones(3))


def test_a_batch_holds_what_its_calls_left(find: Find) -> None:
    """Answers of a batch are those that a caller who kept them all would have at its end."""
    first, second = find("into_one_array").many([(np.array([1.0]),), (np.array([5.0]),)])
    assert (first, second) == (10, 10)
