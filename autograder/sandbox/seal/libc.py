"""The few system calls that Python 3.11 does not offer, through ctypes."""

from __future__ import annotations

import ctypes
import os

_LIBC = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4


def call(name: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Call a function of the C library; raise OSError, naming the function, if it fails."""
    result: int = getattr(_LIBC, name)(*map(_argument, arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def prctl(option: int, value: int = 0, extra: int = 0) -> int:
    return call("prctl", option, value, extra, 0, 0)


def _argument(value: object) -> object:
    # A plain Python int would cross as a 32-bit int and lose the upper half.
    return ctypes.c_long(value) if isinstance(value, int) else value
