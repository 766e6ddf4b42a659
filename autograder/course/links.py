"""Links between notebooks of the course: a text names the other (`[dropout](ch08_dropout)`).

In source, release and solutions each chapter has a folder, and pages share one; a student's
notebooks lie beside each other.
"""

from __future__ import annotations

import re

PAGES = "pages"
_NAMED = re.compile(r"\]\((?P<name>ch\d\d_\w+|notation|glossary|errata)(?P<anchor>#[^)\s]*)?\)")
_WRITTEN = re.compile(r"\]\(\.\./\w+/(?P<file>\w+\.ipynb)")


def linked(text: str) -> str:
    """The text with names of notebooks turned into paths from a chapter's folder."""
    return _NAMED.sub(_path, text)


def side_by_side(notebook: str) -> str:
    """A notebook's file with its links as they lead when all notebooks are in one folder."""
    return _WRITTEN.sub(r"](\g<file>", notebook)


def _path(found: re.Match[str]) -> str:
    name = found["name"]
    folder = name if name.startswith("ch") else PAGES
    return f"](../{folder}/{name}.ipynb{found['anchor'] or ''})"
