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

KINDS = {"components": "component", "claims": "claim", "errata": "erratum"}

Coverage = dict[str, dict[str, list[int]]]


def coverage(syllabus: Path, solutions: Path) -> Coverage:
    """Per syllabus prefix, `{"components": [done, total], "claims": …, "errata": …}`."""
    done = green_ids(solutions)
    prefixes = tomllib.loads(syllabus.read_text(encoding="utf-8"))
    return {
        prefix: {kind: [len(done & set(listed[kind])), len(listed[kind])] for kind in KINDS}
        for prefix, listed in prefixes.items()
    }


def missing(syllabus: Path, solutions: Path, prefix: str) -> list[str]:
    """The ids of one prefix that no green cell demonstrates."""
    listed = tomllib.loads(syllabus.read_text(encoding="utf-8"))[prefix]
    done = green_ids(solutions)
    return [name for kind in KINDS for name in listed[kind] if name not in done]


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
