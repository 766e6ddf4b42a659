"""An existing Dask cluster: the same work on other machines, results streaming back."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any

from autograder.classroom.work import Job, Outcome, perform
from autograder.judging.mendable import Mendable
from autograder.nbgrader_plugin.assignment import Assignment
from autograder.submission.grading import Options

AHEAD = 3
CONNECT_SECONDS = 10
LOOK_SECONDS = 10
WORKERLESS_SECONDS = 30
"""A nanny needs some to start a worker that died again."""
NO_WORKERS = (
    "the scheduler has lost its workers; start some (dask worker) and run this again: what is "
    "recorded stays"
)


class NoCluster(Mendable):
    """There is no scheduler at that address, or not any more, or it has no workers."""


class Cluster:
    """The workers of a Dask scheduler; a lost worker's jobs are done by another."""

    def __init__(self, address: str, assignment: Assignment, options: Options) -> None:
        self._client = _connected(address)
        self._options = options
        self._assignment = self._client.scatter(assignment, broadcast=True)

    def outcomes(self, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """Do all jobs, and yield what comes of each as soon as it is there."""
        waiting, running = iter(jobs), {}
        finished: SimpleQueue[Any] = SimpleQueue()

        def submit(count: int) -> None:
            for job in itertools.islice(waiting, count):
                future = self._client.submit(
                    perform, self._assignment, self._options, job, pure=False, key=_key(job)
                )
                running[future.key] = job.student
                future.add_done_callback(finished.put)

        with self._connected():
            submit(AHEAD * sum(self._client.nthreads().values()))
            while running:
                future = self._next(finished)
                yield self._outcome(future, running.pop(future.key))
                future.release()
                submit(1)

    def _next(self, finished: SimpleQueue[Any]) -> Any:
        """The next future that is done; without any workers it would never be."""
        while True:
            try:
                return finished.get(timeout=LOOK_SECONDS)
            except Empty:
                self._wait_for_workers()

    def _outcome(self, future: Any, student: str) -> Outcome:
        """What came of a job that was done; it is done again if that was lost with its worker."""
        while True:
            try:
                error = future.exception(timeout=LOOK_SECONDS)
                if error is not None:
                    why = f"{type(error).__name__}: {error}"
                    return Outcome(student, failure=f"not graded, try again: {why}")
                outcome: Outcome = future.result(timeout=LOOK_SECONDS)  # or CancelledError
                return outcome
            except TimeoutError:
                self._wait_for_workers()

    def _wait_for_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=WORKERLESS_SECONDS)
        except TimeoutError:
            raise NoCluster(NO_WORKERS) from None

    def close(self) -> None:
        self._client.close()

    @contextmanager
    def _connected(self) -> Iterator[None]:
        from distributed import CancelledError
        from distributed.comm import CommClosedError

        try:
            yield
        except Exception as error:
            if isinstance(error, CommClosedError) or self._client.status != "running":
                raise NoCluster(
                    "the scheduler was lost; see that it is there and run this again: what is "
                    "recorded stays"
                ) from error
            if isinstance(error, CancelledError):  # with the last that held the assignment
                raise NoCluster(NO_WORKERS) from error
            raise


_numbers = itertools.count()


def _key(job: Job) -> str:
    return f"grade-{next(_numbers)}-{job.student}"


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise NoCluster(
            "--scheduler needs dask.distributed; install it: pip install 'chainrule[cluster]'"
        ) from None
    # They log tracebacks about a scheduler that is gone; we say it in a sentence.
    for talker in ("distributed", "distributed.client"):
        logging.getLogger(talker).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise NoCluster(f"no Dask scheduler answers at {address}: {error}") from None
    if not client.nthreads():
        client.close()
        raise NoCluster(f"the scheduler at {address} has no workers; start some: dask worker")
    return client
