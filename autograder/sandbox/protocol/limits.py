"""How much a submission may use: seconds, bytes, processes and files."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True)
class Limits:
    """The limits of one learner process; each is generous for honest work on a small laptop."""

    cell_seconds: float = 10
    """Wall time of one notebook cell."""
    call_seconds: float = 10
    """Wall time of one batch of calls, its call-backs included."""
    ahead_seconds: float = 1
    """Wall time of the questions that are put ahead; what takes longer is asked singly."""
    total_seconds: float = 120
    """Wall time of the whole process, from its first readiness to its end."""
    start_seconds: float = 30
    """Wall time until the process is sealed and has imported NumPy and IPython."""
    memory_bytes: int = 4 * GIB
    """Address space of one process, and resident memory of all of them together."""
    processes: int = 64
    """Processes and threads together."""
    open_files: int = 256
    file_bytes: int = 64 * MIB
    """Size of one file."""
    scratch_bytes: int = 128 * MIB
    """Size of all files together."""
    scratch_files: int = 10_000
    message_bytes: int = 64 * MIB
    """Size of one message between judge and learner."""
    output_bytes: int = MIB
    """Text that one cell may print or display."""
    callbacks: int = 200_000
    """How often one batch of calls may call back into the judge."""


def in_words(count: int) -> str:
    """Write a number of bytes as a person would: `64 MiB`, `4 GiB`."""
    return f"{count / GIB:g} GiB" if count >= GIB else f"{count / MIB:g} MiB"
