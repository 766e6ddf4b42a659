"""`autograder check`: one notebook, graded with all hidden checks."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from typing import Any

import click

from autograder.commands._options import as_json, no_isolation, say
from autograder.course.one_file import grade_file
from autograder.pages.report import notebook_page, outcome, write
from autograder.submission.receipt import Receipt
from autograder.submission.results_as_json import exercise_to_json
from autograder.submission.seeds import BITS
from autograder.submission.session import best_isolation


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--report", type=click.Path(path_type=Path), help="Where to write the HTML report.")
@click.option(
    "--seed", type=click.IntRange(0, 2**BITS - 1), help="Repeat a grading with this seed."
)
@click.option("--open", "open_", is_flag=True, help="Open the report in a browser.")
@no_isolation
@as_json
def command(
    notebook: Path,
    report: Path | None,
    seed: int | None,
    open_: bool,
    no_isolation: bool,
    json_: bool,
) -> None:
    """Grade one NOTEBOOK with all hidden checks and write an HTML report."""
    receipt = grade_file(notebook, isolation=best_isolation(allow_none=no_isolation), seed=seed)
    page = report or notebook.with_suffix(".report.html")
    write(page, notebook_page(receipt, notebook.stem))
    say(json_, _facts(receipt, page), _lines(receipt, page))
    if open_:
        webbrowser.open(page.resolve().as_uri())
    sys.exit(0 if receipt.earned == receipt.points else 1)


def _lines(receipt: Receipt, page: Path) -> list[str]:
    exercises = receipt.exercises.items()
    return [
        *(f"{e.earned:g}/{e.points:g}  {slug}: {outcome(e)}" for slug, e in exercises),
        *receipt.repairs,
        *receipt.flags,
        f"{receipt.earned:g} of {receipt.points:g} points",
        f"report: {page}",
    ]


def _facts(receipt: Receipt, page: Path) -> dict[str, Any]:
    """What `--json` prints."""
    wanted = ("earned", "points", "isolation", "seed", "repairs", "flags")
    exercises = {
        slug: {"earned": e.earned, "points": e.points, **exercise_to_json(e)}
        for slug, e in receipt.exercises.items()
    }
    facts = {name: getattr(receipt, name) for name in wanted}
    return {**facts, "exercises": exercises, "report": str(page)}
