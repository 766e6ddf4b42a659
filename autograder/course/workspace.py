"""Your own copy of the student notebooks, in work/: made once, never overwritten."""

from __future__ import annotations

from pathlib import Path

from autograder.course.build import Course, locate
from autograder.course.handout import handout


def lay_out(course: Course) -> list[Path]:
    """Copy every notebook that work/ does not have yet; return the new ones."""
    new = []
    for name, text in handout(course, [text.stem for text in course.texts]):
        target = course.root / "work" / name
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            target.write_text(text, encoding="utf-8")
            new.append(target)
    return new


if __name__ == "__main__":
    for path in lay_out(locate()):
        print(f"copied {path}")
