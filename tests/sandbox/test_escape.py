"""A learner's code tries to get out: network, signals, files elsewhere, new processes."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import pytest
from learners import Starter, value_of

from autograder.judging.calls import LearnerGone
from autograder.sandbox import LearnerProcess

CONNECT = """
import socket
def f(port, path, name):
    reached = []
    def attempt(what, action):
        try:
            action()
            reached.append(what)
        except OSError:
            pass
    stream, datagram = socket.SOCK_STREAM, socket.SOCK_DGRAM
    def connect(family, kind, address):
        s = socket.socket(family, kind)
        s.settimeout(1)
        s.connect(address)
        s.send(b'hello')
    attempt('tcp', lambda: connect(socket.AF_INET, stream, ('127.0.0.1', port)))
    attempt('tcp6', lambda: connect(socket.AF_INET6, stream, ('::1', port)))
    attempt('udp', lambda: connect(socket.AF_INET, datagram, ('127.0.0.1', port)))
    attempt('dns', lambda: socket.getaddrinfo('example.org', 80))
    attempt('internet', lambda: connect(socket.AF_INET, stream, ('1.1.1.1', 53)))
    attempt('unix', lambda: connect(socket.AF_UNIX, stream, path))
    attempt('abstract', lambda: connect(socket.AF_UNIX, stream, name))
    attempt('vsock', lambda: socket.socket(40, stream))
    attempt('netlink', lambda: socket.socket(16, socket.SOCK_RAW))
    attempt('packet', lambda: socket.socket(17, socket.SOCK_RAW))
    def datagram_pair():
        a, b = socket.socketpair(socket.AF_UNIX, datagram)
        a.sendto(b'hello', path + '.datagram')
    attempt('datagram pair', datagram_pair)
    return reached
"""


def test_no_connection_leaves_the_jail(learner: LearnerProcess, tmp_path: Path) -> None:
    """TCP, UDP, DNS, unix, abstract and other sockets reach no listener of this machine."""
    path, name = str(tmp_path / "socket"), f"\0chainrule-test-{os.getpid()}"
    listeners = [
        socket.create_server(("127.0.0.1", 0)),
        socket.socket(socket.AF_UNIX),
        socket.socket(socket.AF_UNIX),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
    ]
    for listener, address in zip(listeners[1:], (path, name, path + ".datagram"), strict=True):
        listener.bind(address)
    for listener in listeners[1:3]:
        listener.listen()
    tmp_path.chmod(0o777)
    port = listeners[0].getsockname()[1]
    try:
        assert value_of(learner, CONNECT, port, path, name) == []
    finally:
        for listener in listeners:
            listener.close()


WRITE = """
import os, shutil
def f(folder, victim):
    def attempt(what, action):
        try:
            action()
            return what
        except OSError:
            return None
    found = [
        attempt('create', lambda: open(folder + '/new', 'w')),
        attempt('write', lambda: open(victim, 'a')),
        attempt('unlink', lambda: os.unlink(victim)),
        attempt('rename', lambda: os.rename(victim, victim + '2')),
        attempt('truncate', lambda: os.truncate(victim, 0)),
        attempt('link', lambda: os.link(victim, 'linked')),
        attempt('mkdir', lambda: os.mkdir(folder + '/folder')),
        attempt('symlink', lambda: os.symlink('/', folder + '/link')),
        attempt('mknod', lambda: os.mknod('device', 0o20666, os.makedev(1, 1))),
        attempt('root', lambda: open('/new', 'w')),
        attempt('up', lambda: open('../' * 20 + 'tmp/../new', 'w')),
        attempt('etc', lambda: open('/etc/passwd', 'a')),
        attempt('usr', lambda: open('/usr/lib/new', 'w')),
        attempt('device', lambda: open('/dev/mem', 'rb')),
        attempt('proc', lambda: open('/proc/sys/kernel/core_pattern', 'w')),
        attempt('numpy', lambda: open(shutil.__file__, 'a')),
        attempt('customise', lambda: open(shutil.__file__[:-9] + 'sitecustomize.py', 'w')),
    ]
    for change in (lambda: os.chmod(victim, 0), lambda: os.utime(victim, (1, 1)),
                   lambda: os.setxattr(victim, 'user.x', b'1'), lambda: os.chown(victim, 1, 1)):
        attempt('', change)
    return [what for what in found if what]
