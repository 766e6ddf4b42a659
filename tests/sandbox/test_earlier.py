"""A call can go on from earlier ones of its batch, and it makes no difference but round trips."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from autograder.judging.calls import Left, Returned
from autograder.judging.learner import LearnerFunction, LocalFunction
from autograder.sandbox import Limits, available_isolation
from autograder.submission.session import Session

SOURCE = """
def f(weights, memory, rng):
    weights["w"] += 1  # of this call's own copy
    if memory.get("n", 0) == 3:
        return None
    return {"w": weights["w"] + rng.random()}, {"n": memory.get("n", 0) + 1}
"""


@pytest.fixture(params=["local", "remote"])
def f(request: pytest.FixtureRequest) -> Iterator[LearnerFunction]:
    if request.param == "local":
        namespace: dict = {}
        exec(SOURCE, namespace)
        yield LocalFunction(namespace["f"])
        return
    limits = Limits(cell_seconds=8, call_seconds=8)
    with Session([("f", SOURCE)], limits, available_isolation()) as session:
        function = session.function("f")
        assert function is not None
        yield function


def start():
    return {"w": np.zeros(2)}, {}, np.random.default_rng(5)


def test_a_walk_in_one_batch_is_the_walk_in_single_calls(f: LearnerFunction) -> None:
    """What was returned and where the generator was left are taken up, step by step."""
    batch = [start(), *((Returned(k, 0), Returned(k, 1), Left(k, 2)) for k in range(2))]
    weights, memory, rng = start()
    for reply in f.replies(batch):
        single = f.reply(weights, memory, rng)
        (weights, memory), rng = single.value, single.args_after[2]
        np.testing.assert_array_equal(reply.value[0]["w"], weights["w"])
        assert reply.value[1] == memory
        assert reply.args_after[2].bit_generator.state == rng.bit_generator.state
        np.testing.assert_array_equal(reply.args_after[0]["w"], single.args_after[0]["w"])


def test_what_is_left_alone_is_what_was_given(f: LearnerFunction) -> None:
    """An argument that the earlier call did not change is passed on as it was."""
    replies = f.replies([start(), (*start()[:1], Left(0, 1), start()[2])])
    assert replies[1].value[1] == {"n": 1}
    assert replies[1].args_after[1] == {}


def test_nothing_to_go_on_with_is_an_error(f: LearnerFunction) -> None:
    """After a call that returned None, or raised, the next ones fail, and others do not."""
    weights, _, rng = start()
    after = (Returned(0, 0), Returned(0, 1), Left(0, 2))
    for first in [(weights, {"n": 3}, rng), (weights, 7, rng)]:
        replies = f.replies([first, after, start()])
        assert replies[1].error is not None
        assert replies[1].error.kind == "LookupError"
        assert replies[2].error is None
    assert f.replies([(weights, {"n": 3}, rng)])[0].value is None
