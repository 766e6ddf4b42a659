"""Learner processes for the tests: one fresh process each, at every isolation this machine has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from learners import Starter

from autograder.sandbox import Isolation, LearnerProcess, Limits
from autograder.sandbox.judge.isolation import works

SEALED = [Isolation.NAMESPACES, Isolation.LANDLOCK]


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
