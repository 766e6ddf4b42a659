"""The secret seed of an assignment: one for all students, all runs and all ways to grade.

It lies in the course's folder `seeds/`, which is never released nor part of a kit. Who knew it
could work out every hidden question, so a learner's process gets another one, made from it by a
one-way function.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from autograder.judging.mendable import Mendable

BITS = 48


class BadSeed(Mendable):
    """The file of an assignment's seed holds something else."""


def assignment_seed(course: Path, assignment: str) -> int:
    """The seed of an assignment; it is drawn when it is first asked for.

    Raises
    ------
    BadSeed
        If its file does not hold a number.
    """
    path = seed_file(course, assignment)
    if not path.exists():
        _draw(path)
    try:
        seed = int(path.read_text(encoding="utf-8"))
    except ValueError:
        seed = -1
    if not 0 <= seed < 2**BITS:
        raise BadSeed(f"{path} holds no seed; remove it, and all will be graded with a new one")
    return seed


def forget_seed(course: Path, assignment: str) -> None:
    """Have another seed drawn when it is next asked for."""
    seed_file(course, assignment).unlink(missing_ok=True)


def seed_file(course: Path, assignment: str) -> Path:
    return course / "seeds" / f"{assignment}.txt"


def learner_seed(seed: int, submission: str) -> int:
    """The 32-bit seed of a learner's own chance; the assignment's cannot be told from it."""
    digest = hashlib.sha256(f"{seed} {submission}".encode()).digest()
    return int.from_bytes(digest[:4])


def _draw(path: Path) -> None:
    """Write a new seed; of several that do so at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    handle, scratch = tempfile.mkstemp(dir=path.parent)  # its owner's alone
    try:
        with os.fdopen(handle, "w") as file:
            file.write(f"{secrets.randbits(BITS)}\n")
        with contextlib.suppress(FileExistsError):
            os.link(scratch, path)
    finally:
        os.unlink(scratch)
