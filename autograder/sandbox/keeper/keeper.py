"""The trusted parent of a learner's process: waits for its end, or brings it about.

It lives as long as the judge holds the other end of the lifeline pipe. Whatever becomes of the
judge, the learner's process does not outlive it, and neither do its files. Each byte in that pipe
asks for an interrupt (Ctrl-C) of what the learner's process is doing.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal

from autograder.sandbox.keeper.cgroup import ControlGroup
from autograder.sandbox.keeper.watch import Watch
from autograder.sandbox.seal.files import remove

LOOK_EVERY_SECONDS = 0.25
CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT)


def keep(
    process: int, lifeline: int, scratch: str, watch: Watch, group: ControlGroup | None
) -> str:
    """Wait until `process` has ended, or end it; say how, to follow the words "your code …"."""
    alarm = _alarm_when_a_child_ends()
    reason = ""
    while not reason:
        ready, _, _ = select.select([lifeline, alarm], [], [], LOOK_EVERY_SECONDS)
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            break
        if lifeline in ready and os.read(lifeline, 1):
            os.kill(process, signal.SIGINT)
        else:
            reason = "was stopped" if lifeline in ready else watch.excess() or ""
    if reason:
        _kill(process)
        _, status = os.waitpid(process, 0)
    if scratch:
        remove(scratch)
    if group is not None:
        if not reason and group.ran_out_of_memory():
            reason = watch.too_much_memory()
        group.remove()
    return reason or _in_words(status)


def _alarm_when_a_child_ends() -> int:
    """Make a pipe that becomes readable when a child ends."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    return reading


def _kill(process: int) -> None:
    """End the process and, where it could start others in its group, those too."""
    os.kill(process, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.killpg(process, signal.SIGKILL)


def _in_words(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"ended its process (exit code {code})"
    number = signal.Signals(-code)
    verb = "crashed" if number in CRASHES else "ended"
    return f"{verb} its process (signal {-code}, {number.name})"
