"""`kill -9`: nothing is lost, graded twice, or left behind.

At three chosen moments; `thorough` at twenty random ones, or as many as CHAINRULE_KILLS says.
"""

import ctypes
import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import pytest
from commands import NAMES, finish, grade, journal, leftovers, receipts, start, wait_for_graded
from quickstart import rows

KILLS = int(os.environ.get("CHAINRULE_KILLS", "20"))
CHAINS = 2
"""How many courses are graded, killed and graded again at the same time."""
END_SECONDS = 15
PR_SET_CHILD_SUBREAPER = 36


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="counts left-over processes by adoption"),
]


def test_a_run_killed_early_midway_and_late_is_taken_up_where_it_stopped(built, expected, tmp_path):
    """The same course is killed three times, then finished."""
    with adopting(1) as pool:
        assert pool.submit(three_kills, built, tmp_path / "course", expected).result() >= 2


def three_kills(built, root, expected):
    """Kill after so many submissions each; return how often the run was not over before."""
    shutil.copytree(built, root)
    kills = 0
    for moment in (1, len(NAMES) // 2, len(NAMES) - 2):
        kills += killed(root, max(moment - len(journal(root)), 1), 0, jobs=2)
    check_after_rerun(root, expected)
    return kills


@pytest.mark.thorough
def test_a_run_killed_at_any_moment_is_taken_up_where_it_stopped(built, expected, tmp_path):
    """The same course is killed again and again until it is done, then another copy is."""
    with adopting(CHAINS) as pool:
        chains = [
            pool.submit(chain, built, tmp_path / str(seed), KILLS // CHAINS, seed, expected)
            for seed in range(CHAINS)
        ]
        found = [moment for one in chains for moment in one.result()]
    print(f"{len(found)} kills, submissions recorded at the time of each: {sorted(found)}")
    assert len(found) == KILLS
    assert min(found) < len(NAMES) / 2, "no kill came early"
    assert max(found) > len(NAMES) / 2, "no kill came late"
    assert len(set(found)) > len(NAMES) / 2, "the kills were not spread"


def chain(built, place, kills, seed, expected):
    """Grade and kill until there were so many kills; return how far the run was at each."""
    moments, rng, course = [], random.Random(seed), 0
    whole = None
    while len(moments) < kills:
        root = shutil.copytree(built, place / str(course))
        if whole is None:
            began = time.monotonic()
            assert grade(root)[0] == 0
            whole = time.monotonic() - began
        else:
            while len(moments) < kills and len(journal(root)) < len(NAMES):
                if killed(root, *moment(rng, whole), jobs=1 + seed % 2):
                    moments.append(len(journal(root)))
            check_after_rerun(root, expected)
        shutil.rmtree(root)
        course += 1
    return moments


def moment(rng, whole):
    """When to kill: anywhere in the run, or, as often, around the recording of a submission."""
    return rng.choice([(0, rng.uniform(0, whole)), (rng.randint(1, 2), rng.uniform(0, 0.3))])


def killed(root, submissions, seconds, jobs):
    """Start a run, kill it so long after so many submissions; False if it ended before."""
    before = journal(root)
    kept = receipts(root, before)
    process = start(root, "--jobs", jobs)
    if submissions:
        wait_for_graded(process, min(len(before) + submissions, len(NAMES)))
    time.sleep(seconds)
    process.kill()
    code, said = finish(process)
    assert code in (0, -signal.SIGKILL), said
    wait_until_alone()
    assert receipts(root, before) == kept, "what was recorded was graded again"
    assert before.items() <= journal(root).items()
    return code != 0


def check_after_rerun(root, expected):
    """An undisturbed run finishes what is left, and only that."""
    before = journal(root)
    kept = receipts(root, before)
    code, said = grade(root)
    assert code == 0, said
    wait_until_alone()
    assert receipts(root, before) == kept
    assert before.items() <= journal(root).items()
    assert set(journal(root)) == set(NAMES)
    assert rows(root) == expected
    assert leftovers(root) == []
    for student in NAMES:
        handed_in = {p.name for p in (root / "submitted" / student / "ps1").iterdir()}
        graded = {p.name for p in (root / "autograded" / student / "ps1").iterdir()}
        assert handed_in <= graded, student


def adopting(processes):
    """A pool of processes whose work has all its descendants for children."""
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=spawn, initializer=adopt_orphans)


def adopt_orphans():
    """Processes whose parents end become children of this one, and so can be counted."""
    assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def wait_until_alone():
    """Fail unless every process that the command started, however deep, ends soon."""
    deadline = time.monotonic() + END_SECONDS
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return
        assert time.monotonic() < deadline, "processes were left behind"
        time.sleep(0.01)
