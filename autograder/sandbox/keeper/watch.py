"""Limits that the kernel sets for one process only, watched for all of a learner's together."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from autograder.sandbox.protocol.limits import Limits, in_words

COUNTED_MEMORY = ("RssAnon", "RssShmem", "VmSwap")


class Watch:
    """Looks, now and then, at what the learner's processes and files take up."""

    def __init__(
        self, process: int, scratch: str, limits: Limits, *, shares_fairly: bool = False
    ) -> None:
        """`shares_fairly`: the kernel sees to it that many get no more time than one."""
        self.process = process
        self.scratch = scratch
        self.limits = limits
        self.shares_fairly = shares_fairly

    def excess(self) -> str | None:
        """Say which limit is exceeded, if any, to follow the words "your code …"."""
        memory = tasks = 0
        for status in self._statuses():
            memory += sum(int(status.get(name, "0 kB").split()[0]) for name in COUNTED_MEMORY)
            tasks += int(status.get("Threads", "0"))
        if memory * 1024 > self.limits.memory_bytes:
            return self.too_much_memory()
        if tasks > self.limits.processes + 2:
            return f"started more than {self.limits.processes} processes and threads"
        return self._too_many_files() if self.scratch else None

    def too_much_memory(self) -> str:
        return f"used more than {in_words(self.limits.memory_bytes)} of memory"

    def _statuses(self) -> Iterator[dict[str, str]]:
        waiting = [self.process]
        while waiting:
            folder = Path("/proc", str(waiting.pop()))
            try:
                if not self.shares_fairly:
                    self._put_last(folder)
                lines = (folder / "status").read_text().splitlines()
                waiting += [
                    int(child)
                    for children in folder.glob("task/*/children")
                    for child in children.read_text().split()
                ]
            except OSError:
                continue  # ended meanwhile, or a system without /proc
            yield dict(line.split(":", 1) for line in lines)

    def _put_last(self, folder: Path) -> None:
        """Let all but the first thread of the first process have what time nobody else wants."""
        for task in os.listdir(folder / "task"):
            if int(task) != self.process:
                with contextlib.suppress(OSError):
                    os.sched_setscheduler(int(task), os.SCHED_IDLE, os.sched_param(0))

    def _too_many_files(self) -> str | None:
        """Without a file system of its own, a learner's files are counted one by one."""
        size = sum(512 * found.st_blocks for found in self._deleted_open_files())
        count = 0
        waiting = [self.scratch]
        while waiting:
            try:
                entries = list(os.scandir(waiting.pop()))
                size += sum(512 * entry.stat(follow_symlinks=False).st_blocks for entry in entries)
            except FileNotFoundError:
                continue  # removed meanwhile
            except OSError:
                return "hid files from being counted"
            count += len(entries)
            waiting += [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
            if size > self.limits.scratch_bytes or count > self.limits.scratch_files:
                return "wrote too many files, or too large ones"
        return None

    def _deleted_open_files(self) -> Iterator[os.stat_result]:
        for link in Path(f"/proc/{self.process}/fd").glob("*"):
            try:
                found = link.stat()
            except OSError:
                continue  # closed meanwhile
            if found.st_nlink == 0:
                yield found
