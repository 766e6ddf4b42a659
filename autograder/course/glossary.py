"""Terms lead to the glossary: a bold term's first mention in a chapter becomes a link."""

from __future__ import annotations

import re
from pathlib import Path

GLOSSARY = Path("pages") / "glossary.py"
_ENTRY = re.compile(r"^# ### (.+)$", re.MULTILINE)
_BOLD = re.compile(r"\*\*([^*\n\[\]]+)\*\*")


def terms(course: Path) -> dict[str, str]:
    """The glossary's terms in small letters, and where each stands on its page."""
    page = course / GLOSSARY
    found = _ENTRY.findall(page.read_text(encoding="utf-8")) if page.exists() else []
    return {term.lower(): term.replace(" ", "-") for term in found}


def with_terms(text: str, left: dict[str, str]) -> str:
    """The text with bold terms linked; each is taken out of `left`, so that it is linked once."""

    def link(found: re.Match[str]) -> str:
        anchor = left.pop(found[1].lower(), None)
        return f"**[{found[1]}](glossary#{anchor})**" if anchor else found[0]

    return _BOLD.sub(link, text)
