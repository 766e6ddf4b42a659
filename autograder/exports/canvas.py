"""Canvas: the column of one assignment, filled in a file that Canvas exported.

The rules are those of its reader (canvas-lms, lib/gradebook_importer.rb): a header that begins with
`Student` and `ID`, assignments as `Title (number)`, a line `Points Possible`, commas or semicolons.
Everything but the one column stays as Canvas wrote it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.exports.grade import Grade, NotExported, short
from autograder.exports.roster import Person, text_of

IDS = ("SIS Login ID", "SIS User ID", "ID")
"""The columns that may hold what the gradebook, or the roster, calls somebody."""
POINTS_POSSIBLE = "points possible"
TEST_STUDENT = "student, test"
_NUMBER = re.compile(r"\s*\(\d+\)\s*$")

People = dict[str, Person]


@dataclass(frozen=True)
class Filled:
    """The file with its column filled in, and for whom that did not work."""

    text: str
    column: str
    written: int
    unknown: list[str]
    """Graded, but not in Canvas's file."""
    missing: list[str]
    """In Canvas's file, but not graded: their fields are as they were."""


@dataclass(frozen=True)
class _Sheet:
    path: Path
    header: list[str]
    rows: list[list[str]]
    delimiter: str
    line_end: str

    def students(self) -> Iterator[list[str]]:
        """Neither the points' line, nor the one about posting, nor Canvas's test student."""
        nobody = ("", POINTS_POSSIBLE, TEST_STUDENT)
        return (row for row in self.rows[1:] if row and row[0].strip().lower() not in nobody)

    def points(self, at: int) -> str:
        """What Canvas says the assignment of a column gives at most; "" if it does not say."""
        said = [row[at] for row in self.rows[1:] if row[0:1] and at < len(row) and _is_points(row)]
        return said[0].strip() if said else ""

    def ids(self, row: list[str]) -> list[str]:
        places = [self.header.index(name) for name in IDS if name in self.header]
        return [row[k].strip() for k in places if k < len(row)]

    def text(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.line_end)
        writer.writerows(self.rows)
        return out.getvalue()


def fill(
    path: Path, assignment: str, grades: Sequence[Grade], roster: People, column: str = ""
) -> Filled:
    """Fill the column of `assignment` (or `column`) in Canvas's file at `path`.

    Raises
    ------
    NotExported
        If it is no such file, the column or a student is not clear, or the points differ.
    """
    sheet = _read(path)
    at = _column(sheet, column or assignment)
    _compare_points(sheet, at, {grade.points for grade in grades})
    logins = {person.id: login for login, person in roster.items()}
    left = {grade.student: grade for grade in grades if grade.handed_in}
    handed_in, missing = frozenset(left), []
    for row in sheet.students():
        who = {logins.get(value, value) for value in sheet.ids(row)} & handed_in
        if len(who) > 1 or who - left.keys():
            raise NotExported(f"{path}: whose line is that of {row[0].strip()}? {_doubt(who)}")
        if who:
            row.extend([""] * (at + 1 - len(row)))
            row[at] = short(left.pop(who.pop()).score)
        else:
            missing.append(row[0].strip())
    written = len(handed_in) - len(left)
    return Filled(sheet.text(), sheet.header[at], written, sorted(left), missing)


def _doubt(who: set[str]) -> str:
    names = " and ".join(sorted(who))
    return f"Its ids are those of {names}." if len(who) > 1 else f"Another line is {names}'s, too."


def _read(path: Path) -> _Sheet:
    text = text_of(path)
    # As Canvas's reader guesses it: by what the first three lines have more of.
    start = "".join(text.splitlines(keepends=True)[:3])
    delimiter = ";" if start.count(";") > start.count(",") else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    header = [name.strip() for name in rows[0]] if rows else []
    if header[:2] != ["Student", "ID"]:
        raise NotExported(
            f"{path} is not what Canvas exports: its first line should begin with Student, ID. "
            "In Canvas: Grades, Export, Export Entire Gradebook"
        )
    return _Sheet(path, header, rows, delimiter, "\r\n" if "\r\n" in text else "\n")


def _column(sheet: _Sheet, wanted: str) -> int:
    titles = [(k, name) for k, name in enumerate(sheet.header) if _NUMBER.search(name)]
    found = [k for k, name in titles if wanted in (name, _NUMBER.sub("", name))]
    if len(found) == 1:
        return found[0]
    they = "; ".join(name for _, name in titles) or "none"
    many = "more than one column" if found else "no column"
    raise NotExported(
        f"{sheet.path} has {many} called {wanted}: name one by --column. Its assignments: {they}"
    )


def _compare_points(sheet: _Sheet, at: int, ours: set[float]) -> None:
    said = sheet.points(at)
    if said and {_number(said)} != ours:
        here = " or ".join(short(points) for points in sorted(ours)) or "nothing"
        raise NotExported(
            f"{sheet.path}: {sheet.header[at]} gives {said} points in Canvas, {here} here. "
            "Change it in Canvas, export again, then run this again"
        )


def _number(said: str) -> float | None:
    try:
        return float(said.replace(",", "."))
    except ValueError:
        return None


def _is_points(row: list[str]) -> bool:
    return row[0].strip().lower() == POINTS_POSSIBLE
