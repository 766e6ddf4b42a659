"""Notebooks of any other course, whose test cells run where the learner's code runs.

The process is as sealed as our own course's, but a learner's cell can change what a later test
cell sees. Such results are marked as forgeable.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from pathlib import Path

from nbformat import NotebookNode

from autograder import sandbox
from autograder.submission.evidence import suspicious
from autograder.submission.grading import engine_digest, versions
from autograder.submission.receipt import Receipt
from autograder.submission.session import Session

ENVIRONMENT = {"NBGRADER_EXECUTION": "autograde"}
"""What nbgrader sets, and what some courses' test cells ask for."""


class OtherLanguage(ValueError):
    """The notebook is not written in Python."""


def run_notebook(
    notebook: NotebookNode,
    *,
    limits: sandbox.Limits | None = None,
    isolation: sandbox.Isolation,
    work: Path | None = None,
    seed: int | None = None,
) -> Receipt:
    """Run all code cells in order in one sealed process; cells are named by their position.

    Raises
    ------
    OtherLanguage
        If its kernel is not a Python one.
    sandbox.SandboxFailure
        If the process could not be run for reasons of our own: no grade, try again.
    """
    started = time.monotonic()
    language = notebook.metadata.get("kernelspec", {}).get("language", "python")
    if language.lower() not in ("python", "ipython", ""):
        raise OtherLanguage(f"its cells are in {language}; only Python notebooks can be run")
    seed = secrets.randbits(32) if seed is None else seed
    cells = runnable(notebook)
    with Session(
        cells, limits or sandbox.Limits(), isolation, seed=seed, work=work, environment=ENVIRONMENT
    ) as session:
        outputs = session.outputs
    return Receipt(
        key=key_of_notebook(notebook),
        seed=seed,
        chapter="",
        isolation=isolation.value,
        seconds=round(time.monotonic() - started, 3),
        exercises={},
        cells=outputs,
        flags=[*session.flags, *suspicious(cells)],
        versions=versions(),
        forgeable=True,
    )


def runnable(notebook: NotebookNode) -> list[tuple[str, str]]:
    """Position and source of the cells that are run."""
    return [
        (str(index), cell.source)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]


def key_of_notebook(notebook: NotebookNode) -> str:
    """What the outputs depend on: the cells, and our own code. Same key, same work."""
    cells = json.dumps(runnable(notebook)).encode()
    return hashlib.sha256(cells + engine_digest()).hexdigest()[:24]
