"""What stands for our package where submissions run: a notebook's words, and the open rooms."""

from __future__ import annotations

import functools
import shutil
import threading
from pathlib import Path

import autograder
from autograder.submission.scratch import scratch_folder

_one_thread = threading.Lock()
ROOMS = ("data", "figures")
"""Of ours, those that notebooks import and submissions may."""
WORDS = tuple(autograder.__all__)
"""What a notebook calls."""
TEXT = f'''"""Stands in for the autograder where submissions run: there is no grader in there."""


def _nothing(*slugs: str) -> None:
    """Do nothing: the judge is elsewhere, nothing is lent, and what was brought stands here."""


{" = ".join(WORDS)} = _nothing
'''


def stand_in_package() -> Path:
    """A folder with the little `autograder` that submissions may import: no checks, the data."""
    with _one_thread:
        return _stand_in_package(scratch_folder())


@functools.cache
def _stand_in_package(scratch: Path) -> Path:
    folder = scratch / "stand-in"
    package, ours = folder / "autograder", Path(autograder.__file__).parent
    for room in ROOMS:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ours / room, package / room, ignore=ignore)
    (package / "__init__.py").write_text(TEXT)
    for path in (folder, *folder.rglob("*")):  # read by another user, whatever our umask is
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder
