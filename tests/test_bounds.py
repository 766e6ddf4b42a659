"""Our own work for one submission is bounded: in time, in memory, in any thread."""

import sys
import threading
import time
import warnings

import numpy as np
import pytest

from autograder.submission.bounds import TookTooLong, bounded


def endless():
    while True:
        try:
            sum(range(1000))
        except Exception:  # as a check might swallow whatever goes wrong in it
            continue


def test_endless_work_of_ours_ends_with_a_sentence():
    """A loop that swallows exceptions is stopped all the same."""
    with (
        pytest.raises(TookTooLong, match=r"judging took more than 0\.2 s"),
        bounded("judging", 0.2),
    ):
        endless()


def test_it_works_in_any_thread():
    """Dask grades in threads, where no signal arrives."""
    said = []

    def work():
        try:
            with bounded("judging", 0.2):
                endless()
        except TookTooLong as problem:
            said.append(str(problem))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)
    assert said == ["judging took more than 0.2 s"]


def test_what_is_in_time_is_left_alone():
    """Nothing is raised later either, when the time is over."""
    with bounded("judging", 0.05):
        value = 1
    deadline = time.monotonic() + 0.2
    while time.monotonic() < deadline:
        value += 1
    assert value > 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's memory")
def test_huge_work_of_ours_is_a_memory_error_and_the_limit_is_taken_back():
    """The process lives on, with the limits that it had."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(MemoryError), bounded("judging"):
        np.ones(2**30)  # 8 GiB
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_warnings_stay_unsaid():
    """Learners' numbers go through our formulas; stderr in a graded cell would cost points."""
    with warnings.catch_warnings(record=True) as caught, bounded("judging"):
        np.float64(1) / np.float64(0)
        warnings.warn("unsaid", stacklevel=1)
    assert caught == []
