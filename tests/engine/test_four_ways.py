"""Engine, Dask, nbgrader's own command and `autograder check`: the same receipt, field by field."""

import json
import shutil

import pytest

from autograder.classroom.grade_class import ClassOptions, grade_class
from autograder.classroom.replay import replay
from autograder.course.one_file import grade_file
from autograder.course.sample_class import CHAPTER, sample_course
from autograder.nbgrader_plugin import Nbgrader
from autograder.submission.receipt import Receipt, load_receipt, receipt_path
from autograder.submission.seeds import assignment_seed
from autograder.submission.session import best_isolation

STUDENTS = ("ada", "ben", "dan", "hana")
"""All right, typical mistakes, blank and forged, a file that is cut off."""
OWN = ("seconds", "timings")
"""What no two gradings have in common."""


@pytest.fixture(scope="module")
def small(course, tmp_path_factory):
    """A class of four."""
    demo = sample_course(course, tmp_path_factory.mktemp("four"))
    for folder in (demo.nbgrader_root / "submitted").iterdir():
        if folder.name not in STUDENTS:
            shutil.rmtree(folder)
    assignment_seed(demo.nbgrader_root, CHAPTER)
    return demo


def essence(receipt):
    """All that a receipt says, as it reads after being written; NaN equals NaN in text."""
    read = Receipt.from_json(json.loads(json.dumps(receipt.to_json())))
    return repr({name: value for name, value in read.to_json().items() if name not in OWN})


def receipts(root):
    """What was written, as it was written."""
    paths = {s: receipt_path(root, s, CHAPTER, CHAPTER) for s in STUDENTS}
    return {student: essence(load_receipt(path)) for student, path in paths.items()}


def copied(small, folder):
    return shutil.copytree(small.root, folder / "class") / "course"


@pytest.fixture(scope="module")
def by_engine(small, tmp_path_factory):
    root = copied(small, tmp_path_factory.mktemp("engine"))
    grade_class(root, CHAPTER, ClassOptions(feedback=False))
    return root


def test_by_dask(small, by_engine, tmp_path):
    """Several threads of one worker, as a cluster may have."""
    from distributed import LocalCluster

    root = copied(small, tmp_path)
    with LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None) as cluster:
        options = ClassOptions(feedback=False, scheduler=cluster.scheduler_address)
        grade_class(root, CHAPTER, options)
    assert receipts(root) == receipts(by_engine)


def test_by_nbgrader(small, by_engine, tmp_path):
    """What `nbgrader autograde` and Formgrader's button run; each receipt can be replayed."""
    root = copied(small, tmp_path)
    nbgrader = Nbgrader(root)
    nbgrader.generate_assignment(CHAPTER)
    for student in STUDENTS:
        nbgrader.autograde(CHAPTER, student)
    assert receipts(root) == receipts(by_engine)
    for student in STUDENTS:
        found = replay(receipt_path(root, student, CHAPTER, CHAPTER), best_isolation())
        assert found.differences == []


def test_by_check(small, by_engine, monkeypatch):
    """A single file, with the assignment's own seed."""
    monkeypatch.chdir(small.root)
    folder = small.nbgrader_root / "submitted"
    files = {s: folder / s / CHAPTER / f"{CHAPTER}.ipynb" for s in STUDENTS}
    found = {s: essence(grade_file(path, isolation=best_isolation())) for s, path in files.items()}
    assert found == receipts(by_engine)


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("points", lambda r: first_check(r).update(points=100.0)),
        ("verdict", lambda r: first_check(r).update(verdict="skipped")),
        ("an exercise", lambda r: r["exercises"].popitem()),
        ("a check", lambda r: first_exercise(r)["checks"].pop()),
        ("a cell", lambda r: r["cells"].popitem()),
        ("a flag", lambda r: r["flags"].append("made up")),
        ("a repair", lambda r: r["repairs"].append("made up")),
        ("partial points", lambda r: first_check(r).update(verdict="fail", partial=1.0)),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_a_replay_sees_every_change(by_engine, tmp_path, what, spoil):
    """Whatever is altered in a receipt differs from what grading again says."""
    root = shutil.copytree(by_engine, tmp_path / "course")
    path = receipt_path(root, "ben", CHAPTER, CHAPTER)
    facts = json.loads(path.read_text())
    spoil(facts)
    path.write_text(json.dumps(facts))
    assert replay(path, best_isolation()).differences, what


def first_exercise(receipt):
    return next(iter(receipt["exercises"].values()))


def first_check(receipt):
    return first_exercise(receipt)["checks"][0]


def test_a_receipt_of_a_solved_chapter_is_small(by_engine):
    """No page and no picture is in it that can be made from it."""
    assert receipt_path(by_engine, "ada", CHAPTER, CHAPTER).stat().st_size < 30_000


def test_another_seed_grades_everybody_again(by_engine, tmp_path):
    """And without one nobody is."""
    root = shutil.copytree(by_engine, tmp_path / "course")
    before = assignment_seed(root, CHAPTER)
    again = grade_class(root, CHAPTER, ClassOptions(feedback=False))
    assert not any(row.fresh for row in again.rows)
    other = grade_class(root, CHAPTER, ClassOptions(feedback=False, new_seed=True))
    assert all(row.fresh for row in other.rows)
    assert assignment_seed(root, CHAPTER) != before
    assert [r.earned for r in other.rows] == [r.earned for r in again.rows]
