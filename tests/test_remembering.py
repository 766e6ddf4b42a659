"""Remembering is honest: what a test can see is in its digest, and no failure is kept."""

import ast
import re
from types import SimpleNamespace

import pytest
import remembering

from autograder.judging import bank

DOORS = ("autograder.judging.bank", "autograder.course", "autograder.exercises", "reference_impl")
"""What leads to the chapters' content."""
DECLARED = {
    path: content
    for path in sorted((remembering.ROOT / "tests").rglob("test_*.py"))
    if (content := remembering.content_read(path.relative_to(remembering.ROOT).as_posix()))
    is not None
}


def imported(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", DECLARED, ids=lambda path: path.stem)
def test_files_read_what_they_say(path):
    """No chapter is named but those; who says none imports nothing that knows any."""
    text, said = path.read_text(), DECLARED[path]
    assert set(re.findall(r"(?:ch\d|project)\d_[a-z_]+", text)) & set(bank.chapters()) <= set(said)
    doors = tuple(door for door in DOORS if door not in said)
    if said in ((), ("reference_impl",)):
        assert not [name for name in imported(text) if name.startswith(doors)]


@pytest.mark.parametrize("place", remembering.READS)
def test_what_is_said_is_said_of_tests_that_exist(place):
    """A renamed file or test would silently read everything again."""
    file, _, test = place.partition("::")
    assert (remembering.ROOT / file).exists()
    assert not test or f"\ndef {test}" in (remembering.ROOT / file).read_text()


@pytest.mark.parametrize(
    ("name", "content"),
    [("audit[relu_forward]", "ch03_activations"), ("audit[ch08_dropout]", "ch08_dropout")],
)
def test_a_test_of_each_exercise_reads_its_chapter(monkeypatch, name, content):
    """The parameter names it; one that names none may read anything."""
    monkeypatch.setattr(remembering, "READS", {"tests/test_x.py::": remembering.EACH})
    assert remembering.content_read(f"tests/test_x.py::{name}") == (content, "reference_impl")
    assert remembering.content_read("tests/test_x.py::audit[other]") is None


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A repository of three files; tells for each whether changing it changes a digest."""
    files = ["autograder/judging/judge.py", "autograder/exercises/ch05_x/y.py", "docs/z.md"]
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).write_text("before")
    monkeypatch.setattr(remembering, "ROOT", tmp_path)
    monkeypatch.setattr(remembering, "_files", lambda: files)

    def changes(reads):
        before = remembering.digest.__wrapped__(reads)
        for file in files:
            (tmp_path / file).write_text("after")
            yield remembering.digest.__wrapped__(reads) != before
            (tmp_path / file).write_text("before")

    return changes


def test_a_digest_covers_the_house_and_what_is_read(checkout):
    """All files if nothing is said; without the chapters and prose if no chapter is read."""
    assert list(checkout(None)) == [True, True, True]
    assert list(checkout(())) == [True, False, False]


def test_a_chapters_digest_is_that_of_its_exercises(monkeypatch):
    """The exercises' files, their references and what these import."""
    before = remembering.digest.__wrapped__(("ch02_backprop",))
    monkeypatch.setattr(remembering, "chapter_digest", lambda chapter: "another")
    assert remembering.digest.__wrapped__(("ch02_backprop",)) != before


@pytest.mark.parametrize(
    ("verdicts", "remembered"),
    [(["passed"] * 3, True), (["passed", "failed", "passed"], False),
     (["skipped", "passed"], False), (["passed", "passed", "failed"], False)],
)  # fmt: skip
def test_only_passes_are_remembered(tmp_path, verdicts, remembered):
    """Set-up, test and what follows it, all three."""
    memory = remembering.Remembering(config=None)
    memory.places["a"] = tmp_path / "passed"
    phases = ("setup", "call", "teardown") if len(verdicts) == 3 else ("setup", "teardown")
    for when, outcome in zip(phases, verdicts, strict=True):
        memory.pytest_runtest_logreport(SimpleNamespace(nodeid="a", when=when, outcome=outcome))
    assert (tmp_path / "passed").exists() == remembered
