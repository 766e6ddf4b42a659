"""Nobody's processes cost a neighbour anything: an honest cell beside hogs does all of its work."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from learners import Starter

from autograder.judging.calls import LearnerGone
from autograder.sandbox import Limits
from autograder.sandbox.judge.conversation import Conversation
from autograder.sandbox.keeper.watch import Watch
from autograder.sandbox.protocol import wire
from autograder.sandbox.protocol.channel import ChannelTimeout

HOGS = {
    "processes": """
import os
for number in range(40):
    try:
        if os.fork() == 0: break
    except OSError: break
while True: pass
""",
    "threads": """
import threading, numpy as np
a = np.ones((300, 300))
def work():
    while True: a @ a
for number in range(40):
    try: threading.Thread(target=work).start()
    except RuntimeError: break
work()
""",
}
WORK = """
import time
before = time.process_time()
while time.process_time() - before < {seconds}: pass
print("done")
"""


@contextmanager
def running(hog: object, source: str) -> Iterator[None]:
    """A hog's cell, begun and not waited for; it ends with its process."""

    def run() -> None:
        with pytest.raises(LearnerGone):
            hog.run_cell(source)  # type: ignore[attr-defined]

    thread = threading.Thread(target=run)
    thread.start()
    yield
    hog.close()  # type: ignore[attr-defined]
    thread.join()


@pytest.mark.parametrize("source", HOGS.values(), ids=HOGS)
@pytest.mark.parametrize("seconds", [0.3, pytest.param(3, marks=pytest.mark.thorough)])
def test_an_honest_cell_does_its_work_beside_a_hog(
    start: Starter, source: str, seconds: float
) -> None:
    """Its limit is 1.2 times the work: time for which others had the processors is no loss."""
    hog = start(cell_seconds=100)
    with running(hog, source):
        for _ in range(2):
            honest = start(cell_seconds=1.2 * seconds)
            result = honest.run_cell(WORK.format(seconds=seconds))
            assert result.outputs == [{"output_type": "stream", "name": "stdout", "text": "done\n"}]
            honest.close()


def test_all_but_the_first_process_come_last_where_the_kernel_does_not_share() -> None:
    """Without a control group, what a submission starts has what time nobody else wants."""
    nest = "import os, time\nif os.fork() == 0: print(os.getpid(), flush=True)\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", nest], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert Watch(process.pid, "", Limits()).excess() is None
        assert os.sched_getscheduler(child) == os.SCHED_IDLE
        assert os.sched_getscheduler(process.pid) == os.SCHED_OTHER
        os.kill(child, 9)
        process.kill()


class Slow:
    """A process that answers after so many deadlines, having waited for the processor so long."""

    def __init__(self, deadlines: int, waited: float) -> None:
        self.deadlines, self.waits, self.interrupts = deadlines, waited, 0
        self.channel = SimpleNamespace(send=lambda *a: None, receive=self.receive)

    def receive(self, deadline: float) -> bytes:
        self.deadlines -= 1
        if self.deadlines >= 0:
            raise ChannelTimeout
        return wire.pack_envelope(["done", 7], 100)

    def waited(self) -> float:
        self.waits *= 2
        return self.waits

    def interrupt(self) -> None:
        self.interrupts += 1

    def end(self, grace: float = 0) -> str:
        return ""


def test_a_limit_that_ran_out_while_others_ran_is_granted_again() -> None:
    """As often as that happens, until as much was granted as a whole submission may take."""
    slow = Slow(deadlines=3, waited=2)
    talk = Conversation(slow, Limits(total_seconds=100))  # type: ignore[arg-type]
    assert talk.ask(b"", 10, interrupt=True) == 7
    assert slow.interrupts == 0
    assert talk.granted == 4 + 4 + 8
    endless = Conversation(Slow(10**6, waited=2), Limits(total_seconds=100))  # type: ignore[arg-type]
    with pytest.raises(LearnerGone, match="finish within 10 s"):
        endless.ask(b"", 10)
    assert endless.granted == pytest.approx(100, abs=1)


def test_a_limit_that_ran_out_while_it_slept_is_not() -> None:
    """It had the processor whenever it wanted it."""
    asleep = Slow(deadlines=1, waited=0)
    with pytest.raises(LearnerGone, match="finish within 10 s"):
        Conversation(asleep, Limits()).ask(b"", 10)  # type: ignore[arg-type]
