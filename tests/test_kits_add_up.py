"""The kits of several chapters share one environment, whoever installs them."""

import json
import shutil
import subprocess
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from desks import ANSWERS, CHAPTER, a_desk, fill_in
from kits import run_in_kit, start, unpacked

from autograder.course import student_kit as kit
from autograder.judging import bank


def kit_of(course, folder, *chapters):
    return kit.write_kit(course, folder / chapters[-1], chapters)


STATUS = "from autograder import status\nstatus()"
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


CHECK = """
import sys; sys.modules["reference_impl"] = None
from autograder import check
check("half_mse")
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
    done = run_in_kit(site, CHECK)
    assert "the kit of ch02_backprop does not fit the others: install its newest" in done.stderr


@pytest.fixture
def student(course, tmp_path):
    """The folder of somebody who has worked with an older kit and unpacked a newer one over it."""
    desk = a_desk(course, tmp_path / "course")
    newer = json.loads(desk.notebook("release", CHAPTER).read_text())
    older = [cell for cell in newer["cells"] if not cell["id"].startswith("relative_error")]
    desk.notebook("release", CHAPTER).write_text(json.dumps(newer | {"cells": older}))
    folder, site = tmp_path / "student", tmp_path / "site"
    unpack(kit_of(desk, tmp_path / "older", CHAPTER), folder, site)
    start(site, folder / "notebooks")
    fill_in(folder / "notebooks" / f"{CHAPTER}.ipynb", ANSWERS)
    unpack(kit_of(course, tmp_path / "newer", CHAPTER), folder, site)
    return folder / "notebooks", site


def unpack(written, folder, site):
    """Over whatever is in the student's folder, and then installed."""
    shutil.copytree(written, folder, dirs_exist_ok=True)
    unpacked(folder, site)


def read(folder):
    cells = json.loads((folder / f"{CHAPTER}.ipynb").read_text())["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells}


def test_a_newer_kit_keeps_answers(course, student):
    """Unpacking touches nothing of the student's; START takes what is new, and says what it did."""
    folder, site = student
    before = (folder / f"{CHAPTER}.ipynb").read_bytes()
    assert "relative_error" not in read(folder)
    status = run_in_kit(site, f"import os; os.chdir({str(folder)!r})\n{STATUS}")
    assert f"A newer version of `{CHAPTER}` is installed: run START.ipynb" in status.stdout
    said = start(site, folder)
    assert f"Updated `{CHAPTER}.ipynb`: 2 answers kept, word for word; new exercises: rel" in said
    released = json.loads(course.notebook("release", CHAPTER).read_text())["cells"]
    assert list(read(folder)) == [cell["id"] for cell in released]
    for slug, line in ANSWERS.items():
        assert read(folder)[slug].endswith(line)
    assert [p.read_bytes() for p in (folder / "backups").iterdir()] == [before]
    again = start(site, folder)
    assert "Updated" not in again
    assert "newer version" not in again


def test_a_further_chapters_kit_leaves_notebooks_alone(course, student, tmp_path):
    """It brings its own beside them; the page that starts is the same in all kits."""
    folder, site = student
    start(site, folder)
    before, page = (folder / f"{CHAPTER}.ipynb").read_bytes(), (folder / "START.ipynb").read_bytes()
    unpack(kit_of(course, tmp_path / "further", "ch03_activations"), folder.parent, site)
    assert "New `ch03_activations.ipynb`" in start(site, folder)
    assert (folder / f"{CHAPTER}.ipynb").read_bytes() == before
    assert (folder / "START.ipynb").read_bytes() == page


def test_starting_several_times_at_once_breaks_nothing(student):
    """Kernels that update one folder leave one whole notebook, and backups of what it was."""
    folder, site = student
    before = (folder / f"{CHAPTER}.ipynb").read_bytes()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: start(site, folder), range(4)))
    for slug, line in ANSWERS.items():
        assert read(folder)[slug].endswith(line)
    assert "relative_error" in read(folder)
    assert {p.read_bytes() for p in (folder / "backups").iterdir()} == {before}
    assert not list(folder.glob(".ch02*"))


def pip(folder):
    venv.create(folder / "env", with_pip=True)
    return [folder / "env" / "bin" / "python", "-m", "pip", "install", "-q", "--no-deps"]


def uv(folder):
    venv.create(folder / "tools", with_pip=True)
    tools, env = folder / "tools" / "bin", folder / "env"
    subprocess.run([tools / "python", "-m", "pip", "install", "-q", "uv"], check=True)
    subprocess.run([tools / "uv", "venv", "-q", "--python", sys.executable, env], check=True)
    return [tools / "uv", "pip", "install", "-q", "--no-deps", "--python", env / "bin" / "python"]


@pytest.mark.network
@pytest.mark.parametrize("installer", [pip, uv])
def test_the_kits_install(course, tmp_path, installer):
    """Two kits into one environment, one after the other: both are there, and nothing more."""
    install = installer(tmp_path)
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
