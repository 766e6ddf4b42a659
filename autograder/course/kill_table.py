"""The kill table: every wrong answer that ships with an exercise, and what catches it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from autograder.course.audits.found import Audit
from autograder.course.verify import summary


def kill_table(audits: list[Audit]) -> str:
    """The kill table as Markdown: every misconception and the checks that catch it."""
    lines = [
        "# Kill table",
        "",
        "Written by `autograder verify`. Each row is a wrong answer that ships with its exercise;",
        "the checks beside it catch it, and the grader then names it.",
        "",
        "| chapter | exercises | checks | wrong answers | caught | named | by public checks | variants accepted |",
        "|---|---|---|---|---|---|---|---|",
    ]
    by_chapter = {name: list(group) for name, group in groupby(audits, lambda a: a.chapter)}
    lines += [_totals(name, group) for name, group in by_chapter.items()]
    for name, group in by_chapter.items():
        lines += ["", f"## {name}", "", "| exercise | misconception | caught by | named | in public |"]
        lines += ["|---|---|---|---|---|", *(row for found in group for row in _kills(found))]
    return "\n".join(lines) + "\n"


def _totals(chapter: str, audits: list[Audit]) -> str:
    facts = summary(audits)
    wrong, right = facts["misconceptions"], facts["variants"]
    counts = (len(audits), facts["checks"], wrong["total"], wrong["caught"], wrong["named"])
    public = f"{facts['public']['caught'] / max(wrong['total'], 1):.0%}"
    cells = [chapter, *map(str, counts), public, f"{right['accepted']} of {right['total']}"]
    return f"| {' | '.join(cells)} |"


def _kills(found: Audit) -> Iterator[str]:
    for name, (lost, named, public) in found.kills.items():
        caught = ", ".join(lost) or "**nothing**"
        yield f"| {found.slug} | {name} | {caught} | {'yes' if named else '**no**'} | {'yes' if public else 'no'} |"
