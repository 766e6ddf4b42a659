"""Links between notebooks of the course: a text names the other (`[dropout](ch08_dropout)`).

In source, release and solutions each chapter has a folder, and pages share one; a student's
notebooks lie beside each other. A link to what is not there becomes plain words.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from autograder.folder.kinds import NAMES

PAGES = "pages"
_NAMED = re.compile(r"\[(?P<words>[^\[\]]*)\]\((?P<name>\w+)(?P<anchor>#[^)\s]*)?\)")
# In a notebook's file a line ends in the middle of a list of strings: `…\\n",` and a new line.
_WRITTEN = re.compile(
    r'\[(?P<words>(?:[^\[\]\n"]|\\n",\n *")*)\]'
    r"\(\.\./\w+/(?P<name>\w+)\.ipynb(?P<anchor>#[^)\s]*)?\)"
)
_BESIDE = re.compile(r"\[(?P<words>[^\[\]]*)\]\((?P<name>\w+)\.ipynb(?P<anchor>#[^)\s]*)?\)")


def linked(text: str, there: Collection[str]) -> str:
    """The text with names of notebooks turned into paths from a chapter's folder."""

    def path(found: re.Match[str]) -> str:
        graded = re.fullmatch(NAMES, found["name"])
        if found["name"] not in there:
            return found["words"] if graded else found[0]
        folder = found["name"] if graded else PAGES
        return f"[{found['words']}](../{folder}/{found['name']}.ipynb{found['anchor'] or ''})"

    return _NAMED.sub(path, text)


def apart(text: str) -> str:
    """A text of a notebook that lies beside all others, with its links as they were in source."""

    def path(found: re.Match[str]) -> str:
        folder = found["name"] if re.fullmatch(NAMES, found["name"]) else PAGES
        return f"[{found['words']}](../{folder}/{found['name']}.ipynb{found['anchor'] or ''})"

    return _BESIDE.sub(path, text)


def side_by_side(notebook: str, there: Collection[str]) -> str:
    """A notebook's file with its links as they lead when all notebooks are in one folder."""

    def path(found: re.Match[str]) -> str:
        target = f"{found['name']}.ipynb{found['anchor'] or ''}"
        return f"[{found['words']}]({target})" if found["name"] in there else found["words"]

    return _WRITTEN.sub(path, notebook)
