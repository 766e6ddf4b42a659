"""Copies of our own small folders that the learner's user may read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .plan import Plan


def copy_readable(source: str, target: str) -> None:
    """Copy a folder so that everybody can read the copy, whatever the original's permissions."""
    shutil.copytree(source, target)
    for folder, _, names in os.walk(target):
        os.chmod(folder, 0o755)
        for name in names:
            os.chmod(os.path.join(folder, name), 0o644)


def reachable_by_others(plan: Plan) -> bool:
    """Tell whether a user who owns nothing could open the interpreter and its packages."""
    paths = [Path(path).resolve() for path in plan.readable]
    folders = {parent for path in paths for parent in path.parents}
    return all(folder.stat().st_mode & 0o001 for folder in folders) and all(
        path.stat().st_mode & 0o004 for path in paths
    )
