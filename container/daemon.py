"""A Docker daemon to talk to: the one that answers here, or one of our own that leaves nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LABEL = "chainrule-try"
PATIENCE = 60


class Trouble(Exception):
    """What keeps the trial from going on, in a sentence."""


class Docker:
    """The client, told which daemon to ask."""

    def __init__(self, host: str = "") -> None:
        self.command = ["docker", *(["--host", host] if host else [])]

    def __call__(self, *arguments: str, allowed: tuple[int, ...] = (0,)) -> str:
        """Run a command of Docker's, and return what it printed on stdout."""
        # The old builder takes the machine's network; the new one is a program more to install.
        environment = {**os.environ, "DOCKER_BUILDKIT": "0"}
        done = subprocess.run(
            [*self.command, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,  # a Ctrl-C is for us, who then remove what this has begun
        )
        if done.returncode not in allowed:
            last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
            raise Trouble(f"this failed: docker {' '.join(arguments)}\n{last}")
        return done.stdout

    def answers(self) -> bool:
        done = subprocess.run([*self.command, "info"], capture_output=True, check=False)
        return done.returncode == 0 and b"Server Version" in done.stdout

    def remove_ours(self) -> None:
        """End and remove the containers that we have started, and then our images."""
        ours = ("--quiet", "--filter", f"label={LABEL}={os.getpid()}")
        for found, remove in (("ps", ("rm",)), ("images", ("rmi",))):
            everything = ("--all",) if found == "ps" else ()
            if names := self(found, *everything, *ours).split():
                self(*remove, "--force", *dict.fromkeys(names), allowed=(0, 1))


@contextmanager
def docker(folder: Path) -> Iterator[Docker]:
    """A daemon for the time being; what it needs lies in `folder`, which must not exist yet."""
    if not shutil.which("docker"):
        raise Trouble("there is no Docker here; on Debian: apt-get install docker.io")
    present = Docker()
    if present.answers():
        try:
            yield present
        finally:
            present.remove_ours()
        return
    with _daemon(folder) as ours:
        try:
            yield ours
        finally:
            ours.remove_ours()


@contextmanager
def _daemon(folder: Path) -> Iterator[Docker]:
    """Started without networks of its own, which a daemon inside a container could not make."""
    _check_rights()
    folder.mkdir()
    address = f"unix://{folder}/socket"
    places = ["--data-root", folder / "data", "--exec-root", folder / "exec"]
    places += ["--pidfile", folder / "pid", "--host", address]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            ["dockerd", *map(str, places), "--iptables=false", "--bridge=none"],
            stdout=log,
            stderr=log,
            start_new_session=True,  # the daemon ends last
        )
    try:
        client = Docker(address)
        _wait_for(client, process, folder / "log")
        yield client
    finally:
        process.terminate()
        process.wait(PATIENCE)
        _unmount_below(folder)
        shutil.rmtree(folder)


def _unmount_below(folder: Path) -> None:
    """The daemon leaves its name of the network namespace mounted."""
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for path in reversed([path for path in mounted if Path(path).is_relative_to(folder)]):
        subprocess.run(["umount", path], check=True)


def _check_rights() -> None:
    if os.geteuid() != 0:
        raise Trouble("no Docker daemon answers here, and to start one needs root")
    if not shutil.which("dockerd"):
        raise Trouble("no Docker daemon answers here; on Debian: apt-get install docker.io")


def _wait_for(client: Docker, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not client.answers():
        if process.poll() is not None or time.monotonic() > end:
            last = "\n".join(log.read_text().splitlines()[-5:])
            raise Trouble(f"a Docker daemon cannot be started here:\n{last}")
        time.sleep(0.1)
