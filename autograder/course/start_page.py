"""START.ipynb, the first page of a folder of notebooks: a few words, and cells to run."""

from __future__ import annotations

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from autograder.course.chapter import KERNELSPEC

START = "START.ipynb"


def start_page(welcome: str, show: str = "", *more: str) -> str:
    """The page as a notebook's text: Markdown, the cell that is run, and Markdown again."""
    cells = [new_markdown_cell(welcome, id="welcome")]
    cells += [new_code_cell(show, id="standing")] if show else []
    cells += [new_markdown_cell(text, id=f"more-{n}") for n, text in enumerate(more, 1)]
    python = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}  # nobody is asked
    return str(writes(new_notebook(cells=cells, metadata=python))) + "\n"
