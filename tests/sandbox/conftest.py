"""Learner processes for the tests: one fresh process each, at every isolation this machine has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from autograder.sandbox import Call, Isolation, LearnerProcess, Limits
from autograder.sandbox.isolation import works

SEALED = [Isolation.NAMESPACES, Isolation.LANDLOCK]
Starter = Callable[..., LearnerProcess]


@pytest.fixture(params=SEALED, ids=lambda level: level.value)
def isolation(request: pytest.FixtureRequest) -> Isolation:
    level: Isolation = request.param
    if not works(level):
        pytest.skip(f"this machine's kernel offers no isolation by {level.value}")
    return level


@pytest.fixture
def start(isolation: Isolation) -> Iterator[Starter]:
    """Start a process with the given limits; it is closed after the test."""
    with ExitStack() as stack:

        def started(**limits: Any) -> LearnerProcess:
            return stack.enter_context(LearnerProcess(Limits(**limits), isolation))

        yield started


@pytest.fixture
def learner(start: Starter) -> LearnerProcess:
    return start(cell_seconds=8, call_seconds=8)


def value_of(learner: LearnerProcess, source: str, *arguments: Any) -> Any:
    """Run `source`, which defines `f`, and return what `f` then returns."""
    result = learner.run_cell(source)
    assert result.error is None, (result.error, getattr(result.error, "line", None))
    (reply,) = learner.call_many("f", [Call(arguments)])
    assert reply.error is None, reply.error
    return reply.value
