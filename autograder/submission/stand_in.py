"""What stands for our package where submissions run: a notebook's words, and the open rooms."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

import autograder

ROOMS = ("data", "figures")
"""Of ours, those that notebooks import and submissions may."""
WORDS = tuple(autograder.__all__)
"""What a notebook calls."""
TEXT = f'''"""Stands in for the autograder where submissions run: there is no grader in there."""


def _nothing(*slugs: str) -> None:
    """Do nothing: the judge is elsewhere, nothing is lent, and what was brought stands here."""


{" = ".join(WORDS)} = _nothing
'''


@functools.cache
def stand_in_package() -> Path:
    """A folder with the little `autograder` that submissions may import: no checks, the data."""
    folder = Path(tempfile.mkdtemp(prefix="chainrule-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)  # learners run as users of their own
    package, ours = folder / "autograder", Path(autograder.__file__).parent
    for room in ROOMS:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ours / room, package / room, ignore=ignore)
    (package / "__init__.py").write_text(TEXT)
    return folder
