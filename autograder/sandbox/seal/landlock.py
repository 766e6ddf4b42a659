"""Landlock: the process itself asks the kernel to refuse it every file that is not on a list."""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable

from autograder.sandbox.seal import libc

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
READING = EXECUTE | READ_FILE | READ_DIR
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def abi() -> int:
    """The Landlock version of this kernel; raises OSError if there is none."""
    return libc.call("syscall", CREATE_RULESET, None, 0, 1)


def handled_rights(version: int) -> tuple[int, int, int]:
    """Everything this version can refuse: file rights, TCP rights, scopes."""
    files = (1 << 13) - 1
    for since, right in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV)):
        files |= right if version >= since else 0
    return files, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0


def restrict(readable: Iterable[str], listable: Iterable[str], scratch: str) -> None:
    """Refuse this process everything but reading `readable` and using `scratch`.

    `listable` folders may be listed, not read: Python's import looks into them. Signals to and
    abstract sockets of outsiders are refused from version 6 on; seccomp does it before.
    """
    version = abi()
    handled = handled_rights(version)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = libc.call("syscall", CREATE_RULESET, struct.pack("QQQ", *handled)[:size], size, 0)
    for path in readable:
        _allow(ruleset, path, handled[0] & READING)
    for path in listable:
        _allow(ruleset, path, handled[0] & READ_DIR)
    for path in DEVICES:
        _allow(ruleset, path, handled[0] & (READ_FILE | WRITE_FILE | TRUNCATE | IOCTL_DEV))
    _allow(ruleset, scratch, handled[0])
    libc.call("syscall", RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
    granted = rights if is_folder else rights & FILE_RIGHTS
    rule = struct.pack("=Qi", granted, handle)
    libc.call("syscall", ADD_RULE, ruleset, PATH_BENEATH, rule, 0)
    os.close(handle)
