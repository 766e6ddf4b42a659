"""The README's tables say what the bank holds, and which commands there are."""

import re

from autograder.commands import cli
from autograder.judging import bank


def number(name):
    return f"Project {name[7]}" if name.startswith("project") else str(int(name[2:4]))


def test_every_chapter_has_its_row(course):
    """Number, exercises and points are those of the bank, chapter by chapter."""
    text = (course.root / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+|Project \d) [^|]*\| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    expected = [
        (number(name), str(len(exercises)), f"{sum(e.points for e in exercises.values()):g}")
        for name in bank.chapters()
        if (exercises := bank.chapter(name))
    ]
    assert rows == expected


def test_every_command_has_its_row(course):
    """What somebody can run stands in the README, but for the demo, which `make demo` runs."""
    text = (course.root / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `autograder (\w+)[^|]*\|", text, re.MULTILINE)
    assert sorted(rows) == sorted(set(cli.list_commands(None)) - {"demo"})
