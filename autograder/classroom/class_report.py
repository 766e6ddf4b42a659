"""The class report of an assignment, beside those of the others, with links to feedback pages."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

from autograder.nbgrader_plugin import Nbgrader
from autograder.nbgrader_plugin.folders import Folders
from autograder.pages.class_facts import class_facts
from autograder.pages.report import class_page, write
from autograder.submission.student_result import StudentResult
from autograder.submission.written import bare_text


def write_report(
    nbgrader: Nbgrader,
    assignment: str,
    rows: Sequence[StudentResult],
    isolation: str,
    feedback: Mapping[str, Path],
) -> Path:
    """Write the report if it changed; return its path. `feedback` has each student's page."""
    report = nbgrader.root / "reports" / f"{assignment}.html"
    pages = {
        student: quote(os.path.relpath(page, report.parent), errors="surrogatepass")
        for student, page in feedback.items()
    }
    trend, text_of = nbgrader.mean_shares(), partial(_answer_text, nbgrader.folders(assignment))
    facts = class_facts(assignment, rows, isolation, trend, pages, text_of)
    return write(report, class_page(facts))


def _answer_text(folders: Folders, student: str, slug: str) -> str:
    """An answer as it was graded, without comments, which might say whose it is."""
    for path in sorted(folders.autograded(student).glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        source = next((cell["source"] for cell in cells if cell.get("id") == slug), None)
        if source is not None:
            return bare_text("".join(source))
    return ""
