"""When a run cannot go on: a sentence that says why, and what to do next."""

from __future__ import annotations

import errno
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.judging.mendable import Mendable

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
AGAIN = 0.05
"""Seconds until an interrupt that was ignored comes again."""


class CannotWrite(Mendable):
    """Results cannot be written."""


class Stopped(SystemExit):
    """Somebody pressed Ctrl-C; Python prints the message and ends with exit code 1."""


@contextmanager
def advise_on_stops(folder: Path) -> Iterator[None]:
    """Say what to do if writing below `folder` fails, or if the run is interrupted."""
    try:
        with _no_interrupt_lost():
            yield
    except OSError as error:
        if error.errno in FULL:
            raise CannotWrite(
                f"there is no room left in {folder}; make some and run this again: what is "
                "recorded stays"
            ) from error
        if error.errno in FORBIDDEN:
            raise CannotWrite(
                f"{error.filename or folder} cannot be written to ({error.strerror}); check who "
                "owns it and whether its disk is read-only, then run this again"
            ) from error
        raise
    except KeyboardInterrupt:
        raise Stopped(
            "autograder: stopped; what is recorded stays, run this again to go on"
        ) from None


@contextmanager
def _no_interrupt_lost() -> Iterator[None]:
    """Python ignores what a destructor or a weak reference's callback raises, Ctrl-C included."""
    tell = sys.unraisablehook

    def again(ignored: Any) -> None:
        if issubclass(ignored.exc_type, KeyboardInterrupt):
            arguments = (threading.main_thread().ident, signal.SIGINT)
            threading.Timer(AGAIN, signal.pthread_kill, arguments).start()
        else:
            tell(ignored)

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = tell
