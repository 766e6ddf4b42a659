"""A learner's code searches for what it must not see: files, memory, environment, processes."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest
from learners import Starter, value_of

import autograder
from autograder.sandbox import Isolation, LearnerProcess
from autograder.sandbox.judge import planning, visible
from autograder.sandbox.judge.isolation import works
from autograder.sandbox.protocol.limits import Limits

REPOSITORY = Path(autograder.__file__).resolve().parents[1]
SECRET = "expected-value-271828"

READ = """
import os
def f(paths):
    found = []
    for path in paths:
        try:
            if os.path.isdir(path):
                found += os.listdir(path)
            else:
                found.append(open(path, 'rb').read(100))
        except OSError:
            pass
    return found
"""


def test_files_of_the_judge_cannot_be_read(learner: LearnerProcess, tmp_path: Path) -> None:
    """Gradebook, repository, checks, home and other temporary files cannot be opened."""
    gradebook = tmp_path / "gradebook.db"
    gradebook.write_text(SECRET)
    gradebook.chmod(0o666)
    paths = [
        gradebook,
        tmp_path,
        autograder.__file__,
        REPOSITORY / "autograder",
        REPOSITORY / "reference_impl",
        REPOSITORY / "tests",
        REPOSITORY / "pyproject.toml",
        REPOSITORY / ".git",
        Path.home() / ".bashrc",
        Path.home() / ".ssh",
        "/etc/shadow",
        "/etc/hostname",
        "/var/log",
        "/home",
        "/run",
    ]
    assert value_of(learner, READ, [str(path) for path in paths]) == []
    links = f"import os\nos.symlink({str(gradebook)!r}, 'link')\n"
    assert value_of(learner, links + READ, ["link", "../" * 9 + str(gradebook)[1:]]) == []


SEARCH = """
import os
def f(names):
    found = []
    for folder, folders, files in os.walk('/'):
        if folder.startswith(('/proc', '/sys')):
            folders.clear()
            continue
        if 'nbgrader' in folders:
            folders.remove('nbgrader')  # the public package brings a gradebook of its own
        found += [os.path.join(folder, n) for n in folders + files if n in names]
        found = [path for path in found if '/bin/' not in path]  # the installed command
    return found
"""


def test_a_search_of_the_whole_disk_finds_nothing(start: Starter, tmp_path: Path) -> None:
    """Walking all that can be listed meets no gradebook, check, reference or notebook of ours."""
    learner = start(call_seconds=100)  # on a busy machine it takes a while
    (tmp_path / "gradebook.db").write_text(SECRET)
    names = ["gradebook.db", "reference_impl", "autograder", "ch02_backprop", "nbgrader_plugin"]
    assert value_of(learner, SEARCH, names) == []


def test_hidden_packages_cannot_be_imported(learner: LearnerProcess) -> None:
    """Neither the checks nor the references nor the judge's own modules are importable."""
    for name in (
        "reference_impl",
        "autograder",
        "autograder.exercises",
        "autograder.judging.judge",
    ):
        error = learner.run_cell(f"import {name}").error
        assert error is not None
        assert error.kind == "ModuleNotFoundError"


