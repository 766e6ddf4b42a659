"""Worker processes on this machine: each has its own judge and its own warm process."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from pathlib import Path

from autograder.classroom import processes
from autograder.classroom.work import Job, Outcome, perform
from autograder.nbgrader_plugin.assignment import Assignment
from autograder.submission.grading import Options
from autograder.submission.scratch import scratch_folder

AHEAD = 3
"""Jobs under way or waiting per worker: enough to keep it busy, few enough to keep memory flat."""
TRIES = 2
DIED = "not graded: the process that graded it ended each time"

Attempt = tuple[Job, int]
Running = dict[Future[Outcome], Attempt]

_task: list[tuple[Assignment, Options]] = []


class LocalWorkers:
    """Processes of this machine; the end of any of them costs nothing but time."""

    def __init__(self, count: int, assignment: Assignment, options: Options) -> None:
        self._count = count
        # By a file: what is handed to a process at its start waits in a pipe, and if a worker died
        # before reading a long message, this process would wait for ever.
        self._task = scratch_folder() / f"task-{id(self)}"
        self._task.write_bytes(pickle.dumps((assignment, options)))

    def outcomes(self, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """Do all jobs, and yield what comes of each as soon as it is there.

        A broken pool does not say who broke it: what was under way is done once more, and if
        that breaks, too, each job alone.
        """
        fresh = ((job, 1) for job in jobs)
        again: list[Attempt] = []
        while True:
            running: Running = {}
            try:
                with self._pool(self._count) as pool:
                    yield from self._drive(pool, running, again, fresh)
                return
            except BrokenProcessPool:
                unfinished = list(running.items())
            for future, (job, tries) in unfinished:
                if future.done() and future.exception() is None:
                    yield future.result()
                elif tries < TRIES:
                    again.append((job, tries + 1))
                else:
                    yield self._alone(job)

    def close(self) -> None:
        """Remove what the workers were told."""
        self._task.unlink(missing_ok=True)

    def _drive(
        self,
        pool: ProcessPoolExecutor,
        running: Running,
        again: list[Attempt],
        fresh: Iterator[Attempt],
    ) -> Iterator[Outcome]:
        while True:
            again += itertools.islice(fresh, max(0, self._room(running) - len(again)))
            while again and self._room(running):
                with processes.interrupts_blocked():
                    future = pool.submit(_perform, again[-1][0])
                running[future] = again.pop()  # only now: a broken pool takes no job
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                outcome = future.result()
                del running[future]
                yield outcome

    def _room(self, running: Running) -> int:
        return AHEAD * self._count - len(running)

    def _alone(self, job: Job) -> Outcome:
        with self._pool(1) as pool:
            try:
                with processes.interrupts_blocked():
                    future = pool.submit(_perform, job)
                return future.result()
            except BrokenProcessPool:
                return Outcome(job.student, failure=DIED)

    def _pool(self, count: int) -> AbstractContextManager[ProcessPoolExecutor]:
        return processes.pool(count, _prepare, self._task)


def _prepare(task: Path) -> None:
    """Set a worker up."""
    _task[:] = [pickle.loads(task.read_bytes())]


def _perform(job: Job) -> Outcome:
    return perform(*_task[0], job)
