"""The student's kit: it works on its own, and nothing secret is in it."""

import inspect
import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from kits import run_in_kit, unpacked

from autograder.course import student_kit as kit
from autograder.course.audits.lazy import lazy_answers
from autograder.course.public_part import public_source
from autograder.judging import bank

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
        assert b"BEGIN HIDDEN" not in content
        assert b"BEGIN SOLUTION" not in content
        assert path.suffix not in {".pyc", ".whl"}
    for path in (folder / "notebooks").glob("ch*.ipynb"):
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


def test_public_checks_run_from_the_kit_alone(site):
    """Every public check of the kit fails a blank answer, without our package on the path."""
    code = """
import autograder, pathlib, sys
assert pathlib.Path(autograder.__file__).is_relative_to(pathlib.Path.cwd())
sys.modules["reference_impl"] = None
from autograder import check
from autograder.judging import bank
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


def kit_of(course, folder, *chapters):
    return kit.write_kit(course, folder / chapters[-1], chapters)


KNOWN = """
import sys; sys.modules["reference_impl"] = None
from autograder.judging import bank
for name in bank.chapters():
    print(name, len(bank.chapter(name)))
try:
    bank.find("dropout_forward")
except bank.UnknownExercise as problem:
    print(problem)
"""


def counted(*chapters):
    return [f"{name} {len(bank.chapter(name))}" for name in chapters]


def test_kits_add_up(course, tmp_path):
    """The kit of a chapter beside that of another: both are there, and a third is asked for."""
    for chapter in ("ch02_backprop", "ch03_activations"):
        unpacked(kit_of(course, tmp_path, chapter), tmp_path / "site")
    *lines, problem = run_in_kit(tmp_path / "site", KNOWN).stdout.splitlines()
    assert lines == counted("ch02_backprop", "ch03_activations")
    assert "those of ch02_backprop, ch03_activations; install the kit of its chapter" in problem


def test_a_kit_that_does_not_fit_says_what_to_do(course, tmp_path):
    """Exercises that the installed base cannot read are told with the way out."""
    site = unpacked(kit_of(course, tmp_path, "ch02_backprop"), tmp_path / "site")
    exercise = site / "autograder" / "exercises" / "ch02_backprop" / "half_mse.py"
    exercise.write_text(
        f"from autograder.judging.purity import of_tomorrow\n{exercise.read_text()}"
    )
    done = run_in_kit(
        site,
        "import sys; sys.modules['reference_impl'] = None\nfrom autograder import check\ncheck('half_mse')",
    )
    assert "the kit of ch02_backprop does not fit the others: install its newest" in done.stderr


def pip(folder):
    python = folder / "env" / "bin" / "python"
    venv.create(folder / "env", with_pip=True)
    return python, [python, "-m", "pip", "install", "-q", "--no-deps"]


def uv(folder):
    """uv beside a fresh environment; it is told pip's index, as it does not read pip's settings."""
    venv.create(folder / "tools", with_pip=True)
    tools = folder / "tools" / "bin"
    subprocess.run([tools / "python", "-m", "pip", "install", "-q", "uv"], check=True)
    subprocess.run(
        [tools / "uv", "venv", "-q", "--python", sys.executable, folder / "env"], check=True
    )
    python = folder / "env" / "bin" / "python"
    return python, [tools / "uv", "pip", "install", "-q", "--no-deps", "--python", python]


@pytest.mark.network
@pytest.mark.parametrize("installer", [pip, uv])
def test_the_kits_install(course, tmp_path, installer):
    """Two kits into one environment, one after the other: both are there, and nothing more."""
    python, install = installer(tmp_path)
    for chapter in ("ch02_backprop", "ch03_activations"):
        folder = kit_of(course, tmp_path, chapter)
        subprocess.run([*install, "-r", "requirements.txt"], cwd=folder, check=True)
        unpacked(folder, tmp_path / "wanted")
    site = next((tmp_path / "env" / "lib").glob("python*/site-packages"))
    assert not (site / "reference_impl").exists()
    files = [{p.relative_to(root) for p in root.rglob("*") if p.is_file() and p.suffix != ".pyc"}
             for root in (site / "autograder", tmp_path / "wanted" / "autograder")]  # fmt: skip
    assert files[0] == files[1]
    assert Path("data/digits.npz") in files[0]
