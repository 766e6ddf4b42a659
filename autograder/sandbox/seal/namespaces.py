"""A file system, process table and network of the learner's own, made of kernel namespaces.

The jail's root is an empty in-memory file system. What the learner may read is mounted into it
read-only; then it becomes the root, and the machine's real one is let go of.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Mapping
from pathlib import Path

from autograder.sandbox.protocol.limits import Limits
from autograder.sandbox.protocol.view import View
from autograder.sandbox.seal import libc
from autograder.sandbox.seal.files import copy_for

NEW_USER, NEW_PID = 0x10000000, 0x20000000
NEW_MOUNT, NEW_CGROUP, NEW_UTS = 0x00020000, 0x02000000, 0x04000000
NEW_IPC, NEW_NET = 0x08000000, 0x40000000
OPEN_TREE, MOVE_MOUNT, MOUNT_SETATTR = 428, 429, 442
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
AT_FDCWD, AT_EMPTY_PATH, AT_RECURSIVE = -100, 0x1000, 0x8000
CLONE_TREE, CLOSE_ON_EXEC, MOVE_FROM_HANDLE = 1, os.O_CLOEXEC, 4
READ_ONLY, NO_SUID, NO_DEVICES, NO_EXEC = 1, 2, 4, 8
PRIVATE, RECURSIVE, DETACH = 1 << 18, 1 << 14, 2
DEVICES = ("null", "zero", "full", "random", "urandom")
DEVICE_LINKS = {
    "fd": "/proc/self/fd",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
    "ptmx": "pts/ptmx",
}
STAGE = "/tmp"  # any folder that exists everywhere: it is covered by the jail's root for a moment
ETC_PASSWD = "learner:x:{user}:{group}:learner:/tmp/home:/bin/sh\n"
ETC_GROUP = "learner:x:{group}:\n"


def enter_process_namespace() -> None:
    """Give this process's children a process table of their own (as root, or by a user namespace).

    When the first of them ends, the kernel kills all the others.
    """
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        try:
            libc.call("unshare", NEW_PID)
        except PermissionError:
            pass  # root without CAP_SYS_ADMIN, as in a container: try as an ordinary user does
        else:
            return
    libc.call("unshare", NEW_USER | NEW_PID)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def build_jail(
    view: View, package: str | None, work: str | None, user: int, limits: Limits
) -> None:
    """Move this process into a new root that shows what `view` says, and nothing else.

    `package` appears read-only as /chainrule, and a copy of `work` as /tmp/work. Needs the rights
    of root in the user namespace; the caller gives them up afterwards.
    """
    libc.call("unshare", NEW_MOUNT | NEW_NET | NEW_IPC | NEW_UTS | NEW_CGROUP)
    socket.sethostname("chainrule")
    _mount(None, "/", None, PRIVATE | RECURSIVE)
    trees = [(_clone_tree(path), path, os.path.isdir(path)) for path in view.folders]
    if package is not None:
        trees.append((_clone_tree(package), "/chainrule", True))
    original = None if work is None else os.open(work, os.O_DIRECTORY)
    devices = [(_clone_tree(f"/dev/{name}", devices=True), name) for name in DEVICES]
    _mount("tmpfs", STAGE, "tmpfs", 0, "mode=0755,size=32m,nr_inodes=4000")
    _add_devices(devices, limits)
    _add_proc_and_scratch(user, limits)
    if original is not None:
        copy_for(user, f"/proc/self/fd/{original}", f"{STAGE}/tmp/work")
        os.close(original)  # an open folder would be a way out of the jail
    for handle, path, is_folder in trees:  # after /tmp, where a checkout or its Python may lie
        _move_tree(handle, Path(STAGE + path), is_folder)
    for path in view.masked:
        _mask(STAGE + path)
    _change_root()
    _add_links(view.links)


def _add_links(links: Mapping[str, str]) -> None:
    """Recreate symbolic links such as /lib -> /usr/lib inside the jail's root, then lock it."""
    for path, target in links.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)
    _set_attributes(AT_FDCWD, "/", READ_ONLY | NO_SUID | NO_DEVICES, 0)


def _clone_tree(path: str, devices: bool = False) -> int:
    """Copy the mounts at and below `path` into a handle, read-only and without set-uid bits."""
    flags = CLONE_TREE | CLOSE_ON_EXEC | AT_RECURSIVE
    handle = libc.call("syscall", OPEN_TREE, AT_FDCWD, os.fsencode(path), flags)
    attributes = READ_ONLY | NO_SUID | (NO_EXEC if devices else NO_DEVICES)
    _set_attributes(handle, "", attributes, AT_EMPTY_PATH | AT_RECURSIVE)
    return handle


def _set_attributes(handle: int, path: str, attributes: int, flags: int) -> None:
    request = struct.pack("QQQQ", attributes, 0, 0, 0)
    libc.call("syscall", MOUNT_SETATTR, handle, os.fsencode(path), flags, request, len(request))


def _move_tree(handle: int, target: Path, is_folder: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if is_folder:
        target.mkdir(exist_ok=True)
    else:
        target.touch()
    place = os.fsencode(target)
    libc.call("syscall", MOVE_MOUNT, handle, b"", AT_FDCWD, place, MOVE_FROM_HANDLE)
    os.close(handle)


def _add_devices(devices: list[tuple[int, str]], limits: Limits) -> None:
    for handle, name in devices:
        _move_tree(handle, Path(STAGE, "dev", name), is_folder=False)
    for name in ("pts", "shm"):
        Path(STAGE, "dev", name).mkdir()
    for name, target in DEVICE_LINKS.items():
        os.symlink(target, f"{STAGE}/dev/{name}")
    _mount("devpts", f"{STAGE}/dev/pts", "devpts", NO_SUID | NO_EXEC, "newinstance,ptmxmode=0666")
    _mount_scratch(f"{STAGE}/dev/shm", limits)


def _add_proc_and_scratch(user: int, limits: Limits) -> None:
    for name in ("proc", "tmp", "etc"):
        Path(STAGE, name).mkdir(exist_ok=True)
    words = {"user": user, "group": user}
    Path(STAGE, "etc/passwd").write_text(ETC_PASSWD.format(**words))
    Path(STAGE, "etc/group").write_text(ETC_GROUP.format(**words))
    flags = READ_ONLY | NO_SUID | NO_DEVICES | NO_EXEC
    _mount("proc", f"{STAGE}/proc", "proc", flags)
    _mount_scratch(f"{STAGE}/tmp", limits)


def _mount_scratch(path: str, limits: Limits) -> None:
    size = f"mode=1777,size={limits.scratch_bytes},nr_inodes={limits.scratch_files}"
    _mount("tmpfs", path, "tmpfs", NO_SUID | NO_DEVICES, size)


def _mask(path: str) -> None:
    """Cover a folder by an empty one."""
    if os.path.isdir(path):
        _mount("tmpfs", path, "tmpfs", READ_ONLY, "mode=0555,size=4k,nr_inodes=2")


def _change_root() -> None:
    """Make the stage the root, and detach the old root, which `pivot_root` has put on top of it."""
    os.chdir(STAGE)
    libc.call("syscall", PIVOT_ROOT[os.uname().machine], b".", b".")
    libc.call("umount2", b".", DETACH)
    os.chdir("/")


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    libc.call("mount", *texts, flags, data.encode() or None)
