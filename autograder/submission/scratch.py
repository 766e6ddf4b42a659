"""Where a process lays out what others read: a folder of its own, which does not outlive it long.

A process that ends removes its folder; what a killed one leaves, the next one finds: whoever is
alive holds a lock on its folder, and no number of a process is trusted to mean the same one.
"""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
import threading
from contextlib import suppress
from multiprocessing.util import Finalize
from pathlib import Path

with suppress(ImportError):  # Windows has none: there this is imported, and never called
    import fcntl

_one_thread = threading.Lock()
NEW, HELD = "chainrule-new-", "chainrule-held-"
"""How these folders are called before their lock is held, and from then on."""


def scratch_folder() -> Path:
    """Return this process's folder; learners, users of their own, may pass through it."""
    with _one_thread:
        return _folder_of(os.getpid())


@functools.cache
def _folder_of(process: int) -> Path:
    """`process` is this one: a process forked from it asks again, and gets another folder."""
    _remove_abandoned(Path(tempfile.gettempdir()))
    new = Path(tempfile.mkdtemp(prefix=NEW))
    new.chmod(0o711)
    fcntl.flock(os.open(new, os.O_RDONLY), fcntl.LOCK_EX)  # held for as long as we live
    held = new.rename(new.with_name(new.name.replace(NEW, HELD)))
    # Not `atexit`, which is passed over where processes of `multiprocessing` end.
    Finalize(None, shutil.rmtree, (held, True), exitpriority=0)
    return held


def _remove_abandoned(shared: Path) -> None:
    for folder in shared.glob(f"{HELD}*"):
        with suppress(OSError):  # another's, or removed by another meanwhile
            _remove_if_abandoned(folder)


def _remove_if_abandoned(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(opened).st_uid == os.geteuid():
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(opened)
