"""Your own copy of the student notebooks, in work/: made once, never overwritten."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.course.build import Course, locate


def lay_out(course: Course) -> list[Path]:
    """Copy every released notebook that work/ does not have yet; return the new ones."""
    new = []
    for text in course.texts:
        target = course.root / "work" / f"{text.stem}.ipynb"
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(course.notebook("release", text.stem), target)
            new.append(target)
    return new


if __name__ == "__main__":
    for path in lay_out(locate()):
        print(f"copied {path}")
