"""Mutants that survive because they are right: each is listed once, with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from autograder.course.audits.found import Audit

Excuses = dict[str, dict[str, str]]
"""Slug -> mutant -> reason."""


def read_excuses(path: Path) -> Excuses:
    """What `course/mutants.toml` says; nothing if there is none."""
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def excused(found: list[Audit], excuses: Excuses) -> int:
    """How many survivors are listed."""
    return sum(change in excuses.get(a.slug, {}) for a in found for change in a.survivors)


def mutant_problems(found: list[Audit], excuses: Excuses) -> Iterator[str]:
    """Survivors that are not listed, and listed ones that do not survive (any more)."""
    for audit in found:
        listed = excuses.get(audit.slug, {})
        for change in audit.survivors:
            if change not in listed:
                yield f"{audit.slug}: a mutant keeps all points: {change}"
        for change in listed.keys() - audit.survivors:
            yield f"{audit.slug}: course/mutants.toml excuses what does not survive: {change}"
