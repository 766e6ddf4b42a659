"""What cells of a graded notebook show: verdicts, points, learners' outputs made harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, cast

import bleach
import nbformat
from nbformat import NotebookNode

from autograder.student.table import Table
from autograder.submission.cells import is_check
from autograder.submission.receipt import Receipt

PLAIN = ("text/plain", "image/png", "image/jpeg")
PICTURE = re.compile(
    r'<img src="data:image/png;base64,(?P<pixels>[A-Za-z0-9+/=]+)" alt="(?P<words>[^"<>]*)">'
)
"""A figure as `autograder.figures.show` displays it."""
TABLE_TAGS = {"table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "div", "p", "b", "i"}


def outputs_of(cell: NotebookNode, receipt: Receipt) -> Iterator[NotebookNode]:
    """A check cell shows its verdicts and, as a plain float, its points; others what they gave.

    nbgrader reads points from the printed number only: stderr would cost them all, and a nan,
    a NumPy scalar or nothing would give them all.
    """
    if not is_check(cell):
        for output in receipt.cells.get(cell.id, []):
            yield harmless(output)
        return
    record = receipt.exercises[str(cell.metadata.nbgrader.grade_id).removesuffix("-check")]
    table = Table(record)
    data = {"text/html": table._repr_html_(), "text/plain": repr(table)}
    yield _shown("display_data", data)
    points = min(max(record.earned, 0.0), float(cell.metadata.nbgrader.points))
    yield _shown("execute_result", {"text/plain": repr(points)}, execution_count=None)


def _shown(kind: str, data: dict[str, Any], **more: Any) -> NotebookNode:
    """An output of ours; nbformat's `new_output` would validate each, which takes a while."""
    node = nbformat.from_dict({"output_type": kind, "data": data, "metadata": {}, **more})
    return cast(NotebookNode, node)


def harmless(output: dict[str, Any], *, html: bool = False) -> NotebookNode:
    """Learner output without active content: text, pictures and, with `html`, plain tables."""
    node = nbformat.from_dict(output)
    if "data" in node:
        kept = {kind: data for kind, data in node.data.items() if kind in PLAIN}
        node.metadata = NotebookNode()
        page = node.data.get("text/html", "")
        if picture := PICTURE.search(page):
            kept["image/png"] = picture["pixels"]
            node.metadata = nbformat.from_dict({"image/png": {"alt": unescape(picture["words"])}})
        elif html and page:
            kept["text/html"] = bleach.clean(page, tags=TABLE_TAGS, strip=True)
        node.data = NotebookNode(kept or {"text/plain": "(output of another kind)"})
    return node
