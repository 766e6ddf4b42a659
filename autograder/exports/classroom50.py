"""Classroom 50: result.json, schema classroom50/result/v1, written by a bundle's autograder.py.

Its points are whole numbers: ours are rounded, but nobody gets all of them who did not earn them.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.exports.container import (
    NoSubmission,
    brought,
    grade_here,
    in_words,
    isolation_in_words,
)
from autograder.judging import bank
from autograder.judging.verdicts import ExerciseResult
from autograder.submission.judged import undefined

SCHEMA = "classroom50/result/v1"


def result(
    exercises: Iterable[ExerciseResult], environment: Mapping[str, str], submitted: str
) -> dict[str, Any]:
    """The file's content.

    Parameters
    ----------
    environment : mapping
        What the runner says of the submission.
    submitted : str
        When its commit was made, in UTC.
    """
    tests = [_test(exercise) for exercise in exercises]
    return {
        "schema": SCHEMA,
        "classroom": environment["CLASSROOM"],
        "assignment": environment["ASSIGNMENT"],
        "submission": environment["SUBMISSION_TAG"],
        "commit": environment["COMMIT_URL"],
        "release": environment["RELEASE_URL"],
        "review": environment.get("REVIEW_URL") or environment["COMMIT_URL"],
        "datetime": submitted,
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }


def _test(exercise: ExerciseResult) -> dict[str, Any]:
    most = math.ceil(exercise.points)
    full = exercise.earned == exercise.points
    score = (
        most if full else min(round(exercise.earned * most / max(exercise.points, 1e-9)), most - 1)
    )
    return {
        "test-name": exercise.slug,
        "passed": full,
        "score": max(score, 0),
        "max-score": most,
        "output": in_words(exercise),
    }


def commit_time(folder: Path) -> str:
    """When the checked-out commit was made; now, if that is no repository."""
    command = ["git", "-C", str(folder), "log", "-1", "--format=%ct"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        when = datetime.fromtimestamp(int(said), UTC)
    except (OSError, subprocess.CalledProcessError, ValueError):
        when = datetime.now(UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def main(assignment: Path, submission: Path, path: Path) -> None:
    """Grade, and write the result; a failure of ours writes none and ends with a traceback."""
    try:
        receipt = grade_here(assignment, submission)
        exercises, said = list(receipt.exercises.values()), isolation_in_words(receipt)
    except NoSubmission as problem:
        chapter = bank.chapter(brought(assignment).name).values()
        exercises = [undefined(exercise, str(problem)) for exercise in chapter]
        said = f"Not graded: {problem}."
    print(said)
    found = result(exercises, os.environ, commit_time(submission))
    path.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
