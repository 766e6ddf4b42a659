"""START.ipynb: the first page of the work folder, with all chapters and where one stands."""

from __future__ import annotations

from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from autograder.course.build import Course, locate
from autograder.course.kinds import spoken
from autograder.desk.standing import (
    DONE,
    PRACTISED,
    WORK,
    ChapterStanding,
    all_standings,
    next_step,
)
from autograder.desk.telling import of_standings

FILE = "START.ipynb"
WELCOME = """\
# Start here

Run the cell below (Shift+Enter) to see where you stand and what comes next. Then open a chapter:
fill in the cells that say `YOUR CODE HERE`, run `check("…")` below each, and take a `hint("…")`
when you are stuck. Later cells need an exercise that you leave for another day? `borrow("…")` it.

In a terminal, `autograder check` grades all you have done with the hidden checks, and
`autograder update` brings a newer version of the course without touching your answers.
"""
SHOW = "from autograder.desk.start_page import where_you_stand\n\nwhere_you_stand()"
CELL = (
    "text-align:left;padding:4px 14px 4px 0;color:#1c1c1c;background:#ffffff;border:none;"
    "border-top:1px solid #eeeeee"
)
CARD = (
    "font-family:system-ui,sans-serif;font-size:14px;line-height:1.45;color:#1c1c1c;background:#ffffff;"
    "border:1px solid #d0d0d0;border-radius:6px;padding:12px 14px;max-width:820px"
)


class Overview:
    """All chapters in a table; as text what `autograder status` prints."""

    def __init__(self, found: list[ChapterStanding]) -> None:
        self.found = found

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col" style="{CELL};border-top:none">{name}</th>'
            for name in ("chapter", "done", "points", "left")
        )
        rows = "".join(f'<tr style="background:#ffffff">{_row(c)}</tr>' for c in self.found)
        return (
            f'<div style="{CARD}"><table style="border-collapse:collapse;width:100%;margin:0">'
            f'<tr style="background:#ffffff">{head}</tr>{rows}</table>{self._next()}</div>'
        )

    def __repr__(self) -> str:
        return "\n".join(of_standings(self.found))

    def _next(self) -> str:
        step = next_step(self.found)
        if step is None:
            return ""
        chapter, s = step
        slug = f'<code style="color:#1c1c1c">{s.exercise.slug}</code>'
        return (
            f'<div style="margin-top:8px"><strong>Next:</strong> exercise {s.number} of '
            f'<a href="{chapter}.ipynb">{chapter}</a>, {slug} ({s.exercise.title}; '
            f"{s.exercise.minutes} minutes)</div>"
        )


def where_you_stand() -> Overview:
    """The overview of the work folder that the current folder belongs to."""
    return Overview(all_standings(locate(Path.cwd())))


def write_start_page(course: Course) -> Path | None:
    """Write the page if there is none; return it if so."""
    path = course.root / WORK / FILE
    if path.exists():
        return None
    chapters = [f"- [{spoken(text.stem)}]({text.stem}.ipynb)" for text in course.texts]
    cells = [
        new_markdown_cell(WELCOME, id="welcome"),
        new_code_cell(SHOW, id="standing"),
        new_markdown_cell("\n".join(["**Chapters**", "", *chapters]), id="chapters"),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(writes(new_notebook(cells=cells, metadata={"kernelspec": kernel})) + "\n")
    return path


def _row(c: ChapterStanding) -> str:
    done = c.count(DONE, PRACTISED)
    left = f"{c.minutes_left} minutes" if c.open else "✓ done"
    core = f", {c.core_left} of the core path" if c.core_left else ""
    texts = (
        f'<a href="{c.chapter}.ipynb">{spoken(c.chapter)}</a>',
        f"{done} of {len(c.steps)}",
        f"{c.earned:g} of {c.points:g}",
        f"{left}{core}",
    )
    return "".join(f'<td style="{CELL}">{text}</td>' for text in texts)
