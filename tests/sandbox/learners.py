"""Talking to a learner's process in a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.sandbox import LearnerProcess

Starter = Callable[..., LearnerProcess]
"""Starts a process with the limits given by name."""
SOON = 30
"""Seconds: of what must end, and would otherwise take a minute or for ever, on any machine."""


def value_of(learner: LearnerProcess, source: str, *arguments: Any) -> Any:
    """Run `source`, which defines `f`, and return what `f` then returns."""
    result = learner.run_cell(source)
    assert result.error is None, (result.error, getattr(result.error, "line", None))
    (reply,) = learner.call_many("f", [arguments])
    assert reply.error is None, reply.error
    return reply.value
