"""A receipt that an earlier version wrote: read, shown, compared with what is found today.

The fixture is what commit 77cb461 wrote for the sample class's gus, as it stands.
"""

import gzip
import json
from pathlib import Path

from autograder.judging.verdicts import NOT_ATTEMPTED
from autograder.pages.class_facts import class_facts
from autograder.pages.report import class_page, notebook_page
from autograder.submission.receipt import load_receipt
from autograder.submission.student_result import StudentResult

OLD = Path(__file__).parent / "fixtures" / "receipt-of-version-0.1.json.gz"


def test_it_says_what_it_said(tmp_path):
    """Every verdict, its points, and the sum that was written down beside them."""
    written = json.loads(gzip.decompress(OLD.read_bytes()))
    receipt = _old(tmp_path)
    assert (receipt.schema, receipt.seed) == (1, written["seed"])
    assert receipt.earned == sum(e["earned"] for e in written["exercises"].values()) == 26
    assert receipt.points == sum(e["points"] for e in written["exercises"].values()) == 111
    for slug, exercise in written["exercises"].items():
        found = [(c.name, str(c.verdict), c.points) for c in receipt.exercises[slug].checks]
        assert found == [(c["name"], c["verdict"], c["points"]) for c in exercise["checks"]]
        assert [m.name for m in receipt.exercises[slug].mistakes] == [
            m["name"] for m in exercise["mistakes"]
        ]


def test_pages_are_made_of_it(tmp_path):
    """It carried its tables as HTML; today's are made from its verdicts."""
    receipt = _old(tmp_path)
    page = notebook_page(receipt, "gus")
    for exercise in receipt.exercises.values():
        attempted = NOT_ATTEMPTED not in exercise.mistakes
        assert page.count(exercise.title) == 1 + attempted  # in the summary, and with its table
    row = StudentResult("gus", {"ch02_backprop": receipt}, receipt.earned, receipt.points)
    whole_class = class_page(class_facts("ch02_backprop", [row], "namespaces"))
    assert [slug for slug in receipt.exercises if slug not in whole_class] == []
    assert "did not finish within 10 s" in whole_class


def test_saved_again_it_is_the_same(tmp_path):
    """Nothing is lost on the way to today's form."""
    receipt = _old(tmp_path)
    receipt.save(tmp_path / "again.json")
    assert load_receipt(tmp_path / "again.json") == receipt


def _old(folder):
    path = folder / "old.json"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    receipt = load_receipt(path)
    assert receipt is not None
    return receipt
