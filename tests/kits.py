"""Student's kits as an environment holds them: every package in one folder, as installers do it."""

import json
import os
import shutil
import subprocess
import sys


def unpacked(kit, site):
    """Put the packages of a kit into the folder `site`; no file may have two owners.

    Another version of a package replaces the one that is there, all of its files.
    """
    owners = {}
    for package in sorted((kit / "packages").iterdir()):
        for path in package.rglob("*"):
            if path.is_file() and path.name != "pyproject.toml":
                place = site / path.relative_to(package)
                assert place not in owners, (place, owners[place], package)
                owners[place] = package
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
    return site


def alone(site):
    """An environment in which Python finds what is in `site`, before anything of ours."""
    return {**os.environ, "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}


def start(site, folder, python=sys.executable):
    """What a kit's START.ipynb says in that folder: its one cell, run as a program."""
    page = json.loads((folder / "START.ipynb").read_text())
    (cell,) = (cell for cell in page["cells"] if cell["cell_type"] == "code")
    return subprocess.run(
        [python, "-c", "".join(cell["source"])],
        env=alone(site), cwd=folder, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def run_in_kit(site, code, python=sys.executable):
    """Run code with the kit's packages and without ours on the path."""
    return subprocess.run(
        [python, "-c", code],
        env=alone(site), cwd=site, capture_output=True, text=True, check=False,
    )  # fmt: skip
