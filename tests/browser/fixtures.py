"""The browser tests' fixtures: the server, the browser, and where the screenshots go."""

import os
import shutil
from pathlib import Path

import psutil
import pytest
from driving import CHAPTER, chromium, course_folder, hand_in, jupyter_lab

STUDENTS = ("ada", "ben", "dan")


@pytest.fixture(scope="session")
def course_with_submissions(course, tmp_path_factory):
    """A course of its own: chapter 2, a working copy of its notebook, and three submissions."""
    found = course_folder(course, tmp_path_factory.mktemp("course"))
    released = found.notebook("release", CHAPTER)
    work = found.nbgrader_root / "work"
    work.mkdir()
    shutil.copyfile(released, work / f"{CHAPTER}.ipynb")
    hand_in(found, STUDENTS)
    return found


@pytest.fixture(scope="session")
def server(course_with_submissions, tmp_path_factory):
    """JupyterLab in that course; afterwards nothing that it started is left running."""
    with jupyter_lab(
        course_with_submissions.nbgrader_root, tmp_path_factory.mktemp("jupyter")
    ) as s:
        yield s
        started = psutil.Process(s.process_id).children(recursive=True)
    assert psutil.wait_procs(started, timeout=60)[1] == []


# One browser per module: while it runs, Playwright's event loop occupies the main thread.
@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def shots(tmp_path_factory):
    """The folder for screenshots, kept if CHAINRULE_SCREENSHOTS names one."""
    named = os.environ.get("CHAINRULE_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
