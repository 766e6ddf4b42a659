"""One submission's worth of work, wherever it is done: on this machine or on another."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder import sandbox
from autograder.nbgrader_plugin.assignment import Assignment
from autograder.nbgrader_plugin.autograde import Graded, OddTestCell, autograde
from autograder.nbgrader_plugin.labelled_reading import Unreadable
from autograder.submission.bounds import SECONDS, TookTooLong, bounded
from autograder.submission.foreign import OtherLanguage
from autograder.submission.grading import OUR_SHARE, Options
from autograder.submission.scratch import scratch_folder


@dataclass(frozen=True)
class Job:
    """What one student handed in."""

    student: str
    notebooks: Mapping[str, bytes]
    """By name, those that the assignment asks for and that are there."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Whatever else is in the folder, by relative path."""


@dataclass(frozen=True)
class Outcome:
    """What came of it: graded notebooks, or why there are none."""

    student: str
    graded: Mapping[str, Graded] = field(default_factory=dict)
    failure: str = ""


def perform(assignment: Assignment, options: Options, job: Job) -> Outcome:
    """Grade a submission; whatever goes wrong ends as a message, and never as a grade."""
    seconds = OUR_SHARE * len(job.notebooks) * options.limits.total_seconds + SECONDS
    try:
        with (
            tempfile.TemporaryDirectory(prefix="work-", dir=scratch_folder()) as folder,
            bounded("reading and grading this submission", seconds),
        ):
            work = _laid_out({**job.files, **assignment.files}, Path(folder))
            graded = {
                name: autograde(raw, assignment.notebooks[name], assignment.config, work, options)
                for name, raw in job.notebooks.items()
            }
        return Outcome(job.student, graded)
    except (Unreadable, OtherLanguage, OddTestCell, TookTooLong) as problem:
        return Outcome(job.student, failure=f"not graded: {problem}")
    except sandbox.SandboxFailure as problem:
        return Outcome(job.student, failure=f"not graded, try again: {problem}")
    except MemoryError:
        return Outcome(
            job.student, failure="not graded: judging it needs more memory than is given"
        )
    except Exception as problem:  # a bug of ours must be loud, and must not stop the class
        where = traceback.extract_tb(problem.__traceback__)[-1]
        said = f"{type(problem).__name__}: {problem} ({Path(where.filename).name}:{where.lineno})"
        return Outcome(job.student, failure=f"not graded, the grader is at fault: {said}")


def _laid_out(files: Mapping[str, bytes], folder: Path) -> Path | None:
    """Write files into a folder for the learner's process to copy; None if there are none."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder if files else None
