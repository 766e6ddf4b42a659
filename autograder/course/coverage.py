"""What the course covers of its syllabus, counted only from cells that ran green.

`course/syllabus.toml` lists the components, claims and errata; chapter cells name them in their
metadata; a solved notebook's cell counts if it was executed without an error (and, for an
exercise, if its check cell gave full points).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.judging.mendable import Mendable

KINDS = {"components": "component", "claims": "claim", "errata": "erratum"}



class BadSyllabus(Mendable):
    """The list of what the course carries cannot be read."""


Coverage = dict[str, dict[str, list[int]]]


def coverage(syllabus: Path, solutions: Path) -> Coverage:
    """Per syllabus prefix, `{"components": [done, total], "claims": …, "errata": …}`."""
    done = green_ids(solutions)
    return {
        prefix: {kind: [len(done & set(names)), len(names)] for kind, names in listed.items()}
        for prefix, listed in read_syllabus(syllabus).items()
    }


def missing(syllabus: Path, solutions: Path, prefix: str) -> list[str]:
    """The ids of one prefix that no green cell demonstrates."""
    done, listed = green_ids(solutions), read_syllabus(syllabus)[prefix]
    return [name for names in listed.values() for name in names if name not in done]


def read_syllabus(path: Path) -> dict[str, dict[str, list[str]]]:
    """By prefix and kind, what the course is to carry; a kind that is not listed is empty.

    Raises
    ------
    BadSyllabus
        If there is no such file, or it is none.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return {p: {kind: list(listed.get(kind, ())) for kind in KINDS} for p, listed in found.items()}
    except FileNotFoundError:
        raise BadSyllabus(f"there is no {path}; list in it what the course carries") from None
    except (ValueError, AttributeError, TypeError) as error:
        raise BadSyllabus(f"{path} cannot be read: {error}") from None


def green_ids(solutions: Path) -> set[str]:
    """Every id demonstrated by a green cell of some solved notebook."""
    return {name for path in sorted(solutions.glob("*/*.ipynb")) for name in _green(path)}


def short_solutions(solutions: Path) -> list[str]:
    """Solved notebooks whose check cells do not all give full points: none, we hope."""
    return [
        f"{path}: {cell['id']} does not give full points"
        for path in sorted(solutions.glob("*/*.ipynb"))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade") and not _full_points(cell)
    ]


def _green(path: Path) -> Iterator[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    by_id = {cell.get("id"): cell for cell in cells}
    for cell in cells:
        check = by_id.get(f"{cell.get('id')}-check")
        if _ran(cell) and (check is None or (_ran(check) and _full_points(check))):
            for key in KINDS.values():
                yield from _as_list(cell["metadata"].get(key, []))


def _ran(cell: dict[str, Any]) -> bool:
    if cell["cell_type"] != "code" or cell.get("execution_count") is None:
        return False
    return all(output["output_type"] != "error" for output in cell["outputs"])


def _full_points(check: dict[str, Any]) -> bool:
    results = [o for o in check["outputs"] if o["output_type"] == "execute_result"]
    points = float(check["metadata"]["nbgrader"]["points"])
    return bool(results) and float("".join(results[0]["data"]["text/plain"])) == points


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
