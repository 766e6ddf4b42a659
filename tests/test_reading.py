"""Broken notebooks: whatever arrives takes the released structure and keeps what was written."""

import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebook.reading import read_submission

LOCKED = {"grade_id": "given-1", "locked": True}
STUB = "def {0}(x):\n    raise NotImplementedError()"


def solution(slug):
    return new_code_cell(
        STUB.format(slug), id=slug, metadata={"nbgrader": {"grade_id": slug, "solution": True}}
    )


def check(slug):
    name = f"{slug}-check"
    nbgrader = {"grade_id": name, "grade": True, "locked": True, "points": 2}
    return new_code_cell(f'check("{slug}")', id=name, metadata={"nbgrader": nbgrader})


def released():
    cells = [
        new_markdown_cell("Prose", id="text-1"),
        new_code_cell("import numpy", id="given-1", metadata={"nbgrader": LOCKED}),
        solution("alpha"), check("alpha"),
        new_code_cell("print(1)", id="experiment-1", metadata={"tags": ["experiment"]}),
        solution("beta"), check("beta"),
    ]  # fmt: skip
    return new_notebook(cells=cells, metadata={"chainrule": {"chapter": "ch00_toy"}})


ANSWER = {slug: f"def {slug}(x):\n    return '{slug} answered'" for slug in ("alpha", "beta")}


def answered():
    notebook = released()
    for cell in notebook.cells:
        cell.source = ANSWER.get(cell.id, cell.source)
    return notebook


def read(notebook_or_bytes):
    raw = notebook_or_bytes
    if not isinstance(raw, bytes):
        raw = json.dumps(raw).encode()
    return read_submission(raw, released())


def sources(submission):
    return {cell.id: cell.source for cell in submission.notebook.cells}


def assert_both_answers(submission):
    found = dict(submission.runnable())
    assert [c.id for c in submission.notebook.cells if c.id in sources(read(released()))] == [
        c.id for c in released().cells
    ]
    code = "\n".join(found.values())
    for answer in ANSWER.values():
        assert code.count(answer) == 1
    assert "NotImplementedError" not in code


def strip_metadata(notebook):
    for cell in notebook.cells:
        cell.metadata, cell.id = nbformat.NotebookNode(), f"x{cell.id}"
    return notebook


def reverse(notebook):
    notebook.cells.reverse()
    return notebook


def drop_checks(notebook):
    notebook.cells = [c for c in notebook.cells if not c.id.endswith("-check")]
    return notebook


def duplicate(notebook):
    notebook.cells = [released().cells[2], *notebook.cells, released().cells[5]]
    return notebook


def merge(notebook):
    notebook.cells[2].source += "\n\n\n" + notebook.cells[5].source
    del notebook.cells[5]
    return notebook


def answer_elsewhere(notebook):
    notebook.cells[5].source = STUB.format("beta")
    notebook.cells.insert(3, new_code_cell(ANSWER["beta"]))
    return notebook


def as_markdown(notebook):
    notebook.cells[2].cell_type = "markdown"
    return notebook


def repoint(notebook):
    notebook.cells[3].metadata.nbgrader.points = 100
    notebook.cells[3].source = "100.0"
    return notebook


@pytest.mark.parametrize(
    "damage",
    [lambda n: n, strip_metadata, reverse, drop_checks, duplicate, merge, answer_elsewhere,
     as_markdown, repoint],
)  # fmt: skip
def test_damaged_structure_loses_nothing(damage):
    """Lost labels, moved, deleted, doubled or merged cells: every answer is found, once."""
    assert_both_answers(read(damage(answered())))


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace('"cells"', '"ce\0lls"').encode(),
    ],
    ids=["BOM", "Windows line ends", "UTF-16", "NUL bytes"],
)
def test_odd_encodings_are_read(encode):
    """A BOM, Windows line ends, UTF-16 and NUL bytes are no obstacle."""
    assert_both_answers(read(encode(json.dumps(answered(), indent=1))))


def test_a_cut_off_file_keeps_its_complete_cells():
    """What was saved before the cut counts, the rest is blank, and the learner is told."""
    text = json.dumps(answered(), indent=1)
    found = read(text[: text.index('"id": "beta"')].encode())
    assert sources(found)["alpha"] == ANSWER["alpha"]
    assert sources(found)["beta"] == STUB.format("beta")
    assert any("not a complete notebook" in repair for repair in found.repairs)


