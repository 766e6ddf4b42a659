"""What cells of a graded notebook show: verdicts, points, learners' outputs made harmless."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from html import escape, unescape
from typing import Any, cast

import nbformat
from nbformat import NotebookNode

from autograder.nbgrader_plugin.text_cells import html_of
from autograder.notebook.cells import is_check
from autograder.pages.cleaning import clean, picture, without_links
from autograder.student.table import Table
from autograder.submission.receipt import Receipt

PICTURES = ("image/png", "image/jpeg")
PLAIN = ("text/plain", *PICTURES)
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
PICTURE = re.compile(
    r'<img src="data:image/png;base64,(?P<pixels>[A-Za-z0-9+/=]+)" alt="(?P<words>[^"<>]*)">'
)
"""A figure as `autograder.figures.show` displays it."""
SHOWS = re.compile(r"<img|>[^<>]*[^<>\s]|\A[^<>]*[^<>\s]")
"""Text or a picture: what only a script would have filled is empty."""


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


def harmless(output: dict[str, Any], *, rich: bool = False) -> NotebookNode:
    """Learner output without active content: text, pictures and, if `rich`, clean HTML."""
    node = nbformat.from_dict(output)
    if "data" in node:
        kept = {kind: data for kind, data in node.data.items() if _is_plain(kind, data)}
        node.metadata = NotebookNode()
        if figure := PICTURE.search(node.data.get("text/html", "")):
            kept["image/png"] = figure["pixels"]
            node.metadata = nbformat.from_dict({"image/png": {"alt": unescape(figure["words"])}})
        elif rich and (page := _page(node.data)):
            kept["text/html"] = page
        node.data = NotebookNode(kept or {"text/plain": "(output of another kind)"})
    return node


def _is_plain(kind: str, data: str) -> bool:
    return kind in PLAIN and (kind not in PICTURES or bool(BASE64.fullmatch(data)))


def _page(data: dict[str, str]) -> str:
    """The richest form of an output as clean HTML; nothing where its picture or text says more."""
    html = data.get("text/html", "")
    if html and not ("<script" in html.lower() and any(kind in data for kind in PICTURES)):
        page = clean(html)
        if SHOWS.search(page):
            return page
    if svg := data.get("image/svg+xml"):
        return picture("image/svg+xml", b64encode(svg.encode()).decode())
    if markdown := data.get("text/markdown"):
        return html_of(markdown)
    if latex := data.get("text/latex"):
        return f"<div>{without_links(escape(latex))}</div>"
    return ""