"""


def test_nothing_outside_can_be_written(learner: LearnerProcess, tmp_path: Path) -> None:
    """No file elsewhere is created, changed, renamed, linked, truncated or given another mode."""
    victim = tmp_path / "gradebook.db"
    victim.write_text("grades")
    victim.chmod(0o666)
    tmp_path.chmod(0o777)
    before = victim.stat()
    assert value_of(learner, WRITE, str(tmp_path), str(victim)) == []
    after = victim.stat()
    assert (after.st_mode, after.st_mtime, after.st_uid) == (
        before.st_mode,
        before.st_mtime,
        before.st_uid,
    )
    assert list(tmp_path.iterdir()) == [victim]
    assert victim.read_text() == "grades"


MOUNT = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def f():
    calls = {
        'mount': lambda: libc.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, None),
        'umount': lambda: libc.umount2(b'/tmp', 2),
        'chroot': lambda: libc.chroot(b'/tmp'),
        'unshare user': lambda: libc.unshare(0x10000000),
        'unshare mount': lambda: libc.unshare(0x00020000),
        'setns': lambda: libc.setns(0, 0),
        'clone user': lambda: libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0),
        'clone3': lambda: libc.syscall(435, 0, 0),
        'setuid': lambda: libc.setuid(0),
        'sethostname': lambda: libc.sethostname(b'x', 1),
        'settimeofday': lambda: libc.settimeofday(ctypes.create_string_buffer(16), None),
        'reboot': lambda: libc.reboot(0),
        'prlimit': lambda: libc.prlimit(0, 9, ctypes.create_string_buffer(b'\\xff' * 16), None),
    }
    if os.getuid() == 0:
        del calls['setuid']  # root without capabilities, where no other user can reach Python
    return [name for name, call in calls.items() if call() >= 0]
"""


def test_privileges_are_gone_for_good(learner: LearnerProcess) -> None:
    """Mounting, new namespaces, another user, the clock and higher limits are refused."""
    assert value_of(learner, MOUNT) == []
    capabilities = "def f(): return [l for l in open('/proc/self/status') if l.startswith('Cap')]"
    if learner.isolation.value == "namespaces":
        found = value_of(learner, capabilities)
        assert found
        assert all(set(line.split()[1]) == {"0"} for line in found)


KILL = """
import os, signal
def f(pids):
    for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
        for pid in (*pids, -1, 0, *(-p for p in pids)):
            try:
                os.kill(pid, number)
            except OSError:
                pass
    return 'alive'
"""


def test_signals_reach_nobody_else(start: Starter) -> None:
    """Signals to the judge, its keeper, its groups and to everything harm nobody."""
    bystander = os.fork()
    if bystander == 0:
        time.sleep(60)
        os._exit(0)
    learner = start(call_seconds=5)
    keeper = learner.keeper_pid
    learner.run_cell(KILL)
    try:
        found = value_of(learner, KILL, [bystander, os.getppid(), os.getpid(), keeper])
        assert found == "alive"
    except LearnerGone:
        pass  # it may have ended itself
    assert os.waitpid(bystander, os.WNOHANG) == (0, 0)
    os.kill(bystander, signal.SIGKILL)
    os.waitpid(bystander, 0)


DAEMON = """
import os, sys
def f(mark):
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv('/bin/sleep', ['sleep', mark])
            os._exit(0)
    except OSError as error:
        return 'refused'
    return 'started'
"""


def test_no_daemon_outlives_its_parent(start: Starter) -> None:
    """A process that detaches itself twice is refused, or gone after close()."""
    learner = start()
    mark = f"{3000 + os.getpid() % 1000}.5"
    value_of(learner, DAEMON, mark)
    time.sleep(0.3)
    learner.close()
    commands = list(Path("/proc").glob("[0-9]*/cmdline"))
    assert not any(mark.encode() in _read(path) for path in commands)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_subprocesses_stay_inside(learner: LearnerProcess, tmp_path: Path) -> None:
    """What a shell can do is what Python can do: it is as jailed, or not started at all."""
    (tmp_path / "secret").write_text("271828")
    source = """
import subprocess
def f(path):
    try:
        return subprocess.run(['/bin/sh', '-c', f'cat {path}; ls /home; cat /etc/shadow'],
                              capture_output=True, text=True, timeout=5).stdout
    except OSError as error:
        return ''
"""
    assert value_of(learner, source, str(tmp_path / "secret")) == ""


def test_threads_do_not_lift_the_seal(learner: LearnerProcess) -> None:
    """A thread is sealed like the process: it can open nothing either."""
    source = """
import threading
def f():
    found = []
    def look():
        try: found.append(open('/etc/hostname').read())
        except OSError: pass
    thread = threading.Thread(target=look); thread.start(); thread.join()
    return found
"""
    assert value_of(learner, source) == []


@pytest.mark.parametrize("attack", ["fd.send(b'junk' * 100)", "fd.close()"])
def test_tampering_with_the_connection_ends_the_learner(start: Starter, attack: str) -> None:
    """Junk on the connection, or closing it, is the learner's end and nothing worse."""
    learner = start(cell_seconds=3)
    source = f"import socket, os, stat\nfd = socket.socket(fileno={{}})\n{attack}"
    find = (
        "import os, stat\ndef f():\n    return next(n for n in range(3, 200) "
        "if os.path.exists('/') and _is(n))\n"
        "def _is(n):\n    try: return stat.S_ISSOCK(os.fstat(n).st_mode)\n"
        "    except OSError: return False"
    )
    number = value_of(learner, find)
    with pytest.raises(LearnerGone):
        learner.run_cell(source.format(number))
    with pytest.raises(LearnerGone):
        learner.run_cell("1")
