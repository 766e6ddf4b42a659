"""`pytest --remember` leaves out what has passed before on exactly the files that it reads.

Tests read the house, which is all but the chapters' content and prose, and beside that all content,
unless READS says which. So a changed exercise has only those tests run again that can see
it. Failures are not remembered; with CI=true nothing is.
"""

import functools
import hashlib
import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.judging import bank
from autograder.submission.digests import chapter_digest, files_digest

ROOT = Path(__file__).resolve().parents[1]
CONTENT = (
    "autograder/exercises/ch", "autograder/exercises/project", "reference_impl/",
    "tests/reference_impl/", "course/chapters/ch", "course/projects/", "course/release/",
    "solutions/", "docs/",
)  # fmt: skip
PROSE = ".md"
EACH = "the chapter that the test's name has in brackets, itself or one of its exercises"
READS = {
    "tests/sandbox/": (),
    "tests/engine/": (),
    "tests/sandbox/test_cells.py": None,
    "tests/sandbox/test_secrets.py": ("ch02_backprop",),
    "tests/engine/test_four_ways.py": ("ch02_backprop",),
    "tests/engine/test_fuzz.py": ("ch03_activations",),
    "tests/reference_impl/": ("reference_impl",),
    "tests/test_authors.py": ("reference_impl", "ch02_backprop"),
    "tests/test_borrow.py::test_what_is_lent_works": EACH,
    "tests/test_build.py::test_release_is_what_nbgrader_generates": EACH,
    "tests/test_chance.py": (),
    "tests/test_chapter_texts.py::test_no_word_of_a_contract_is_lost_in_the_task": EACH,
    "tests/test_classroom.py": ("ch02_backprop",),
    "tests/test_cli.py::test_check": ("ch02_backprop",),
    "tests/test_findings.py": ("ch02_backprop",),
    "tests/test_kit.py::test_named_mistakes_work_from_fingerprints_alone": EACH,
    "tests/test_kit_notebook.py": ("ch02_backprop", "ch03_activations"),
    "tests/test_obstacles.py": ("ch02_backprop",),
    "tests/test_own_course.py": ("ch02_backprop",),
    "tests/test_patience.py": ("ch02_backprop",),
    "tests/test_plain_nbgrader.py": ("ch02_backprop",),
    "tests/test_projects.py": ("ch03_activations", "ch02_backprop", "project1_digit_reader"),
    "tests/test_rehearsal.py": (
        "ch02_backprop",
        "ch05_initialization",
        "ch06_batchnorm",
        "ch08_dropout",
        "ch09_optimizers",
    ),
    "tests/test_scenarios.py": ("ch02_backprop",),
    "tests/test_verify.py::test_the_bank_passes_its_audit": EACH,
    "tests/test_waiting.py": ("ch02_backprop",),
    "tests/test_waiting.py::test_a_fresh_notebook_runs_to_its_end": EACH,
}
"""What content these folders, files and tests read, by a part of its path (None: any); the longest
name counts."""


class Remembering:
    """Knows, by empty files in pytest's own cache, which tests passed on which digest."""

    def __init__(self, config):
        self.config, self.places, self.known = config, {}, 0

    def pytest_collection_modifyitems(self, items):
        folder = self.config.cache.mkdir("passed")
        for item in items:
            name = f"{digest(content_read(item.nodeid))} {item.nodeid}"
            self.places[item.nodeid] = folder / hashlib.sha256(name.encode()).hexdigest()
        known = [item for item in items if self.places[item.nodeid].exists()]
        self.known = len(known)
        self.config.hook.pytest_deselected(items=known)
        items[:] = [item for item in items if item not in known]

    def pytest_runtest_logreport(self, report):
        if report.outcome != "passed":
            self.places.pop(report.nodeid, None)
        elif report.when == "teardown" and report.nodeid in self.places:
            self.places[report.nodeid].touch()

    def pytest_sessionfinish(self, session, exitstatus):
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["known"] = self.known
        if self.known and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            session.exitstatus = pytest.ExitCode.OK

    def pytest_testnodedown(self, node):
        self.known = getattr(node, "workeroutput", {}).get("known", 0)

    def pytest_terminal_summary(self, terminalreporter):
        terminalreporter.write_line(f"{self.known} tests passed before on the same files")


def content_read(test):
    """Which content a test reads, or None if that may be any."""
    named = [place for place in READS if test.startswith(place)]
    read = READS[max(named, key=len)] if named else None
    return _in_brackets(test) if read == EACH else read


def _in_brackets(test):
    """The chapter that a test's parameter names, and the reference (None: it names none)."""
    home = _homes().get(test.rpartition("[")[2].rstrip("]"))
    return (home, "reference_impl") if home else None


@functools.cache
def _homes():
    """The chapter of every chapter and of every exercise."""
    homes = {exercise.slug: exercise.chapter for exercise in bank.all_exercises()}
    return homes | {chapter: chapter for chapter in bank.chapters()}


@functools.cache
def digest(reads):
    """A digest of the house, of this content (None: of all), and of the machine."""
    ours = [path for path in _files() if reads is None or not _is_content(path)]
    facts = [files_digest(ROOT / path for path in ours), "\n".join(ours), _machine()]
    for part in reads or ():
        facts.append(files_digest(ROOT / p for p in _files() if _is_content(p) and part in p))
        if part in bank.chapters():
            facts.append(chapter_digest(part))
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()


@functools.cache
def _files():
    """Every file of this checkout that Git does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return sorted(path for path in set(found.split("\0")) if path and (ROOT / path).is_file())


def _is_content(path):
    return path.startswith(CONTENT) or path.endswith(PROSE)


@functools.cache
def _machine():
    packages = sorted(f"{d.name} {d.version}" for d in importlib.metadata.distributions())
    return repr((sys.version, platform.platform(), os.geteuid(), packages))
