"""`autograder doctor --hub`: each obstacle is found, and said to be gone when it is."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.nbgrader_plugin.hub import examine_hub

SETTINGS = "c = get_config()\nc.CourseDirectory.course_id = 'dl'\nc.Exchange.root = {root!r}\n"


@pytest.fixture
def machine(tmp_path):
    """A machine where all is well: a folder of programs, an interpreter, settings, an exchange."""
    for name in ("bin", "python", "settings", "etc", "exchange"):
        (tmp_path / name).mkdir()
    for program in (tmp_path / "bin" / "alembic", tmp_path / "python" / "python3"):
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    tmp_path.chmod(0o755)
    (tmp_path / "exchange").chmod(0o777)
    root = str(tmp_path / "exchange")
    (tmp_path / "settings" / "nbgrader_config.py").write_text(SETTINGS.format(root=root))
    return tmp_path


def examined(machine, python=None):
    folders = [machine / "settings", machine / "etc"]
    search_path, python = str(machine / "bin"), python or machine / "python" / "python3"
    return examine_hub(search_path, python, folders)


@pytest.fixture(autouse=True)
def _entered(tmp_path):
    """pytest keeps its folders to itself; on the way to an interpreter they would be obstacles."""
    own = [f for f in tmp_path.parents if f.name.startswith(("pytest-", "popen-"))]
    for folder in own:
        folder.chmod(0o755)


def lacking(machine, **how):
    return {f.name: f for f in examined(machine, **how) if not f.there}


def test_a_machine_where_all_is_well_has_no_obstacle(machine):
    assert lacking(machine) == {}


def test_alembic_has_to_be_on_the_path(machine):
    """nbgrader calls it by name."""
    (machine / "bin" / "alembic").unlink()
    (found,) = lacking(machine).values()
    assert found.name == "alembic on the PATH"
    assert "c.Spawner.environment" in found.advice
    assert str(Path(sys.executable).parent) in found.advice


@pytest.mark.parametrize("closed", ["python", "python/python3"])
def test_the_interpreter_has_to_be_open_to_all(machine, closed):
    """The file, and every folder on the way to it."""
    (machine / closed).chmod(0o750)
    (found,) = lacking(machine).values()
    assert found.name == "interpreter that all may use"
    assert str(machine / closed) in found.found


def test_an_environment_leads_to_an_interpreter_elsewhere(machine):
    """A link into a closed home is found, though the link itself is open."""
    link = machine / "bin" / "python"
    link.symlink_to("../python/python3")
    assert lacking(machine, python=link) == {}
    (machine / "python").chmod(0o700)
    (found,) = lacking(machine, python=link).values()
    assert found.found == f"{machine / 'python'} is closed to other users"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "none in"),
        ("c = get_config()\nc.Exchange.root = '/srv'", "does not set c.CourseDirectory.course_id"),
        ("c = get_config()\nc.CourseDirectory.course_id = 'dl'", "does not set c.Exchange.root"),
        ("this is no Python", "does not set"),
    ],
)
def test_settings_have_to_be_found_from_a_home(machine, text, said):
    """Both that students need: the course's name, and where the exchange is."""
    path = machine / "settings" / "nbgrader_config.py"
    path.unlink() if text is None else path.write_text(text)
    (found,) = lacking(machine).values()
    assert said in found.found
    assert "~/.jupyter" in found.advice


def test_settings_add_up_over_the_folders(machine):
    """One may be the machine's, the other the user's; JSON counts as well."""
    (machine / "settings" / "nbgrader_config.py").unlink()
    (machine / "etc" / "nbgrader_config.json").write_text(
        json.dumps({"Exchange": {"root": str(machine / "exchange")}})
    )
    (machine / "settings" / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'dl'\n"
    )
    assert lacking(machine) == {}


def test_the_exchange_has_to_be_everybodys(machine):
    (machine / "exchange").chmod(0o755)
    (found,) = lacking(machine).values()
    assert f"chmod ugo+rwx {machine / 'exchange'}" in found.advice
    shutil.rmtree(machine / "exchange")
    assert len(lacking(machine)) == 1


def test_the_command_says_all_of_it(machine):
    """With exit code 1 as long as something is missing."""
    home = {**os.environ, "JUPYTER_CONFIG_DIR": str(machine / "settings")}
    command = [sys.executable, "-m", "autograder", "doctor", "--hub"]
    (machine / "settings" / "nbgrader_config.py").unlink()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=home)
    assert done.returncode == 1
    assert "NO   nbgrader_config.py of each user" in done.stdout
    assert "docs/jupyterhub.md" in done.stdout
