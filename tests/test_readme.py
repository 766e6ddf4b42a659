"""The README's table of chapters says what the bank holds."""

import re

from autograder.judging import bank


def test_every_chapter_has_its_row(course):
    """Number, exercises and points are those of the bank, chapter by chapter."""
    text = (course.root / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) [^|]*\| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    expected = [
        (str(int(name[2:4])), str(len(exercises)), f"{sum(e.points for e in exercises.values()):g}")
        for name in bank.chapters()
        if (exercises := bank.chapter(name))
    ]
    assert rows == expected
