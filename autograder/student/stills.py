"""What a cell will show once it has what it waits for: a small still from the solved notebook.

A kit has a chapter's stills in a file beside its exercises; a clone has the solved notebooks. A
cell is known by what it says, so one that the learner has changed promises nothing. What stands in
one section with a quiz, a prediction or a bug hunt, or comes after it before anything else is asked
for, is left out: the picture may be the answer.
"""

from __future__ import annotations

import base64
import functools
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.judging import bank
from autograder.notebook.cells import content_id

FILE = "stills.json"
WIDTH, QUALITY = 600, 40
PICTURE = re.compile(r'<img src="data:image/(png);base64,([^"]+)" alt="([^"]*)">')
SECTION = "## "


@dataclass(frozen=True)
class Still:
    """A picture and its alternative text, as an HTML image has them."""

    kind: str
    pixels: str
    alt: str


def still(source: str, slug: str) -> Still | None:
    """The picture that a cell of the exercise's chapter will show, if it is known; a small one."""
    try:
        found = _known(bank.find(slug).chapter).get(content_id("experiment", source))
        return small(found) if found else None
    except Exception:  # whatever is wrong with a picture, the learner has not done it
        return None


def stills_of(chapter: str, solved: Path) -> dict[str, Still]:
    """The pictures of a solved notebook's experiments by cell, but for what may be answers."""
    cells = json.loads(solved.read_text(encoding="utf-8"))["cells"] if solved.is_file() else []
    pictures = ((cell["id"], _picture(cell)) for cell in _telling_nothing(chapter, cells))
    return {name: picture for name, picture in pictures if picture}


def small(picture: Still) -> Still:
    """The picture as a WebP of some kilobytes."""
    if picture.kind == "webp":
        return picture
    from PIL import Image

    content = io.BytesIO()
    image = Image.open(io.BytesIO(base64.b64decode(picture.pixels))).convert("RGB")
    image.thumbnail((WIDTH, WIDTH))
    image.save(content, "webp", quality=QUALITY, method=6)
    return Still("webp", base64.b64encode(content.getvalue()).decode(), picture.alt)


@functools.cache
def _known(chapter: str) -> dict[str, Still]:
    kept = bank.folder_of(chapter) / FILE
    if kept.is_file():
        return {name: Still(**facts) for name, facts in json.loads(kept.read_text("utf-8")).items()}
    course = bank.content()
    if course is None:
        return {}
    return stills_of(chapter, course.root / "solutions" / chapter / f"{chapter}.ipynb")


def _sections(cells: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    section: list[dict[str, Any]] = []
    for cell in cells:
        if cell["cell_type"] == "markdown" and "".join(cell["source"]).startswith(SECTION):
            yield section
            section = []
        section.append(cell)
    yield section


def _telling_nothing(chapter: str, cells: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The cells of sections that ask for no guess, and follow none without asking for more."""
    known, quiet = bank.chapter(chapter), False
    for section in _sections(cells):
        asked = [known[cell["id"]] for cell in section if cell.get("id") in known]
        guesses = any(e.guessable or e.asks_for_one_answer for e in asked)
        quiet = guesses or (quiet and not asked)
        yield from () if quiet else section


def _picture(cell: dict[str, Any]) -> Still | None:
    """The last picture that an experiment shows."""
    if "experiment" not in cell["metadata"].get("tags", ()):
        return None
    shown = ("".join(o.get("data", {}).get("text/html", "")) for o in cell["outputs"])
    found = [Still(*match.groups()) for page in shown for match in PICTURE.finditer(page)]
    return found[-1] if found else None
