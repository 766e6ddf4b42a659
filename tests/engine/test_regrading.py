"""What is graded again, and whose page is written again: what has changed, or is asked for."""

import datetime
import json
import shutil
import subprocess

import pytest
from quickstart import CONFIG, RIGHT, SCRIPTS, hand_in, rows, with_config

from autograder.classroom.grade_class import ClassOptions, NothingToGrade, grade_class
from autograder.classroom.regrade import side_by_side
from autograder.nbgrader_plugin.configuration import BadConfiguration, configuration

LATE = CONFIG + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
QUIET = ClassOptions(feedback=False)


@pytest.fixture
def root(example, tmp_path):
    """Two students in time and a late one, graded."""
    found = with_config(example, tmp_path / "course", LATE)
    for student in ("ada", "ben", "late"):
        hand_in(found, student, RIGHT)
    assert counted(found) == (3, 0)
    return found


def counted(root, **how):
    """How many were graded, and how many had not changed."""
    totals = grade_class(root, "ps1", ClassOptions(feedback=False, **how)).totals
    return totals.graded, totals.unchanged


def gradebook(root):
    from nbgrader.api import Gradebook

    return Gradebook(f"sqlite:///{root}/gradebook.db")


def penalties(root):
    return {row[0] for row in rows(root) if row[2] == "penalty" and row[3]}


def test_an_extension_takes_the_penalty_back(root):
    """As nbgrader would: for that student, and without grading anybody else again."""
    assert penalties(root) == {"late"}
    with gradebook(root) as db:
        db.find_submission("ps1", "late").extension = datetime.timedelta(days=7)
        db.db.commit()
    assert counted(root) == (1, 2)
    assert penalties(root) == set()


def test_another_due_date_moves_the_penalties(root):
    """Who is late now is penalised; who was in time and is, is not graded again."""
    with gradebook(root) as db:
        db.find_assignment("ps1").duedate = datetime.datetime(2026, 1, 20)
        db.db.commit()
    assert counted(root) == (1, 2)
    assert penalties(root) == set()


def test_only_what_is_asked_for_is_graded(root):
    """By student and by notebook, changed or not; nobody else's rows or files change."""
    before = rows(root)
    kept = root / "autograded" / "ada" / "ps1" / "problem2.ipynb"
    written = kept.stat().st_mtime_ns, kept.read_bytes()
    assert counted(root, students=("ada",), notebooks=("problem1",), force=True) == (1, 0)
    assert rows(root) == before
    assert kept.read_bytes() == written[1]
    assert counted(root) == (0, 3)
    shutil.rmtree(root / "submitted" / "ben")
    hand_in(root, "ben", {**RIGHT, "squares": "def squares(n):\n    return []"})
    assert counted(root, students=("ada",)) == (0, 1)
    assert rows(root) == before
    assert counted(root, students=("ben",), notebooks=("problem2",)) == (1, 0)
    assert rows(root) == before
    assert counted(root) == (1, 2)
    assert rows(root) != before


@pytest.mark.parametrize(
    ("wanted", "said"),
    [({"students": ("eve",)}, "no submission of ps1 by eve"),
     ({"notebooks": ("problem9",)}, "ps1 has no notebook problem9; it has problem1, problem2")],
)  # fmt: skip
def test_what_is_not_there_is_told(root, wanted, said):
    """A name that is misspelled is not "nothing to do"."""
    with pytest.raises(NothingToGrade, match=said):
        grade_class(root, "ps1", ClassOptions(feedback=False, **wanted))


