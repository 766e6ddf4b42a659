"""A chapter as a page: executed, with its figures, and without an answer to a graded exercise."""

from __future__ import annotations

import ast
import base64
import hashlib
import re
from collections.abc import Callable, Collection, Iterator

from nbformat import NotebookNode

from autograder.judging import bank

FIGURES = "_static/figures"
FOLDED = "hide-input"
"""MyST-NB's tag of a cell whose code is folded; what it shows stays."""
Keep = Callable[[str, bytes], None]
"""Takes the name of a file beside the pages, and what is in it."""

_LINK = re.compile(r"\[(?P<words>[^\[\]]*)\]\(\.\./\w+/(?P<name>\w+)\.ipynb(?P<anchor>#[^)\s]*)?\)")
_PICTURE = re.compile(r'src="data:image/(png|gif);base64,([^"]+)"')


def for_readers(
    solved: NotebookNode, released: NotebookNode, pages: Collection[str], keep: Keep
) -> NotebookNode:
    """The solved notebook with stubs for answers, and links as they lead on the site.

    Parameters
    ----------
    pages : collection of str
        Names of notebooks that become pages; a link to any other becomes plain words.
    keep : callable
        Is handed every figure: pages name them, so that a browser loads them once.
    """
    stubs = {cell.id: cell.source for cell in released.cells}
    cells = [_shown(cell, stubs) for cell in solved.cells if not _is_check(cell)]
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = as_links(cell.source, pages)
        for output in cell.get("outputs", []):
            _lighten(output, keep)
    metadata = {**solved.metadata, "language_info": {"name": "python"}}
    return NotebookNode({**solved, "cells": cells, "metadata": NotebookNode(metadata)})


def as_links(text: str, pages: Collection[str]) -> str:
    """The prose of a notebook with links to pages; headings are named in small letters there."""

    def link(found: re.Match[str]) -> str:
        target = f"{found['name']}.ipynb{(found['anchor'] or '').lower()}"
        return f"[{found['words']}]({target})" if found["name"] in pages else found["words"]

    return _LINK.sub(link, text)


def _is_check(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def _shown(cell: NotebookNode, stubs: dict[str, str]) -> NotebookNode:
    """A copy of the cell that gives nothing away: a stub, a call of `bring`, a shortened gift."""
    shown: NotebookNode = NotebookNode({**cell, "metadata": NotebookNode(cell.metadata)})
    tags = set(cell.metadata.get("tags", ()))
    if cell.metadata.get("nbgrader", {}).get("solution") or "bring" in cell.metadata:
        shown.source = stubs[cell.id]
    elif "given" in tags:
        shown.source = without_answers(cell.source)
    if tags & {"setup", "given"}:
        shown.metadata["tags"] = [*sorted(tags), FOLDED]
    return shown


def without_answers(source: str) -> str:
    """A given cell in which functions that exercises ask for keep their heads only."""
    lines = source.splitlines()
    for function in reversed(list(_asked_for(source))):
        first = function.body[0]
        start = first.end_lineno or 0 if ast.get_docstring(function) else first.lineno - 1
        say = f"    ...  # an exercise of {bank.find(function.name).chapter} asks for it"
        lines[start : function.end_lineno] = [say]
    return "\n".join(lines)


def _asked_for(source: str) -> Iterator[ast.FunctionDef]:
    slugs = {slug for name in bank.chapters() for slug in bank.chapter(name)}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name in slugs:
            yield node


def _lighten(output: NotebookNode, keep: Keep) -> None:
    """Take pictures out of an output."""

    def picture(found: re.Match[str]) -> str:
        content = base64.b64decode(found[2])
        name = f"{FIGURES}/{hashlib.sha256(content).hexdigest()[:16]}.{found[1]}"
        keep(name, content)
        return f'src="{name}"'

    if html := output.get("data", {}).get("text/html"):
        output.data["text/html"] = _PICTURE.sub(picture, html)
