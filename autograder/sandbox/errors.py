"""What can go wrong, and whose fault it is: the learner's, the machine's or ours."""

from __future__ import annotations

MESSAGE_CHARACTERS = 2000


def plain_text(text: str, length: int = MESSAGE_CHARACTERS) -> str:
    """Remove control characters and unpaired surrogates from `text`, and shorten it."""
    kept = "".join(c for c in text[: 2 * length] if c.isprintable() or c in "\n\t")
    return kept.encode("utf-8", "replace").decode()[:length]


class LearnerError(Exception):
    """The learner's code raised: the kind of exception, its message and the cell's line."""

    def __init__(
        self, kind: str, message: str = "", line: int | None = None, source: str = ""
    ) -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind
        self.message = message
        self.line = line
        self.source = source


class LearnerDied(Exception):
    """The learner's process is gone; `reason` completes the sentence "your code …"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SandboxFailure(Exception):
    """Our fault: the process could not be started or sealed. Never a grade."""


class IsolationUnavailable(RuntimeError):
    """This machine offers no way to isolate a learner's process."""

    def __init__(self) -> None:
        super().__init__(
            "Submissions cannot be isolated on this machine: it has neither user namespaces nor "
            "Landlock. `autograder doctor` says what is missing and how to get it; on macOS and "
            "Windows, grade in a Linux container (doctor prints a Dockerfile). To grade without "
            "isolation all the same, where every submission can read and change your files, ask "
            "for it explicitly (--no-isolation, or isolation=Isolation.NONE)."
        )
