"""What has been run in this kernel: which cell defines a function now, and which one failed to.

A kernel does not see what stands in the notebook, only what is sent to it. What was edited since is
seen where the notebook's file is newer than the run.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFINES = re.compile(r"^(?:async )?def (\w+)", re.MULTILINE)
PLACES = ("JPY_SESSION_NAME",)
"""Where Jupyter's server tells a kernel the path of its notebook."""
VSCODE = "__vsc_ipynb_file__"


@dataclass(frozen=True)
class Ran:
    """A cell as it was sent to the kernel."""

    source: str
    when: float
    error: str = ""
    """Why Python could not read it."""


class Cells:
    """The last cell that defines each function, by the function's name."""

    def __init__(self) -> None:
        self.ran: dict[str, Ran] = {}
        self._judged: dict[str, tuple[str, bool]] = {}

    def note(self, source: str, unreadable: BaseException | None) -> None:
        """Remember a cell that was run."""
        error = _place(unreadable) if isinstance(unreadable, SyntaxError) else ""
        for name in DEFINES.findall(source):
            self.ran[name] = Ran(source, time.time(), error)

    def judged(self, slug: str, passed: bool) -> str:
        """Remember what public checks said of the answer that is known as `slug`; its digest."""
        answer = self._answer(slug)
        self._judged[slug] = answer, passed
        return answer

    def passed(self) -> dict[str, bool]:
        """Whether public checks pass, of each answer that was judged and is still the same."""
        known = self._judged.items()
        return {slug: ok for slug, (answer, ok) in known if answer == self._answer(slug)}

    def _answer(self, slug: str) -> str:
        return digest_of(self.ran[slug].source) if slug in self.ran else ""

    def in_the_way(self, slug: str, namespace: dict[str, Any]) -> str:
        """Why what the kernel knows as `slug` is not what the learner has written, if so."""
        last = self.ran.get(slug)
        if last is None:
            return ""
        if last.error:
            return f"Python cannot read the cell that defines `{slug}`: {last.error}."
        written, saved = saved_cell(slug, namespace)
        if saved > last.when and slug in DEFINES.findall(written) and _other(written, last.source):
            return f"The cell that defines `{slug}` was changed and not run since: run it first."
        return ""


def digest_of(source: str) -> str:
    """Tells one answer to an exercise from another."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def saved_cell(name: str, namespace: dict[str, Any]) -> tuple[str, float]:
    """The cell of that id in the notebook's file, and when that was saved; nothing if unknown."""
    paths = [os.environ.get(place) for place in PLACES]
    path = Path(next(filter(None, [*paths, namespace.get(VSCODE)]), ""))
    try:
        saved = path.stat().st_mtime
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        source = next(cell["source"] for cell in cells if cell.get("id") == name)
    except (OSError, ValueError, LookupError, TypeError, StopIteration):
        return "", 0.0
    return (source if isinstance(source, str) else "".join(source)), saved


def _other(written: str, ran: str) -> bool:
    return written.strip() != ran.strip()


def _place(error: SyntaxError) -> str:
    where = f"line {error.lineno}: " if error.lineno else ""
    return f"{where}{error.msg}"
