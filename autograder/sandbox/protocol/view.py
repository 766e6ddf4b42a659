"""What of this machine's files a learner's process may see, as plain paths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class View:
    """The interpreter, its packages and the system's libraries, without anything secret."""

    links: dict[str, str]
    """Symbolic links on the way to the folders, and what they lead to."""
    folders: tuple[str, ...]
    """Real paths to show read-only, outermost only."""
    masked: tuple[str, ...]
    """Real paths inside the folders that must not be seen."""
    granted: tuple[str, ...]
    """The folders without the masked ones, as a list of smaller ones."""
    listable: tuple[str, ...]
    """Folders between those, whose names alone may be seen: Python's import looks into them."""
    reachable: bool
    """Whether a user who owns nothing could open all of it."""
    forbidden: tuple[str, ...]
    """Files that must be unreadable after sealing; the sealed process makes sure of it."""


def reachable_by_others(path: Path) -> bool:
    """Tell whether a user who owns nothing could open `path`, which holds no links."""
    open_to_all = path.stat().st_mode & 0o004
    return bool(open_to_all) and all(p.stat().st_mode & 0o001 for p in path.parents)
