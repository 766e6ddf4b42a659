"""Wrong answers that only a few share, word for word but for names: for a person to look at.

A right answer is no evidence of anything, and neither is a mistake that many make. Two students who
go wrong in a rare way *and* write the same program up to names may have worked together, learnt
from the same place, or copied: which of these, no program can say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from autograder.judging.verdicts import NOT_ATTEMPTED
from autograder.submission.behaving import WrongAnswer
from autograder.submission.student_result import StudentResult

FEW, FEW_SHARE, MOST_SHARE = 3, 0.02, 1 / 6
"""Rare is what at most three do, or two in a hundred; and never more than one in six."""
LEAST_SIZE = 40
"""Nodes of a syntax tree; in less there is little choice of how to write it."""

Answer = tuple[str, str, WrongAnswer]
"""Student, exercise, and what tells the answer from others."""


def shared_wrong_answers(rows: Sequence[StudentResult]) -> list[dict[str, Any]]:
    """Students with the same rare wrong answers, who share most first."""
    answered = Counter(slug for row in rows for slug in _answered(row))
    behaving: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in _wrong(rows):
        behaving[answer[1], answer[2].behaves].append(answer)
    together: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for (slug, _), alike in behaving.items():
        if is_rare(len(alike), answered[slug]):
            for students, size in _written_alike(alike):
                fact = {"exercise": slug, "few": len(alike), "answered": answered[slug]}
                together[students].append(fact | {"size": size})
    most = sorted(together, key=lambda who: (-len(together[who]), who))
    return [{"students": list(who), "answers": together[who]} for who in most]


def is_rare(count: int, answered: int) -> bool:
    """Whether so few do that, of all who answered, that it says something if two do it."""
    return count <= max(FEW, FEW_SHARE * answered) and count <= MOST_SHARE * answered


def _written_alike(alike: list[Answer]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Of those who behave alike, who wrote the same tree; and its size."""
    trees: dict[str, list[Answer]] = defaultdict(list)
    for answer in alike:
        if answer[2].written and answer[2].size >= LEAST_SIZE:
            trees[answer[2].written].append(answer)
    for same in trees.values():
        if len(same) > 1:
            yield tuple(sorted(student for student, _, _ in same)), same[0][2].size


def _answered(row: StudentResult) -> list[str]:
    found = row.receipt.exercises if row.receipt else {}
    return [slug for slug, exercise in found.items() if NOT_ATTEMPTED not in exercise.mistakes]


def _wrong(rows: Sequence[StudentResult]) -> Iterator[Answer]:
    for row in rows:
        for slug, answer in row.receipt.wrong.items() if row.receipt else ():
            yield row.student, slug, answer
