"""A learner's code takes all it can: time, memory, processes, files, disk, the judge's patience."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from learners import Starter, value_of

from autograder.judging.calls import LearnerGone
from autograder.sandbox.protocol.limits import MIB


def test_a_memory_bomb_is_an_error(start: Starter) -> None:
    """More memory than allowed ends as a MemoryError or a death, never in the judge."""
    learner = start(memory_bytes=1024 * MIB, call_seconds=8)
    learner.run_cell("import numpy as np\ndef f(n): return float(np.ones(n).sum())")
    (reply,) = learner.call_many("f", [(10**10 // 8,)])
    assert reply.error is not None
    assert "Memory" in reply.error.kind
    source = "def g():\n    hoard = []\n    while True: hoard.append(bytearray(10**6))"
    learner.run_cell(source)
    try:
        (reply,) = learner.call_many("g", [()])
        assert reply.error is not None
    except LearnerGone:
        pass


HOARD = """
import os, time
for n in range(4):
    if os.fork() == 0:
        hoard = bytearray(300 * 1024 * 1024)
        for page in range(0, len(hoard), 4096):
            hoard[page] = 1
        time.sleep(60)
time.sleep(60)
"""


def test_memory_of_several_processes_is_counted_together(start: Starter) -> None:
    """Processes that each stay below the limit, and together exceed it, are ended."""
    learner = start(memory_bytes=1000 * MIB, cell_seconds=8)
    if learner.isolation.value == "landlock":
        assert learner.run_cell(HOARD).error is not None  # no process may be started at all
        return
    with pytest.raises(LearnerGone, match="memory"):
        learner.run_cell(HOARD)


def test_a_fork_bomb_is_contained(start: Starter) -> None:
    """Processes and threads stop at their limit; the judge's own forks still work."""
    learner = start(processes=30, cell_seconds=2)
    source = """
import os, time
started = 0
while started < 1000:
    try:
        if os.fork() == 0: time.sleep(60)
        started += 1
    except OSError:
        break
print(started)
"""
    try:
        outputs = learner.run_cell(source).outputs
        assert int(outputs[0]["text"]) <= 30
    except LearnerGone:
        pass
    child = os.fork()
    if child == 0:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def test_a_thread_bomb_is_contained(start: Starter) -> None:
    """Threads stop at their limit, or the process is ended for them."""
    learner = start(processes=30, cell_seconds=3)
    source = """
import threading, time
threading.stack_size(65536)
started = 0
try:
    while started < 5000:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        started += 1
except RuntimeError:
    pass
time.sleep(1)
print(started)
"""
    try:
        outputs = learner.run_cell(source).outputs
        assert int(outputs[0]["text"]) <= 30
    except LearnerGone as died:
        assert "processes and threads" in died.reason


def test_open_files_and_inodes_run_out_inside_only(start: Starter) -> None:
    """Open files and numbers of files are limited."""
    learner = start(scratch_files=2000, cell_seconds=8)
    source = """
def f():
    hoard = []
    try:
        for n in range(2000): hoard.append(open('/dev/null'))
    except OSError:
        return len(hoard)
"""
    assert value_of(learner, source) < 256
    fill = "import time\ndef g():\n    for n in range(5000): open(f'file{n}', 'w').close()\n"
    learner.run_cell(fill + "    time.sleep(2)")
    try:
        (reply,) = learner.call_many("g", [()])
        assert reply.error is not None
        assert reply.error.kind == "OSError"
    except LearnerGone as died:
        assert "files" in died.reason


def test_the_disk_cannot_be_filled(start: Starter) -> None:
    """One file, and all files together, stop growing at their limits."""
    learner = start(file_bytes=4 * MIB, scratch_bytes=16 * MIB, cell_seconds=8)
    learner.run_cell("def f(): open('big', 'wb').write(b'x' * 10**8)")
    (reply,) = learner.call_many("f", [()])
    assert reply.error is not None
    assert reply.error.kind == "OSError"
    fill = (
        "import time\ndef g():\n    for n in range(50): open(f'f{n}', 'wb').write(bytes(10**6))\n"
    )
    learner.run_cell(fill + "    time.sleep(2)")
    try:
        (reply,) = learner.call_many("g", [()])
        assert reply.error is not None
    except LearnerGone as died:
        assert "files" in died.reason


def test_too_large_a_result_is_an_error_of_that_call(start: Starter) -> None:
    """A result larger than a message costs its own call, not the batch."""
    learner = start(message_bytes=4 * MIB)
    learner.run_cell("def f(n): return bytes(n)")
    replies = learner.call_many("f", [(10,), (10**7,), (20,)])
    assert [reply.value and len(reply.value) for reply in replies] == [10, None, 20]
    assert replies[1].error is not None
    assert replies[1].error.kind == "ResultTooLarge"


DEEP = """
import os
open('left', 'w').write('x')
os.mkdir('locked', 0o300)
open('locked/inside', 'w').close()
try:
    for n in range(60):
        os.mkdir('d' * 100)
        os.chdir('d' * 100)
except OSError:
    pass
open('/tmp/left-over', 'w')
"""


def test_nothing_is_left_on_the_judges_disk(start: Starter) -> None:
    """After close() no file is left, not even in locked folders or below any nameable path."""
    learner = start()
    with contextlib.suppress(LearnerGone):
        learner.run_cell(DEEP)
    learner.close()
    assert list(Path("/tmp").glob(f"chainrule-learner-{learner.keeper_pid}-*")) == []
    assert not Path("/tmp/left-over").exists()
