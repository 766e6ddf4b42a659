"""Reading a submitted notebook of any course: a valid one, its labels those of the gradebook.

Labels (points, locks, what is graded by whom) are the instructor's to set. nbgrader believes some
of what the submitted file says about them; here only a cell's name counts.
"""

from __future__ import annotations

import json
import re
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.nbgrader_plugin.assignment import SourceCell, SourceNotebook
from autograder.notebook.reading import notebook_text
from autograder.sandbox.protocol.text import plain_text

MESSAGE_CHARACTERS = 200
MINOR = 5
"""Of the format 4.5, the first whose cells have ids."""
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
TEXT_KEYS = {"id", "cell_type", "metadata", "source", "attachments"}
CODE_KEYS = {"id", "cell_type", "metadata", "source"}


class Unreadable(ValueError):
    """The submitted file is not a notebook that can be graded; the message says why."""


def read_notebook(raw: bytes, facts: SourceNotebook) -> NotebookNode:
    """The notebook in these bytes, without outputs.

    Raises
    ------
    Unreadable
        If they are no notebook, or one that Jupyter would not open either.
    """
    try:
        document = _version_4(json.loads(_text(raw)))
        if facts.kernelspec:
            metadata = document.setdefault("metadata", {})
            metadata["kernelspec"] = facts.kernelspec
            # Left by whatever the learner opened it with: it runs with the instructor's kernel.
            metadata.pop("language_info", None)
        known = dict(facts.cells)
        for cell in reversed(document["cells"]):  # of two with one name the later counts
            _mend(cell, known)
        _settle_ids(document)
        notebook = nbformat.v4.to_notebook(document)
        nbformat.validate(notebook)
    except Exception as error:  # whatever a broken file makes nbformat stumble over
        said = f"the file is not a notebook that nbformat can read: {_said(error)}"
        raise Unreadable(said) from error
    return notebook


def _text(raw: bytes) -> str:
    """As text without the halves of characters that JSON can name and no file can hold."""
    document = json.loads(notebook_text(raw, []))
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace").decode()


def _version_4(document: dict[str, Any]) -> dict[str, Any]:
    if document.get("nbformat") != 4:
        document = nbformat.convert(nbformat.reader.reads(json.dumps(document)), 4)
    return {key: document[key] for key in ("cells", "metadata", "nbformat", "nbformat_minor")
            if key in document}  # fmt: skip


def _settle_ids(document: dict[str, Any]) -> None:
    """Make the format's version and the cells' ids agree; editors in the wild mix them up."""
    cells, minor = document["cells"], document.get("nbformat_minor")
    if type(minor) is int and 0 <= minor < MINOR and not any("id" in cell for cell in cells):
        return
    document["nbformat_minor"] = MINOR
    names = [str(cell.get("id")) for cell in cells]
    if len(set(names)) < len(names) or not all(map(ID.fullmatch, names)):
        for number, cell in enumerate(cells):
            cell["id"] = f"cell-{number}"


def _mend(cell: dict[str, Any], known: dict[str, SourceCell]) -> None:
    """Give a cell the type and the label that the instructor gave it, and take its outputs."""
    label = cell.setdefault("metadata", {}).pop("nbgrader", None)
    name = label.get("grade_id") if isinstance(label, dict) else None
    facts = known.pop(name, None) if isinstance(name, str) else None
    if facts is not None:
        cell["cell_type"] = facts.cell_type
        cell["metadata"]["nbgrader"] = _label(facts)
    code = cell["cell_type"] == "code"
    for key in cell.keys() - (CODE_KEYS if code else TEXT_KEYS):
        del cell[key]
    if code:
        cell.update(outputs=[], execution_count=None)


def _label(facts: SourceCell) -> dict[str, Any]:
    points = {} if facts.max_score is None else {"points": facts.max_score}
    return {
        "schema_version": 3,
        "grade_id": facts.name,
        "cell_type": facts.cell_type,
        "checksum": facts.checksum,
        "grade": facts.max_score is not None and not facts.task,
        "solution": facts.solution,
        "locked": facts.locked,
        "task": facts.task,
        **points,
    }


def _said(error: Exception) -> str:
    """The first line of an error's message; nbformat's go on with whole notebooks."""
    lines = str(error).strip().splitlines() or [""]
    return plain_text(f"{type(error).__name__}: {lines[0]}", MESSAGE_CHARACTERS).replace("\t", " ")
