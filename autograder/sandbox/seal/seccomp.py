"""Seccomp: a small program, run by the kernel before every system call, that refuses some of them.

The filter is written by hand in BPF, the kernel's packet-filter language: a number is loaded, then
compared with one refused call after the other. It can look at arguments, not behind pointers.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct

from autograder.sandbox.seal import libc
from autograder.sandbox.seal.syscalls import (
    ALWAYS_REFUSED,
    PRETENDED_WITHOUT_NAMESPACES,
    REFUSED_BY_ARGUMENTS,
    REFUSED_WITHOUT_NAMESPACES,
)

AUDIT_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
LOAD, AND, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, JUMP_IF_SET, RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL_PROCESS, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER_OFFSET, ARCHITECTURE_OFFSET, ARGUMENTS_OFFSET = 0, 4, 16
X32_BIT = 0x40000000
FILTER_MODE = 2
CLONE_THREAD = 0x00010000
CLONE_NAMESPACES = 0x7E020080
"""Every CLONE_NEW… flag: time, mount, cgroup, uts, ipc, user, pid and net."""

Instruction = bytes


def install(namespaces: bool) -> None:
    """Put the filter on this process for good (needs no_new_privs).

    Without namespaces around it the process shares files' owners, process numbers and sockets with
    its user's other programs: then everything by which it could reach those is refused as well, and
    so is starting processes, because nothing would end them.
    """
    filter_program = program(platform.machine(), namespaces, os.getpid())
    instructions = ctypes.create_string_buffer(b"".join(filter_program))
    header = struct.pack("HxxxxxxP", len(filter_program), ctypes.addressof(instructions))
    pointer = ctypes.create_string_buffer(header)
    libc.prctl(libc.PR_SET_SECCOMP, FILTER_MODE, ctypes.addressof(pointer))


def program(machine: str, namespaces: bool, own_process: int) -> list[Instruction]:
    """Write the filter for `machine`."""
    if machine not in AUDIT_ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no system call filter for {machine} processors")
    rules = [(numbers, [_refuse()]) for numbers in ALWAYS_REFUSED.values()]
    if not namespaces:
        rules += [(numbers, [_refuse()]) for numbers in REFUSED_WITHOUT_NAMESPACES.values()]
        rules += [(numbers, [_refuse(0)]) for numbers in PRETENDED_WITHOUT_NAMESPACES.values()]
    by_arguments = _by_arguments(namespaces, own_process)
    rules += [(REFUSED_BY_ARGUMENTS[name], tests) for name, tests in by_arguments]
    column = list(AUDIT_ARCHITECTURES).index(machine)
    return [
        _instruction(LOAD, ARCHITECTURE_OFFSET),
        _instruction(JUMP_IF_EQUAL, AUDIT_ARCHITECTURES[machine], 1, 0),
        _instruction(RETURN, KILL_PROCESS),
        _instruction(LOAD, NUMBER_OFFSET),
        _instruction(JUMP_IF_AT_LEAST, X32_BIT, 0, 1),
        _instruction(RETURN, KILL_PROCESS),
        *(line for numbers, tests in rules for line in _rule(numbers[column], tests)),
        _instruction(RETURN, ALLOW),
    ]


def _by_arguments(namespaces: bool, own_process: int) -> list[tuple[str, list[Instruction]]]:
    """The calls that are refused only with certain arguments."""
    families = list(map(int, (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)))
    always = [
        # Answering "not implemented" makes the C library fall back to clone, whose flags we see.
        ("clone3", [_refuse(errno.ENOSYS)]),
        ("clone", _refuse_if_set(0, CLONE_NAMESPACES)),
        ("prctl", _refuse_if_in(0, [libc.PR_SET_PDEATHSIG])),
    ]
    if namespaces:
        # A virtual machine's AF_VSOCK reaches its host from any network namespace.
        return [*always, ("socket", _refuse_unless_in(0, families))]
    return [
        *always,
        ("socket", [_refuse()]),
        ("clone", _refuse_unless_set(0, CLONE_THREAD)),
        ("prlimit64", _refuse_unless_in(0, [0, own_process])),
        ("sched_setaffinity", _refuse_unless_in(0, [0, own_process])),
        ("tgkill", _refuse_unless_in(0, [own_process])),
        # asyncio needs a pair of streams; a datagram socket could be sent to any path.
        ("socketpair", _refuse_unless_in(1, [socket.SOCK_STREAM], mask=0xF)),
    ]


def _rule(number: int | None, tests: list[Instruction]) -> list[Instruction]:
    """Run `tests` if the call is `number`; they refuse, or fall through to the next rule."""
    if number is None:
        return []
    reload = _instruction(LOAD, NUMBER_OFFSET)
    return [_instruction(JUMP_IF_EQUAL, number, 0, len(tests) + 1), *tests, reload]


def _refuse(error: int = errno.EPERM) -> Instruction:
    return _instruction(RETURN, ERROR | error)


def _refuse_if_set(argument: int, bits: int) -> list[Instruction]:
    return [_load_argument(argument), _instruction(JUMP_IF_SET, bits, 0, 1), _refuse()]


def _refuse_unless_set(argument: int, bits: int) -> list[Instruction]:
    return [_load_argument(argument), _instruction(JUMP_IF_SET, bits, 1, 0), _refuse()]


def _refuse_if_in(argument: int, values: list[int]) -> list[Instruction]:
    tests = [t for v in values for t in (_instruction(JUMP_IF_EQUAL, v, 0, 1), _refuse())]
    return [_load_argument(argument), *tests]


def _refuse_unless_in(
    argument: int, values: list[int], mask: int = 0xFFFFFFFF
) -> list[Instruction]:
    jumps = [
        _instruction(JUMP_IF_EQUAL, value, len(values) - index, 0)
        for index, value in enumerate(values)
    ]
    return [_load_argument(argument), _instruction(AND, mask), *jumps, _refuse()]


def _load_argument(index: int) -> Instruction:
    """Load the lower half of an argument; every argument that we test is a C int."""
    return _instruction(LOAD, ARGUMENTS_OFFSET + 8 * index)


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> Instruction:
    return struct.pack("HBBI", code, if_true, if_false, value)