def test_installed_packages_can_be_masked(
    isolation: Isolation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the checks are installed next to NumPy, they are left out of what can be read."""
    import sqlalchemy

    folder = Path(sqlalchemy.__file__).resolve().parent
    monkeypatch.setattr(visible, "secret_folders", lambda: (folder,))
    monkeypatch.setattr(planning, "view", visible.view.__wrapped__)
    with LearnerProcess(isolation=isolation) as learner:
        files = [str(path) for path in (folder / "__init__.py", folder / "orm" / "__init__.py")]
        assert value_of(learner, READ, files) == []
        error = learner.run_cell("import sqlalchemy.orm").error
        assert error is not None
        assert learner.run_cell("import scipy").error is None


def test_a_leaky_seal_is_refused(isolation: Isolation, monkeypatch: pytest.MonkeyPatch) -> None:
    """If something forbidden can still be read after sealing, nothing is run."""
    import numpy as np

    from autograder.sandbox import SandboxFailure
    from autograder.sandbox.judge import process

    honest = planning.make_plan(isolation, Limits())
    told = dataclasses.replace(honest.view, forbidden=(str(np.__file__),))
    leaky = dataclasses.replace(honest, view=told)
    monkeypatch.setattr(process, "make_plan", lambda *a, **k: leaky)
    with pytest.raises(SandboxFailure, match="can still be read"):
        LearnerProcess(isolation=isolation)


LOOK_AT_PROCESSES = """
import ctypes, os
def f(pid):
    found = []
    try:
        pids = {int(name) for name in os.listdir('/proc') if name.isdigit()}
    except OSError:
        pids = set()
    for pid in (pids | {pid, os.getppid()}) - {os.getpid()}:
        for name in ('environ', 'cmdline', 'maps', 'mem', 'status'):
            try:
                found.append(open(f'/proc/{pid}/{name}', 'rb').read(4096))
            except OSError:
                pass
        try:
            found += os.listdir(f'/proc/{pid}/fd')
        except OSError:
            pass
    return found
"""


def test_other_processes_cannot_be_looked_at(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No environment, memory, command line or file of another process can be read."""
    monkeypatch.setenv("GRADEBOOK_PASSWORD", SECRET)
    assert value_of(start(), LOOK_AT_PROCESSES, os.getpid()) == []


POKE = """
import ctypes, os, struct
libc = ctypes.CDLL(None, use_errno=True)
def f(pid):
    buffer = ctypes.create_string_buffer(8)
    vector = ctypes.create_string_buffer(struct.pack('PL', ctypes.addressof(buffer), 8))
    calls = {
        'ptrace attach': lambda: libc.ptrace(16, pid, None, None),
        'process_vm_readv': lambda: libc.process_vm_readv(pid, vector, 1, vector, 1, 0),
        'pidfd_getfd': lambda: libc.syscall(438, 3, 0, 0),
        'kcmp': lambda: libc.syscall(312, pid, os.getpid(), 0, 0, 0),
        'keyctl': lambda: libc.syscall(250, 0, -3, 0),
        'open_by_handle_at': lambda: libc.syscall(304, -100, buffer, 0),
        'bpf': lambda: libc.syscall(321, 0, buffer, 8),
        'perf_event_open': lambda: libc.syscall(298, buffer, pid, -1, -1, 0),
        'io_uring_setup': lambda: libc.syscall(425, 8, buffer),
        'userfaultfd': lambda: libc.syscall(323, 0),
        'memfd_create': lambda: libc.syscall(319, b'x', 0),
        'shmget': lambda: libc.shmget(0, 1 << 20, 0o1777),
        'prctl(PDEATHSIG)': lambda: libc.prctl(1, 0, 0, 0, 0),
    }
    return [name for name, call in calls.items() if call() >= 0]
"""


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="system call numbers of x86_64")
def test_no_system_call_reaches_another_process(learner: LearnerProcess) -> None:
    """ptrace, process_vm_readv and the odd corners of the kernel are refused."""
    assert value_of(learner, POKE, os.getpid()) == []


OWN_MEMORY = """
import gc, os, re, sys
def f(pattern):
    texts = [str(os.environ), str(sys.argv), str(sys.modules.keys())]
    texts += [o for o in gc.get_objects() if type(o) is str]
    frame = sys._getframe()
    while frame:
        texts.append(str(frame.f_locals)[:10**6])
        frame = frame.f_back
    found = [t[:50] for t in texts if re.search(pattern, t)]
    try:
        maps = open('/proc/self/maps').readlines()
    except OSError:
        maps = []
    for line in maps:
        span, mode = line.split()[:2]
        first, last = (int(n, 16) for n in span.split('-'))
        if not mode.startswith('rw'):
            continue
        with open('/proc/self/mem', 'rb', 0) as memory:
            memory.seek(first)
            if re.search(pattern.encode(), memory.read(last - first)):
                found.append(line)
    return found
"""


def test_its_own_memory_holds_nothing_of_the_judge(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frames, garbage collector, environment and raw memory hold no secret of the judge's."""
    monkeypatch.setenv("GRADEBOOK_PASSWORD", SECRET)
    assert value_of(start(), OWN_MEMORY, SECRET.replace("7", "[7]")) == []


def test_no_open_file_is_inherited(start: Starter, tmp_path: Path) -> None:
    """Files that the judge holds open, even inheritable ones, do not cross."""
    with (tmp_path / "gradebook.db").open("w") as gradebook:
        os.set_inheritable(gradebook.fileno(), True)
        source = """
import os, stat
def f():
    found = []
    for n in range(300):
        try: mode = os.fstat(n).st_mode
        except OSError: continue
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISFIFO(mode): found.append(n)
    return found
"""
        assert value_of(start(), source) == []


def test_at_least_one_isolation_is_tested() -> None:
    """A machine that can isolate nothing must not look like one where all tests passed."""
    assert any(works(level) for level in (Isolation.NAMESPACES, Isolation.LANDLOCK))
