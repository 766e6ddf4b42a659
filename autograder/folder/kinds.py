"""The kinds of graded texts: chapters, which teach, and projects, in which one's own parts meet."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What is the same for all texts of a kind.

    Parameters
    ----------
    folder : str
        In `course/`; the texts are its Python files.
    names : str
        A pattern of their names, with their number as its only group.
    label : str
        How a number is said in the README's table.
    core_path : bool
        There is more than two hours' work in one, so that some of it is marked.
    """

    folder: str
    names: str
    label: str
    core_path: bool


CHAPTER = Kind("chapters", r"ch(\d\d)_\w+", "{}", core_path=True)
PROJECT = Kind("projects", r"project(\d)_\w+", "Project {}", core_path=False)
KINDS = (CHAPTER, PROJECT)
NAMES = "|".join(kind.names.replace("(", "").replace(")", "") for kind in KINDS)
"""A pattern of all of them, without groups."""


def kind_of(name: str) -> Kind:
    """What kind of text that is; whatever is no project is a chapter."""
    return PROJECT if re.fullmatch(PROJECT.names, name) else CHAPTER


def label_of(name: str) -> str:
    """How its number is said: `2` of ch02_backprop, `Project 1` of project1_digit_reader."""
    kind = kind_of(name)
    found = re.fullmatch(kind.names, name)
    return kind.label.format(int(found[1])) if found else name


def spoken(name: str) -> str:
    """The name as one says it: `2 backprop`, `Project 1 digit reader`."""
    label, topic = label_of(name), name.partition("_")[2].replace("_", " ")
    return name if label == name else f"{label} {topic}"
