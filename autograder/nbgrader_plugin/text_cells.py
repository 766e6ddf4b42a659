"""What learners wrote as text: kept as the clean HTML that its Markdown makes.

Clean Markdown can still make harmful HTML, so it is the HTML that is cleaned. Feedback, Formgrader
and Jupyter read that from a Markdown cell as one block, in which nothing is Markdown any more.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from autograder.pages.cleaning import as_text, clean

MAX_CHARACTERS = 50_000
MAX_OPENINGS = 200
"""So many formulas may begin in one cell: one that does not end is looked for to the end."""
OPENINGS = ("\\begin{", "\\\\(", "\\\\[", "$$")
SECONDS = 5
"""For all the text cells of a notebook; what comes later is shown as it was written."""
AS_ONE_BLOCK = str.maketrans({"\n": "&#10;", "\r": " ", "\\": "&#92;", "$": "&#36;", "`": "&#96;"})


def keep_texts_clean(nb: NotebookNode, given: Collection[str] = ()) -> None:
    """Replace the sources of text cells, but those that the instructor gave, in place.

    Parameters
    ----------
    given
        Sources that are the instructor's own, whatever they hold.
    """
    end = time.monotonic() + SECONDS
    for cell in nb.cells:
        if cell.cell_type != "code" and cell.source not in given and not _is_plain(cell.source):
            attachments = cell.pop("attachments", {})
            html = as_text(cell.source)
            if cell.cell_type == "markdown" and time.monotonic() < end:
                html = html_of(cell.source, attachments)
            cell.source = f"<div>{html.translate(AS_ONE_BLOCK)}</div>"


def html_of(markdown: str, attachments: dict[str, Any] | None = None) -> str:
    """Clean HTML of a learner's Markdown, in bounded time; as text if it would take too long."""
    openings = max(markdown.count(opening) for opening in OPENINGS)
    if len(markdown) > MAX_CHARACTERS or openings > MAX_OPENINGS:
        return as_text(markdown)
    renderer = IPythonRenderer(
        escape=False, attachments=attachments or {}, exclude_anchor_links=True
    )
    try:
        return clean(MarkdownWithMath(renderer=renderer).render(markdown))
    except Exception:  # a missing attachment, or whatever odd text makes a parser stumble over
        return as_text(markdown)


def _is_plain(text: str) -> bool:
    """Whether Markdown makes nothing of it that could do any harm: it has no sign of any."""
    return len(text) <= MAX_CHARACTERS and not any(sign in text for sign in "<&[]\\:!\n`")
