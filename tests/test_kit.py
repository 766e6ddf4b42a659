"""The student's kit: it works on its own, and nothing secret is in it."""

import inspect
import json

import pytest
from kits import run_in_kit, unpacked

from autograder.course import student_kit as kit
from autograder.course.audits.lazy import lazy_answers
from autograder.course.public_part import public_source
from autograder.judging import bank
from autograder.notebook.cells import HIDDEN_LINES

EXERCISES = [e for name in bank.chapters() for e in bank.chapter(name).values()]


@pytest.fixture(scope="module")
def folder(course, tmp_path_factory):
    """A freshly written kit of all chapters."""
    return kit.write_kit(course, tmp_path_factory.mktemp("kit") / "student", bank.chapters())


@pytest.fixture(scope="module")
def site(folder, tmp_path_factory):
    """That kit, installed."""
    return unpacked(folder, tmp_path_factory.mktemp("site"))


def everything_in(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def bodies(function):
    """The lines of a function that would give it away: long ones of its body."""
    document = inspect.getdoc(function) or ""
    lines = (line.strip() for line in inspect.getsource(function).splitlines())
    body = (line for line in lines if not line.startswith(("@", "def ")))
    return [line for line in body if len(line) > 30 and line.strip('"') not in document]


def texts_up_to(chapter, folder):
    """Everything that the kit of the chapters up to that one brings, our own rooms apart."""
    later = [name for name in bank.chapters() if name > chapter]
    rooms = [folder / "packages" / kit.BASE / "autograder" / room for room in kit.SHIPPED_ROOMS]
    shown = [
        content
        for path, content in everything_in(folder).items()
        if not any(map(path.is_relative_to, rooms))
        and not any(name in str(path).replace("-", "_") for name in later)
    ]
    return " ".join(b"\n".join(shown).decode("utf-8", "replace").split())


def test_no_secret_line_is_in_any_file(folder, site):
    """No line of a hidden check, variant or misconception is in the kit of chapters up to its own.

    Later chapters may give what an earlier one asked for.
    """
    texts = {chapter: texts_up_to(chapter, folder) for chapter in bank.chapters()}
    public = {
        line
        for e in EXERCISES
        for f in [*e.probes, *(c.function for c in e.checks if not c.hidden)]
        for line in bodies(f)
    }
    for exercise in EXERCISES:
        hidden = [c.function for c in exercise.checks if c.hidden]
        path = site / "autograder" / "exercises" / exercise.chapter / f"{exercise.slug}.py"
        assert f"def {exercise.slug}(" not in path.read_text()
        for secret in [*hidden, *exercise.variants, *exercise.misconceptions]:
            assert f"def {secret.__name__}(" not in path.read_text()
            for line in set(bodies(secret)) - public:
                told = " ".join(line.split()) in texts[exercise.chapter]  # its text is megabytes
                assert not told, (exercise.slug, line)


def test_the_core_brings_no_answers(site):
    """Of ours only the rooms that public checks need are there: nothing that grades or builds."""
    ours = {path.name for path in (site / "autograder").iterdir()}
    assert ours == {*kit.SHIPPED_ROOMS, "exercises", "__init__.py"}
    modules = {path.stem for path in (site / "autograder").rglob("*.py")}
    assert not modules & {"gradcheck", "chance", "grading", "audit", "sample_class", "chapter"}


def test_no_answer_is_in_any_file(folder):
    """The reference is neither there nor mentioned; notebooks hold stubs without outputs."""
    for path, content in everything_in(folder).items():
        assert b"reference_impl" not in content or path.name == "bank.py", path
        told = HIDDEN_LINES.encode() if path.name == "cells.py" else b""  # how such lines begin
        assert b"BEGIN HIDDEN" not in content.replace(told, b"")
        assert b"BEGIN SOLUTION" not in content
        assert path.suffix not in {".pyc", ".whl"}
    notebooks = list(folder.glob("packages/**/*.ipynb"))
    assert {path.stem for path in notebooks} == set(bank.chapters())
    for path in notebooks:
        cells = json.loads(path.read_text())["cells"]
        assert all(not cell.get("outputs") for cell in cells)
        stubs = [c for c in cells if c["metadata"].get("nbgrader", {}).get("solution")]
        assert stubs
        assert all("NotImplementedError" in "".join(cell["source"]) for cell in stubs)
    for exercise in EXERCISES:
        body = inspect.getsource(inspect.unwrap(bank.reference(exercise))).split('"""')[-1]
        longest = max((line.strip() for line in body.splitlines()), key=len)
        shown = texts_up_to(exercise.chapter, folder)
        told = longest in shown and len(longest) >= 20
        assert not told, (exercise.slug, longest)


def test_a_chapters_pictures_are_small(folder):
    """What a cell that waits shows travels with each chapter's package."""
    sizes = {path.parent.name: path.stat().st_size for path in folder.rglob("stills.json")}
    assert sizes.keys() == set(bank.chapters())
    assert max(sizes.values()) < 300_000, sizes


def test_public_checks_run_from_the_kit_alone(site):
    """Every public check of the kit fails a blank answer, without our package on the path."""
    code = """
import autograder, pathlib, sys
assert pathlib.Path(autograder.__file__).is_relative_to(pathlib.Path.cwd())
sys.modules["reference_impl"] = None
from autograder import check
from autograder.judging import bank
from autograder.notebook.cells import HIDDEN_LINES
from autograder.student.check import CheckFailed
for name in bank.chapters():
    for slug in bank.chapter(name):
        globals()[slug] = lambda *arguments: None
        try:
            check(slug)
        except CheckFailed as failed:
            print(slug, failed)
"""
    done = run_in_kit(site, code)
    assert done.returncode == 0, done.stderr
    for exercise in EXERCISES:
        assert f"{exercise.slug}: " in done.stdout


def test_a_projects_kit_checks_the_parts_that_it_brings(course, tmp_path):
    """Public checks of their chapters come along, their notebooks do not; a gap is told."""
    folder = kit.write_kit(course, tmp_path / "student", ["project1_digit_reader"])
    found = folder.glob("packages/*/autograder/exercises/*_*")
    shipped = {path.name for path in found if path.is_dir()} - {"__pycache__"}
    assert shipped == {"ch02_backprop", "ch03_activations", "project1_digit_reader"}
    assert [path.stem for path in folder.glob("packages/**/*.ipynb")] == ["project1_digit_reader"]
    done = run_in_kit(folder, 'from autograder import bring\nbring("relu_forward")')
    assert "NotBrought: `relu_forward`: ch03_activations.ipynb is not beside" in done.stderr


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.slug)
def test_named_mistakes_work_from_fingerprints_alone(folder, exercise):
    """A misconception is named in the kit (of a quiz: is not), right and lazy answers are not."""
    source = public_source(exercise)
    prints = eval(source.rsplit("exercise.fingerprints.update(", 1)[1].rsplit(")", 1)[0])
    from autograder.judging.behaviour import fingerprint, observe
    from autograder.judging.learner import LocalFunction

    def named(answer):
        return prints.get(fingerprint(observe(exercise, LocalFunction(answer))))

    for misconception in exercise.misconceptions:
        name = misconception.__name__.replace("_", " ")
        assert (named(misconception) or [None])[0] == (None if exercise.guessable else name)
    right = [bank.reference(exercise), *exercise.variants]
    assert not any(named(answer) for answer in right)
    assert named(lazy_answers(exercise, bank.reference(exercise))["None"]) is None


def test_another_folder_is_left_alone(course, tmp_path):
    """A folder that holds something else is refused, and nothing in it changes."""
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(kit.UnusableFolder, match="name a new folder"):
        kit.write_kit(course, tmp_path, bank.chapters())
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_kit_that_somebody_works_in_is_left_alone(course, tmp_path):
    """It would go out to everybody, or be lost; the kit as it was written may be written again."""
    folder = tmp_path / "kit"
    for _ in range(2):
        kit.write_kit(course, folder, ["ch02_backprop"])
    (folder / "notebooks" / "ch02_backprop.ipynb").write_text("{}")
    before = everything_in(folder)
    with pytest.raises(kit.UnusableFolder, match=r"ch02_backprop\.ipynb may be somebody's work"):
        kit.write_kit(course, folder, ["ch03_activations"])
    assert everything_in(folder) == before
