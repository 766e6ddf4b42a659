"""Bounds on our own work for one submission: time, memory, and silence.

A learner chooses what our side has to read, compare and call; so whatever we do for a submission
has limits, too, and what exceeds them is that submission's "not graded, because …".
"""

from __future__ import annotations

import ctypes
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

SECONDS = 240
"""For work that knows no better bound."""
ROOM_BYTES = 4 << 30
"""What one submission may add to what this process holds already."""
REMIND_SECONDS = 1

_turn = threading.Lock()
_before: list[tuple[int, int]] = []
"""The limits as they were, once for each thread that is inside: the last one restores them."""


class TookTooLong(Exception):
    """What had to be done for one submission exceeded its time; the message says where."""


class _OutOfTime(BaseException):
    """Raised in the working thread from outside; no `except Exception` on the way stops it."""


@contextmanager
def bounded(what: str, seconds: float = SECONDS) -> Iterator[None]:
    """Raise `TookTooLong` if what is inside takes longer, MemoryError if it needs too much.

    Works in any thread. Warnings stay unsaid: learners' numbers go through our formulas, too.
    """
    alarm = _Alarm(seconds)
    with _memory_bound(), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with alarm:
                yield
        except _OutOfTime:
            raise TookTooLong(f"{what} took more than {seconds:g} s") from None


class _Alarm:
    """Raises `_OutOfTime` in the thread that set it, again and again until that gives up."""

    def __init__(self, seconds: float) -> None:
        self._thread = threading.get_ident()
        self._turn = threading.Lock()
        self._over = threading.Event()
        self._seconds = seconds

    def __enter__(self) -> None:
        threading.Thread(target=self._wait, daemon=True).start()

    def __exit__(self, *unused: object) -> None:
        with self._turn:
            self._over.set()
            self._raise(None)  # what was raised and has not come yet must not come later

    def _wait(self) -> None:
        seconds = self._seconds
        while not self._over.wait(seconds):
            with self._turn:
                if not self._over.is_set():
                    self._raise(_OutOfTime)
            seconds = REMIND_SECONDS

    def _raise(self, exception: type[BaseException] | None) -> None:
        found = None if exception is None else ctypes.py_object(exception)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), found)


@contextmanager
def _memory_bound() -> Iterator[None]:
    """Let this process run out of memory early, and survive it: a MemoryError is one learner's."""
    if sys.platform != "linux":
        yield
        return
    import resource

    with _turn:
        if not _before:
            before = resource.getrlimit(resource.RLIMIT_AS)
            pages = int(Path("/proc/self/statm").read_text().split()[0])
            wanted = pages * resource.getpagesize() + ROOM_BYTES
            tight = [bound for bound in (*before, wanted) if bound != resource.RLIM_INFINITY]
            resource.setrlimit(resource.RLIMIT_AS, (min(tight), before[1]))
        _before.append(before if not _before else _before[0])
    try:
        yield
    finally:
        with _turn:
            outermost = _before.pop()
            if not _before:
                resource.setrlimit(resource.RLIMIT_AS, outermost)
