"""The folder work/ of a clone: the learner's own copies of all notebooks, and their first page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import nbformat

from autograder.course.build import Course
from autograder.course.handout import handout
from autograder.course.start_page import START, start_page
from autograder.folder.kinds import spoken
from autograder.folder.standing import ChapterStanding, standing
from autograder.folder.updating import Updated, update_folder

WORK = "work"
WELCOME = """\
# Start here

Run the cell below (Shift+Enter) to see where you stand and what comes next. Then open a chapter:
fill in the cells that say `YOUR CODE HERE`, run `check("…")` below each, and take a `hint("…")`
when you are stuck. Later cells need an exercise that you leave for another day? `borrow("…")` it.

In a terminal, `autograder check` grades all you have done with the hidden checks, and
`autograder update` brings a newer version of the course without touching your answers.
"""
FORMERLY = {
    "from autograder.desk.start_page import where_you_stand": "from autograder import status",
    "where_you_stand()": "status()",
}
SHOW = "from autograder import status\n\nstatus()"


def update(course: Course, now: datetime | None = None) -> list[Updated]:
    """Copy what is missing from the work folder, and update what is older than the course."""
    names = [text.stem for text in course.texts]
    return update_folder(course.root / WORK, handout(course, names), now)


def standing_in(course: Course, chapter: str) -> ChapterStanding:
    """How far one is in a chapter, by the notebook in the work folder and what gradings found."""
    released = nbformat.read(course.notebook("release", chapter), as_version=4)
    return standing(chapter, course.root / WORK / f"{chapter}.ipynb", released)


def all_standings(course: Course) -> list[ChapterStanding]:
    """Of all chapters, in course order."""
    return [standing_in(course, text.stem) for text in course.texts]


def write_start_page(course: Course) -> Path | None:
    """Write the page if there is none; return it if so."""
    path = course.root / WORK / START
    if path.exists():
        _renew(path)
        return None
    chapters = [f"- [{spoken(text.stem)}]({text.stem}.ipynb)" for text in course.texts]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(start_page(WELCOME, SHOW, "\n".join(["**Chapters**", "", *chapters])))
    return path


def _renew(page: Path) -> None:
    """Have a page of the first form, which is the learner's by now, call what there is today."""
    before = page.read_text(encoding="utf-8")
    after = before
    for old, new in FORMERLY.items():
        after = after.replace(old, new)
    if after != before:
        page.write_text(after, encoding="utf-8")
