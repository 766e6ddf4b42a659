"""What can go wrong around a run: one sentence that says what to do, and nothing is lost."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import (
    NAMES,
    advice,
    finish,
    finishes,
    freshly_graded,
    grade,
    journal,
    locked,
    mount,
    start,
    wait_for_graded,
    worker_processes,
)
from quickstart import rows
from sampling import sampled

pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or sys.platform != "linux",
    reason="only root can mount file systems",
)
IMPATIENT = """
import autograder.nbgrader_plugin.gradebook as gradebook
gradebook.LOCKED_SECONDS = 1
from autograder.commands import main
if __name__ == "__main__":
    main()
"""
DEADLY = """
import os, signal
from autograder.classroom import work

autograde = work.autograde

def deadly(raw, *others):
    if b"1 / 0" in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return autograde(raw, *others)

work.autograde = deadly  # in the workers, too: they import the main program
from autograder.commands import main
if __name__ == "__main__":
    main()
"""


@pytest.mark.thorough
def test_a_gradebook_locked_for_a_while_is_waited_for(small_class, expected):
    process = start(small_class)
    wait_for_graded(process)
    with locked(small_class):
        time.sleep(8)
        held = len(journal(small_class))
        time.sleep(1)
        assert len(journal(small_class)) == held
    code, said = finish(process)
    assert code == 0, said
    assert rows(small_class) == expected


@pytest.mark.thorough
def test_a_gradebook_locked_for_too_long_ends_the_run(small_class, expected):
    process = start(small_class, program=(sys.executable, "-c", IMPATIENT))
    wait_for_graded(process)
    with locked(small_class, "IMMEDIATE"):
        code, said = finish(process)
    assert code == 2, said
    assert "locked by another program; close it" in advice(said)
    assert 0 < len(journal(small_class)) < len(NAMES)
    finishes(small_class, expected)


def older(path):
    with contextlib.closing(sqlite3.connect(path)) as gradebook:
        gradebook.execute("ALTER TABLE notebook DROP COLUMN kernelspec")


def overwritten(path):
    path.write_bytes(os.urandom(4096) + path.read_bytes()[4096:])


def torn(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("spoil", "remedy"),
    sampled(
        [(older, "nbgrader db upgrade"), (torn, "from a backup"), (overwritten, "from a backup")], 3
    ),
)
def test_a_gradebook_that_cannot_be_used_is_left_as_it_is(graded, tmp_path, spoil, remedy):
    """It may hold marks that a person gave."""
    root = shutil.copytree(graded, tmp_path / "course")
    spoil(root / "gradebook.db")
    before = (root / "gradebook.db").read_bytes()
    code, said = grade(root)
    assert code == 2, said
    assert remedy in advice(said)
    assert (root / "gradebook.db").read_bytes() == before


@pytest.fixture
def unmounted(tmp_path):
    """The place of a course that a test mounts."""
    (tmp_path / "course").mkdir(exist_ok=True)
    yield tmp_path / "course"
    subprocess.run(["umount", tmp_path / "course"], check=False)


@as_root
def test_a_course_folder_that_cannot_be_written_to(built, unmounted):
    shutil.copytree(built, unmounted, dirs_exist_ok=True)
    mount("--bind", unmounted, unmounted)
    mount("-o", "remount,bind,ro", unmounted)
    code, said = grade(unmounted)
    assert code == 2, said
    assert "cannot be written to" in advice(said)


@as_root
@pytest.mark.parametrize("spare", sampled([200, 0, 60], 3))
def test_a_full_disk_costs_nothing_but_time(built, expected, unmounted, spare):
    """From no room at all to room for about half of the class; then somebody makes some."""
    mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", unmounted)
    shutil.copytree(built, unmounted, dirs_exist_ok=True)
    found = os.statvfs(unmounted)
    used = (found.f_blocks - found.f_bfree) * found.f_frsize // 1024
    mount("-o", f"remount,size={used + spare}k", unmounted)
    code, said = grade(unmounted)
    assert code == 2, said
    assert "make some and run this again" in advice(said)
    assert len(journal(unmounted)) < len(NAMES)
    mount("-o", "remount,size=64m", unmounted)
    finishes(unmounted, expected)


def test_the_second_of_two_graders_says_so_and_ends(small_class, expected):
    with locked(small_class, "IMMEDIATE"):  # so that the first is not done too soon
        first = start(small_class)
        while not (small_class / "journal" / "ps1.jsonl").exists():
            assert first.poll() is None
            time.sleep(0.02)
        code, said = grade(small_class)
    assert code == 2, said
    assert "another `autograder grade` is at work" in advice(said)
    assert finish(first)[0] == 0
    assert rows(small_class) == expected


def test_what_a_killed_worker_was_grading_is_graded_all_the_same(small_class, expected):
    process = start(small_class)
    wait_for_graded(process)
    os.kill(worker_processes(process.pid)[0], signal.SIGKILL)
    code, said = finish(process)
    assert code == 0, said
    assert rows(small_class) == expected


@pytest.mark.thorough
def test_a_submission_that_always_kills_its_worker_costs_nobody_else(
    small_class, expected, tmp_path
):
    """It is not graded, and that is said."""
    (tmp_path / "deadly.py").write_text(DEADLY)
    code, said = finish(start(small_class, program=(sys.executable, tmp_path / "deadly.py")))
    assert code == 1, said
    assert "1 failed" in said
    assert set(journal(small_class)) == set(NAMES) - {"raises"}
    assert rows(small_class) == {row for row in expected if row[0] != "raises"}


@pytest.mark.thorough
def test_a_long_name_of_the_scratch_folder_is_no_hindrance(small_class, expected, tmp_path):
    """Sockets have short names only."""
    scratch = tmp_path / ("scratch" * 14)
    scratch.mkdir()
    code, said = grade(small_class, TMPDIR=str(scratch))
    assert code == 0, said
    assert rows(small_class) == expected


@pytest.mark.parametrize("spoil", sampled([Path.unlink, lambda path: path.write_text("")], 2))
def test_a_receipt_that_is_lost_is_made_again(graded, expected, tmp_path, spoil):
    """As by a power cut: the journal's last line may be on the disk before other files are."""
    root = shutil.copytree(graded, tmp_path / "course")
    lost = root / "receipts" / "right" / "ps1" / "problem1.json"
    spoil(lost)
    code, said = grade(root)
    assert code == 0, said
    assert freshly_graded(said) == 1
    assert rows(root) == expected
    assert json.loads(lost.read_text())["exercises"]


