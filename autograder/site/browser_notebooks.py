"""The notebooks of the browser edition: as students get them, and one cell that fetches the kit."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell

from autograder.course.build import Course
from autograder.course.handout import handout
from autograder.course.start_page import START, start_page
from autograder.course.student_kit import BASE, with_parts
from autograder.folder.kinds import CHAPTER, kind_of, label_of

FETCH = """import sys

if sys.platform == "emscripten":  # in a browser: this page brings its own copy of the checks
    import piplite

    await piplite.install({packages})"""
WELCOME = """# Begin here

Python runs in this tab: nothing is installed, and nothing you write leaves your machine. The first
cell that you run takes some ten seconds, while Python arrives; later your browser remembers it.

1. Open a chapter below, and run its cells from the top (Shift+Enter).
2. Fill in the cells that say `YOUR CODE HERE`, and run `check("…")` below each. `hint("…")` gives
   the next hint.
3. Your work is kept by *this browser on this machine*. To hand it in, or to be safe: right-click
   the notebook in the list on the left, and *Download*.

{listed}

Symbols are explained on the [notation page](notation.ipynb), terms in the
[glossary](glossary.ipynb)."""


def write_notebooks(course: Course, names: Collection[str], folder: Path) -> None:
    """Write what JupyterLite shows in its list of files."""
    folder.mkdir(parents=True, exist_ok=True)
    titles: dict[str, str] = {}
    for file, text in handout(course, names):
        notebook, name = json.loads(text), file.removesuffix(".ipynb")
        if name in names:
            packages = packages_of(course, name)
            titles[name] = notebook["cells"][0]["source"][0].lstrip("# ").strip()
            _insert(notebook["cells"], FETCH.format(packages=json.dumps(packages)))
        (folder / file).write_text(json.dumps(notebook, indent=1, ensure_ascii=False), "utf-8")
    (folder / START).write_text(_start(titles), encoding="utf-8")


def packages_of(course: Course, name: str) -> list[str]:
    """The packages of the kit that a notebook needs: its own, and of what a project brings."""
    return [f"{BASE}-{chapter.replace('_', '-')}" for chapter in with_parts(course, [name])]


def _insert(cells: list[dict[str, Any]], source: str) -> None:
    """Put a cell in front of the first one that runs."""
    first = next(i for i, cell in enumerate(cells) if cell["cell_type"] == "code")
    cells.insert(first, new_code_cell(source, id="browser-kit", metadata={"tags": ["browser"]}))


def _start(titles: dict[str, str]) -> str:
    listed = "\n".join(f"- [{_numbered(*item)}]({item[0]}.ipynb)" for item in titles.items())
    return start_page(WELCOME.format(listed=listed))


def _numbered(name: str, title: str) -> str:
    """`2 · Back-propagation: …`; the titles of projects have their numbers."""
    return f"{label_of(name)} · {title}" if kind_of(name) is CHAPTER else title
