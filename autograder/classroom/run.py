"""Grade an assignment: what is new goes to the workers, what comes back goes to the gradebook.

Data flow one way: folders -> jobs -> workers -> outcomes -> receipts, autograded/, gradebook,
journal. The last line written for a submission is the journal's, so that a run which ends at any
moment, however it ends, is taken up by the next one where it stopped.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Protocol

from autograder.classroom.journal import Entry, Journal
from autograder.classroom.work import Job, Outcome
from autograder.nbgrader_plugin.assignment import Assignment
from autograder.nbgrader_plugin.course import Nbgrader
from autograder.nbgrader_plugin.folders import Folders, Refused, digest_of
from autograder.nbgrader_plugin.gradebook import (
    GradebookWriter,
    advise_on_errors,
    retry_while_locked,
)
from autograder.submission.digests import RUNNING_ROOMS, chapter_digest, rooms_digest
from autograder.submission.grading import Options
from autograder.submission.receipt import Receipt, load_receipt, receipt_path
from autograder.submission.student_result import StudentResult

PLACES = ("CourseDirectory", "Exchange")
"""Sections of nbgrader's settings that say where things are."""


class Workers(Protocol):
    """Who does the work: processes of this machine, or a cluster."""

    def outcomes(self, jobs: Iterable[Job]) -> Generator[Outcome, None, None]: ...


class Run:
    """One run of the engine over an assignment."""

    def __init__(
        self,
        nbgrader: Nbgrader,
        assignment: Assignment,
        options: Options,
        journal: Journal,
        *,
        only: Collection[str] = (),
        force: bool = False,
    ) -> None:
        """`only` names the notebooks to grade, all if none; `force` grades what is known, too."""
        self.nbgrader = nbgrader
        self.assignment = assignment
        self.folders: Folders = nbgrader.folders(assignment.name)
        self.journal = journal
        self._only = set(only or assignment.notebooks)
        self._force = force
        self._due = retry_while_locked(nbgrader.due_dates, assignment.name)
        self._rules = _digest_of_rules(assignment, options)
        self._under_way: dict[str, tuple[str, datetime | None, Mapping[str, bytes]]] = {}
        """By student: the digest of what was handed in, or nothing if part of it waits; when it
        was, and what besides the notebooks."""

    def settle(self, students: Iterable[str], workers: Workers) -> Iterator[StudentResult]:
        """Grade and record what is new or changed; yield every student once."""
        known = retry_while_locked(self._known)
        skipped: list[StudentResult] = []
        jobs = self._jobs(students, known, skipped.append)
        with self.nbgrader.writer() as writer, closing(workers.outcomes(jobs)) as outcomes:
            for outcome in outcomes:
                yield from skipped
                skipped.clear()
                yield self._recorded(outcome, writer)
        yield from skipped

    def _known(self) -> dict[str, tuple[float, float]]:
        with advise_on_errors():
            return self.nbgrader.scores(self.assignment.name)

    def _jobs(
        self,
        students: Iterable[str],
        known: Mapping[str, tuple[float, float]],
        skip: Callable[[StudentResult], None],
    ) -> Iterator[Job]:
        for student in students:
            if not student.isprintable():
                name = student.encode("utf-8", "backslashreplace").decode()
                what = "its folder's name has characters that cannot be shown; rename it"
                skip(StudentResult(name, failure=f"not graded: {what}"))
                continue
            try:
                files = self.folders.handed_in(student)
                timestamp = self.folders.timestamp(student)
            except (OSError, Refused) as problem:
                skip(StudentResult(student, failure=f"not graded: {problem}"))
                continue
            late = self._due.seconds_late(student, timestamp)
            facts = f"{digest_of(files)}{self._rules}{late}"
            digest = hashlib.sha256(facts.encode()).hexdigest()
            notebooks = {
                name: files.pop(f"{name}.ipynb")
                for name in self.assignment.notebooks
                if f"{name}.ipynb" in files
            }
            kept = self._kept(student, digest, notebooks) if student in known else None
            if kept and not self._force:
                skip(StudentResult(student, kept, *known[student]))
                continue
            others = {name: notebooks.pop(name) for name in notebooks.keys() - self._only}
            if not notebooks:
                wanted = ", ".join(f"{name}.ipynb" for name in sorted(self._only))
                skip(StudentResult(student, failure=f"not graded: {wanted} is missing"))
                continue
            complete = not others or bool(kept)
            self._under_way[student] = digest if complete else "", timestamp, files
            yield Job(student, notebooks, files)

    def _recorded(self, outcome: Outcome, writer: GradebookWriter) -> StudentResult:
        """Keep what a worker found: receipts, autograded/, the gradebook, and last the journal."""
        student = outcome.student
        digest, timestamp, others = self._under_way.pop(student)
        if outcome.failure:
            return StudentResult(student, failure=outcome.failure)
        receipts = {name: graded.receipt for name, graded in outcome.graded.items()}
        for name, receipt in receipts.items():
            receipt.save(self._receipt_path(student, name))
        files = {**others, **self.assignment.files}
        left_alone = self.assignment.notebooks.keys() - self._only
        self.folders.keep(student, files, outcome.graded, left_alone)
        graded = {name: outcome.graded.get(name) for name in self._only}
        score, of = retry_while_locked(
            writer.record, self.assignment.name, student, timestamp, graded
        )
        if digest:
            self.journal.append(Entry(student, digest, score, of))
        short = {name: receipt.in_short() for name, receipt in receipts.items()}
        short = {**self._receipts(student), **short} if left_alone else short
        return StudentResult(student, short, score, of, fresh=True)

    def _kept(
        self, student: str, digest: str, notebooks: Iterable[str]
    ) -> dict[str, Receipt] | None:
        """The receipts, if exactly this was graded earlier and what came of it is still there."""
        entry = self.journal.entries.get(student)
        if not entry or entry.digest != digest or not self.folders.autograded(student).is_dir():
            return None
        receipts = self._receipts(student)
        return receipts if receipts.keys() >= set(notebooks) else None

    def _receipts(self, student: str) -> dict[str, Receipt]:
        found = {n: load_receipt(self._receipt_path(student, n)) for n in self.assignment.notebooks}
        return {name: receipt.in_short() for name, receipt in found.items() if receipt is not None}

    def _receipt_path(self, student: str, notebook: str) -> Path:
        return receipt_path(self.nbgrader.root, student, self.assignment.name, notebook)


def _digest_of_rules(assignment: Assignment, options: Options) -> str:
    """Whatever the grade of a submission depends on besides what was handed in."""
    # Not the place of the course folder, which may be moved.
    config = {name: c for name, c in assignment.config.items() if name not in PLACES}
    rules = (
        assignment.notebooks,
        assignment.files,
        config,
        options.every_cell,
        options.seed,
        options.partial_credit,
        options.limits,
    )
    names = options.names.digest
    chapters = [found for n in assignment.notebooks.values() if (found := n.chapter)]
    code = [rooms_digest("nbgrader_plugin"), *map(chapter_digest, chapters)]
    code += [] if chapters else [rooms_digest(*RUNNING_ROOMS)]
    return hashlib.sha256(pickle.dumps(rules) + " ".join([*code, names]).encode()).hexdigest()
