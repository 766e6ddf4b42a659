"""Auditing many exercises: several at a time, and none twice as long as nothing has changed.

An audit is remembered under a digest of all that it depends on, in this user's cache.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from autograder.course.audits.audit import audit
from autograder.course.audits.found import Audit
from autograder.judging import bank
from autograder.judging.exercise import Exercise
from autograder.submission.digests import exercise_digest, files_digest, rooms_digest

Name = tuple[str, str]
"""Chapter and slug."""


def audits(exercises: Iterable[Exercise], seeds: int, jobs: int) -> Iterator[Audit]:
    """The audit of each exercise, in the order in which they are done.

    Parameters
    ----------
    seeds : int
        How many grading seeds are tried on each answer.
    jobs : int
        Processes; with 1 everything is done in this one.
    """
    due: list[Name] = []
    for exercise in exercises:
        known = _recall(exercise.chapter, exercise.slug, seeds)
        if known is None:
            due.append((exercise.chapter, exercise.slug))
        else:
            yield known
    yield from _in_processes(due, seeds, jobs) if jobs > 1 < len(due) else _here(due, seeds)


def summary(found: list[Audit]) -> dict[str, Any]:
    """The counts that `verify --json` prints."""
    return {
        "exercises": len(found),
        "checks": sum(a.checks for a in found),
        "misconceptions": {
            "total": sum(len(a.kills) for a in found),
            "caught": sum(a.caught for a in found),
            "named": sum(a.named for a in found),
        },
        "variants": {
            "total": sum(len(a.accepted) - 1 for a in found),
            "accepted": sum(sum(a.accepted.values()) - a.accepted["reference"] for a in found),
        },
        "references": {
            "total": len(found),
            "accepted": sum(a.accepted["reference"] for a in found),
        },
        "lazy": {
            "total": sum(len(a.rejected) for a in found),
            "rejected": sum(sum(a.rejected.values()) for a in found),
        },
        "public": {
            "total": sum(len(a.kills) for a in found),
            "caught": sum(a.public_caught for a in found),
        },
        "float32": {
            "total": sum(a.float32[0] for a in found),
            "caught": sum(a.float32[1] for a in found),
        },
        "malformed": {
            name: sum(a.malformed[i] for a in found)
            for i, name in enumerate(("tried", "crashed", "named"))
        },
        "recordings": {
            "tried": sum(a.recordings[0] for a in found),
            "earned": sum(a.recordings[1] for a in found),
        },
        "mutants": {
            "total": sum(a.mutants for a in found),
            "killed": sum(a.mutants - len(a.survivors) for a in found),
        },
        "stable": {
            "seeds": min((a.seeds for a in found), default=0),
            "unstable": sum(len(a.unstable) for a in found),
        },
        "problems": [f"{a.slug}: {problem}" for a in found for problem in a.problems],
    }


def _here(due: list[Name], seeds: int) -> Iterator[Audit]:
    for name in due:
        yield _audited(*name, seeds)


def _in_processes(due: list[Name], seeds: int, jobs: int) -> Iterator[Audit]:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the processes inherit it
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(due)), mp_context=context) as pool:
        waiting = [pool.submit(_audited, *name, seeds) for name in _dearest_first(due)]
        for future in as_completed(waiting):
            yield future.result()


def _dearest_first(due: list[Name]) -> list[Name]:
    """By the size of the exercise's file, so that no process is left alone with a long one."""
    size = {name: Path(bank.source_file(bank.find(name[1]))).stat().st_size for name in due}
    return sorted(due, key=lambda name: -size[name])


def _audited(chapter: str, slug: str, seeds: int) -> Audit:
    found = audit(bank.chapter(chapter)[slug], range(seeds))
    place = _place(chapter, slug, seeds)
    place.parent.mkdir(parents=True, exist_ok=True)
    scratch = place.with_suffix(f".{os.getpid()}")
    scratch.write_text(json.dumps(asdict(found)), encoding="utf-8")
    scratch.replace(place)
    return found


def _recall(chapter: str, slug: str, seeds: int) -> Audit | None:
    try:
        return Audit(**json.loads(_place(chapter, slug, seeds).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _place(chapter: str, slug: str, seeds: int) -> Path:
    code = [rooms_digest("judging", "judging_hidden", "data"), exercise_digest(chapter, slug)]
    audits = sorted((Path(__file__).parent / "audits").glob("*.py"))
    code.append(files_digest([Path(__file__), *audits]))
    facts = [*code, chapter, slug, str(seeds), np.__version__, sys.version]
    digest = hashlib.sha256(" ".join(facts).encode()).hexdigest()[:32]
    return Path(platformdirs.user_cache_dir("chainrule")) / "audits" / f"{digest}.json"
