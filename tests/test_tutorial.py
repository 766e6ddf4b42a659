"""The tutorial, done as it stands by somebody who has installed a wheel and has no checkout."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(sh|(?:python|toml) file=(\S+))\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps():
    """Each block of the page: a file and what is to stand in it, or commands."""
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    return [(found[2], found[3]) for found in BLOCK.finditer(text)]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An environment with what Chainrule needs, and Chainrule from a wheel."""
    folder = tmp_path_factory.mktemp("installed")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (folder / "tree").mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / "tree")
    for name in ("autograder", "reference_impl"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / "tree" / name, ignore=ignore)
    wheel = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder / "wheel"]
    subprocess.run([*wheel, folder / "tree"], check=True)
    shutil.rmtree(folder / "tree")
    subprocess.run([sys.executable, "-m", "venv", folder / "tools"], check=True)
    tools = folder / "tools" / "bin"
    subprocess.run([tools / "python", "-m", "pip", "install", "-q", "uv"], check=True)
    subprocess.run([tools / "uv", "venv", "-q", "-p", sys.executable, folder / "env"], check=True)
    (built,) = (folder / "wheel").glob("chainrule-*.whl")
    install = [tools / "uv", "pip", "install", "-q", "--python", folder / "env/bin/python", built]
    subprocess.run(install, check=True)
    return folder / "env"


@pytest.mark.network
def test_the_tutorial_does_what_it_says(environment, tmp_path):
    """Each command succeeds as it stands, and the class has the points that the page names."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    variables["PATH"] = f"{environment / 'bin'}{os.pathsep}{variables['PATH']}"
    variables["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    here = tmp_path
    for name, text in steps():
        if name:
            assert (here / name).exists(), f"{name} is not what a command before wrote"
            (here / name).write_text(text, encoding="utf-8")
            continue
        done = subprocess.run(
            ["sh", "-e"], input=f"{text}\npwd", cwd=here, env=variables,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (text, done.stdout, done.stderr)
        assert "PROBLEM" not in done.stdout
        here = Path(done.stdout.splitlines()[-1])
    rows = csv.DictReader((here / "ch02_calendar.csv").open())
    scores = {row["student_id"]: (row["score"], row["max_score"]) for row in rows}
    assert scores == {"ada": ("4", "4"), "ben": ("0", "4")}
    assert (here / "course/reports/ch02_calendar.html").is_file()
    assert not list((here / "kit").rglob("*references*"))
