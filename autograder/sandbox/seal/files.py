"""Folders made for a learner, and removed again whatever the learner has made of them."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess


def copy_for(user: int, source: str, target: str) -> None:
    """Copy a folder so that the copy belongs to `user`; links are not followed."""
    shutil.copytree(source, target, symlinks=True)
    for folder, _, names in os.walk(target):
        _hand_over(folder, user, 0o755)
        for name in names:
            _hand_over(os.path.join(folder, name), user, 0o644)


def remove(folder: str) -> None:
    """Remove a folder that may hold unreadable folders, or a thousand within one another."""
    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(folder)
        return
    for command in (["/bin/chmod", "-R", "u+rwx"], ["/bin/rm", "-rf"]):
        subprocess.run([*command, "--", folder], stderr=subprocess.DEVNULL, check=False)


def _hand_over(path: str, user: int, mode: int) -> None:
    if user != os.geteuid():
        os.chown(path, user, user, follow_symlinks=False)
    if not os.path.islink(path):
        os.chmod(path, mode)
