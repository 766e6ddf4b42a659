"""Reports to read: a learner's summary and page, and the instructor's class report.

Everything is one self-contained HTML file: nothing is loaded from elsewhere, and only the class
report has a script. Whatever a learner may have written is escaped by the templates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder.judging.verdicts import NOT_ATTEMPTED, ExerciseResult, Verdict
from autograder.student.table import Table, marked
from autograder.submission.receipt import Receipt


def summary_html(receipt: Receipt) -> str:
    """The card on top of a feedback page: points and what happened, per exercise."""
    return _environment().get_template("summary.html.j2").render(receipt=receipt, **_words())


def notebook_page(receipt: Receipt, title: str) -> str:
    """A page with the summary and every verdict table of one notebook."""
    tables = [
        (number, Markup(Table(e)._repr_html_()))  # escaped there
        for number, e in enumerate(receipt.exercises.values(), 1)
        if NOT_ATTEMPTED not in e.mistakes
    ]
    return _page("notebook.html.j2", receipt=receipt, title=title, tables=tables)


def class_page(facts: Mapping[str, Any]) -> str:
    """The class report, of `class_facts`: it sorts, filters and opens without asking anybody."""
    # Nothing in JSON but its strings can hold a "<", and only that could end the script.
    data = Markup(json.dumps(facts).replace("<", "\\u003c"))
    return _page("class.html.j2", title=facts["assignment"], facts=facts, data=data)


def outcome(exercise: ExerciseResult) -> str:
    """What happened in one exercise, in a few words: the named mistake or the first finding."""
    if exercise.mistakes:
        return "; ".join(mistake.name for mistake in exercise.mistakes)
    quiet = (Verdict.PASS, Verdict.SKIPPED)
    failing = [check for check in exercise.checks if check.verdict not in quiet]
    return failing[0].message if failing else "right"


def write(path: Path, text: str) -> Path:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path


def _page(template: str, **facts: Any) -> str:
    return _environment().get_template(template).render(**facts, **_words())


def _words() -> dict[str, Any]:
    return {"outcome": outcome, "marked": _marked, "NOT_ATTEMPTED": NOT_ATTEMPTED}


def _marked(text: str) -> Markup:
    return Markup(marked(text))  # escaped there


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("autograder.pages"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
