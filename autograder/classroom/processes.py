"""Processes that grade and write pages: forked from one that has imported, once, what they need.

That one starts early and imports while this one is busy with other things. Forked from this one
they would share its locks and its gradebook; started afresh, each would import for a second.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from typing import Any

IMPORTED = ["autograder.classroom.workers", "autograder.classroom.feedback_pages"]


def make_ready() -> BaseContext:
    """Start the process that the others are forked from, if it has not been started.

    Returns
    -------
    BaseContext
        How to start processes: each afresh where TMPDIR is too long a name for that one's socket.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # they inherit it
    forked = multiprocessing.get_context("forkserver")
    forked.set_forkserver_preload(IMPORTED)
    try:
        with interrupts_blocked():
            forkserver.ensure_running()
    except OSError:
        return multiprocessing.get_context("spawn")
    return forked


@contextmanager
def pool(count: int, prepare: Any, *arguments: Any) -> Iterator[ProcessPoolExecutor]:
    """Processes that call `prepare(*arguments)` first; they end with this one, however it ends."""
    found = ProcessPoolExecutor(
        count,
        mp_context=make_ready(),
        initializer=_begin,
        initargs=(prepare, arguments),
    )
    try:
        yield found
    except BaseException:
        # Nobody wants what they are doing any more, and it may take minutes.
        for process in multiprocessing.active_children():
            process.kill()
        found.shutdown(cancel_futures=True)  # its thread, still tidying, would disturb the exit
        raise
    found.shutdown(wait=False)


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """What is started meanwhile does not hear Ctrl-C, which a terminal sends to everybody."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(prepare: Any, arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # learners' cells need it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare(*arguments)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None, "this is no process of a pool"
    parent.join()
    os.kill(os.getpid(), signal.SIGKILL)
