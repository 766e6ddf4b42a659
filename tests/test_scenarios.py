"""Submissions as they come: each folder in scenarios/ is one, with what must come of it.

`submission.py` holds cells (percent format): one that defines an exercise's function answers it,
any other is the learner's own and stands first. `submission.ipynb` is handed in as it is. In
`expected.json`, exercises that are not named earn nothing; flags and messages are parts of text.
Adding a folder adds a test.
"""

import json
import re
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder import sandbox
from autograder.grading import grade_submission
from autograder.repair import read_submission

SCENARIOS = sorted(p.parent for p in Path(__file__).parent.glob("scenarios/*/expected.json"))
LIMITS = sandbox.Limits(cell_seconds=3, call_seconds=3)


def handed_in(folder, released):
    if (folder / "submission.ipynb").exists():
        return (folder / "submission.ipynb").read_bytes()
    notebook = nbformat.reads(nbformat.writes(released), as_version=4)
    by_id = {cell.id: cell for cell in notebook.cells}
    for cell in reversed(jupytext.read(folder / "submission.py", fmt="py:percent").cells):
        slugs = [s for s in re.findall(r"^def (\w+)", cell.source, re.MULTILINE) if s in by_id]
        if slugs:
            by_id[slugs[0]].source = cell.source
        else:
            notebook.cells.insert(0, new_code_cell(cell.source))
    return nbformat.writes(notebook).encode()


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda f: f.name)
def test_scenario(course, folder):
    """The points, flags and messages of this submission are the expected ones."""
    expected = json.loads((folder / "expected.json").read_text())
    released = nbformat.read(course.notebook("release", expected["chapter"]), as_version=4)
    submission = read_submission(handed_in(folder, released), released)
    receipt = grade_submission(submission, limits=LIMITS)
    earned = {slug: e["earned"] for slug, e in receipt.exercises.items() if e["earned"]}
    assert earned == expected["earned"]
    assert receipt.grader_errors == []
    for kind, found in (("flags", receipt.flags), ("repairs", receipt.repairs)):
        assert bool(found) == bool(expected.get(kind)), found
        for part in expected.get(kind, []):
            assert any(part in text for text in found), found
    everything = json.dumps(receipt.exercises) + json.dumps(receipt.cells)
    for part in expected.get("shows", []):
        assert part in everything
    for part in expected.get("never_shows", []):
        assert part not in everything
