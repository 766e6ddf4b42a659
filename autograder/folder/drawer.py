"""What gradings have found, in one small file of the work folder; it may be deleted at any time.

It survives updates of the course, and nothing of it leaves this machine.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "progress.json"


@dataclass(frozen=True)
class Graded:
    """What hidden grading found in one exercise."""

    answer: str
    """A digest of the cell that was graded."""
    earned: float
    points: float
    finding: str = ""
    """The named mistake or the first finding, if it fell short."""
    hint: str = ""


def load(folder: Path) -> dict[str, Graded]:
    """What is known in that folder; nothing if the file is missing, or not ours to read."""
    try:
        stored = json.loads((folder / FILE).read_text(encoding="utf-8"))["exercises"]
        return {slug: Graded(**facts) for slug, facts in stored.items()}
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return {}


def add(folder: Path, found: dict[str, Graded]) -> None:
    """Remember these results, in the place of earlier ones of the same exercises."""
    known = load(folder) | found
    facts = {"exercises": {slug: asdict(graded) for slug, graded in sorted(known.items())}}
    (folder / FILE).write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")
