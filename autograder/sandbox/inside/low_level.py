"""What is written to file descriptors 1 and 2 below Python: by C code, and by programs started.

Jupyter shows it, and nbgrader counts it. Sockets hold it until the cell has ended, some 100 KiB of
it: a learner's process has no open file, and a thread to empty them would disturb forks.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import socket
from collections.abc import Iterator

DESCRIPTORS = {"stdout": 1, "stderr": 2}
HELD_BYTES = 1 << 20
"""Asked for; the kernel gives less."""
MOST_READS = 64
READ_BYTES = 1 << 16


class LowLevelStreams:
    """Takes the place of both descriptors; writers never wait for anybody to read."""

    def __init__(self) -> None:
        self._ours: dict[str, int] = {}
        for name, descriptor in DESCRIPTORS.items():
            ours, theirs = socket.socketpair()
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, HELD_BYTES)
            for end in (ours, theirs):
                end.setblocking(False)
            os.dup2(theirs.fileno(), descriptor)
            self._ours[name] = _moved_up(ours.fileno())
            ours.close()
            theirs.close()

    def take(self, most: int) -> Iterator[tuple[str, str]]:
        """The text of each stream since the last time, at most so many bytes."""
        for name, handle in self._ours.items():
            if found := b"".join(_waiting(handle)):
                yield name, found[:most].decode("utf-8", "replace")


def _moved_up(handle: int) -> int:
    """The same file under a high number, out of the way."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, max(3, min(limit, 256) - 8))


def _waiting(handle: int) -> Iterator[bytes]:
    with contextlib.suppress(OSError):  # no more; or a learner has closed it
        for _ in range(MOST_READS):
            yield os.read(handle, READ_BYTES)
