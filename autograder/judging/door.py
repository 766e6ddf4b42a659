"""The door: what a learner's function gave back, made plain and bounded before any check sees it.

A few bytes can claim to be an array of 2⁴⁰ rows, and a subclass of ndarray can compare as it likes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.judging.calls import LearnerError, Reply

LONGEST = 1 << 24
"""Entries along one axis of an array, or in one list."""
DIGITS = 300
DEEPEST = 32


class _TooMuch(Exception):
    """A value that no check could look through."""


def admitted(reply: Reply) -> Reply:
    """The reply with a plain value, or with an error that says what was wrong with it."""
    if reply.error is not None:
        return reply
    try:
        value = _plain(reply.value, DEEPEST)
    except _TooMuch as error:
        what = LearnerError("ValueError", f"the result {error}, which is too much to look at")
        return Reply(None, what, reply.args_after)
    return Reply(value, None, reply.args_after)


def _plain(value: Any, depth: int) -> Any:
    if isinstance(value, np.ndarray):
        return _plain_array(value)
    if isinstance(value, tuple | list | Mapping):
        if len(value) > LONGEST:
            raise _TooMuch(f"has {len(value)} parts")
        if depth == 0:
            raise _TooMuch("is nested too deeply")
    if isinstance(value, Mapping):
        return {key: _plain(part, depth - 1) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part, depth - 1) for part in value]
    if isinstance(value, tuple):
        return tuple(_plain(part, depth - 1) for part in value)
    if type(value) is int and abs(value) >= 10**DIGITS:
        raise _TooMuch(f"has more than {DIGITS} digits")
    return value


def _plain_array(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if max(array.shape, default=0) > LONGEST:
        raise _TooMuch(f"has shape {array.shape}")
    return array if type(array) is np.ndarray else np.array(array, subok=False)
