"""A learner's process dies in every odd way, and the judge hears of it in plain words."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from learners import SOON, Starter, value_of

from autograder.judging.calls import LearnerGone
from autograder.sandbox import Isolation, LearnerProcess, Limits

DEATHS = {
    "os._exit": ("import os; os._exit(0)", "exit code 0"),
    "segfault": ("import ctypes; ctypes.string_at(0)", "signal 11"),
    "abort": ("import os; os.abort()", "crashed|signal"),
    "stack overflow": (
        "import ctypes\nhook = ctypes.CFUNCTYPE(None)\n"
        "def dive():\n    deeper = hook(dive)\n    deeper()\n"
        "import sys; sys.setrecursionlimit(10**9)\ndive()",
        "signal|exit code|finish",
    ),
    "closes everything": ("import os; os.closerange(0, 1000)", "ended|exit"),
    "execs another program": (
        "import os; os.execv('/bin/true', ['true']); os._exit(1)",
        "exit code",
    ),
}


@pytest.mark.parametrize(("source", "reason"), DEATHS.values(), ids=DEATHS.keys())
def test_deaths_have_plain_reasons(start: Starter, source: str, reason: str) -> None:
    """Exit, crash and abort are LearnerGone with a reason, and the object stays closed."""
    learner = start(cell_seconds=2)
    try:
        result = learner.run_cell(source)
        assert result.error is not None  # refused, like starting a program without namespaces
        return
    except LearnerGone as died:
        assert re.search(reason, died.reason), died.reason
    with pytest.raises(LearnerGone):
        learner.has("f")
    learner.close()


def test_a_function_that_exits_is_an_error(start: Starter) -> None:
    """sys.exit inside a called function costs that call only."""
    learner = start()
    learner.run_cell("import sys\ndef f(n):\n    if n: sys.exit(n)\n    return 1")
    replies = learner.call_many("f", [(1,), (0,)])
    assert replies[0].error is not None
    assert replies[0].error.kind == "SystemExit"
    assert replies[1].value == 1


def test_signal_handlers_and_atexit_do_not_delay_the_end(start: Starter) -> None:
    """Handlers that ignore signals and atexit functions that loop do not outlive close()."""
    learner = start()
    learner.run_cell(
        "import atexit, signal, time, threading\natexit.register(time.sleep, 60)\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()"
    )
    began = time.monotonic()
    learner.close()
    assert time.monotonic() - began < SOON
    assert not Path("/proc", str(learner.keeper_pid)).exists()


def test_suicide_of_the_group_reaches_only_itself(start: Starter) -> None:
    """Killing its own process group harms neither judge nor keeper."""
    learner = start(cell_seconds=3)
    try:
        learner.run_cell("import os\nos.killpg(0, 9)\nos.kill(0, 9)")
    except LearnerGone:
        pass
    learner.close()
    assert not Path("/proc", str(learner.keeper_pid)).exists()


JUDGE = """
import os, sys, time
from autograder.sandbox import Isolation, LearnerProcess
learner = LearnerProcess(isolation=Isolation({level!r}))
learner.run_cell("1")
print(learner.keeper_pid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_the_learner_dies_with_the_judge(isolation: Isolation) -> None:
    """When the judge is killed, keeper, learner and temporary files disappear too."""
    script = JUDGE.format(level=isolation.value)
    judge = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    keeper = int(judge.stdout)
    assert judge.returncode == -signal.SIGKILL
    for _ in range(100):
        if not Path("/proc", str(keeper)).exists():
            break
        time.sleep(0.05)
    else:
        pytest.fail("the keeper outlived the judge")
    assert list(Path("/tmp").glob(f"chainrule-learner-{keeper}-*")) == []


def test_the_learner_dies_with_the_keeper(start: Starter) -> None:
    """When the keeper is killed, the learner's process goes with it."""
    learner = start()
    keeper = learner.keeper_pid
    (child,) = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
    os.kill(keeper, signal.SIGKILL)
    with pytest.raises(LearnerGone):
        learner.run_cell("while True: pass")
    time.sleep(0.2)
    assert not Path("/proc", child).exists() or _is_zombie(child)
    for folder in Path("/tmp").glob(f"chainrule-learner-{keeper}-*"):
        shutil.rmtree(folder)  # who kills the keeper must sweep in its place


def _is_zombie(pid: str) -> bool:
    return Path("/proc", pid, "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_it_may_be_used_from_changing_threads(isolation: Isolation) -> None:
    """A process started in a thread that has ended can be used from another one."""
    holder: list[LearnerProcess] = []
    thread = threading.Thread(target=lambda: holder.append(LearnerProcess(isolation=isolation)))
    thread.start()
    thread.join()
    with holder[0] as learner, ThreadPoolExecutor(1) as pool:
        assert pool.submit(value_of, learner, "def f(): return 5").result() == 5


def test_what_one_submission_leaves_the_next_does_not_find(isolation: Isolation) -> None:
    """Files, environment, modules and settings of one process are unknown to the next."""
    poison = """
import os, sys, pathlib, numpy as np, builtins
home = pathlib.Path(os.environ['HOME'])
for name in ('sitecustomize.py', 'numpy.py', 'x.pth', '.ipython'):
    for folder in ('.', home, home / 'ipython' / 'profile_default' / 'startup'):
        try: (pathlib.Path(folder) / name).write_text('raise SystemExit')
        except OSError: pass
os.environ['POISON'] = '1'
np.seterr(all='raise')
builtins.len = None
np.random.seed(0)
"""
    with LearnerProcess(Limits(cell_seconds=5), isolation) as first:
        try:
            first.run_cell(poison)
        except LearnerGone:
            pass
    source = """
import os, numpy as np
def f():
    return [os.listdir('.'), 'POISON' in os.environ, np.geterr()['over'], len('ab')]
"""
    with LearnerProcess(isolation=isolation) as second:
        assert value_of(second, source) == [[], False, "warn", 2]


def test_random_numbers_differ_between_processes(isolation: Isolation) -> None:
    """Unseeded random numbers are fresh in each process."""
    source = "import numpy as np, random\ndef f(): return [np.random.rand(), random.random()]"
    found = []
    for _ in range(2):
        with LearnerProcess(isolation=isolation) as learner:
            found.append(value_of(learner, source))
    assert found[0][0] != found[1][0]
    assert found[0][1] != found[1][1]
