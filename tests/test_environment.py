"""environment.yml and pyproject.toml say the same, and what they say can be installed."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from rattler import MatchSpec

ROOT = Path(__file__).resolve().parents[1]
CONDA_NAMES = {"matplotlib-base": "matplotlib", "msgpack-python": "msgpack"}
LINE = re.compile(r"^[a-z0-9][a-z0-9._-]*[<>=!,.*0-9a-z ]*$")


def conda_lines():
    document = yaml.safe_load((ROOT / "environment.yml").read_text())
    return document["dependencies"]


def as_pypi(line):
    """`numpy>=1,<2` as it is, `nbgrader=0.9.6` as `nbgrader==0.9.6`, under PyPI's name."""
    name = re.match(r"[a-z0-9-]+", line)[0]
    rest = re.sub(r"^=(?!=)", "==", line[len(name) :])
    return CONDA_NAMES.get(name, name) + rest


def test_conda_and_pip_dependencies_are_the_same():
    """Each dependency has one range; it is written twice and compared here."""
    lines = [line for line in conda_lines() if isinstance(line, str)]
    ours = {as_pypi(line) for line in lines if not re.match(r"(python|pip)\b", line)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert ours == set(project["dependencies"])


def test_lines_are_conda_specs():
    """Each line is a spec conda's own parser takes, and looks like one."""
    for line in conda_lines():
        if isinstance(line, str):
            assert LINE.match(line), line
            assert MatchSpec(line).name is not None


def test_the_project_itself_is_installed_last():
    """conda-forge only, Python 3.11, and `pip install -e .` at the end."""
    document = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert document["channels"] == ["conda-forge", "nodefaults"]
    assert document["dependencies"][0] == "python=3.11"
    assert document["dependencies"][-1] == {"pip": ["-e ."]}


@pytest.mark.network
def test_the_ranges_can_be_resolved(tmp_path):
    """pip finds versions that satisfy all of the environment's lines at once."""
    lines = [line for line in conda_lines() if isinstance(line, str)]
    names = [as_pypi(line) for line in lines if not re.match(r"(python|pip)\b", line)]
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet",
               "--report", str(report), *names]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    assert report.stat().st_size > 1000
