"""The kits of several chapters share one environment, whoever installs them."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest
from kits import run_in_kit, unpacked

from autograder.course import student_kit as kit
from autograder.judging import bank


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
