"""The notebooks that a student gets, as they lie beside each other in one folder."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from autograder.course.build import Course
from autograder.folder.links import side_by_side


def handout(course: Course, chapters: Collection[str]) -> Iterator[tuple[str, str]]:
    """Name and text of each file: the released chapters, and the pages they link to."""
    files = [course.notebook("release", chapter) for chapter in chapters]
    files += [course.page(text.stem) for text in course.pages]
    there = {path.stem for path in files}
    for path in files:
        yield path.name, side_by_side(path.read_text(encoding="utf-8"), there)
