"""Which submissions are in the gradebook already: one line each, written after the gradebook."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path
from types import TracebackType

from autograder.judging.mendable import Mendable


class AlreadyRunning(Mendable):
    """Another `autograder grade` works on this assignment."""


@dataclass(frozen=True)
class Entry:
    """One submission that is recorded."""

    student: str
    digest: str
    """Of everything that its grade depends on."""
    score: float
    max_score: float


class Journal:
    """A file that is only ever appended to; a line cut off by a crash is as good as none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: dict[str, Entry] = {}
        self._file: FileIO | None = None

    def __enter__(self) -> Journal:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(self.path, "ab+", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise AlreadyRunning(
                f"another `autograder grade` is at work on this assignment ({self.path} is "
                "locked); wait for it to end"
            ) from None
        self._file.seek(0)
        for line in self._file.readall().splitlines():
            entry = _entry(line)
            if entry is not None:
                self.entries[entry.student] = entry
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def append(self, entry: Entry) -> None:
        """Write an entry; after this returns, not even a power cut takes it back."""
        assert self._file is not None, "the journal is not open"
        line = "\n" * self._cut_off() + json.dumps(asdict(entry)) + "\n"
        if self._file.write(line.encode()) < len(line):
            raise OSError(errno.ENOSPC, "the last line of the journal is cut off")
        os.fsync(self._file.fileno())
        self.entries[entry.student] = entry

    def _cut_off(self) -> bool:
        """Whether the last line lacks its end."""
        with open(self.path, "rb") as found:
            size = found.seek(0, os.SEEK_END)
            return bool(size) and (found.seek(size - 1), found.read(1))[1] != b"\n"


def _entry(line: bytes) -> Entry | None:
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None
