"""Code that never ends, and messages that never end, cost the judge no more than the deadline.

These do not depend on how the process is isolated, so the best isolation is enough.
"""

from __future__ import annotations

import time

import pytest
from learners import SOON, Starter

from autograder.judging.calls import LearnerGone
from autograder.sandbox import Isolation, available_isolation


@pytest.fixture
def isolation() -> Isolation:
    return available_isolation()


LOOPS = {
    "endless loop": "while True: pass",
    "catches everything": "while True:\n    try:\n        while True: pass\n    except: pass",
    "sleeps for ever": "import time; time.sleep(10**8)",
    "C loop": "sum(range(10**13))",
    "regular expression": "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
    "endless await": "import asyncio\nwhile True: await asyncio.sleep(0)",
    "ignores signals": (
        "import signal\nfor n in range(1, 65):\n    try: signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\nwhile True: pass"
    ),
}


@pytest.mark.parametrize("source", LOOPS.values(), ids=LOOPS.keys())
def test_endless_code_ends_at_the_deadline(start: Starter, source: str) -> None:
    """Whatever never ends is ended, in time, and the reason says so."""
    learner = start(cell_seconds=0.4)
    began = time.monotonic()
    with pytest.raises(LearnerGone, match=r"did not finish within 0\.4 s"):
        learner.run_cell(source)
    assert time.monotonic() - began < SOON


def test_the_whole_submission_has_a_deadline(start: Starter) -> None:
    """Many slow cells end when the time for all of them is used up."""
    learner = start(total_seconds=1)
    with pytest.raises(LearnerGone, match="whole submission"):
        for _ in range(20):
            learner.run_cell("import time; time.sleep(0.2)")


HOSTILE_FRAMES = {
    "four bytes": "b'\\0\\0\\0\\0'",
    "half a message": "b'\\0' * 6 + b'\\1\\0' + b'x' * 10",
    "announces 2^60": "b'\\x10' + b'\\0' * 7",
    "deep nesting": "(100000).to_bytes(8, 'big') + b'\\x91' * 100000",
    "drips": "b'\\0'",
}


@pytest.mark.parametrize("frame", HOSTILE_FRAMES.values(), ids=HOSTILE_FRAMES.keys())
def test_hostile_frames_do_not_hang_the_judge(start: Starter, frame: str) -> None:
    """Messages cut short, endless or malformed are the learner's death, within the deadline."""
    learner = start(cell_seconds=0.5)
    source = f"""
import os, stat, time
for n in range(3, 200):
    try:
        if stat.S_ISSOCK(os.fstat(n).st_mode): break
    except OSError: pass
os.set_blocking(n, True)
os.write(n, {frame})
time.sleep(60)
"""
    began = time.monotonic()
    with pytest.raises(LearnerGone, match=r"finish within|could not be read|can hold"):
        learner.run_cell(source)
    assert time.monotonic() - began < SOON
