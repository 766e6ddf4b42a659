"""The folder for temporary files, before and after a run; and an umask that keeps others out."""

import multiprocessing
import os
import subprocess
import sys

import pytest
from commands import finish, grade, start, wait_for_graded
from quickstart import rows

from autograder.sandbox.judge import isolation, visible
from autograder.sandbox.protocol.plan import Isolation
from autograder.submission import scratch

pytestmark = pytest.mark.slow


@pytest.fixture
def temporary(tmp_path):
    folder = tmp_path / "t"
    folder.mkdir()
    return folder


def test_a_run_leaves_nothing_behind(small_class, temporary):
    """Not even the little package that submissions may import, one per worker."""
    code, said = grade(small_class, "--jobs", 2, TMPDIR=temporary)
    assert code == 0, said
    assert list(temporary.iterdir()) == []


def test_what_a_killed_run_leaves_is_removed_by_the_next(small_class, temporary):
    """Workers that are killed remove nothing; who runs next, in the same folder, does."""
    process = start(small_class, "--jobs", 2, TMPDIR=temporary)
    wait_for_graded(process)
    process.kill()
    finish(process)
    assert [p for p in temporary.iterdir() if p.name.startswith(scratch.HELD)]
    code, said = grade(small_class, "--jobs", 2, TMPDIR=temporary)
    assert code == 0, said
    assert [p for p in temporary.iterdir() if p.name.startswith(scratch.HELD)] == []


def test_the_folder_of_a_living_process_is_left_alone(temporary, monkeypatch):
    """A second process that makes its own folder removes the first one's only after its end."""
    monkeypatch.setenv("TMPDIR", str(temporary))
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(1) as first, spawn.Pool(1) as second:
        one = first.apply(scratch.scratch_folder)
        other = second.apply(scratch.scratch_folder)
        assert one.is_dir()
        assert other.is_dir()
        first.terminate()  # without a chance to tidy up
        first.join()
        with spawn.Pool(1) as third:
            third.apply(scratch.scratch_folder)
        assert not one.exists()
        assert other.is_dir()


def test_threads_of_one_process_share_its_folder(temporary):
    """As a Dask worker's do, all of which begin at the same time."""
    program = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from autograder.submission.stand_in import stand_in_package
start = Barrier(8)
def found(_):
    start.wait()
    return stand_in_package()
with ThreadPoolExecutor(8) as pool:
    (one,) = set(pool.map(found, range(8)))
print((one / "autograder" / "__init__.py").is_file())
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "True\n", done.stderr
    assert list(temporary.iterdir()) == []


def test_another_users_folder_and_a_link_are_left_alone(temporary, tmp_path, monkeypatch):
    """Names in a shared folder are anybody's to choose."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (temporary / f"{scratch.HELD}link").symlink_to(precious)
    (temporary / f"{scratch.HELD}other").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    scratch._remove_abandoned(temporary)
    assert len(list(temporary.iterdir())) == 2
    monkeypatch.undo()
    scratch._remove_abandoned(temporary)
    assert [p.name for p in temporary.iterdir()] == [f"{scratch.HELD}link"]
    assert precious.is_dir()


def test_an_umask_that_keeps_others_out_costs_nobody_a_point(small_class, expected, temporary):
    """As on machines where new files are their owner's alone: learners are users of their own."""
    code, said = finish(start(small_class, TMPDIR=temporary, umask=0o077))
    assert code == 0, said
    assert rows(small_class) == expected


@pytest.mark.skipif(os.geteuid() != 0, reason="learners are users of their own only for root")
def test_an_installation_closed_to_others_is_told(monkeypatch, tmp_path):
    """Not chosen and then failing for everybody: Landlock serves there, and doctor says why."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    visible.view()  # is remembered, and is to be of the real packages
    monkeypatch.setattr(visible, "site_packages", lambda: (str(tmp_path),))
    monkeypatch.setattr(isolation, "closed_to_others", visible.closed_to_others.__wrapped__)
    monkeypatch.setattr(isolation, "_found_to_work", set())
    assert str(closed) in isolation.why_not(Isolation.NAMESPACES)
    closed.chmod(0o755)
    assert str(closed) not in isolation.why_not(Isolation.NAMESPACES)
