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
        "| chapter | exercises | checks | wrong answers | caught | named | caught by public checks |"
        " mutants of the reference caught | variants accepted |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    by_chapter = {name: list(group) for name, group in groupby(audits, lambda a: a.chapter)}
    lines += [_totals(name, group) for name, group in by_chapter.items()]
    for name, group in by_chapter.items():
        lines += ["", f"## {name}", "", "| exercise | caught by public checks | mutants caught |"]
        lines += ["|---|---|---|", *map(_shares, group), ""]
        lines += ["| exercise | misconception | caught by | named | by public checks |"]
        lines += ["|---|---|---|---|---|", *(row for found in group for row in _kills(found))]
    return "\n".join(lines) + "\n"


def _shares(found: Audit) -> str:
    public = f"{found.public_caught} of {len(found.kills)}"
    return f"| {found.slug} | {public} | {found.mutants - len(found.survivors)} of {found.mutants} |"


def _totals(chapter: str, audits: list[Audit]) -> str:
    facts = summary(audits)
    wrong, right = facts["misconceptions"], facts["variants"]
    counts = (len(audits), facts["checks"], wrong["total"], wrong["caught"], wrong["named"])
    public = f"{facts['public']['caught'] / max(wrong['total'], 1):.0%}"
    mutants = f"{facts['mutants']['killed']} of {facts['mutants']['total']}"
    cells = [chapter, *map(str, counts), public, mutants, f"{right['accepted']} of {right['total']}"]
    return f"| {' | '.join(cells)} |"


def _kills(found: Audit) -> Iterator[str]:
    for name, (lost, named, public) in found.kills.items():
        caught = ", ".join(lost) or "**nothing**"
        cells = (found.slug, name, caught, "yes" if named else "**no**", "yes" if public else "no")
        yield f"| {' | '.join(cells)} |"
