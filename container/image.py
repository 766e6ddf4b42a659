"""Builds the image of container/Dockerfile, on BASE or on a Debian made here."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from daemon import LABEL, Docker, Trouble

ROOT = Path(__file__).resolve().parents[1]
NAME = f"chainrule-try-{os.getpid()}"
SUITE = "bookworm"
LEFT_OUT = (
    "var/cache/apt",
    "var/lib/apt/lists",
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
)
"""What Debian's and Python's own slim images have not, either."""
CERTIFICATES = "/etc/ssl/certs/of-this-machine.crt"


def build(docker: Docker, base: str, place: Path) -> str:
    """Build the image; return its name."""
    label = f"{LABEL}={os.getpid()}"
    base = _trusting(docker, base or _debian(docker, place / "debian", label), place, label)
    options = ["--build-arg", f"BASE={base}", "--label", label, "--tag", NAME, "--network", "host"]
    if index := os.environ.get("PIP_INDEX_URL"):
        options += ["--build-arg", f"PIP_INDEX_URL={index}"]
    docker("build", "--force-rm", *options, "--file", f"{ROOT}/container/Dockerfile", str(ROOT))
    return NAME


def layers(docker: Docker, image: str) -> list[tuple[str, str]]:
    """Size of each layer that has one, and what made it, the base's first."""
    history = docker("history", "--no-trunc", "--format", "{{.Size}}\t{{.CreatedBy}}", image)
    rows = [line.split("\t") for line in history.splitlines()]
    rows = [(size, made.removeprefix("/bin/sh -c #(nop) ").strip()) for size, made in rows]
    return [row for row in reversed(rows) if row[0] != "0B"]


def megabytes(docker: Docker, image: str) -> int:
    return round(int(docker("image", "inspect", "--format", "{{.Size}}", image)) / 1e6)


def _debian(docker: Docker, folder: Path, label: str) -> str:
    """Make an image of Debian with Python, and return its name."""
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        raise Trouble(
            "without BASE, debootstrap makes a base image, as root (apt-get install debootstrap); "
            "or name one: make container-test BASE=python:3.12-slim-bookworm"
        )
    command = ["debootstrap", "--variant=minbase", "--include=python3-venv", SUITE, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"debootstrap failed:\n{done.stdout[-500:]}{done.stderr[-500:]}")
    archive = folder.with_suffix(".tar")
    without = [f"--exclude=./{path}/*" for path in (*LEFT_OUT, "dev")]
    packing = [
        "tar",
        "-C",
        str(folder),
        *without,
        "--exclude=__pycache__",
        "-cf",
        str(archive),
        ".",
    ]
    subprocess.run(packing, check=True)
    docker("import", "--change", f"LABEL {label}", str(archive), f"{NAME}-debian")
    return f"{NAME}-debian"


def _trusting(docker: Docker, base: str, place: Path, label: str) -> str:
    """Where this machine's pip has certificates of its own, a base that has them, too."""
    if not (found := os.environ.get("PIP_CERT")):
        return base
    context = place / "certificates"
    context.mkdir()
    shutil.copyfile(found, context / "found")
    lines = (f"FROM {base}", f"COPY found {CERTIFICATES}", f"ENV PIP_CERT={CERTIFICATES}")
    (context / "Dockerfile").write_text("\n".join(lines))
    docker("build", "--label", label, "--tag", f"{NAME}-base", str(context))
    return f"{NAME}-base"
