"""`autograder export`: grades to where they belong."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from autograder.commands._options import as_json, nbgrader_course, say
from autograder.course.build import locate_nbgrader
from autograder.exports.bundle import write_classroom50, write_gradescope
from autograder.exports.canvas import Filled, fill
from autograder.exports.grade import Grade, NotExported
from autograder.exports.moodle import moodle_xml
from autograder.exports.roster import named, read_roster
from autograder.exports.spreadsheet import spreadsheet

TO_GRADESCOPE = "Upload it as it is under Configure Autograder, with Ubuntu 24.04 or newer as base."
TO_CLASSROOM50 = "Put what is in it into CLASSROOM/autograders/ASSIGNMENT of your classroom50."
PUBLIC = (
    "Classroom 50 serves an assignment's autograder from GitHub Pages: whoever finds the address "
    "can read hidden checks and reference answers. If your Pages are private, or you do not mind, "
    "say --publish-answers, too"
)

a_file = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("assignment")
@click.option("--canvas", type=a_file, metavar="FILE", help="Fill in this file from Canvas.")
@click.option("--moodle", is_flag=True, help="Write Moodle's XML of grades.")
@click.option("--csv", "csv_", is_flag=True, help="Write a table with nbgrader's columns.")
@click.option("--gradescope-zip", type=a_file, metavar="FILE", help="Write an autograder for it.")
@click.option(
    "--classroom50",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write an autograder for Classroom 50.",
)
@click.option(
    "--publish-answers", is_flag=True, help="Yes: what --classroom50 writes may be read by all."
)
@click.option("--roster", type=a_file, help="A table with the columns id, login, email, name.")
@click.option("--column", default="", help="Its title in Canvas, or idnumber in Moodle.")
@click.option("--output", "-o", type=a_file, help="The file to write.")
@nbgrader_course
@as_json
def command(
    assignment: str,
    canvas: Path | None,
    moodle: bool,
    csv_: bool,
    gradescope_zip: Path | None,
    classroom50: Path | None,
    publish_answers: bool,
    roster: Path | None,
    column: str,
    output: Path | None,
    course: Path | None,
    json_: bool,
) -> None:
    """Hand the grades of ASSIGNMENT to Canvas, Moodle, or a table; or its grader to Gradescope.

    Scores are the gradebook's: manual grades and late penalties included. If anything is in doubt,
    nothing is written.
    """
    wanted = (canvas, moodle, csv_, gradescope_zip, classroom50)
    if sum(map(bool, wanted)) != 1:
        raise click.UsageError(
            "say one of --canvas FILE, --moodle, --csv, --gradescope-zip FILE, --classroom50 DIR"
        )
    root = course or locate_nbgrader()
    if gradescope_zip:
        path = write_gradescope(root, assignment, gradescope_zip)
        say(json_, {"written": str(path)}, [f"written: {path}. {TO_GRADESCOPE}"])
        return
    if classroom50:
        if not publish_answers:
            raise NotExported(PUBLIC)
        path = write_classroom50(root, assignment, classroom50)
        say(json_, {"written": str(path)}, [f"written: {path}. {TO_CLASSROOM50}"])
        return
    due, grades = _grades(root, assignment)
    people = read_roster(roster) if roster else {}
    grades = named(grades, people)
    filled = None
    if canvas is not None:
        filled = fill(canvas, assignment, grades, people, column)
        path, text = output or canvas.with_stem(f"{canvas.stem}-filled"), filled.text
    elif moodle:
        path = output or Path(f"{assignment}-moodle.xml")
        text = moodle_xml(column or assignment, grades, people)
    else:
        path, text = output or Path(f"{assignment}.csv"), spreadsheet(assignment, due, grades)
    _write(path, text)
    facts = _facts(path, grades, filled)
    say(json_, facts, list(_lines(facts)))
    sys.exit(1 if facts["unknown"] else 0)


def _grades(course: Path, assignment: str) -> tuple[str, list[Grade]]:
    from autograder.nbgrader_plugin import Nbgrader

    return Nbgrader(course).grades(assignment)


def _write(path: Path, text: str) -> None:
    scratch = path.with_name(f".{path.name}.tmp")
    scratch.write_text(text, encoding="utf-8", newline="")
    scratch.replace(path)


def _facts(path: Path, grades: Sequence[Grade], filled: Filled | None) -> dict[str, Any]:
    return {
        "written": str(path),
        "grades": filled.written if filled else sum(grade.handed_in for grade in grades),
        "column": filled.column if filled else None,
        "unknown": filled.unknown if filled else [],
        "missing": filled.missing if filled else [g.student for g in grades if not g.handed_in],
        "unfinished": [grade.student for grade in grades if grade.unfinished],
    }


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    if facts["unfinished"]:
        yield f"still to be graded by hand: {', '.join(facts['unfinished'])}"
    if facts["missing"]:
        yield f"no grade, and left as they were: {'; '.join(facts['missing'])}"
    if facts["unknown"]:
        yield f"graded, but not in that file: {', '.join(facts['unknown'])}"
    where = f" in {facts['column']}" if facts["column"] else ""
    yield f"{facts['grades']} grades{where} written: {facts['written']}"
