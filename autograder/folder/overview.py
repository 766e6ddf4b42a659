"""Where one stands, as a table of chapters in a notebook."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from autograder.folder.kinds import spoken
from autograder.folder.standing import DONE, PRACTISED, ChapterStanding, next_step
from autograder.folder.words import of_standings, points_of
from autograder.student.table import CARD, TABLE

CELL = (
    "text-align:left;padding:4px 14px 4px 0;color:#1c1c1c;background:#ffffff;border:none;"
    "border-top:1px solid #eeeeee"
)
COLUMNS = ("chapter", "done", "core path", "points", "left")
QUIET = "margin-top:8px;color:#5c5c5c"
NOT_GRADED = (
    "Done is what passes its public checks, in the notebooks as they are saved (Ctrl+S). Points "
    "are what these exercises are worth: you earn them by the hidden checks."
)
GRADED = "Points are those of the last grading; what you have done since counts as done."


class Overview:
    """All chapters in a table; as text what `autograder status` prints."""

    def __init__(self, found: list[ChapterStanding], here: Path | None = None) -> None:
        self.found = found
        self.here = here
        """Where links lead from: without it, from the folder of each notebook."""

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col" style="{CELL};border-top:none">{name}</th>' for name in COLUMNS
        )
        graded = any(c.graded for c in self.found)
        rows = "".join(self._row(c, graded) for c in self.found)
        return (
            f'<div style="{CARD}"><table style="{TABLE}">'
            f'<tr style="background:#ffffff">{head}</tr>{rows}</table>{self._next()}'
            f'<div style="{QUIET}">{GRADED if graded else NOT_GRADED}</div></div>'
        )

    def __repr__(self) -> str:
        return "\n".join(of_standings(self.found))

    def _row(self, c: ChapterStanding, graded: bool) -> str:
        texts = (
            f'<a href="{self._link(c)}">{spoken(c.chapter)}</a>',
            f"{c.count(DONE, PRACTISED)} of {len(c.steps)}",
            f"{c.core - c.core_left} of {c.core}" if c.core else "",
            points_of(c, graded),
            f"{c.minutes_left} minutes" if c.open else "✓ done",
        )
        cells = "".join(f'<td style="{CELL}">{text}</td>' for text in texts)
        return f'<tr style="background:#ffffff">{cells}</tr>'

    def _link(self, c: ChapterStanding) -> str:
        path = os.path.relpath(c.path, self.here) if self.here else c.path.name
        return escape(Path(path).as_posix())

    def _next(self) -> str:
        step = next_step(self.found)
        if step is None:
            return ""
        chapter, s = step
        link = next(self._link(c) for c in self.found if c.chapter == chapter)
        slug = f'<code style="color:#1c1c1c">{s.exercise.slug}</code>'
        return (
            f'<div style="margin-top:8px"><strong>Next:</strong> exercise {s.number} of '
            f'<a href="{link}">{chapter}</a>, {slug} ({escape(s.exercise.title)}; '
            f"{s.exercise.minutes} minutes)</div>"
        )
