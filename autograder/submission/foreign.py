"""Notebooks of any other course, whose test cells run where the learner's code runs.

The process is as sealed as our own course's, but a learner's cell can change what a later test
cell sees. Such results are marked as forgeable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

ENVIRONMENT = {"NBGRADER_EXECUTION": "autograde"}
"""What nbgrader sets, and what some courses' test cells ask for."""
PYTHON = re.compile(r"i?python|py3?$|conda|xpython|xeus-python|pyodide", re.IGNORECASE)
"""How names of Python, and of its kernels, begin."""


class OtherLanguage(ValueError):
    """The notebook is not written in Python."""


def runnable(notebook: NotebookNode) -> list[tuple[str, str]]:
    """Position and source of the cells that are run.

    Raises
    ------
    OtherLanguage
        If the notebook's kernel is not a Python one.
    """
    for language in _languages(notebook.metadata):
        if not PYTHON.match(language):
            raise OtherLanguage(
                f"its cells are in {language}, and only Python can be run here: grade it with "
                "`nbgrader autograde`"
            )
    return [
        (str(index), cell.source)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]


def _languages(metadata: NotebookNode) -> Iterator[str]:
    """What the metadata say of the language; nothing said is Python, nbgrader's default."""
    kernel, info = metadata.get("kernelspec") or {}, metadata.get("language_info") or {}
    name = str(kernel.get("name") or "")
    if kernel.get("language"):
        yield str(kernel["language"])
    elif name and not info.get("name") and not PYTHON.match(name):
        yield _of_installed(name) or f"the language of the kernel {name!r}, which is not known"
    if info.get("name"):
        yield str(info["name"])


def _of_installed(kernel: str) -> str:
    """The language of a kernel of this machine, or nothing."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        found: Any = KernelSpecManager().get_kernel_spec(kernel)
    except (NoSuchKernel, OSError, ValueError):
        return ""
    return str(found.language)
