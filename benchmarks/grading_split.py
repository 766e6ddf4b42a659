"""Where a submission's time goes: one process does worker's and writer's part, with stopwatches.

Milliseconds per submission, medians. "rest" is what no stopwatch covers: reading, repairing,
judging's bookkeeping, writing the notebook's text.
"""

from __future__ import annotations

import functools
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from common import mode, report

import grading_course  # isort: skip
import grading_quickstart  # isort: skip

from autograder import sandbox
from autograder.classroom.journal import Journal
from autograder.classroom.run import Run
from autograder.classroom.work import Job, Outcome, perform
from autograder.nbgrader_plugin import Nbgrader, autograde
from autograder.nbgrader_plugin.folders import Folders
from autograder.nbgrader_plugin.gradebook import GradebookWriter
from autograder.submission import grading
from autograder.submission.grading import Options
from autograder.submission.receipt import Receipt
from autograder.submission.session import best_isolation

PARTS: dict[str, list[tuple[Any, str]]] = {
    "start": [(sandbox.LearnerProcess, "__init__")],
    "cells": [(sandbox.LearnerProcess, "run_cell")],
    "end": [(sandbox.LearnerProcess, "close")],
    "judge": [(grading, "_judge_remote")],
    "read": [(autograde, "read_submission"), (autograde, "read_notebook")],
    "steps": [(autograde, "_apply"), (autograde, "fill")],
    "files": [(Folders, "handed_in"), (Folders, "keep"), (Folders, "timestamp"), (Receipt, "save")],
    "gradebook": [(GradebookWriter, "record")],
    "journal": [(Journal, "append")],
}
_spent: dict[str, float] = defaultdict(float)


def timed(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def measured(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            _spent[part] += 1000 * (time.perf_counter() - start)

    return measured


@contextmanager
def stopwatches() -> Iterator[None]:
    kept = [(owner, name, getattr(owner, name)) for part in PARTS.values() for owner, name in part]
    for part, places in PARTS.items():
        for owner, name in places:
            setattr(owner, name, timed(part, getattr(owner, name)))
    try:
        yield
    finally:
        for owner, name, function in kept:
            setattr(owner, name, function)


class Here:
    """Workers of this very process."""

    def __init__(self, *task: Any) -> None:
        self.task = task

    def outcomes(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        for job in jobs:
            yield perform(*self.task, job)


def split(root: Path, assignment: str) -> dict[str, float]:
    """The parts of the median submission of a course that is not graded yet."""
    nbgrader = Nbgrader(root)
    facts, options = nbgrader.assignment(assignment), Options(best_isolation())
    found: dict[str, list[float]] = defaultdict(list)
    with Journal(root / "journal.jsonl") as journal, stopwatches():
        run = Run(nbgrader, facts, options, journal)
        start = time.perf_counter()
        for number, done in enumerate(
            run.settle(nbgrader.students(assignment), Here(facts, options))
        ):
            total = 1000 * (time.perf_counter() - start)
            assert done.fresh, done.failure
            if number:  # the first one starts the warm process
                for part in PARTS:
                    found[part].append(_spent[part])
                found["rest"].append(total - sum(_spent.values()))
                found["total"].append(total)
            _spent.clear()
            start = time.perf_counter()
    return {part: round(statistics.median(values), 1) for part, values in found.items()}


def main() -> None:
    count = mode().pick(4, 20)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        course = grading_course.make(Path(folder) / "course", True, count)
        quickstart = grading_quickstart.make(Path(folder) / "quickstart", True, count)
        report(
            name="grading_split",
            ch02_backprop=split(course, grading_course.CHAPTER),
            ps1=split(quickstart, "ps1"),
            submissions=count,
        )


if __name__ == "__main__":
    main()
