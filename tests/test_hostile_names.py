"""Names and outputs that attack whoever reads the pages: they stay text, and short."""

import re

import pytest
from markupsafe import escape

from autograder.judging.verdicts import CheckResult, ExerciseResult, Verdict
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
TAGS = re.compile(r"<(script|img|hr|iframe)\b|<[^>]*\s(on\w+)=", re.IGNORECASE)


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
        class_page(text, rows, "namespaces"),
        notebook_page(receipt, text),
        summary_html(receipt),
    ]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_names_and_messages_stay_text(name):
    """A student's id, a notebook's name, a message: no tag, no handler, no template of theirs."""
    ours = [len(TAGS.findall(page)) for page in pages("ada")]
    assert [len(TAGS.findall(page)) for page in pages(name)] == ours
    assert str(escape(name)) in pages(name)[0]
