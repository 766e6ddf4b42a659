"""A learner's function with somebody beside it who remembers what was asked and what it said."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograder.judging.calls import Arguments, Reply, filled
from autograder.judging.learner import LearnerFunction


class Witness(LearnerFunction):
    """Passes calls on to an answer, and keeps them with their replies."""

    def __init__(self, answer: LearnerFunction) -> None:
        self.answer = answer
        self.name, self.parameters = answer.name, answer.parameters
        self.seen: list[tuple[Arguments, Reply]] = []

    def replies(self, calls: Sequence[Arguments]) -> list[Reply]:
        done = self.answer.replies(calls)
        for arguments, reply in zip(calls, done, strict=True):
            with contextlib.suppress(LookupError, TypeError):
                self.seen.append((filled(arguments, done), reply))
        return done

    @contextlib.contextmanager
    def with_prerequisites(self, prerequisites: Mapping[str, Callable[..., Any]]) -> Iterator[None]:
        with self.answer.with_prerequisites(prerequisites):
            yield
