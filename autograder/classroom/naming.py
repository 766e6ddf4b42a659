"""A class teaches the grader: a group of wrong answers that behave alike gets a name.

What a group's example does is found out in a sealed process; a name that would say something wrong
of anybody is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.name_audit import NotNamed, look_at_behaviour, look_at_words
from autograder.classroom.replay import NotReplayable, Reopened, reopened
from autograder.judging import bank
from autograder.judging.exercise import Exercise
from autograder.nbgrader_plugin import Nbgrader
from autograder.nbgrader_plugin.autograde import submission_of
from autograder.pages.unnamed import group_id, unnamed
from autograder.sandbox import Isolation
from autograder.submission.behaving import Seen
from autograder.submission.course_names import Named, course_names, save_names
from autograder.submission.examples import Where, seen_example
from autograder.submission.receipt import Receipt, load_receipt
from autograder.submission.written import bare_text, needed

EXAMPLES = 5
"""So many of a group are tried until one can be run by itself."""


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
    look_at_words(group.exercise, group.behaves, names, name, hint)
    named, seen, where = _example(group, isolation, name, hint)
    look_at_behaviour(group.exercise, names, named, seen, where)
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
