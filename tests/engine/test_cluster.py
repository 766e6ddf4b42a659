"""A real Dask cluster on this machine: the same rows as without, also when a worker is lost."""

import contextlib
import signal
import subprocess
import time

import pytest
from commands import SMALL, advice, children, finish, grade, journal, start, wait_for_graded
from quickstart import SCRIPTS, rows

WORKERS = 3
START_SECONDS = 60

pytestmark = pytest.mark.slow


@contextlib.contextmanager
def running(*arguments):
    """A `dask` command, ended afterwards with what it started."""
    process = subprocess.Popen([SCRIPTS / "dask", *map(str, arguments)], process_group=0)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def scheduler(folder):
    """A scheduler on a free port; yields its address and the process."""
    file = folder / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", 0, "--no-dashboard", "--scheduler-file", file)
    with running("scheduler", *options) as process:
        yield address_in(file), process


def address_in(file):
    import json

    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError, KeyError):
            return json.loads(file.read_text())["address"]
        time.sleep(0.1)
    raise AssertionError("the scheduler did not start")


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and three workers: its address, its process, theirs."""
    from distributed import Client

    options = ("--nthreads", 1, "--no-nanny", "--no-dashboard", "--local-directory", tmp_path)
    with contextlib.ExitStack() as stack:
        address, process = stack.enter_context(scheduler(tmp_path))
        workers = [
            stack.enter_context(running("worker", address, "--host", "127.0.0.1", *options))
            for _ in range(WORKERS)
        ]
        with Client(address) as client:
            client.wait_for_workers(WORKERS, timeout=START_SECONDS)
        yield address, process, workers


@pytest.mark.thorough
def test_the_same_rows_as_on_one_machine(small_class, expected, cluster):
    """And each worker did some of the work: it has a warm process of its own."""
    address, _, workers = cluster
    code, said = grade(small_class, "--scheduler", address)
    assert code == 0, said
    assert rows(small_class) == expected
    for worker in workers:
        assert any("zygote.py" in command for command in children(worker.pid).values())


@pytest.mark.thorough
def test_a_worker_that_is_lost_costs_nothing(small_class, expected, cluster):
    """What it was grading is graded by the others."""
    address, _, workers = cluster
    process = start(small_class, "--scheduler", address)
    wait_for_graded(process)
    workers[0].send_signal(signal.SIGKILL)
    code, said = finish(process)
    assert code == 0, said
    assert rows(small_class) == expected


@pytest.mark.thorough
def test_a_scheduler_that_is_lost_ends_the_run_with_a_word(small_class, expected, cluster):
    """What is recorded stays; the rest can be graded here."""
    address, its_process, _ = cluster
    process = start(small_class, "--scheduler", address)
    wait_for_graded(process)
    its_process.send_signal(signal.SIGKILL)
    code, said = finish(process)
    assert code == 2, said
    assert "run this again" in advice(said)
    done = journal(small_class)
    assert 0 < len(done) <= len(SMALL)
    code, said = grade(small_class)
    assert code == 0, said
    assert rows(small_class) == expected


@pytest.mark.thorough
def test_workers_that_are_all_lost_end_the_run_with_a_word(small_class, expected, cluster):
    """Not at once: a nanny may start them again."""
    address, _, workers = cluster
    process = start(small_class, "--scheduler", address)
    wait_for_graded(process)
    for worker in workers:
        worker.send_signal(signal.SIGKILL)
    code, said = finish(process)
    assert code == 2, said
    assert "lost its workers; start some" in advice(said)
    code, said = grade(small_class)
    assert code == 0, said
    assert rows(small_class) == expected


@pytest.mark.thorough
def test_no_scheduler_there(small_class):
    code, said = grade(small_class, "--scheduler", "tcp://127.0.0.1:1")
    assert code == 2, said
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in advice(said)


@pytest.mark.thorough
def test_no_workers_there(small_class, tmp_path):
    with scheduler(tmp_path) as (address, _):
        code, said = grade(small_class, "--scheduler", address)
    assert code == 2, said
    assert "has no workers; start some" in advice(said)
