"""A course of one's own, outside our package: every command works in it, and none takes ours."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from sampling import sampled

from autograder.course.scaffold import new_course
from autograder.judging import content
from autograder.judging.mendable import AuthorMistake

ROOT = Path(__file__).resolve().parents[1]
CHAPTER = "ch01_averages"
SNOOPING = """
found = []
for name in ("reference_impl.averages", "autograder.exercises", "exercises", "averages"):
    try:
        __import__(name)
        found.append(name)
    except ImportError:
        pass
found += [path for path in {paths} if os.path.exists(path)]
print("found:", found)
"""


def autograder(*arguments, cwd, **more):
    """Run the command as an author would, without a course of the tests' own in the way."""
    variables = {k: v for k, v in os.environ.items() if k != content.VARIABLE}
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)], cwd=cwd,
        env={**variables, **more}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def right(done):
    assert done.returncode == 0, (done.args, done.stdout, done.stderr)
    return done.stdout


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """A new course, built and verified."""
    root = tmp_path_factory.mktemp("author") / "numbers"
    right(autograder("new", "course", root, "--title", 'Numbers & "words"', cwd=root.parent))
    right(autograder("build", cwd=root))
    right(autograder("verify", "--write", "--jobs", 1, cwd=root))
    return root


@pytest.fixture
def copy(mine, tmp_path):
    """That course, to be spoilt."""
    return shutil.copytree(mine, tmp_path / "spoilt")


def hand_in(root, student, cells):
    """Write a submission with these cells, by their ids, instead of the released ones."""
    notebook = nbformat.read(root / f"course/release/{CHAPTER}/{CHAPTER}.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = cells.get(cell.id, cell.source)
    path = root / f"course/submitted/{student}/{CHAPTER}/{CHAPTER}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def graded(mine):
    """The course with a class of three, and what `grade` said of it from far away."""
    solved = nbformat.read(mine / f"solutions/{CHAPTER}/{CHAPTER}.ipynb", as_version=4)
    answer = {cell.id: cell.source for cell in solved.cells}["running_mean"]
    hand_in(mine, "ada", {"running_mean": answer})
    hand_in(mine, "ben", {})
    paths = [str(mine / part) for part in ("references/averages.py", "exercises", "course")]
    snooping = "import os\n" + SNOOPING.format(paths=paths) + answer.replace(" + 1)", ")")
    hand_in(mine, "eve", {"running_mean": snooping})
    done = autograder("grade", CHAPTER, "--course", mine, "--json", cwd="/")
    return json.loads(right(done))


@pytest.mark.slow
def test_an_audit_finds_nothing(mine):
    """All that `build` and `verify` ask of ours holds for what `new course` writes."""
    assert "stale" not in right(autograder("build", "--check", cwd=mine))
    said = json.loads(right(autograder("verify", "--jobs", 1, "--json", cwd=mine)))
    assert (said["exercises"], said["problems"]) == (1, [])
    assert said["mutants"]["killed"] == said["mutants"]["total"] > 0
    assert "running_mean" in (mine / "docs" / "kill-table.md").read_text()


def test_its_class_is_graded(mine, graded):
    """Full points for the solution, none for a blank, half for a named slip; grades go on."""
    points = {student: said["earned"] for student, said in graded["students"].items()}
    assert points == {"ada": 7, "ben": 0, "eve": 3.5}
    assert "loses the last window" in (mine / f"course/reports/{CHAPTER}.html").read_text()
    right(autograder("export", CHAPTER, "--csv", cwd=mine))
    rows = list(csv.DictReader((mine / f"{CHAPTER}.csv").open()))
    assert {row["student_id"]: float(row["score"]) for row in rows} == points


def test_learners_find_neither_exercises_nor_references(mine, graded):
    """By no name and in no folder; who tries is flagged."""
    notebook = mine / f"course/autograded/eve/{CHAPTER}/{CHAPTER}.ipynb"
    assert "found: []" in notebook.read_text()
    receipt = json.loads((mine / f"course/receipts/eve/{CHAPTER}/{CHAPTER}.json").read_text())
    assert receipt["flags"]


def test_its_folders_are_hidden_wherever_they_lie(mine):
    """Also where learners' processes could read otherwise, such as beside installed packages."""
    code = "from autograder.sandbox.judge.visible import *; print(*secret_folders(), sep=';')"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=mine, text=True, capture_output=True, check=True)
    secret = set(map(Path, done.stdout.strip().split(";")))
    assert {mine / name for name in ("exercises", "references", "course", "solutions")} <= secret


def test_coverage_is_that_of_its_syllabus(mine):
    """Its components and claims, none of ours."""
    counts = json.loads(right(autograder("coverage", "--json", cwd=mine)))
    assert counts == {"AV": {"components": [1, 1], "claims": [1, 1], "errata": [0, 0]}}


def test_its_kit_has_its_exercises_and_no_answers(mine, tmp_path):
    """Under its title; nothing of our chapters, no line of a reference or a hidden check."""
    right(autograder("build", CHAPTER, "--kit", tmp_path / "kit", cwd=mine))
    files = {p: p.read_bytes() for p in (tmp_path / "kit").rglob("*") if p.is_file()}
    shipped = {path.parent.name for path in files if path.parent.parent.name == "exercises"}
    assert shipped == {CHAPTER}
    everything = b"\n".join(files.values()).decode("utf-8", "replace")
    assert '# Numbers & "words": your notebooks' in everything
    for secret in (
        "random_measurements",
        "x[first : first + n]",
        "def jumps_along",
        "BEGIN SOLUTION",
    ):
        assert secret not in everything


