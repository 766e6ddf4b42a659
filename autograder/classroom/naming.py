"""A class teaches the grader: a group of wrong answers that behave alike gets a name.

What a group's example does is found out in a sealed process; a name that would say something wrong
of anybody is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.classroom.replay import NotReplayable, Reopened, reopened
from autograder.judging import bank
from autograder.judging.behaviour import ROUNDS, known_behaviour, observe, same_behaviour
from autograder.judging.diagnose import GENERIC, NOTHING, mistake
from autograder.judging.exercise import Exercise
from autograder.judging.learner import LocalFunction
from autograder.judging.mendable import Mendable
from autograder.nbgrader_plugin import Nbgrader
from autograder.nbgrader_plugin.autograde import submission_of
from autograder.pages.unnamed import group_id, unnamed
from autograder.sandbox import Isolation
from autograder.submission.behaving import Seen, observed
from autograder.submission.course_names import (
    Named,
    Names,
    Where,
    course_names,
    opened_example,
    save_names,
    seen_example,
)
from autograder.submission.receipt import Receipt, load_receipt
from autograder.submission.written import bare_text, needed

EXAMPLES = 5
"""So many of a group are tried until one can be run by itself."""
LONGEST_NAME, LONGEST_HINT = 60, 600
OTHER_ROUNDS = (1 << 20, (1 << 20) + 1)
"""Inputs that diagnosis does not look at."""


class NotNamed(Mendable):
    """The group is not there, or the name would say something wrong; nothing was written."""


@dataclass(frozen=True)
class Group:
    """Answers to one exercise that go wrong in the same way."""

    exercise: Exercise
    behaves: str
    members: list[tuple[str, Path]]
    """Students and their receipts."""


def name_group(
    root: Path, assignment: str, wanted: str, name: str, hint: str, isolation: Isolation
) -> tuple[Named, Group, Path]:
    """Name a group of the class report; returns what was named, and the file that has it now.

    Raises
    ------
    NotNamed
        If there is no such group, or the audit of the name finds something.
    """
    name, hint = " ".join(name.split()), " ".join(hint.split())
    group = find_group(root, assignment, wanted)
    names = course_names(root, assignment)
    _look_at_words(group, names, name, hint)
    named, seen, where = _example(group, isolation, name, hint)
    _look_at_behaviour(group, names, named, seen, where)
    return named, group, save_names(root, assignment, names.with_one(named))


def find_group(root: Path, assignment: str, wanted: str) -> Group:
    """The one group whose id begins like that, among the receipts of an assignment."""
    everything: dict[tuple[str, str], list[tuple[str, Path]]] = {}
    ours = {(one.exercise, one.behaves) for one in course_names(root, assignment).named}
    for student, path, receipt in _receipts(root, assignment):
        for slug, answer in receipt.wrong.items():
            if unnamed(receipt, slug) or (slug, answer.behaves) in ours:
                everything.setdefault((slug, answer.behaves), []).append((student, path))
    found = {key: who for key, who in everything.items() if wanted and _is_called(wanted, *key)}
    if len(found) != 1:
        what = "more than one group begins" if found else "no group is called"
        known = ", ".join(sorted(group_id(*key) for key in everything)[:8]) or "none"
        raise NotNamed(
            f"{what} {wanted!r} in {assignment}; the class report lists them: {known}. "
            f"If there should be more, run `autograder grade {assignment}` first"
        )
    ((slug, behaves), members), *_ = found.items()
    return Group(bank.find(slug), behaves, members)


def _is_called(wanted: str, slug: str, behaves: str) -> bool:
    return f"{slug}:{behaves}".startswith(wanted) and wanted.startswith(f"{slug}:")


def _receipts(root: Path, assignment: str) -> Iterator[tuple[str, Path, Receipt]]:
    for student in sorted(Nbgrader(root).scores(assignment)):
        for path in sorted((root / "receipts" / student / assignment).glob("*.json")):
            if receipt := load_receipt(path):
                yield student, path, receipt


def _example(group: Group, isolation: Isolation, name: str, hint: str) -> tuple[Named, Seen, Where]:
    """One that does alone what the group does, with as little of somebody's notebook as will do."""
    problem = ""
    for _, path in group.members[:EXAMPLES]:
        try:
            found = reopened(path, isolation)
        except NotReplayable as not_there:
            problem = f": {not_there}"
            continue
        for cells in _shortest_first(found, group.exercise.slug):
            named = Named(group.exercise.slug, name, hint, group.behaves, cells)
            where = Where(isolation, found.options.limits, found.options.seed)
            seen = seen_example(named, where)
            if seen is not None and seen.fingerprint == group.behaves:
                return named, seen, where
    raise NotNamed(
        "no answer of this group does the same again when it is run by itself, so that it could "
        f"not be recognised{problem}"
    )


