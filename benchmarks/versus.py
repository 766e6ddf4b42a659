"""Our command against nbgrader's on one class: rates, their ratio, and the same points.

Ours with two workers. nbgrader's as it comes, one process with one kernel at a time, and besides
two of its processes at once on halves of the class, which users would have to arrange themselves.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from common import Rate, assert_same_points, ours, rate, report, stock

FEW = 2


@dataclass(frozen=True)
class Sizes:
    """How many submissions each side grades, and how often the pair is repeated."""

    ours: int
    stock: int
    rounds: int


def compare(
    name: str, make: Callable[[Path, bool, int], Path], assignment: str, sizes: Sizes
) -> None:
    """Grade with both, in turn, and print one line.

    `make` writes a course into a folder: for us or for stock nbgrader, with so many submissions.
    """
    found: dict[str, list[Rate]] = {"ours": [], "stock": [], "stock_two_processes": []}
    compared = 0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        scratch = Path(folder)
        here = make(scratch / "course-ours", True, sizes.ours)
        there = make(scratch / "course-stock", False, sizes.stock)
        runs = {
            "ours": (partial(ours, assignment=assignment), here, sizes.ours),
            "stock": (partial(stock, assignment=assignment), there, sizes.stock),
            "stock_two_processes": (
                partial(stock, assignment=assignment, processes=2),
                there,
                sizes.stock,
            ),
        }
        for _ in range(sizes.rounds):
            graded = {}
            for who, (grade, template, many) in runs.items():
                (scratch / who).mkdir(exist_ok=True)
                measured, graded[who] = rate(grade, template, scratch / who, FEW, many)
                found[who].append(measured)
            for who in ("stock", "stock_two_processes"):
                compared += assert_same_points(graded["ours"], graded[who], assignment)
    report(name=name, **_figures(found), **vars(sizes), points_compared=compared)


def _figures(found: dict[str, list[Rate]]) -> dict[str, float]:
    def ratio(what: Callable[[Rate], float], of: str, over: str) -> float:
        pairs = zip(found[of], found[over], strict=True)
        return round(statistics.median(what(a) / what(b) for a, b in pairs), 2)

    def median(what: Callable[[Rate], float], of: str) -> float:
        return round(statistics.median(map(what, found[of])), 3)

    def per_minute(measured: Rate) -> float:
        return measured.per_minute

    def each(measured: Rate) -> float:
        return measured.seconds_each

    return {
        "ratio": ratio(per_minute, "ours", "stock"),
        "ratio_without_start": ratio(each, "stock", "ours"),
        "ratio_to_two_processes": ratio(per_minute, "ours", "stock_two_processes"),
        "ratio_to_two_without_start": ratio(each, "stock_two_processes", "ours"),
        **{f"{who}_per_minute": median(per_minute, who) for who in found},
        **{f"{who}_seconds_each": median(each, who) for who in found},
    }
