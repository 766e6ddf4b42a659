"""Give up every privilege for good: user, groups, capabilities, and the way back to them."""

from __future__ import annotations

import math
import os
import resource
import signal
import struct
from pathlib import Path

from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.seal import libc

FIRST_SPARE_USER = 0x70000000
"""Above the ranges that containers use (systemd-nspawn's ends here)."""
NOBODY = 65534
SPARE_SECONDS = 10
"""Of processor time, so that the deadline comes first where there is one processor."""
CAPABILITY_VERSION_3 = 0x20080522


def spare_user(process: int) -> int:
    """A user id that nobody has, different for each running process.

    The kernel counts processes per user, so that two submissions must not share one. Where root
    is a container's and has no such user id, it is nobody.
    """
    wanted = FIRST_SPARE_USER + process
    ranges = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    known = any(int(first) <= wanted < int(first) + int(n) for first, _, n in ranges)
    return wanted if known else NOBODY


def limit_resources(limits: Limits, processes: int | None) -> None:
    """Set the kernel's limits of this process and its children."""
    wanted = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: math.ceil(limits.total_seconds) + SPARE_SECONDS,
    }
    if processes is not None:
        wanted[resource.RLIMIT_NPROC] = processes
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (bound, bound))


def be_first_out_of_memory() -> None:
    """Let the kernel, when the machine has no memory left, end this process before any other."""
    adjustment = Path("/proc/self/oom_score_adj")
    if adjustment.exists():
        adjustment.write_text("1000")


def become_user(user: int) -> None:
    """Change from root to `user`."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    libc.prctl(libc.PR_SET_DUMPABLE, 1)  # else its own /proc/self would be closed to it


def empty_bounding_set() -> None:
    """No program this process may ever run can give it a capability (needs CAP_SETPCAP)."""
    libc.prctl(libc.PR_CAP_AMBIENT, libc.PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(64):
        try:
            libc.prctl(libc.PR_CAPBSET_DROP, capability)
        except OSError:
            return  # the last capability this kernel knows was the one before


def drop_capabilities() -> None:
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    libc.call("capset", header, bytes(24))
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent() -> None:
    """Be killed when the keeper ends. A change of user clears this, so it comes after."""
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)


def running_tasks(user: int) -> int:
    """Count the threads of `user` on this machine: the kernel's process limit counts them all."""
    count = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if status.stat().st_uid != user:
                continue
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except OSError:
            continue  # this one has just ended
        count += int(fields["Threads"])
    return count
