"""A learner's function in the notebook, with as much patience as the grader has, and no more.

What does not come back in time, or prints without end, is stopped; the notebook goes on.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from types import FrameType

from autograder.judging.calls import Arguments, LearnerGone, Reply
from autograder.judging.learner import LocalFunction, quiet

SECONDS = 10.0
"""For all calls that a check makes at once, as in grading."""
MOST_PRINTED = 10_000_000
WATCHDOG = "chainrule watchdog"
AGAIN = 0.05
"""Seconds until a stop that the learner's code has caught is tried once more."""


class Stopped(BaseException):
    """Raised in the learner's code; no Exception, so that few handlers catch it."""


class TimeUp(Stopped):
    """The time is over."""


class Flooded(Stopped):
    """Too much was printed."""


class PatientFunction(LocalFunction):
    """A function of this kernel that is stopped if it does not stop by itself."""

    def replies(self, calls: Sequence[Arguments]) -> list[Reply]:
        try:
            with stopped_after(SECONDS):
                return super().replies(calls)
        except TimeUp:
            raise LearnerGone(f"did not come back within {SECONDS:g} s and was stopped") from None
        except Flooded:
            most = f"{MOST_PRINTED:,} characters"
            raise LearnerGone(f"printed more than {most} and was stopped") from None

    def quiet(self) -> contextlib.AbstractContextManager[None]:
        return quiet(_Drain())


class _Drain(io.TextIOBase):
    """Takes what is printed, keeps nothing, and has enough at some point."""

    def __init__(self) -> None:
        self.taken = 0

    def write(self, text: str) -> int:
        self.taken += len(text)
        if self.taken > MOST_PRINTED:
            raise Flooded
        return len(text)


@contextlib.contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """Raise `TimeUp` in the code inside once the time is over; nothing is left ticking.

    In a browser there are neither alarms nor threads: who waits too long restarts the kernel.
    """
    if sys.platform == "emscripten":
        yield
        return
    in_main = threading.current_thread() is threading.main_thread()
    alarm = _alarm if in_main and hasattr(signal, "setitimer") else _watchdog
    with alarm(seconds):
        yield


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    armed = True

    def ring(number: int, frame: FrameType | None) -> None:
        if armed:
            raise TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        try:
            yield
        finally:
            armed = False
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, left, interval)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _watchdog(seconds: float) -> Iterator[None]:
    """The same where there are no alarms: another thread has the exception raised in this one."""
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    here, over, lock = ctypes.c_ulong(threading.get_ident()), threading.Event(), threading.Lock()

    def watch() -> None:
        pause = seconds
        while not over.wait(pause):
            pause = AGAIN
            with lock:
                if not over.is_set():
                    raise_in(here, ctypes.py_object(TimeUp))

    watcher = threading.Thread(target=watch, name=WATCHDOG, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        with lock:
            raise_in(here, None)
        watcher.join()
