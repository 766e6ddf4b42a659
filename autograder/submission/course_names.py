"""Mistakes that a course has named by itself: found again by what they do.

They lie in `named/<assignment>.json` in the course's folder, beside the secret seeds: what is in
there was written by students, so it is never released nor part of a kit. An example of each is kept
as text, and run like any submission: sealed, never in a process of ours.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder import sandbox
from autograder.judging import bank
from autograder.judging.behaviour import known_behaviour
from autograder.judging.calls import LearnerGone
from autograder.judging.diagnose import generic
from autograder.judging.exercise import Exercise
from autograder.judging.judge import judge
from autograder.judging.learner import LearnerFunction, parameters_of
from autograder.judging.mendable import Mendable
from autograder.judging.verdicts import ExerciseResult, Mistake
from autograder.submission.behaving import Seen, in_checks, see
from autograder.submission.digests import cells_digest
from autograder.submission.seeds import learner_seed
from autograder.submission.session import Session

EXAMPLES = 256
"""So many examples are kept in mind by one worker."""


class BadNames(Mendable):
    """The file of a course's own names cannot be read."""


@dataclass(frozen=True)
class Named:
    """A mistake that was named from a class's answers."""

    exercise: str
    name: str
    hint: str
    behaves: str
    """The fingerprint of the group that it was named after."""
    cells: tuple[tuple[str, str], ...]
    """Names and sources of an example: no more of somebody's notebook than it needs."""


@dataclass(frozen=True)
class Names:
    """All that a course has named in one assignment."""

    named: tuple[Named, ...] = field(default=())

    @property
    def digest(self) -> str:
        """Tells these names from others; "" if there are none."""
        if not self.named:
            return ""
        return hashlib.sha256(self.as_json().encode()).hexdigest()[:24]

    def as_json(self) -> str:
        return json.dumps([asdict(one) for one in self.named], indent=1)

    def of(self, slug: str) -> list[Named]:
        return [one for one in self.named if one.exercise == slug]

    def with_one(self, one: Named) -> Names:
        """With another, in the place of what was named after the same group."""
        kept = [n for n in self.named if (n.exercise, n.behaves) != (one.exercise, one.behaves)]
        return Names((*kept, one))


@dataclass(frozen=True)
class Where:
    """How an example is run: as the submissions that it is compared with."""

    isolation: sandbox.Isolation
    limits: sandbox.Limits
    seed: int


def names_file(course: Path, assignment: str) -> Path:
    return course / "named" / f"{assignment}.json"


def course_names(course: Path, assignment: str) -> Names:
    """What a course has named in an assignment.

    Raises
    ------
    BadNames
        If the file is there and holds something else.
    """
    path = names_file(course, assignment)
    if not path.exists():
        return Names()
    try:
        return names_from(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise BadNames(
            f"{path} cannot be read ({problem}): mend it, or remove it and name the groups again"
        ) from problem


def names_from(text: str) -> Names:
    """Read what `Names.as_json` gave; of anything else, ValueError, TypeError or KeyError."""
    return Names(tuple(_named(one) for one in json.loads(text)))


def save_names(course: Path, assignment: str, names: Names) -> Path:
    """Write them down, for their owner's eyes only."""
    path = names_file(course, assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    scratch = path.with_suffix(".tmp")
    scratch.write_text(names.as_json(), encoding="utf-8")
    scratch.replace(path)
    return path


def with_course_name(
    exercise: Exercise, found: ExerciseResult, seen: Seen, names: Names, where: Where
) -> ExerciseResult:
    """The result with the course's name for what the answer does, if it has one."""
    asked = seen.failing if seen.in_checks else ()
    for one in names.of(exercise.slug):
        example = seen_example(one, where, asked)
        if example is not None and seen.alike(example):
            right = known_behaviour(exercise, bank.reference(exercise))
            plain = () if seen.in_checks else generic(seen.observations, right)
            said = Mistake(one.name, one.hint, inferred=True)
            kept = (mistake for mistake in found.mistakes if mistake not in plain)
            return replace(found, mistakes=(said, *kept))
    return found


@functools.lru_cache(EXAMPLES)
def seen_example(named: Named, where: Where, asked: tuple[str, ...] = ()) -> Seen | None:
    """Run an example in a sealed process, once a worker, and see what it does.

    Parameters
    ----------
    asked : tuple of str, optional
        Look at what it says in these checks, and not where diagnosis looks.

    Returns
    -------
    Seen or None
        None if it does not come back.
    """
    exercise = bank.find(named.exercise)
    with opened_example(named, where) as f:
        if f is None:
            return None
        if asked:
            return in_checks(exercise, f, asked, where.seed)
        reference, needs = bank.reference(exercise), bank.prerequisites(exercise)
        try:
            checks = judge(exercise, f, seed=where.seed, reference=reference, prerequisites=needs)
        except LearnerGone:
            return None
        return see(exercise, f, checks, where.seed)


@contextlib.contextmanager
def opened_example(named: Named, where: Where) -> Iterator[LearnerFunction | None]:
    """The function of an example, in a sealed process of its own."""
    own = learner_seed(where.seed, cells_digest(named.cells))
    with Session(named.cells, where.limits, where.isolation, seed=own) as session:
        f = session.function(named.exercise)
        if f is not None:
            f.parameters = parameters_of(bank.reference(bank.find(named.exercise)))
        yield f


def _named(found: dict[str, Any]) -> Named:
    cells = tuple((str(name), str(source)) for name, source in found["cells"])
    facts = {name: str(found[name]) for name in ("exercise", "name", "hint", "behaves")}
    return Named(**facts, cells=cells)
