"""Notebooks of any other course, whose test cells run where the learner's code runs.

The process is as sealed as our own course's, but a learner's cell can change what a later test
cell sees. Such results are marked as forgeable.
"""

from __future__ import annotations

from nbformat import NotebookNode

ENVIRONMENT = {"NBGRADER_EXECUTION": "autograde"}
"""What nbgrader sets, and what some courses' test cells ask for."""


class OtherLanguage(ValueError):
    """The notebook is not written in Python."""


def runnable(notebook: NotebookNode) -> list[tuple[str, str]]:
    """Position and source of the cells that are run.

    Raises
    ------
    OtherLanguage
        If the notebook's kernel is not a Python one.
    """
    language = notebook.metadata.get("kernelspec", {}).get("language", "python")
    if language.lower() not in ("python", "ipython", ""):
        raise OtherLanguage(f"its cells are in {language}; only Python notebooks can be run")
    return [
        (str(index), cell.source)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]
