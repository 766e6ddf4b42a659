"""What this machine offers for grading safely, and what to install for the rest."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder import sandbox
from autograder.sandbox.judge.isolation import why_not
from autograder.sandbox.judge.visible import closed_to_others
from autograder.sandbox.protocol.plan import Isolation

CONTAINER = (
    "docker build -t chainrule -f container/Dockerfile . && docker run --rm --network none "
    '-v "$PWD/course:/class/course" chainrule grade CHAPTER'
)
IN_DOCKER = "docker run --security-opt seccomp=unconfined {more}  (its filter refuses {refused})"
AS_ROOT = IN_DOCKER.format(more="--cap-add SYS_ADMIN", refused="pivot_root")
AS_USER = IN_DOCKER.format(more="--security-opt systempaths=unconfined", refused="unshare")
"""Without the second, a covered part of /proc keeps the kernel from giving a /proc of its own."""
CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")
APPARMOR = "/proc/self/attr/current"
SYSCTLS = {
    "user/max_user_namespaces": ("0", "sysctl user.max_user_namespaces=15000"),
    "kernel/unprivileged_userns_clone": ("0", "sysctl kernel.unprivileged_userns_clone=1"),
    "kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu 23.10 and newer)",
    ),
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is there, what was found, and what would mend it."""

    name: str
    there: bool
    found: str
    advice: str = ""


def examine() -> list[Finding]:
    """Look at everything that grading depends on."""
    if sys.platform != "linux":
        return [_not_linux()]
    warm = _warm_start()
    return [warm, *(_levels() if warm.there else ()), _memory_together(), _landlock_version()]


def can_grade(findings: list[Finding]) -> bool:
    """Whether `autograder grade` will isolate learners' code here."""
    return any(f.there for f in findings if f.name in ("namespaces", "landlock"))


def told(findings: list[Finding]) -> Iterator[str]:
    """Each finding in a line, and what would mend it in another."""
    for finding in findings:
        yield f"{'yes' if finding.there else 'NO '}  {finding.name}: {finding.found}"
        if finding.advice and not finding.there:
            yield f"     to have it: {finding.advice}"


def in_words(findings: list[Finding]) -> Iterator[str]:
    yield from told(findings)
    if can_grade(findings):
        level = sandbox.available_isolation().value
        yield f"`autograder grade` isolates learners' code here, by {level}"
    else:
        yield "`autograder grade` refuses here, unless told --no-isolation"


def _not_linux() -> Finding:
    found = f"this is {platform.system()}; only `check` works"
    return Finding("Linux", False, found, f"grade in a Linux container: {CONTAINER}")


def _warm_start() -> Finding:
    before = time.monotonic()
    try:
        sandbox.LearnerProcess(isolation=Isolation.NONE).close()
    except sandbox.SandboxFailure as failure:
        return Finding("warm process", False, str(failure), "see the message")
    seconds = time.monotonic() - before
    return Finding("warm process", True, f"started in {seconds:.1f} s, once per worker")


def _levels() -> Iterator[Finding]:
    opened = f"chmod -R go+rX {sys.prefix}  (installed under an umask like 077)"
    advice = {
        Isolation.NAMESPACES: (opened if os.geteuid() == 0 and closed_to_others() else "")
        or "; ".join([*_blocking_sysctls(), *_docker_flags()])
        or "a kernel with user namespaces",
        Isolation.LANDLOCK: "Linux 5.13 or newer with `landlock` among the lsm= modules",
    }
    what = {
        Isolation.NAMESPACES: "own file system, processes and network",
        Isolation.LANDLOCK: "no foreign file, network or process",
    }
    for level, description in what.items():
        reason = why_not(level)
        yield Finding(level.value, not reason, reason or description, advice[level])


def _memory_together() -> Finding:
    from autograder.sandbox.keeper.cgroup import ControlGroup

    group = ControlGroup.make(f"chainrule-doctor-{os.getpid()}", sandbox.Limits())
    if group is None:
        found = "no control groups: the memory of all processes together is looked at 4 times a s"
        return Finding("cgroup", False, found, "run as root outside a container")
    group.remove()
    return Finding("cgroup", True, "the kernel limits memory of all processes together")


def _landlock_version() -> Finding:
    from autograder.sandbox.seal import landlock

    try:
        version = landlock.abi()
    except OSError as error:
        return Finding("Landlock version", False, str(error), "Linux 5.13 or newer")
    return Finding("Landlock version", version >= 4, f"{version} (4 refuses TCP by itself)")


def _blocking_sysctls() -> Iterator[str]:
    for name, (blocking, mend) in SYSCTLS.items():
        path = Path("/proc/sys") / name
        if path.exists() and path.read_text().strip() == blocking:
            yield mend


def _docker_flags() -> Iterator[str]:
    """What a container must be started with; `make container-test` starts one so."""
    if any(os.path.exists(mark) for mark in CONTAINER_MARKS):
        yield AS_ROOT if os.geteuid() == 0 else AS_USER
        if "docker-default" in _apparmor_profile():
            yield "and --security-opt apparmor=unconfined"


def _apparmor_profile() -> str:
    try:
        return Path(APPARMOR).read_text()
    except OSError:
        return ""  # a kernel without AppArmor
