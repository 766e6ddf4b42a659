"""The command: help, JSON, exit codes, and errors that say what to do next."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from desks import say_where_content_is

from autograder.commands import main
from autograder.sandbox import available_isolation

COMMANDS = ("build", "verify", "check", "grade", "coverage", "status", "next", "update")


def autograder(*arguments, cwd, **environment):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def run_here(course, monkeypatch, capsys):
    """Run the command in this process, which has everything imported; exit code and streams."""

    def run(*arguments):
        monkeypatch.chdir(course.root)
        monkeypatch.setattr(sys, "argv", ["autograder", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return run


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_json(course, run_here, command):
    """`--help` explains the command and offers `--json`."""
    code, out, _ = run_here(command, "--help")
    assert code == 0
    assert "--json" in out
    assert command in (course.root / "README.md").read_text()


def test_the_doctor_names_the_isolation_that_is_taken(run_here):
    """What it says about this machine is what a grading here would do."""
    code, out, _ = run_here("doctor")
    assert code == 0
    assert f"by {available_isolation().value}" in out


def test_a_terminal_without_our_letters_shows_others(course):
    """The progress bars and dashes are no reason to end, whatever a machine's locale lacks."""
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = autograder("status", cwd=course.root, **plain)
    assert done.returncode == 0, done.stderr
    assert "ch02_backprop" in done.stdout


@pytest.mark.thorough
def test_the_demo_grades_its_class(course, tmp_path):
    """A newcomer's first command: everybody is graded, and the pages are where it says."""
    for part in ("nbgrader_config.py", "chapters", "release"):
        source, place = course.nbgrader_root / part, tmp_path / "course" / part
        place.parent.mkdir(exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, place)
    say_where_content_is(course, tmp_path)
    done = autograder("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "hana" in done.stdout
    (page,) = (tmp_path / "demo" / "course" / "reports").glob("*.html")
    assert page.name in done.stdout.replace("\n", "")


def test_coverage_counts_per_prefix(course):
    """`coverage --json` gives [done, total] per prefix and kind; chapter 2 is complete."""
    done = autograder("coverage", "--json", cwd=course.root)
    found = json.loads(done.stdout)
    assert found["BP"] == {"components": [28, 28], "claims": [16, 16], "errata": [10, 10]}
    assert sum(kinds["components"][1] for kinds in found.values()) == 199
    assert sum(kinds["claims"][1] for kinds in found.values()) == 179
    assert sum(kinds["errata"][1] for kinds in found.values()) == 101


def test_verify_counts(course):
    """`verify --json` gives the counts and exits with 0 when there is no problem."""
    done = autograder("verify", "half_mse", "--json", cwd=course.root)
    found = json.loads(done.stdout)
    assert done.returncode == 0
    wrong = found["misconceptions"]
    assert found["exercises"] == 1
    assert wrong["total"] == wrong["caught"] == wrong["named"] >= 4
    assert found["variants"]["total"] == found["variants"]["accepted"] >= 2


def test_check_reports_a_notebook(course, tmp_path):
    """`check` grades a notebook in full, writes the page, and exits with 1 short of full points."""
    blank = course.notebook("release", "ch02_backprop")
    done = autograder("check", blank, "--json", "--report", tmp_path / "r.html", cwd=course.root)
    found = json.loads(done.stdout)
    assert (done.returncode, found["earned"]) == (1, 0)
    assert found["isolation"] in ("namespaces", "landlock")
    assert "not attempted" in (tmp_path / "r.html").read_text()
    solved = course.notebook("solutions", "ch02_backprop")
    done = autograder("check", solved, "--json", "--report", tmp_path / "s.html", cwd=course.root)
    found = json.loads(done.stdout)
    assert (done.returncode, found["earned"]) == (0, found["points"])


def test_the_same_seed_gives_the_same_verdicts(course, run_here, tmp_path):
    """A grading can be repeated: same seed, same messages down to the numbers in them."""
    notebook = tmp_path / "ch02_backprop.ipynb"
    text = course.notebook("solutions", "ch02_backprop").read_text()
    notebook.write_text(text.replace("(2 * len(a))", "(3 * len(a))"))
    runs = [json.loads(run_here("check", notebook, "--json", "--seed", n)[1]) for n in (7, 7, 8)]
    messages = [json.dumps(run["exercises"]["half_mse"]) for run in runs]
    assert messages[0] == messages[1] != messages[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "nowhere.ipynb"], "there is no notebook"),
        (["verify", "no_such_slug"], "no exercise 'no_such_slug'; there are:"),
        (["grade", "ch99_none"], "no submissions of ch99_none; they belong in"),
        (["build", "ch99_none"], "no ch99_none in course/chapters"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run_here, arguments, words):
    """Unusable input exits with 2 and a message without a traceback."""
    code, _, said = run_here(*arguments)
    assert code == 2
    assert words in said
    assert "Traceback" not in said


def test_an_unrelated_notebook_is_refused(course, tmp_path):
    """A notebook of another course is not graded as if it were ours."""
    (tmp_path / "other.ipynb").write_text('{"cells": [], "metadata": {}}')
    done = autograder("check", tmp_path / "other.ipynb", cwd=course.root)
    assert done.returncode == 2
    assert "does not say which chapter" in done.stderr


def test_without_isolation_grading_refuses(course, monkeypatch):
    """A machine that cannot isolate is told so, unless going without is asked for."""
    from autograder import sandbox
    from autograder.submission import session

    monkeypatch.setattr(sandbox, "available_isolation", lambda: sandbox.Isolation.NONE)
    with pytest.raises(sandbox.IsolationUnavailable, match="no-isolation"):
        session.best_isolation()
    assert session.best_isolation(allow_none=True) is sandbox.Isolation.NONE


def test_on_windows_grade_says_where_to_grade(monkeypatch):
    """Its engine needs what only Unix has; the message comes before any of that is imported."""
    from click.testing import CliRunner

    from autograder.commands import cli
    from autograder.sandbox import IsolationUnavailable

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "autograder.classroom.processes", None)
    found = CliRunner().invoke(cli, ["grade", "ch02_backprop"]).exception
    assert isinstance(found, IsolationUnavailable)
    assert "Linux container" in str(found)
