"""A calm box of a sentence or two: what waits for what, what is lent, the next hint."""

from __future__ import annotations

import re
import sys
from html import unescape
from typing import Any

from autograder.student.stills import Still
from autograder.student.table import marked

BOX = (
    "font-family:system-ui,sans-serif;font-size:14px;line-height:1.45;color:#1c1c1c;"
    "background:#f4f7fb;border:1px solid #c9d6e6;border-left:4px solid #0072b2;border-radius:6px;"
    "padding:8px 12px;max-width:820px"
)
STILL = "display:block;margin:6px 0 2px 0;max-width:100%;border-radius:4px"


ABOUT = "chainrule_answer"
"""In an output's metadata: a digest of the answer that it is about."""


SEEN = "This is what you will see."


class Note:
    """Sentences in which `code` and *stressed* words are marked, and what is to be seen one day."""

    def __init__(self, said: str, picture: Still | None = None) -> None:
        self.said = said
        self.picture = picture

    def _repr_html_(self) -> str:
        return f'<div role="note" style="{BOX}">{marked(self.said)}{self._picture()}</div>'

    def __repr__(self) -> str:
        seen = f"\n{SEEN} {unescape(self.picture.alt)}" if self.picture else ""
        return re.sub(r"\*(\w[\w ]*)\*", r"\1", self.said) + seen

    def _picture(self) -> str:
        if self.picture is None:
            return ""
        source = f"data:image/{self.picture.kind};base64,{self.picture.pixels}"
        image = f'<img alt="{self.picture.alt}" src="{source}" style="{STILL}">'
        return f'<div style="margin-top:6px">{SEEN}</div>{image}'


def show(shown: Any, *, about: str = "") -> None:
    """Display in a notebook, print elsewhere."""
    if "IPython" in sys.modules:
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display(shown, metadata={ABOUT: about} if about else None)
            return
    print(shown)
