"""`autograder check`: notebooks graded with all hidden checks."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from autograder import sandbox
from autograder.commands._options import as_json, in_course, no_isolation, say
from autograder.course.build import locate
from autograder.desk.checking import grade, notebooks
from autograder.desk.telling import of_receipt
from autograder.pages.report import notebook_page, write
from autograder.submission.receipt import Receipt
from autograder.submission.results_as_json import exercise_to_json
from autograder.submission.seeds import BITS
from autograder.submission.session import best_isolation


@click.command()
@click.argument("paths", nargs=-1, metavar="[NOTEBOOK|FOLDER]...", type=click.Path(path_type=Path))
@click.option("--report", type=click.Path(path_type=Path), help="Where to write the HTML report.")
@click.option(
    "--seed", type=click.IntRange(0, 2**BITS - 1), help="Repeat a grading with this seed."
)
@click.option("--open", "open_", is_flag=True, help="Open the reports in a browser.")
@no_isolation
@in_course
@as_json
def command(
    paths: tuple[Path, ...],
    report: Path | None,
    seed: int | None,
    open_: bool,
    no_isolation: bool,
    json_: bool,
) -> None:
    """Grade notebooks (default: all of work/) with all hidden checks; write HTML reports."""
    found = notebooks(locate(), paths)
    if report and len(found) > 1:
        raise click.UsageError("--report names one page: name one notebook")
    isolation = partial(best_isolation, allow_none=no_isolation)
    facts: dict[str, dict[str, Any]] = {}
    for path in found:
        facts[str(path)], lines = report_on(path, isolation, report, seed)
        if not json_:
            say(False, {}, lines)
    if json_:
        say(True, facts[str(found[0])] if len(found) == 1 else {"notebooks": facts}, [])
    if open_:
        for each in facts.values():
            webbrowser.open(Path(each["report"]).resolve().as_uri())
    sys.exit(0 if all(each["earned"] == each["points"] for each in facts.values()) else 1)


def report_on(
    notebook: Path,
    isolation: Callable[[], sandbox.Isolation],
    report: Path | None = None,
    seed: int | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """Grade a notebook and write its page; the facts, and what a learner reads of them."""
    receipt, new = grade(notebook, isolation, seed)
    page = report or notebook.with_suffix(".report.html")
    if new or not page.exists():
        write(page, notebook_page(receipt, notebook.stem))
    heading = f"{notebook.stem}: {receipt.earned:g} of {receipt.points:g} points"
    return _facts(receipt, page), [heading, *of_receipt(receipt), f"  report: {page}"]


def _facts(receipt: Receipt, page: Path) -> dict[str, Any]:
    """What `--json` prints."""
    wanted = ("earned", "points", "isolation", "seed", "repairs", "flags")
    exercises = {
        slug: {"earned": e.earned, "points": e.points, **exercise_to_json(e)}
        for slug, e in receipt.exercises.items()
    }
    facts = {name: getattr(receipt, name) for name in wanted}
    return {**facts, "exercises": exercises, "report": str(page)}
