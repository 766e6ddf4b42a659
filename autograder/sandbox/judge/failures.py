"""What can go wrong that is not the learner's fault: the machine's, or ours."""

from __future__ import annotations


class SandboxFailure(Exception):
    """Our fault: the process could not be started or sealed. Never a grade."""


class WarmProcessFailure(SandboxFailure):
    """The process that all others are forked from does not start: no isolation is at fault."""


class IsolationUnavailable(RuntimeError):
    """This machine offers no way to isolate a learner's process."""

    def __init__(self) -> None:
        super().__init__(
            "Submissions cannot be isolated on this machine: it has neither user namespaces nor "
            "Landlock. `autograder doctor` says what is missing and how to get it; on macOS and "
            "Windows, grade in a Linux container (doctor says how). To grade without "
            "isolation all the same, where every submission can read and change your files, ask "
            "for it explicitly (--no-isolation, or isolation=Isolation.NONE)."
        )
