"""The system call filter, run instruction by instruction for both processors."""

from __future__ import annotations

import errno
import struct

import pytest

from autograder.sandbox.seal import seccomp, syscalls

ARCHITECTURES = seccomp.AUDIT_ARCHITECTURES
REFUSED = seccomp.ERROR | errno.EPERM
OWN = 4321
AF_UNIX, AF_INET, AF_VSOCK, STREAM, DATAGRAM, CLOSE_ON_EXEC = 1, 2, 40, 1, 2, 0o2000000


def verdict(machine: str, namespaces: bool, number: int, *arguments: int, audit: int = 0) -> int:
    """What the kernel would do with this system call."""
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<IIQ6Q", number, audit or ARCHITECTURES[machine], 0, *padded)
    code = seccomp.program(machine, namespaces, OWN)
    accumulator = position = 0
    while True:
        operation, if_true, if_false, value = struct.unpack("HBBI", code[position])
        position += 1
        if operation == seccomp.RETURN:
            return value
        if operation == seccomp.LOAD:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif operation == seccomp.AND:
            accumulator &= value
        else:
            holds = {
                seccomp.JUMP_IF_EQUAL: accumulator == value,
                seccomp.JUMP_IF_AT_LEAST: accumulator >= value,
                seccomp.JUMP_IF_SET: bool(accumulator & value),
            }[operation]
            position += if_true if holds else if_false


@pytest.fixture(params=ARCHITECTURES)
def machine(request: pytest.FixtureRequest) -> str:
    return request.param


def number(machine: str, name: str) -> int:
    tables = (
        syscalls.ALWAYS_REFUSED
        | syscalls.REFUSED_WITHOUT_NAMESPACES
        | syscalls.PRETENDED_WITHOUT_NAMESPACES
        | syscalls.REFUSED_BY_ARGUMENTS
    )
    found = tables[name][list(ARCHITECTURES).index(machine)]
    assert found is not None
    return found


@pytest.mark.parametrize("namespaces", [True, False])
def test_dangerous_calls_are_refused(machine: str, namespaces: bool) -> None:
    """Calls that no notebook needs are refused at both levels, ordinary ones allowed."""
    for name in ("ptrace", "mount", "unshare", "setns", "bpf", "io_uring_setup", "memfd_create"):
        assert verdict(machine, namespaces, number(machine, name)) == REFUSED
    for ordinary in range(4):
        assert verdict(machine, namespaces, 10_000 + ordinary) == seccomp.ALLOW


def test_clone_is_judged_by_its_flags(machine: str) -> None:
    """New namespaces never; processes only where namespaces end them; threads always."""
    clone, clone3 = number(machine, "clone"), number(machine, "clone3")
    fork, thread, user = 17, 0x3D0F00, 0x10000000 | 17
    assert verdict(machine, True, clone, fork) == seccomp.ALLOW
    assert verdict(machine, False, clone, fork) == REFUSED
    for namespaces in (True, False):
        assert verdict(machine, namespaces, clone, thread) == seccomp.ALLOW
        assert verdict(machine, namespaces, clone, user) == REFUSED
        assert verdict(machine, namespaces, clone3) == seccomp.ERROR | errno.ENOSYS


def test_sockets_are_judged_by_their_family(machine: str) -> None:
    """With namespaces only harmless families; without, nothing but a pair of streams."""
    open_socket, pair = number(machine, "socket"), number(machine, "socketpair")
    assert verdict(machine, True, open_socket, AF_INET, STREAM) == seccomp.ALLOW
    assert verdict(machine, True, open_socket, AF_VSOCK, STREAM) == REFUSED
    assert verdict(machine, False, open_socket, AF_UNIX, STREAM) == REFUSED
    assert verdict(machine, False, pair, AF_UNIX, STREAM | CLOSE_ON_EXEC) == seccomp.ALLOW
    assert verdict(machine, False, pair, AF_UNIX, DATAGRAM) == REFUSED


def test_without_namespaces_only_the_own_process_is_touched(machine: str) -> None:
    """Signals and limits of other processes are refused, its own allowed."""
    signal, limit = number(machine, "tgkill"), number(machine, "prlimit64")
    assert verdict(machine, False, number(machine, "kill"), 1, 9) == REFUSED
    assert verdict(machine, False, signal, OWN, OWN, 6) == seccomp.ALLOW
    assert verdict(machine, False, signal, 1, 1, 9) == REFUSED
    assert verdict(machine, False, limit, 0) == seccomp.ALLOW
    assert verdict(machine, False, limit, 77) == REFUSED
    assert verdict(machine, False, number(machine, "fchmod")) == seccomp.ERROR


def test_another_instruction_set_is_fatal(machine: str) -> None:
    """Calls by the numbers of another processor end the process."""
    assert verdict(machine, True, 1, audit=0x40000003) == seccomp.KILL_PROCESS
    assert verdict(machine, True, seccomp.X32_BIT | 1) == seccomp.KILL_PROCESS


def test_an_unknown_processor_is_refused() -> None:
    """Without a table of its numbers there is no filter, hence no isolation."""
    with pytest.raises(OSError, match="riscv64"):
        seccomp.program("riscv64", True, OWN)
