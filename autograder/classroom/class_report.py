"""The class report of an assignment, beside those of the others, with links to feedback pages."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from autograder.nbgrader_plugin import Nbgrader
from autograder.pages.class_facts import class_facts
from autograder.pages.report import class_page, write
from autograder.submission.student_result import StudentResult


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
    facts = class_facts(assignment, rows, isolation, nbgrader.mean_shares(), pages)
    return write(report, class_page(facts))