def command(root, *arguments):
    done = subprocess.run(
        [SCRIPTS / "autograder", *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done


def test_a_page_is_written_again_when_what_it_shows_has_changed(root):
    """A manual score or a comment reaches the student; other pages stay as they are."""
    last = command(root, "grade", "ps1").stdout.splitlines()[-1]
    assert last == "0 graded, 3 unchanged, 0 repaired, 0 flagged, 0 failed"
    pages = {s: root / "feedback" / s / "ps1" / "problem1.html" for s in ("ada", "ben", "late")}
    before = {student: page.stat().st_mtime_ns for student, page in pages.items()}
    with gradebook(root) as db:
        cell = ("sum_of_squares_equation", "problem1", "ps1", "ada")
        db.find_comment(*cell).manual_comment = "Mind the ½."
        db.find_grade(*cell).manual_score = 0.25
        db.db.commit()
    command(root, "feedback", "ps1")
    after = {student: page.stat().st_mtime_ns for student, page in pages.items()}
    assert "Mind the ½." in pages["ada"].read_text(encoding="utf-8")
    assert {student for student in after if after[student] != before[student]} == {"ada"}
    facts = json.loads(command(root, "grade", "ps1", "--json").stdout)
    assert facts["totals"]["unchanged"] == 3
    assert {s: page.stat().st_mtime_ns for s, page in pages.items()} == after


def test_settings_are_read_where_nbgrader_reads_them(root, tmp_path, monkeypatch):
    """The user's Jupyter folder, and JSON beside or in the place of Python; the course wins."""
    own = tmp_path / "jupyter"
    own.mkdir()
    (own / "nbgrader_config.py").write_text(
        "c = get_config()\nc.ExecutePreprocessor.timeout = 77\nc.CourseDirectory.course_id = 'x'\n"
    )
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(own))
    found = configuration(root)
    assert found.ExecutePreprocessor.timeout == 77
    assert found.CourseDirectory.course_id == "example"
    (root / "nbgrader_config.py").unlink()
    settings = {"CourseDirectory": {"course_id": "example"},
                "LateSubmissionPlugin": {"penalty_method": "none"}}  # fmt: skip
    (root / "nbgrader_config.json").write_text(json.dumps(settings))
    assert counted(root) == (3, 0)
    assert penalties(root) == set()
    (root / "nbgrader_config.json").write_text("{")
    with pytest.raises(BadConfiguration, match="cannot be read"):
        configuration(root)


def test_a_regrade_shows_before_and_now(root):
    """For a student who asks: each exercise with both, on the terminal and as JSON."""
    shutil.rmtree(root / "submitted" / "ben")
    hand_in(root, "ben", {**RIGHT, "squares": "def squares(n):\n    return []"})
    said = command(root, "grade", "ps1", "--student", "ben", "--force", "--no-feedback").stdout
    assert "ben: before and now" in said
    facts = json.loads(
        command(
            root, "grade", "ps1", "--student", "ben", "--force", "--json", "--no-feedback"
        ).stdout
    )
    assert facts["before"]["ben"] == facts["students"]["ben"]["exercises"]
    assert set(facts["before"]) == {"ben"}
    result = grade_class(root, "ps1", ClassOptions(feedback=False, students=("ben",)))
    assert result.before == {}  # nothing was asked to be graded again


def test_before_and_now_differ_where_the_answer_does(root):
    """What the exercise gave, what it gives, and only there."""
    shutil.rmtree(root / "submitted" / "ben")
    hand_in(root, "ben", {**RIGHT, "squares": "def squares(n):\n    return []"})
    how = ClassOptions(feedback=False, students=("ben",), force=True)
    result = grade_class(root, "ps1", how)
    (row,) = result.rows
    beside = list(side_by_side(result.before["ben"], row.receipt))
    lost = {one.exercise for one in beside if one.before > one.now}
    assert "correct_squares" in lost
    assert lost == {one.exercise for one in beside if one.changed}
    assert sum(one.before for one in beside) == result.before["ben"].earned


def test_handing_in_again_late_replaces_the_grade_and_is_late(root):
    """As with nbgrader, the last submission counts, with its own time stamp."""
    stamp = root / "submitted" / "ada" / "ps1" / "timestamp.txt"
    assert penalties(root) == {"late"}
    stamp.write_text("2026-01-12 09:00:00 UTC")
    assert counted(root) == (1, 2)
    assert penalties(root) == {"ada", "late"}
    stamp.write_text("2026-01-09 09:00:00 UTC")
    assert counted(root) == (1, 2)
    assert penalties(root) == {"late"}
