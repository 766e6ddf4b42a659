"""A verdict knows what it depends on: nothing that matters is missed, nothing else counts."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.judging import bank
from autograder.submission.digests import JUDGING_ROOMS, PACKAGE, files_of

ROOT = PACKAGE.parent
PROBE = """
import json
from autograder.judging import bank
from autograder.submission.digests import chapter_digest, key_of
keys = {name: key_of([("a", "x = 1")], name) for name in bank.chapters()}
print(json.dumps(keys | {"any other course": key_of([("a", "x = 1")])}))
"""
FAULT = "\n# a change\n"
JUDGING = [p for room in JUDGING_ROOMS for p in sorted((PACKAGE / room).rglob("*.py"))]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A checkout of our code to spoil."""
    root = tmp_path_factory.mktemp("checkout")
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("autograder", "reference_impl"):
        shutil.copytree(ROOT / name, root / name, ignore=ignore)
    return root


def keys_of(root):
    code = f"import sys; sys.path.insert(0, {str(root)!r})\n{PROBE}"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    return __import__("json").loads(done.stdout)


def changed(root, *paths):
    """Whose keys change when something is appended to these files."""
    before = keys_of(root)
    texts = {path: path.read_text() for path in paths}
    for path, text in texts.items():
        path.write_text(text + FAULT)
    try:
        after = keys_of(root)
    finally:
        for path, text in texts.items():
            path.write_text(text)
    return {name for name in before if before[name] != after[name]}


def test_every_module_that_judges_counts(monkeypatch):
    """A fault in any one of them changes the digest of the rooms."""
    from autograder.submission import digests

    read, spoilt = Path.read_bytes, [None]

    def reading(path):
        return read(path) + (FAULT.encode() if path == spoilt[0] else b"")

    monkeypatch.setattr(Path, "read_bytes", reading)
    seen = set()
    for path in [None, *JUDGING]:
        spoilt[0] = path
        seen.add(digests.rooms_digest.__wrapped__())
    assert len(seen) == 1 + len(JUDGING) > 60


def test_a_fault_in_the_judge_regrades_everything(copy):
    """What all verdicts depend on."""
    assert changed(copy, copy / "autograder" / "judging" / "purity.py") == set(keys_of(copy))


def test_a_changed_exercise_regrades_its_chapter_only(copy):
    """Nobody else's grade depends on it."""
    path = copy / "autograder" / "exercises" / "ch08_dropout" / "dropout_mask.py"
    assert changed(copy, path) == {"ch08_dropout"}


def test_helpers_and_references_count_where_they_are_used(copy):
    """A helper that an exercise's file imports, and what its reference imports in turn."""
    exercises = copy / "autograder" / "exercises"
    assert changed(copy, exercises / "ch09_optimizers" / "stepping.py") == {"ch09_optimizers"}
    assert changed(copy, copy / "reference_impl" / "dropout.py") == {"ch08_dropout"}
    everybody = set(bank.chapters())
    assert changed(copy, copy / "reference_impl" / "validation" / "rules.py") == everybody


def test_a_new_chapter_regrades_nothing(copy):
    """Other chapters' grades do not know that it is there."""
    before = keys_of(copy)
    new = copy / "autograder" / "exercises" / "ch99_new"
    new.mkdir()
    (new / "__init__.py").write_text('"""New."""\n')
    (copy / "reference_impl" / "new.py").write_text('"""New."""\n')
    after = keys_of(copy)
    shutil.rmtree(new)
    assert {name: after[name] for name in before} == before
    assert "ch99_new" in after


def test_pages_and_commands_regrade_nothing(copy):
    """How things are shown changes no verdict."""
    ours = copy / "autograder"
    paths = [
        ours / "pages" / "report.py",
        ours / "student" / "table.py",
        ours / "course" / "build.py",
    ]
    assert changed(copy, *paths) == set()


def test_an_exercise_depends_on_its_own_file_and_its_reference():
    """Both are among the files, for every exercise of the bank; the judge's own are not."""
    for exercise in bank.all_exercises():
        found = files_of(exercise)
        assert Path(bank.source_file(exercise)) in found
        assert all("exercises" in path.parts or "reference_impl" in path.parts for path in found)
