"""What is written to file descriptors 1 and 2 below Python: by C code, and by programs started.

Jupyter shows it, and nbgrader counts it. Two files without a name take it up, and are emptied
after each cell.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator

DESCRIPTORS = {"stdout": 1, "stderr": 2}


class LowLevelStreams:
    """Holds what reaches the descriptors; made where the process has its files already."""

    def __init__(self) -> None:
        for descriptor in DESCRIPTORS.values():
            with tempfile.TemporaryFile(buffering=0) as file:
                fcntl.fcntl(file, fcntl.F_SETFL, os.O_APPEND)
                os.dup2(file.fileno(), descriptor)

    def take(self, most: int) -> Iterator[tuple[str, str]]:
        """The text of each stream since the last time, at most so many bytes, and forget it."""
        for name, descriptor in DESCRIPTORS.items():
            with contextlib.suppress(OSError):  # a learner may have closed it
                if os.fstat(descriptor).st_size:
                    yield name, os.pread(descriptor, most, 0).decode("utf-8", "replace")
                    os.ftruncate(descriptor, 0)
