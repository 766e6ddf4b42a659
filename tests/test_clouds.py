"""What others' machines read (GitHub, Docker, Codespaces, Binder) is what they can read."""

import json
import re
import subprocess
import sys

import pytest
import yaml

DOCKERFILE = "container/Dockerfile"
SCHEMAS = {
    ".github/workflows/pages.yml": "vendor.github-workflows",
    "compose.yaml": "vendor.compose-spec",
}


@pytest.mark.parametrize(("file", "schema"), SCHEMAS.items())
def test_files_keep_to_their_schema(course, file, schema):
    """As published by those who read them; the schemas come with the checker, nothing is loaded."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_workflows_run_what_the_makefile_has(course):
    """Every `make` of a workflow names targets that there are."""
    jobs = yaml.safe_load((course.root / ".github/workflows/pages.yml").read_text())["jobs"]
    steps = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    called = [word for run in steps for word in run.split()[1:] if re.fullmatch("[a-z]+", word)]
    targets = re.findall(r"^([a-z]+):", (course.root / "Makefile").read_text(), re.MULTILINE)
    assert called
    assert set(called) <= set(targets)


def test_the_container_is_no_roots(course):
    """The last user is an ordinary one, and the base is whoever builds it's to choose."""
    lines = (course.root / DOCKERFILE).read_text().splitlines()
    user = [line.split()[1] for line in lines if line.startswith("USER ")][-1]
    assert user.isdigit()
    assert int(user) > 0
    assert all("${BASE}" in line for line in lines if line.startswith("FROM "))


def test_the_container_takes_what_is_there(course):
    """What is copied exists, and is not held back."""
    ignored = (course.root / ".dockerignore").read_text().splitlines()
    lines = (course.root / DOCKERFILE).read_text().splitlines()
    copied = [
        source
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]
    assert copied
    assert all((course.root / name).exists() and f"!{name}" in ignored for name in copied)


def test_codespaces_have_an_image_and_its_extensions(course):
    """The file is JSON; extensions stand where they are read today."""
    facts = json.loads((course.root / ".devcontainer/devcontainer.json").read_text())
    assert facts["image"].startswith("mcr.microsoft.com/devcontainers/python:")
    assert "ms-toolsai.jupyter" in facts["customizations"]["vscode"]["extensions"]


def test_binder_reads_the_environment(course):
    """A folder of Binder's, even an empty one, or a Dockerfile would switch environment.yml off."""
    assert (course.root / "environment.yml").exists()
    for name in ("binder", ".binder", "Dockerfile"):
        assert not (course.root / name).exists()
