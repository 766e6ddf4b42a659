"""The class report of an assignment, beside those of the others, with links to feedback pages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from autograder.nbgrader_plugin import Nbgrader
from autograder.pages.class_facts import class_facts
from autograder.pages.report import class_page, write
from autograder.submission.student_result import StudentResult


def write_report(
    nbgrader: Nbgrader, assignment: str, rows: Sequence[StudentResult], isolation: str
) -> Path:
    """Write the report if it changed; return its path."""
    report = nbgrader.root / "reports" / f"{assignment}.html"
    pages = {
        row.student: _page_of(nbgrader, assignment, row, report) for row in rows if row.receipts
    }
    facts = class_facts(assignment, rows, isolation, nbgrader.mean_shares(), pages)
    return write(report, class_page(facts))


def _page_of(nbgrader: Nbgrader, assignment: str, row: StudentResult, report: Path) -> str:
    """The address of a feedback page, as a link in the report."""
    folder = nbgrader.folders(assignment).feedback(row.student)
    page = folder / f"{next(iter(row.receipts))}.html"
    return quote(os.path.relpath(page, report.parent), errors="surrogatepass")