@pytest.mark.slow
def test_it_grows(copy):
    """A second chapter and exercise; what is still to do is told, and `verify` insists on it."""
    right(autograder("new", "chapter", "ch02_words", cwd=copy / "course"))
    said = right(autograder("new", "exercise", "ch02_words", "vowels", cwd=copy))
    assert "exercises/ch02_words/vowels.py:1: " in said
    right(autograder("build", cwd=copy))
    done = autograder("verify", "vowels", "--jobs", 1, cwd=copy)
    assert done.returncode == 1
    assert "PROBLEM vowels: its file still says TODO" in done.stdout


def test_ours_is_found_in_the_same_way(monkeypatch):
    """By its file, from any folder in it."""
    monkeypatch.delenv(content.VARIABLE, raising=False)
    found = content.find_content(ROOT / "docs")
    assert (found.root, found.title) == (ROOT, "Chainrule")
    assert found == content.content_of(ROOT)


def test_what_students_hand_in_is_no_course(mine, tmp_path):
    """A file of theirs that calls itself a course is not looked at: it would run as ours."""
    submitted = mine / "course" / "submitted" / "mallory"
    shutil.copytree(mine / "exercises", submitted / "exercises")
    (submitted / "course").mkdir()
    (submitted / "course" / "course.toml").write_text("[course]\n")
    assert content.content_of(submitted) is not None
    assert content.find_content(submitted / "course").root == mine
    elsewhere = tmp_path / "feedback" / "numbers"
    shutil.copytree(submitted, elsewhere)
    assert content.find_content(elsewhere / "exercises").root == elsewhere


def test_nbgraders_settings_are_those_of_our_course():
    """What a new course is given differs from `course/nbgrader_config.py` in its name and place."""
    template = ROOT / "autograder/course/skeletons/course/course/nbgrader_config.py.j2"
    theirs = template.read_text().replace("{{ course_id }}", "chainrule").splitlines()
    own = ("import os", "os.environ.setdefault(")
    ours = (ROOT / "course" / "nbgrader_config.py").read_text().splitlines()
    assert [line for line in theirs if not line.startswith(own)] == ours


def spoilt(name, old, new):
    def spoil(root):
        path = root / name
        text = path.read_text()
        path.write_text(text.replace(old, new, 1) if old else text + new)

    return spoil


def without(name):
    return lambda root: (root / name).unlink()


TEXT, ANSWER = f"course/chapters/{CHAPTER}.py", "references/averages.py"
EXERCISE, SETTINGS = f"exercises/{CHAPTER}/running_mean.py", "course/course.toml"


MISTAKES = [
    (spoilt(SETTINGS, "", "\n[course\n"), "build", "course.toml cannot be read"),
    (spoilt(SETTINGS, "title =", "name ="), "build", "[course] has no setting name"),
    (spoilt(SETTINGS, 'title = "', 'title = 3 # "'), "build", "write title in quotes"),
    (spoilt(SETTINGS, "", "\n[texts]\nopening = 3\n"), "verify", "write a list of marks"),
    (spoilt(SETTINGS, "# exercises = ", "exercises = '../nowhere' #"), "build", "no folder"),
    (spoilt(ANSWER, "", "\ndef ("), "build", "averages.py:23: SyntaxError"),
    (spoilt(ANSWER, "", "\nimport nonsense_"), "build", "averages.py:23: ModuleNotFoundError"),
    (spoilt(ANSWER, "def running", "def walking"), "build", "write a function running_mean in"),
    (spoilt(EXERCISE, "", "\n1 / 0"), "build", "running_mean.py:123: ZeroDivisionError"),
    (spoilt(TEXT, '"running_mean"', '"runing_mean"'), "build", "names the exercise 'runing_"),
    (spoilt(TEXT, "wave = np.sin", "wav = np.sin"), "build", "raises NameError: name 'wave'"),
    (without(TEXT), "build", "autograder new chapter"),
    (without("course/chapters/_setup.py"), "build", "_setup.py is missing"),
    (without("course/syllabus.toml"), "coverage", "syllabus.toml; list in"),
    (spoilt("course/syllabus.toml", "[AV", "[AV = "), "coverage", "cannot be read"),
    (lambda root: None, "demo", "the sample class answers ch02_backprop"),
    (lambda root: None, "new course .", "is there already; name a new folder"),
    (lambda root: None, "new chapter words", "call it like ch02_backprop"),
    (lambda root: None, "new chapter ch02_validation", "give it another name"),
    (lambda root: None, f"new exercise {CHAPTER} class", "that of its function"),
    (lambda root: None, "verify runing_mean", "did you mean 'running_mean'?"),
]  # fmt: skip
"""What an author breaks, the command that meets it, and what the sentence says."""


@pytest.mark.parametrize(("spoil", "command", "advice"), sampled(MISTAKES, 5))
def test_an_authors_mistake_is_a_sentence(copy, spoil, command, advice):
    """Where it is and what to do, without a traceback."""
    spoil(copy)
    done = autograder(*command.split(), cwd=copy)
    assert done.returncode == 2, done.stdout
    assert advice in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    """A course is begun in a new folder."""
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(AuthorMistake, match="name a new folder"):
        new_course(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
