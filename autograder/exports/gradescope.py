"""Gradescope: results.json, written in its container by run_autograder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from autograder.exports.container import NoSubmission, grade_here, in_words, isolation_in_words
from autograder.submission.receipt import Receipt

WAYS = {"output_format": "text", "visibility": "visible", "stdout_visibility": "hidden"}


def results(receipt: Receipt) -> dict[str, Any]:
    """What Gradescope shows: the score, and each exercise as a test."""
    notes = [f"Mended while reading: {repair}." for repair in receipt.repairs]
    notes += [f"While running: {flag}." for flag in receipt.flags]
    return {
        "score": round(receipt.earned, 2),
        "execution_time": round(receipt.seconds, 1),
        "output": "\n".join([*notes, isolation_in_words(receipt)]),
        **WAYS,
        "tests": [
            {
                "name": exercise.title,
                "number": str(number),
                "score": round(exercise.earned, 2),
                "max_score": exercise.points,
                "status": "passed" if exercise.earned == exercise.points else "failed",
                "output": in_words(exercise),
                "output_format": "text",
                "visibility": "visible",
                "tags": [exercise.slug],
            }
            for number, exercise in enumerate(receipt.exercises.values(), 1)
        ],
        "extra_data": {"seed": receipt.seed, "versions": receipt.versions},
    }


def main(assignment: Path, submission: Path, path: Path) -> None:
    """Grade, and write the results; a failure of ours writes none and ends with a traceback."""
    try:
        found = results(grade_here(assignment, submission))
    except NoSubmission as problem:
        found = {"score": 0, "output": f"Not graded: {problem}.", **WAYS, "tests": []}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
