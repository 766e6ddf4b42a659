"""One small class for all tests of the engine: built once for all processes, copied for each."""

import fcntl
import os
import shutil
import signal

import pytest
from commands import NAMES, SMALL, grade
from quickstart import hand_in_all, make_course, rows

# In the background of a shell these tests, and what they start, would be deaf to Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """Have a folder made by the first process of the tests that needs it; the others find it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name, make):
        place = shared / name
        with place.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not place.exists():
                make(place.with_suffix(".new")).rename(place)
        return place

    return made


@pytest.fixture(scope="session")
def example(made_once):
    """nbgrader's example course, its assignment generated; nobody has handed anything in."""
    return made_once("example", make_course)


@pytest.fixture(scope="session")
def built(example, made_once):
    """The course with its submissions, never graded."""

    def make(root):
        hand_in_all(shutil.copytree(example, root), SMALL)
        return root

    return made_once("built", make)


@pytest.fixture
def small_class(built, tmp_path):
    """A copy to do with as a test likes."""
    return shutil.copytree(built, tmp_path / "course")


@pytest.fixture(scope="session")
def graded(built, made_once):
    """The course after an undisturbed run."""

    def make(root):
        shutil.copytree(built, root)
        code, said = grade(root)
        assert code == 0, said
        return root

    return made_once("graded", make)


@pytest.fixture(scope="session")
def expected(graded):
    """The gradebook's rows after an undisturbed run."""
    found = rows(graded)
    assert {row[0] for row in found} == set(NAMES)
    return found
