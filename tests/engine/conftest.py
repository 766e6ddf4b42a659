"""One small class for all tests of the engine: built once, copied for each."""

import shutil
import signal

import pytest
from commands import NAMES, SMALL, grade
from quickstart import hand_in_all, make_course, rows

# In the background of a shell these tests, and what they start, would be deaf to Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The course with its submissions, never graded."""
    root = make_course(tmp_path_factory.mktemp("built") / "course")
    hand_in_all(root, SMALL)
    return root


@pytest.fixture
def small_class(built, tmp_path):
    """A copy to do with as a test likes."""
    return shutil.copytree(built, tmp_path / "course")


@pytest.fixture(scope="session")
def graded(built, tmp_path_factory):
    """The course after an undisturbed run."""
    root = shutil.copytree(built, tmp_path_factory.mktemp("graded") / "course")
    code, said = grade(root)
    assert code == 0, said
    return root


@pytest.fixture(scope="session")
def expected(graded):
    """The gradebook's rows after an undisturbed run."""
    found = rows(graded)
    assert {row[0] for row in found} == set(NAMES)
    return found
