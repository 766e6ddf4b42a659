"""The learner's function as a check sees it, wherever it runs.

Checks only ever hold a `LearnerFunction`: `f(...)` calls it, `f.many([...])` calls it on a whole
list in one go, `f.reply(...)` also tells what became of the arguments.

`LocalFunction` runs in this process (the student's own notebook, the references); its remote twin
lives in `autograder.submission`.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.judging.calls import (
    NOTHING_TO_GO_ON,
    Arguments,
    LearnerError,
    Reply,
    filled,
)
from autograder.judging.door import admitted


class LearnerFunction:
    """A function of the learner's; subclasses say how a batch of calls is made."""

    name: str
    parameters: tuple[str, ...] = ()
    """What its arguments are called, where that is known."""

    def replies(self, calls: Sequence[Arguments]) -> list[Reply]:
        raise NotImplementedError

    @contextlib.contextmanager
    def with_prerequisites(self, prerequisites: Mapping[str, Callable[..., Any]]) -> Iterator[None]:
        """While inside, the earlier parts that the function calls are these instead."""
        raise NotImplementedError
        yield

    def reply(self, *arguments: Any) -> Reply:
        return self.replies([arguments])[0]

    def many(self, calls: Sequence[Arguments]) -> list[Any]:
        """Call on each tuple of arguments; raise the first error."""
        replies = self.replies(calls)
        for reply in replies:
            if reply.error is not None:
                raise reply.error
        return [reply.value for reply in replies]

    def __call__(self, *arguments: Any) -> Any:
        return self.many([arguments])[0]


class LocalFunction(LearnerFunction):
    """A function of this process; it gets copies of its arguments, and may print and warn."""

    def __init__(
        self, function: Callable[..., Any], namespace: dict[str, Any] | None = None
    ) -> None:
        self.function = function
        self.name = getattr(function, "__name__", "function")
        self.parameters = parameters_of(function)
        self.namespace = getattr(function, "__globals__", {}) if namespace is None else namespace

    def replies(self, calls: Sequence[Arguments]) -> list[Reply]:
        done: list[Reply] = []
        for arguments in calls:
            try:
                given = filled(arguments, done)
            except (LookupError, TypeError):
                done.append(Reply(None, NOTHING_TO_GO_ON, arguments))
            else:
                done.append(self._reply(copy.deepcopy(given)))
        return done

    @contextlib.contextmanager
    def with_prerequisites(self, prerequisites: Mapping[str, Callable[..., Any]]) -> Iterator[None]:
        before = {name: self.namespace[name] for name in prerequisites if name in self.namespace}
        self.namespace.update(prerequisites)
        try:
            yield
        finally:
            for name in prerequisites:
                self.namespace.pop(name, None)
            self.namespace.update(before)

    def quiet(self) -> contextlib.AbstractContextManager[None]:
        """What a call goes through in: its prints and warnings are seen by nobody."""
        return quiet()

    def _reply(self, arguments: Arguments) -> Reply:
        try:
            with self.quiet():
                value = self.function(*arguments)
        except Exception as error:
            return Reply(None, _located(error), arguments)
        return admitted(Reply(value, None, arguments))


def parameters_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's positional arguments, as far as it tells them."""
    try:
        found = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return ()
    return tuple(p.name for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))


def changeable(argument: Any) -> bool:
    """Whether a call may change this argument: functions, and generators of random numbers."""
    return callable(argument) or isinstance(argument, np.random.Generator)


@contextlib.contextmanager
def quiet(printed: io.TextIOBase | None = None) -> Iterator[None]:
    """Swallow prints and warnings: stderr in a graded cell would cost its points."""
    printed = printed or io.StringIO()
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        warnings.simplefilter("ignore")
        yield


def _located(error: Exception) -> LearnerError:
    frames = traceback.extract_tb(error.__traceback__)
    frame = frames[-1] if len(frames) > 1 else None
    message = " ".join(str(error).split())[:500]
    kind = type(error).__name__
    if frame is None:
        return LearnerError(kind, message)
    return LearnerError(kind, message, frame.lineno, (frame.line or "").strip())
