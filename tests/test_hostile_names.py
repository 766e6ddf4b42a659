"""Names and outputs that attack whoever reads the pages: they stay text, and short."""

from collections import Counter
from html.parser import HTMLParser

import pytest
from markupsafe import escape

from autograder.judging.verdicts import CheckResult, ExerciseResult, Verdict
from autograder.pages.class_facts import class_facts
from autograder.pages.report import class_page, notebook_page, summary_html
from autograder.submission.receipt import Receipt
from autograder.submission.student_result import StudentResult

NAMES = {
    "script": "<script>alert(1)</script>",
    "event handler": '"><img src=x onerror=alert(1)>',
    "quotes": "' onmouseover='alert(1)' x=\"",
    "template": "{{ 7 * 7 }}{% for x in y %}",
    "entity": "&lt;script&gt;",
    "formula": "=cmd|'/c calc'!A1",
    "ANSI": "\x1b[2J\x1b[31mred\x1b]0;title\x07",
    "newlines": "ada\r\n<hr>\nSet-Cookie: x",
    "other scripts": "Ада ١٢٣ 学生 \u202egnitar",
    "path": "../../../etc/passwd",
    "300 letters": "x" * 300,
}


class Seen(HTMLParser):
    """What a browser makes of a page: its elements, and the attributes that act."""

    def __init__(self, page):
        super().__init__()
        self.elements = Counter()
        self.acting = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements[tag] += 1
        self.acting += [(tag, name) for name, _ in attrs if name.startswith("on")]


def receipt_of(text):
    """A receipt in which the learner's text is wherever a learner's text may come."""
    checks = (CheckResult("value", "Gives the value.", 2.0, Verdict.FAIL, text),)
    exercise = ExerciseResult("toy", "A toy", checks)
    outputs = [{"output_type": "stream", "name": "stdout", "text": text}]
    return Receipt("k", 1, "ch00", "namespaces", 0.1, {"toy": exercise}, {"a": outputs},
                   [text], [text])  # fmt: skip


def pages(text):
    receipt = receipt_of(text)
    rows = [
        StudentResult(text, {"toy": receipt}, 0.0, 2.0),
        StudentResult(text, failure=f"not graded, try again: {text}"),
    ]
    return [
        class_page(class_facts(text, rows, "namespaces", [(text, 0.5)], {text: text})),
        notebook_page(receipt, text),
        summary_html(receipt),
    ]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_names_and_messages_stay_text(name):
    """A student's id, a notebook's name, a message: no tag, no handler, no template of theirs."""
    for ours, theirs in zip(map(Seen, pages("ada")), map(Seen, pages(name)), strict=True):
        assert theirs.elements == ours.elements
        assert theirs.acting == []
    assert str(escape(name)) in pages(name)[0]
