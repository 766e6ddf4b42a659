"""Text from the learner's side, made fit for people's screens."""

from __future__ import annotations

MESSAGE_CHARACTERS = 2000


def plain_text(text: str, length: int = MESSAGE_CHARACTERS) -> str:
    """Remove control characters and unpaired surrogates from `text`, and shorten it."""
    kept = "".join(c for c in text[: 2 * length] if c.isprintable() or c in "\n\t")
    return kept.encode("utf-8", "replace").decode()[:length]
