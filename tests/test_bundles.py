"""Graders to take along: what is in them, what they write, and that they run where they are put."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest

from autograder.course.sample_class import CHAPTER, sample_course
from autograder.exports.bundle import write_classroom50, write_gradescope
from autograder.exports.classroom50 import SCHEMA, commit_time, result
from autograder.exports.container import isolation_in_words
from autograder.exports.grade import NotExported
from autograder.exports.gradescope import results
from autograder.judging import bank
from autograder.judging.verdicts import CheckResult, ExerciseResult, Mistake, Verdict
from autograder.submission.receipt import Receipt
from autograder.submission.seeds import assignment_seed

FULL = sum(e.points for e in bank.chapter(CHAPTER).values())
RUNNER = {
    "CLASSROOM": "deep-learning",
    "ASSIGNMENT": "chapter-2",
    "SUBMISSION_TAG": "submit/2026-11-30T12-00-00Z-a1b2c3d",
    "COMMIT_URL": "https://github.com/o/r/commit/a1b2c3d",
    "RELEASE_URL": "https://github.com/o/r/releases/tag/submit%2F2026",
}


def exercise(slug, *checks, mistakes=(), kept=0.0):
    found = [CheckResult(n, f"{n}.", p, v, "all zeros" if v is Verdict.FAIL else "")
             for n, p, v in checks]  # fmt: skip
    return ExerciseResult(slug, slug.title(), tuple(found), mistakes, kept)


RIGHT = exercise("right", ("value", 2.5, Verdict.PASS))
HALF = exercise("half", ("a", 1.0, Verdict.PASS), ("b", 1.0, Verdict.FAIL))
SLIP = Mistake("forgets the half", "Where is the half?", inferred=True)
NEARLY = exercise("nearly", ("a", 3.0, Verdict.FAIL), mistakes=(SLIP,), kept=2.9)
NONE = exercise("none", ("a", 3.0, Verdict.FAIL))


def receipt(isolation="landlock"):
    found = {e.slug: e for e in (RIGHT, HALF, NEARLY, NONE)}
    return Receipt("k", 1, CHAPTER, isolation, 1.25, found, {}, ["a cell was found again"])


def classroom50_accepts(found):
    """The contract of a result, as Classroom 50's own pages state it."""
    assert found["schema"] == "classroom50/result/v1"
    for name in ("classroom", "assignment", "submission", "commit", "release", "review"):
        assert isinstance(found[name], str)
        assert found[name]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["datetime"])
    for one in (found, *found["tests"]):
        for name in ("score", "max-score"):
            assert type(one[name]) is int
        assert 0 <= one["score"] <= one["max-score"]
    for test in found["tests"]:
        assert type(test["passed"]) is bool
        assert isinstance(test["test-name"], str)
        assert test["passed"] == (test["score"] == test["max-score"])
    for name in ("score", "max-score"):
        assert found[name] == sum(test[name] for test in found["tests"])


def gradescope_accepts(found):
    """The format of results.json, as Gradescope's documentation states it."""
    assert isinstance(found["score"], int | float)
    assert found["output_format"] in ("text", "simple_format", "html", "md", "ansi")
    assert found["visibility"] in ("hidden", "after_due_date", "after_published", "visible")
    assert found["stdout_visibility"] == "hidden"
    for test in found["tests"]:
        assert 0 <= test["score"] <= test["max_score"]
        assert test["status"] in ("passed", "failed")
        assert isinstance(test["number"], str)
        assert isinstance(test["output"], str)
        assert all(isinstance(tag, str) for tag in test["tags"])


def test_gradescope_gets_a_score_and_each_exercise():
    """With what was lost for what, what was mended, and how learners' code was kept off."""
    found = results(receipt())
    gradescope_accepts(found)
    assert found["score"] == 2.5 + 1 + 2.9
    assert [test["status"] for test in found["tests"]] == ["passed", "failed", "failed", "failed"]
    assert "Looks like: forgets the half. Where is the half?" in found["tests"][2]["output"]
    assert "✗ b.: all zeros" in found["tests"][1]["output"]
    assert "a cell was found again" in found["output"]
    assert "sealed off from the grader by landlock, inside this container" in found["output"]
    assert "nothing but the container" in isolation_in_words(receipt("none"))


def test_classroom_50_gets_whole_numbers():
    """Rounded, but full only if all was earned."""
    found = result(receipt().exercises.values(), RUNNER, "2026-11-30T12:00:00Z")
    classroom50_accepts(found)
    assert found["schema"] == SCHEMA
    scores = [(test["score"], test["max-score"]) for test in found["tests"]]
    assert scores == [(3, 3), (1, 2), (2, 3), (0, 3)]
    assert found["review"] == RUNNER["COMMIT_URL"]


def test_a_submission_is_dated_by_its_commit(tmp_path):
    """So that a later run does not make it late."""
    when = datetime(2026, 11, 3, 4, 5, 6, tzinfo=UTC)
    dates = {"GIT_COMMITTER_DATE": when.isoformat(), "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z"}
    git = ["git", "-C", tmp_path, "-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    commit = [*git, "commit", "-q", "--allow-empty", "-m", "hand in"]
    subprocess.run(commit, check=True, env={**os.environ, **dates})
    assert commit_time(tmp_path) == "2026-11-03T04:05:06Z"


@pytest.fixture(scope="module")
def demo(course, tmp_path_factory):
    return sample_course(course, tmp_path_factory.mktemp("bundles"))


def test_the_zip_is_as_gradescope_wants_it_and_holds_one_assignment(demo, tmp_path):
    """Both scripts at the root, executable; no other chapter's references; the same every time."""
    path = write_gradescope(demo.nbgrader_root, CHAPTER, tmp_path / "a.zip")
    again = write_gradescope(demo.nbgrader_root, CHAPTER, tmp_path / "b.zip")
    assert path.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(path) as found:
        names = found.namelist()
        facts = json.loads(found.read("assignment/facts.json"))
        for script in ("setup.sh", "run_autograder"):
            assert found.getinfo(script).external_attr >> 16 & 0o111
            assert found.read(script).startswith(b"#!")
    assert facts["seed"] == assignment_seed(demo.nbgrader_root, CHAPTER)
    chapters = {n.split("/")[3] for n in names if n.startswith("grader/autograder/exercises/ch")}
    assert chapters == {CHAPTER}
    assert not [n for n in names if "nbgrader_plugin" in n or "submitted" in n or "pycache" in n]


def test_what_classroom_50_publishes_has_no_secret_of_the_class(demo, tmp_path):
    """Neither the seed nor what students wrote; and it is written only if that is said."""
    folder = write_classroom50(demo.nbgrader_root, CHAPTER, tmp_path / "c50")
    assert "seed" not in json.loads((folder / "assignment" / "facts.json").read_text())
    assert not (folder / "assignment" / "names.json").exists()
    write_classroom50(demo.nbgrader_root, CHAPTER, folder)  # over an earlier one
    command = [sys.executable, "-m", "autograder", "export", CHAPTER]
    command += ["--course", demo.nbgrader_root, "--classroom50", tmp_path / "other"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=demo.root)
    assert done.returncode == 2
    assert "--publish-answers" in done.stderr
    assert not (tmp_path / "other").exists()


def test_a_bundle_in_doubt_is_not_written(demo, tmp_path):
    """Another course's assignment; a folder of somebody's."""
    with pytest.raises(NotExported, match="no chapter of this course"):
        write_gradescope(demo.nbgrader_root, "ps1", tmp_path / "x.zip")
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(NotExported, match="name a new folder"):
        write_classroom50(demo.nbgrader_root, CHAPTER, tmp_path)


@pytest.mark.network
def test_the_gradescope_bundle_runs_for_real(demo, tmp_path):
    """setup.sh with the package index, run_autograder without any network; two submissions."""
    prefix = tmp_path / "autograder"
    path = write_gradescope(demo.nbgrader_root, CHAPTER, tmp_path / "a.zip")
    shutil.unpack_archive(path, prefix / "source")
    place = {**os.environ, "AUTOGRADER_PREFIX": str(prefix)}
    scripts = {name: prefix / "source" / name for name in ("setup.sh", "run_autograder")}
    subprocess.run(["bash", scripts["setup.sh"]], check=True, env=place)
    offline = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    for student, score in {"ada": FULL, "dan": 0.0}.items():
        shutil.rmtree(prefix / "submission", ignore_errors=True)
        shutil.copytree(demo.nbgrader_root / "submitted" / student / CHAPTER, prefix / "submission")
        subprocess.run([*offline, "bash", scripts["run_autograder"]], check=True, env=place)
        found = json.loads((prefix / "results" / "results.json").read_text())
        gradescope_accepts(found)
        assert found["score"] == score
        assert len(found["tests"]) == len(bank.chapter(CHAPTER))
        assert "Isolation: your code ran" in found["output"]
    (prefix / "submission" / f"{CHAPTER}.ipynb").unlink()
    subprocess.run([*offline, "bash", scripts["run_autograder"]], check=True, env=place)
    found = json.loads((prefix / "results" / "results.json").read_text())
    assert found["score"] == 0
    assert "hand in one notebook" in found["output"]


@pytest.mark.network
def test_the_classroom_50_bundle_runs_for_real(demo, tmp_path):
    """As its runner starts it: in the student's checkout, with the submission's facts."""
    folder = write_classroom50(demo.nbgrader_root, CHAPTER, tmp_path / "bundle")
    checkout = shutil.copytree(
        demo.nbgrader_root / "submitted" / "ben" / CHAPTER, tmp_path / "checkout"
    )
    command = [sys.executable, folder / "autograder.py"]
    subprocess.run(command, check=True, cwd=checkout, env={**os.environ, **RUNNER})
    found = json.loads((checkout / "result.json").read_text())
    classroom50_accepts(found)
    assert found["max-score"] == FULL
    assert 0 < found["score"] < FULL