@pytest.mark.parametrize(
    "text",
    [
        '{"cells":[' + '{"a":' * 900 + "[" + "1," * 200_000,
        '{"cells":[' + ('{"a":"' + "x" * 5000 + '",') * 900,
        '{"cells":[{"cell_type":"code","outputs":["' + "{" * 2_000_000,
        '{"cells":[' + '{"a":[[[[' * 200_000,
    ],
    ids=["nested", "nested texts", "one text", "too deep"],
)
def test_looking_for_cells_reads_no_part_again_and_again(text, monkeypatch):
    """Work in proportion to the file: what is read in vain is counted, not timed."""
    in_vain, decode = [], json.JSONDecoder.raw_decode

    def counted(self, s, idx=0):
        try:
            return decode(self, s, idx)
        except json.JSONDecodeError as error:
            in_vain.append(error.pos - idx)
            raise

    monkeypatch.setattr(json.JSONDecoder, "raw_decode", counted)
    found = read(text.encode())
    assert "no cell could be read" in found.repairs[0]
    assert sum(in_vain) < 4 * len(text) + (4 << 20)
    assert len(in_vain) <= 1100


def test_cells_after_damage_are_found_in_a_large_file():
    """Beyond what is looked through again, too: the next cell begins where reading stopped."""
    text = json.dumps(answered(), indent=1)
    huge = '{"cell_type": "code", "source": ["' + "y" * (3 << 20) + '" "lost its comma"]}'
    at = text.index("[", text.index('"cells"')) + 1
    assert_both_answers(read(f"{text[:at]}{huge},{text[at:]}".encode()))


def test_merge_conflict_markers_are_removed():
    """Both sides of a merge conflict are kept as far as they are complete cells."""
    lines = json.dumps(answered(), indent=1).splitlines()
    lines.insert(2, "<<<<<<< HEAD")
    lines.insert(3, "=======")
    lines.insert(4, ">>>>>>> theirs")
    found = read("\n".join(lines).encode())
    assert_both_answers(found)
    assert "merge-conflict markers were removed" in found.repairs


def test_nbformat_3_is_read():
    """A notebook of 2013 still opens."""
    cells = [{"cell_type": "code", "input": ANSWER[s], "outputs": []} for s in ANSWER]
    assert_both_answers(read({"nbformat": 3, "worksheets": [{"cells": cells}]}))


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"[]", b"null", b'{"cells": 3}', b"[" * 10**5])
def test_what_is_no_notebook_scores_as_blank(raw):
    """A file with nothing to read becomes the untouched notebook, and says so."""
    found = read(raw)
    assert sources(found) == sources(read(released()))
    assert found.repairs


def test_locked_cells_and_extra_cells():
    """Locked cells are ours again; the learner's own cells run where they stood."""
    notebook = answered()
    notebook.cells[1].source = "numpy = None"
    notebook.cells.insert(2, new_code_cell("helper = 1", id="mine"))
    found = read(notebook)
    assert [source for _, source in found.runnable()][:3] == [
        "import numpy", "helper = 1", ANSWER["alpha"],
    ]  # fmt: skip


def test_a_text_whose_links_lead_elsewhere_is_not_the_learners():
    """A kit of one chapter has no page to link to, and its text another label; notes stay."""
    theirs = answered()
    theirs.cells[0] = new_markdown_cell("[Prose](../pages/notes.ipynb#prose)", id="text-2")
    theirs.cells.insert(1, new_markdown_cell("[Prose](elsewhere), says my neighbour", id="note"))
    read = read_submission(nbformat.writes(theirs).encode(), released())
    texts = [cell.source for cell in read.notebook.cells if cell.cell_type == "markdown"]
    assert texts == ["Prose", "[Prose](elsewhere), says my neighbour"]
    assert read.repairs == []


def test_untouched_experiments_do_not_run_but_edited_ones_do():
    """Experiments are skipped when grading, unless the learner changed them."""
    notebook = answered()
    assert "experiment-1" not in dict(read(notebook).runnable())
    notebook.cells[4].source = "def helper(): ..."
    assert dict(read(notebook).runnable())["experiment-1"] == "def helper(): ..."


@settings(max_examples=150)
@given(st.data())
def test_random_damage_never_breaks_reading(data):
    """Cutting, swapping and overwriting bytes anywhere ends in a notebook of the right form."""
    raw = bytearray(json.dumps(answered(), indent=1).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        end = min(len(raw), start + data.draw(st.integers(0, 60)))
        raw[start:end] = data.draw(st.binary(max_size=20))
    found = read(bytes(raw))
    assert [c.id for c in found.notebook.cells if not c.id.startswith("extra-")] == [
        c.id for c in released().cells
    ]
    nbformat.validate(found.notebook)
