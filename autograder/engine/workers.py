"""Worker processes on this machine: each has its own judge and its own warm process."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

import numpy as np

from autograder.nbgrader_plugin.assignment import Assignment
from autograder.nbgrader_plugin.autograde import Options
from autograder.session import cap_own_memory

from .work import Job, Outcome, perform

AHEAD = 3
"""Jobs under way or waiting per worker: enough to keep it busy, few enough to keep memory flat."""
TRIES = 2
DIED = "not graded, try again: the worker process ended while grading it"

_task: list[tuple[Assignment, Options]] = []


class LocalWorkers:
    """A pool of processes that survives the end of any of them."""

    def __init__(self, count: int, assignment: Assignment, options: Options) -> None:
        self._count = count
        self._task = (assignment, options)

    def outcomes(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Do all jobs, and yield what comes of each as soon as it is there."""
        waiting = iter(jobs)
        again: list[tuple[Job, int]] = []
        while True:
            pool = self._pool()
            running: dict[Future[Outcome], tuple[Job, int]] = {}
            try:
                yield from self._drive(pool, running, waiting, again)
                return
            except BrokenProcessPool:
                for job, tries in running.values():
                    if tries >= TRIES:
                        yield Outcome(job.student, failure=DIED)
                    else:
                        again.append((job, tries + 1))
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Nothing to do: a pool ends with the jobs that it was given."""

    def _drive(
        self,
        pool: ProcessPoolExecutor,
        running: dict[Future[Outcome], tuple[Job, int]],
        waiting: Iterator[Job],
        again: list[tuple[Job, int]],
    ) -> Iterator[Outcome]:
        while True:
            room = AHEAD * self._count - len(running)
            fresh = [again.pop() for _ in range(min(room, len(again)))]
            fresh += [(job, 1) for job in itertools.islice(waiting, room - len(fresh))]
            for job, tries in fresh:
                running[pool.submit(_perform, job)] = (job, tries)
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                outcome = future.result()
                del running[future]
                yield outcome

    def _pool(self) -> ProcessPoolExecutor:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the workers inherit it
        return ProcessPoolExecutor(
            self._count,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_prepare,
            initargs=self._task,
        )


def _prepare(assignment: Assignment, options: Options) -> None:
    """Set a worker up; it ends with the process that started it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        from autograder.sandbox import libc

        libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
    cap_own_memory()
    np.seterr(all="ignore")  # learners' numbers go through our formulas, too
    _task[:] = [(assignment, options)]


def _perform(job: Job) -> Outcome:
    return perform(*_task[0], job)
