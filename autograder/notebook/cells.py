"""What the cells of a released notebook are: an answer, a check, an experiment."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # where students work there may be no nbformat
    from nbformat import NotebookNode

HIDDEN_LINES = """\
### BEGIN HIDDEN TESTS
from autograder.submission.in_kernel import grade as check
### END HIDDEN TESTS
"""


def is_solution(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def is_check(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def is_experiment(cell: NotebookNode) -> bool:
    """Whether it is an experiment as it was released."""
    return bool(cell.metadata.get("tags") == ["experiment"])


def content_id(kind: str, source: str) -> str:
    """The id of a cell that has no name of its own: it changes with what the cell says."""
    return f"{kind}-{hashlib.sha256(source.encode()).hexdigest()[:12]}"
