"""The picture on the first page: the table that the kit makes of a wrong answer."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from autograder.judging import bank
from autograder.student.check import public_result
from autograder.student.table import Table

SLUG = "half_mse"
WRONG_ANSWER = '''def half_mse(a, y):
    """Quadratic cost C = 1/(2N) · Σₙ ‖yₙ − aₙ‖²."""
    return float(np.sum((y - a) ** 2) / len(a))'''
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")


def named_mistake() -> str:
    """The verdict table of `WRONG_ANSWER` as HTML, in colours that the site's themes may change."""
    namespace = {"np": np, "__name__": "__main__"}
    exec(WRONG_ANSWER, namespace)  # our own text, three lines above
    answer: Callable[..., object] = namespace[SLUG]  # type: ignore[assignment]
    result = public_result(bank.find(SLUG), answer, namespace)
    return themed(Table(result, public=True)._repr_html_())


def themed(table: str) -> str:
    """A table's HTML with each colour as a variable: `site.css` has the dark theme's."""
    return _COLOUR.sub(lambda found: f"var(--card-{found[0][1:]}, {found[0]})", table)
