"""A control group for one learner: memory, processes and processor time of all of it together.

Only root may make one, and inside most containers not even root. Without it the keeper looks four
times a second (`watch.py`).
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from autograder.sandbox.protocol.limits import Limits

ROOT = Path("/sys/fs/cgroup")
REMOVE_TRIES = 100
PERIOD_MICROSECONDS = 100_000
"""Of each period all processes of a submission together get as much as one processor has."""

Values = dict[str, int | str]
"""What to write into which file of a folder."""


class ControlGroup:
    """The folders of one group: one under version 2, one for each controller under version 1."""

    def __init__(self, folders: dict[Path, Values]) -> None:
        self.folders = folders

    @classmethod
    def make(cls, name: str, limits: Limits) -> ControlGroup | None:
        """Make a group; None if this process may not."""
        group = cls(_wanted(name, limits))
        try:
            for folder, values in group.folders.items():
                folder.mkdir()
                for file, value in values.items():
                    if (folder / file).exists():  # some kernels do not count swap
                        (folder / file).write_text(str(value))
        except OSError:
            group.remove()
            return None
        return group if group.folders else None

    @property
    def shares_time(self) -> bool:
        """Whether the kernel shares processor time between groups, not between processes."""
        files = ("cpu.max", "cpu.cfs_quota_us")
        return any((folder / file).exists() for folder in self.folders for file in files)

    def enter(self) -> None:
        """Put this process, and all that it will start, into the group."""
        for folder in self.folders:
            # Version 1 lets the only thread move itself (0); to move a process it has to wait
            # until all processors have passed a quiet moment, some milliseconds.
            alone = folder / "tasks"
            (alone if alone.exists() else folder / "cgroup.procs").write_text("0")

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel has ended a process of the group for want of memory."""
        for folder in self.folders:
            for name in ("memory.events", "memory.oom_control"):
                with contextlib.suppress(OSError):
                    lines = (folder / name).read_text().splitlines()
                    counts = dict(line.split() for line in lines)
                    if int(counts.get("oom_kill", "0")):
                        return True
        return False

    def remove(self) -> None:
        for folder in self.folders:
            for _ in range(REMOVE_TRIES):  # what was just killed may be in there for a moment yet
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.01)
                else:
                    break


def _wanted(name: str, limits: Limits) -> dict[Path, Values]:
    """The folders to make and the files to write; none if there are no controllers."""
    controllers = ROOT / "cgroup.controllers"
    if controllers.exists():
        if not {"memory", "pids"} <= set(controllers.read_text().split()):
            return {}
        with contextlib.suppress(OSError):
            (ROOT / "cgroup.subtree_control").write_text("+memory +pids +cpu")
        values: Values = {
            "memory.max": limits.memory_bytes,
            "memory.swap.max": 0,
            "pids.max": limits.processes,
            "cpu.max": f"{PERIOD_MICROSECONDS} {PERIOD_MICROSECONDS}",
        }
        return {ROOT / name: values}
    if (ROOT / "memory").is_dir() and (ROOT / "pids").is_dir():
        memory: Values = {"memory.limit_in_bytes": limits.memory_bytes}
        pids: Values = {"pids.max": limits.processes}
        cpu: Values = {
            "cpu.cfs_period_us": PERIOD_MICROSECONDS,
            "cpu.cfs_quota_us": PERIOD_MICROSECONDS,
        }
        found = {ROOT / "memory" / name: memory, ROOT / "pids" / name: pids}
        return found | ({ROOT / "cpu" / name: cpu} if (ROOT / "cpu").is_dir() else {})
    return {}
