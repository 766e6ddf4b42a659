"""Student notebooks, made by nbgrader's own preprocessors."""

from __future__ import annotations

from typing import cast

import nbformat
from nbformat import NotebookNode
from nbgrader import preprocessors as stock

RELEASE_STEPS = (
    stock.LockCells,
    stock.ClearSolutions,
    stock.ClearOutput,
    stock.CheckCellMetadata,
    stock.ComputeChecksums,
    stock.ClearHiddenTests,
    stock.ClearMarkScheme,
    stock.ComputeChecksums,
    stock.CheckCellMetadata,
)


def release(source: NotebookNode) -> NotebookNode:
    """The student notebook of a source notebook, as `nbgrader generate_assignment` makes it."""
    notebook = nbformat.reads(nbformat.writes(source), as_version=4)
    for step in RELEASE_STEPS:
        notebook, _ = step().preprocess(notebook, {})
    return cast(NotebookNode, notebook)
