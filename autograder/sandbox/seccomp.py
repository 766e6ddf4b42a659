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

from . import libc
from .syscalls import NUMBERS

AUDIT_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
LOAD, AND, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, JUMP_IF_SET, RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL_PROCESS, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER_OFFSET, ARCHITECTURE_OFFSET, ARGUMENTS_OFFSET = 0, 4, 16
X32_BIT = 0x40000000
FILTER_MODE = 2
CLONE_THREAD = 0x00010000
CLONE_NAMESPACES = 0x7E020080  # every CLONE_NEW… flag: time, mount, cgroup, uts, ipc, user, pid, net

REFUSED = """
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp
    pidfd_getfd migrate_pages move_pages
    mount umount2 pivot_root chroot unshare setns open_tree move_mount fsopen fsconfig fsmount
    fspick mount_setattr name_to_handle_at open_by_handle_at
    keyctl add_key request_key bpf perf_event_open userfaultfd io_uring_setup io_uring_enter
    io_uring_register lookup_dcookie personality modify_ldt uselib vhangup fanotify_init
    kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff acct
    quotactl quotactl_fd syslog settimeofday clock_settime clock_adjtime adjtimex sethostname
    setdomainname iopl ioperm memfd_create memfd_secret shmget shmat semget msgget mq_open mq_unlink
""".split()
REFUSED_WITHOUT_NAMESPACES = """
    pidfd_open pidfd_send_signal kill tkill rt_sigqueueinfo rt_tgsigqueueinfo
    setpriority sched_setscheduler sched_setparam sched_setattr ioprio_set
    fork vfork execve execveat inotify_init inotify_init1
    socket connect bind listen accept accept4
    chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat
    setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat
    file_setattr truncate
""".split()

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
    column = list(AUDIT_ARCHITECTURES).index(machine)

    def rule(name: str, tests: list[Instruction]) -> list[Instruction]:
        number = NUMBERS[name][column]
        return [] if number is None else _rule(number, tests)

    names = REFUSED if namespaces else REFUSED + REFUSED_WITHOUT_NAMESPACES
    rules = [rule(name, [_refuse()]) for name in names]
    rules += [rule(name, tests) for name, tests in _conditional(namespaces, own_process)]
    return [
        _instruction(LOAD, ARCHITECTURE_OFFSET),
        _instruction(JUMP_IF_EQUAL, AUDIT_ARCHITECTURES[machine], 1, 0),
        _instruction(RETURN, KILL_PROCESS),
        _instruction(LOAD, NUMBER_OFFSET),
        _instruction(JUMP_IF_AT_LEAST, X32_BIT, 0, 1),
        _instruction(RETURN, KILL_PROCESS),
        *(instruction for instructions in rules for instruction in instructions),
        _instruction(RETURN, ALLOW),
    ]


def _conditional(
    namespaces: bool, own_process: int
) -> list[tuple[str, list[Instruction]]]:
    """The calls that are refused only with certain arguments."""
    families = [socket.AF_UNIX, socket.AF_INET, socket.AF_INET6]
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
        ("clone", _refuse_unless_set(0, CLONE_THREAD)),
        ("prlimit64", _refuse_unless_in(0, [0, own_process])),
        ("sched_setaffinity", _refuse_unless_in(0, [0, own_process])),
        ("tgkill", _refuse_unless_in(0, [own_process])),
        # asyncio needs a pair of streams; a datagram socket could be sent to any path.
        ("socketpair", _refuse_unless_in(1, [socket.SOCK_STREAM], mask=0xF)),
    ]


def _rule(number: int, tests: list[Instruction]) -> list[Instruction]:
    """Run `tests` if the call is `number`; they refuse, or fall through to the next rule."""
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
