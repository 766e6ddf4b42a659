"""What a submitted notebook says about points, locks and graders is not believed."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.nbgrader_plugin.assignment import SourceCell, SourceNotebook
from autograder.nbgrader_plugin.labelled_reading import Unreadable, read_notebook

CELLS = [
    SourceCell("answer", "code", False, "stub", "1", None, True, False),
    SourceCell("essay", "code", False, "stub", "2", 3.0, True, False),
    SourceCell("test", "code", True, "assert answer()", "3", 2.0, False, False),
    SourceCell("project", "markdown", True, "Build it.", "4", 5.0, False, True),
]
FACTS = SourceNotebook("ps1", {cell.name: cell for cell in CELLS}, {}, None)


def labelled(name, source="x = 1", make=new_code_cell, **label):
    return make(source, metadata={"nbgrader": {"grade_id": name, **label}})


def read(notebook):
    return read_notebook(json.dumps(notebook).encode(), FACTS)


def test_labels_are_the_instructors():
    """Nobody makes an essay grade itself, nor a test worth more, by editing metadata."""
    forged = {"grade": True, "solution": False, "points": 99, "schema_version": "x"}
    notebook = new_notebook(cells=[labelled(c.name, **forged) for c in CELLS])
    labels = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader for c in read(notebook).cells}
    assert [labels[c.name].get("points") for c in CELLS] == [None, 3, 2, 5]
    assert [labels[c.name].solution for c in CELLS] == [True, True, False, False]
    assert [labels[c.name].grade for c in CELLS] == [False, True, True, False]
    assert [c.cell_type for c in read(notebook).cells] == ["code", "code", "code", "markdown"]


def test_of_two_cells_with_one_label_the_later_counts():
    """A copied test cell costs nothing; unknown labels mean nothing."""
    notebook = new_notebook(cells=[labelled("test"), labelled("test"), labelled("mine")])
    assert ["nbgrader" in c.metadata for c in read(notebook).cells] == [False, True, False]


def test_forged_outputs_and_wrong_types_are_mended():
    """Outputs of the submission are dropped whatever they are; a test is code again."""
    notebook = json.loads(
        json.dumps(new_notebook(cells=[labelled("test", make=new_markdown_cell)]))
    )
    notebook["cells"][0]["outputs"] = [3, {"output_type": "unheard of"}]
    (cell,) = read(notebook).cells
    assert (cell.cell_type, cell.outputs) == ("code", [])


def test_ids_that_clash_or_are_too_new_for_the_format_are_mended():
    """Editors write ids into old formats, and copy them with the cell."""
    notebook = new_notebook(cells=[labelled("test"), labelled("answer")])
    notebook.cells[1].id = notebook.cells[0].id
    notebook.nbformat_minor = 4
    nbformat.validate(read(notebook))


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"PK\x03\x04", b'{"nbformat": 4, "cells": 3}'])
def test_what_is_no_notebook_is_refused_in_one_line(raw):
    """The message is for the instructor and for the student."""
    with pytest.raises(Unreadable) as refused:
        read_notebook(raw, FACTS)
    assert str(refused.value).isprintable()
