"""Mistakes that a course has named by itself: found again by what they do.

They lie in `named/<assignment>.json` in the course's folder, beside the secret seeds: what is in
there was written by students, so it is never released nor part of a kit. An example of each is kept
as text, and run like any submission: sealed, never in a process of ours.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.judging.mendable import Mendable


class BadNames(Mendable):
    """The file of a course's own names cannot be read."""


@dataclass(frozen=True)
class Named:
    """A mistake that was named from a class's answers."""

    exercise: str
    name: str
    hint: str
    behaves: str
    """The fingerprint of the group that it was named after."""
    cells: tuple[tuple[str, str], ...]
    """Names and sources of an example: no more of somebody's notebook than it needs."""


@dataclass(frozen=True)
class Names:
    """All that a course has named in one assignment."""

    named: tuple[Named, ...] = field(default=())

    @property
    def digest(self) -> str:
        """Tells these names from others; "" if there are none."""
        if not self.named:
            return ""
        return hashlib.sha256(self.as_json().encode()).hexdigest()[:24]

    def as_json(self) -> str:
        return json.dumps([asdict(one) for one in self.named], indent=1)

    def of(self, slug: str) -> list[Named]:
        return [one for one in self.named if one.exercise == slug]

    def with_one(self, one: Named) -> Names:
        """With another, in the place of what was named after the same group."""
        kept = [n for n in self.named if (n.exercise, n.behaves) != (one.exercise, one.behaves)]
        return Names((*kept, one))


def names_file(course: Path, assignment: str) -> Path:
    return course / "named" / f"{assignment}.json"


def course_names(course: Path, assignment: str) -> Names:
    """What a course has named in an assignment.

    Raises
    ------
    BadNames
        If the file is there and holds something else.
    """
    path = names_file(course, assignment)
    if not path.exists():
        return Names()
    try:
        return names_from(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise BadNames(
            f"{path} cannot be read ({problem}): mend it, or remove it and name the groups again"
        ) from problem


def names_from(text: str) -> Names:
    """Read what `Names.as_json` gave; of anything else, ValueError, TypeError or KeyError."""
    return Names(tuple(_named(one) for one in json.loads(text)))


def save_names(course: Path, assignment: str, names: Names) -> Path:
    """Write them down, for their owner's eyes only."""
    path = names_file(course, assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    scratch = path.with_suffix(".tmp")
    scratch.write_text(names.as_json(), encoding="utf-8")
    scratch.replace(path)
    return path


def _named(found: dict[str, Any]) -> Named:
    cells = tuple((str(name), str(source)) for name, source in found["cells"])
    facts = {name: str(found[name]) for name in ("exercise", "name", "hint", "behaves")}
    return Named(**facts, cells=cells)