def test_a_clock_that_went_back_changes_nothing(graded, expected, tmp_path):
    """Every file seems to be of the future; what counts is what is in it."""
    root = shutil.copytree(graded, tmp_path / "course")
    later = time.time() + 10 * 365 * 86400
    for path in root.rglob("*"):
        os.utime(path, (later, later))
    finishes(root, expected)


@pytest.mark.parametrize("moment", sampled(["grading", "starting"], 2))
def test_ctrl_c_ends_with_a_sentence_and_the_next_run_goes_on(small_class, expected, moment):
    """A terminal sends it to the workers, too."""
    process = start(small_class)
    if moment == "grading":
        wait_for_graded(process)
    while not worker_processes(process.pid):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    code, said = finish(process, 30)
    assert code == 1, said
    assert "run this again to go on" in advice(said)
    finishes(small_class, expected)


DEAF = """
import os, pathlib, signal, time
from autograder.classroom.stopping import advise_on_stops

class Ends:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)

with advise_on_stops(pathlib.Path()):
    Ends()
    time.sleep(60)
"""


def test_ctrl_c_where_python_ignores_it_comes_again():
    """As in a weak reference's callback, in which it fell once while a class was graded."""
    ended = subprocess.run(
        [sys.executable, "-c", DEAF], capture_output=True, text=True, timeout=50, check=False
    )
    assert ended.returncode == 1, ended.stderr
    assert "run this again to go on" in advice(ended.stderr)
