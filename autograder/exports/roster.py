"""Who is who: a table that the instructor keeps, from the gradebook's ids to those of others."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.exports.grade import Grade, NotExported

COLUMNS = ("id", "login", "email", "name", "section")
"""`login` is the gradebook's id, `id` the number that the university gave."""


@dataclass(frozen=True)
class Person:
    """One line of the roster."""

    id: str
    login: str
    email: str = ""
    name: str = ""
    section: str = ""


def read_roster(path: Path) -> dict[str, Person]:
    """The people of a roster by login.

    Raises
    ------
    NotExported
        If it is no such table, or two people share a login or an id.
    """
    rows = list(csv.DictReader(io.StringIO(text_of(path), newline=""), skipinitialspace=True))
    header = {name.strip().lower() for name in (rows[0] if rows else {}) if name}
    if not {"id", "login"} <= header:
        has = ", ".join(sorted(header)) or "none"
        raise NotExported(
            f"{path} needs a first line with the columns id and login (and, if you like, email, "
            f"name, section); it has: {has}"
        )
    people = [_person(row) for row in rows]
    for part in ("id", "login"):
        _distinct(path, part, [getattr(person, part) for person in people])
    return {person.login: person for person in people}


def named(grades: Iterable[Grade], roster: dict[str, Person]) -> list[Grade]:
    """The grades with names and addresses from the roster where the gradebook has none."""
    return [_named(grade, roster.get(grade.student)) for grade in grades]


def _named(grade: Grade, person: Person | None) -> Grade:
    if person is None:
        return grade
    first, last = grade.first_name, grade.last_name
    if not (first or last):
        first, _, last = person.name.rpartition(" ")
    email = grade.email or person.email
    return replace(grade, email=email, first_name=first, last_name=last)


def _person(row: dict[str, str | None]) -> Person:
    clean = {(name or "").strip().lower(): (value or "").strip() for name, value in row.items()}
    return Person(**{name: clean.get(name, "") for name in COLUMNS})


def _distinct(path: Path, part: str, values: list[str]) -> None:
    twice = sorted({value for value in values if value and values.count(value) > 1})
    if twice:
        raise NotExported(f"{path} has more than one line with the {part} {', '.join(twice)}")


def text_of(path: Path) -> str:
    """A table's text; spreadsheets like to begin theirs with a byte order mark."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise NotExported(f"{path} cannot be read: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise NotExported(f"{path} is not UTF-8: save it as “CSV UTF-8” and try again") from problem