def _shortest_first(found: Reopened, slug: str) -> Iterator[tuple[tuple[str, str], ...]]:
    released = found.facts.notebooks[found.notebook].released
    if released is None:
        return
    cells = list(submission_of(found.raw, released).runnable())
    few = needed(cells, slug)
    yield tuple((cell, bare_text(source)) for cell, source in few)
    yield tuple(few)
    yield tuple(cells)


def _look_at_words(group: Group, names: Names, name: str, hint: str) -> None:
    """A name is short, a hint a sentence, and no other mistake of this exercise is called so."""
    if not name or len(name) > LONGEST_NAME:
        raise NotNamed(
            f"a name has 1 to {LONGEST_NAME} characters: say in a few words what is done"
        )
    if not hint or len(hint) > LONGEST_HINT:
        raise NotNamed(
            f"a hint has 1 to {LONGEST_HINT} characters: say in a sentence or two what to look at"
        )
    ours = [mistake(group.exercise, m).name for m in group.exercise.misconceptions]
    plain = [m.name for m in (*GENERIC.values(), NOTHING)]
    others = [n.name for n in names.of(group.exercise.slug) if n.behaves != group.behaves]
    if _words(name) in map(_words, (*ours, *plain, *others)):
        raise NotNamed(
            f"another mistake of {group.exercise.slug} is called “{name}” already, and does "
            "something else: choose a name that tells them apart"
        )


def _look_at_behaviour(group: Group, names: Names, named: Named, seen: Seen, where: Where) -> None:
    """It names no right answer, nothing that has a name, and does the same every time."""
    exercise = group.exercise
    asked = seen.failing if seen.in_checks else ()
    for other in (n for n in names.of(exercise.slug) if n.behaves != group.behaves):
        example = seen_example(other, where, asked)
        if example is not None and seen.alike(example):
            raise NotNamed(f"this course calls that “{other.name}” already")
    if not seen.failing:
        raise NotNamed("these answers lose nothing: there is no mistake to name")
    another = replace(where, seed=where.seed ^ 1)
    if not seen.in_checks:
        refuse_what_is_known(exercise, seen.observations, ROUNDS)
        with opened_example(named, another) as f:
            elsewhere = observed(exercise, f, OTHER_ROUNDS) if f else None
        if elsewhere is not None:
            refuse_what_is_known(exercise, elsewhere, OTHER_ROUNDS)
    again = seen_example(named, another)
    if again is None or not (seen.in_checks or seen.alike(again)):
        raise NotNamed(
            "this answer does something else each time it is run (does it draw random numbers of "
            "its own?), so that nobody else's could be recognised by it"
        )


def refuse_what_is_known(exercise: Exercise, seen: list[Any], rounds: tuple[int, ...]) -> None:
    """Compare with all that the bank holds, on the usual inputs or on others; raises NotNamed."""
    for answer in (bank.reference(exercise), *exercise.variants):
        if same_behaviour(seen, observe(exercise, LocalFunction(answer), rounds)):
            raise NotNamed(
                f"a right answer ({answer.__name__}) does the same wherever diagnosis looks: the "
                "name would be said of it, too"
            )
    for misconception in exercise.misconceptions if rounds == ROUNDS else ():
        if same_behaviour(seen, known_behaviour(exercise, misconception)):
            raise NotNamed(f"that has a name: “{mistake(exercise, misconception).name}”")


def _words(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.lower()))
