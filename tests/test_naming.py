"""A class teaches the grader: groups of alike wrong answers get a name that holds from then on."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest
from naming import AGAIN, BY_CHANCE, CLIPS, THREEFOLD, empty_class, hand_in, right_answers

from autograder.classroom.grade_class import ClassOptions, grade_class
from autograder.classroom.name_audit import NotNamed, refuse_what_is_known
from autograder.classroom.naming import name_group
from autograder.classroom.replay import replay
from autograder.course.sample_class import CHAPTER
from autograder.judging import bank
from autograder.judging.behaviour import ROUNDS, known_behaviour
from autograder.pages.unnamed import groups
from autograder.submission.course_names import BadNames, course_names, names_file
from autograder.submission.receipt import load_receipt, receipt_path
from autograder.submission.session import best_isolation
from autograder.submission.student_result import StudentResult

QUIET = ClassOptions(feedback=False)
HINT = "You multiply by three. Which factor stands before the sum?"
NAME = "three times the sum"


@pytest.fixture(scope="module")
def taught(course, tmp_path_factory):
    """A class with three who make one unnamed mistake, two who make another, and some others."""
    demo, right = empty_class(course, tmp_path_factory.mktemp("taught")), right_answers()
    mark = tmp_path_factory.mktemp("mark") / "was here"
    answers = {f"alike{k}": text for k, text in enumerate(THREEFOLD)}
    answers |= {f"clips{k}": text for k, text in enumerate(CLIPS)}
    answers |= {
        "chance": BY_CHANCE,
        "half": "def half_mse(a, y):\n    return np.sum((y - a) ** 2) / len(a)",
        "escapes": f"from pathlib import Path\ntry:\n    Path({str(mark)!r}).write_text('x')\n"
        "except OSError:\n    pass\n\ndef half_mse(a, y):\n    return 5.0 * len(Path('a').name)",
        "right": right["half_mse"],
    }
    for student, text in answers.items():
        hand_in(demo, student, right | {"half_mse": text})
    grade_class(demo.nbgrader_root, CHAPTER, QUIET)
    return demo, mark


def rows_of(demo):
    names = sorted(path.name for path in (demo.nbgrader_root / "submitted").iterdir())
    found = {s: load_receipt(receipt_path(demo.nbgrader_root, s, CHAPTER, CHAPTER)) for s in names}
    return [StudentResult(s, {CHAPTER: r.in_short()}, r.earned, r.points) for s, r in found.items()]


def group_of(demo, student):
    found = groups(rows_of(demo))
    return next((group for group in found if student in group["students"]), None)


def named(demo, student):
    receipt = load_receipt(receipt_path(demo.nbgrader_root, student, CHAPTER, CHAPTER))
    return [(m.name, m.hint) for m in receipt.exercises["half_mse"].mistakes]


def name(demo, group, name=NAME, hint=HINT):
    return name_group(demo.nbgrader_root, CHAPTER, group, name, hint, best_isolation())


@pytest.mark.thorough
def test_groups_are_by_behaviour_and_not_by_text(taught):
    """Three styles are one group; what has a name and what is right are in none."""
    demo, _ = taught
    group = group_of(demo, "alike0")
    assert group["students"] == ["alike0", "alike1", "alike2"]
    assert group["failing"]
    assert "Found:" in group["symptom"]
    assert group_of(demo, "clips0")["students"] == ["clips0", "clips1"]
    assert group_of(demo, "half") is group_of(demo, "right") is None


@pytest.mark.thorough
def test_the_report_shows_each_group_and_an_anonymous_example(taught):
    """Its size, its failing checks, its text without the comment that says whose it is."""
    demo, _ = taught
    page = (demo.nbgrader_root / "reports" / f"{CHAPTER}.html").read_text()
    group = group_of(demo, "alike0")
    assert f"<strong>3</strong> in half_mse: <code>{group['id']}</code>" in page
    assert "return 3.0 * ((y - a) ** 2).sum() / len(a)" in page
    assert "Zoe Zimmer" not in page


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("student", "called", "hint", "said"),
    [
        ("alike0", "Forgets the half", HINT, "is called"),
        ("alike0", "not attempted", HINT, "is called"),
        ("alike0", " ", HINT, "1 to 60 characters"),
        ("alike0", NAME, "", "1 to 600 characters"),
        ("chance", "draws lots", HINT, "run by itself"),
    ],
)
def test_a_name_that_would_mislead_is_refused(taught, student, called, hint, said):
    """With a sentence, and nothing is written."""
    demo, _ = taught
    with pytest.raises(NotNamed, match=said):
        name(demo, group_of(demo, student)["id"], called, hint)
    assert not names_file(demo.nbgrader_root, CHAPTER).exists()


@pytest.mark.thorough
def test_a_group_that_is_not_there_is_told_with_those_that_are(taught):
    """So is an id that is cut too short, or none at all."""
    demo, _ = taught
    for wanted in ("half_mse:000000", "half_mse:", "half", ""):
        with pytest.raises(NotNamed, match=group_of(demo, "alike0")["id"]):
            name(demo, wanted)


def test_what_right_answers_do_cannot_be_named():
    """Nor what a misconception of the bank does: in every exercise of the chapter."""
    for exercise in bank.chapter(CHAPTER).values():
        for answer in exercise.variants:
            with pytest.raises(NotNamed, match="right answer"):
                refuse_what_is_known(exercise, known_behaviour(exercise, answer), ROUNDS)
        for wrong in exercise.misconceptions:
            with pytest.raises(NotNamed, match="has a name"):
                refuse_what_is_known(exercise, known_behaviour(exercise, wrong), ROUNDS)


@pytest.mark.thorough
def test_naming_runs_answers_sealed_only(taught):
    """An answer that writes a file where it should not has not written it in the end."""
    demo, mark = taught
    name(demo, group_of(demo, "escapes")["id"], "always five", "Use both arguments.")
    assert not mark.exists()
    (kept,) = course_names(demo.nbgrader_root, CHAPTER).named
    assert [cell for cell, _ in kept.cells] == ["half_mse"]
    names_file(demo.nbgrader_root, CHAPTER).unlink()


@pytest.mark.thorough
def test_a_name_is_told_to_all_who_behave_so_with_any_seed(taught):
    """Those of the group, somebody who hands in a fourth way later, and all after a new seed."""
    demo, _ = taught
    one, group, path = name(demo, group_of(demo, "alike0")["id"])
    assert [student for student, _ in group.members] == ["alike0", "alike1", "alike2"]
    assert path.parent.stat().st_mode & 0o077 == 0
    assert "Zoe" not in path.read_text()
    assert dict(one.cells)["half_mse"].startswith("def half_mse")
    name(demo, group_of(demo, "clips0")["id"], "clips", "No miss is too large to count.")
    before = {row.student: row.earned for row in rows_of(demo)}
    hand_in(demo, "late", right_answers() | {"half_mse": AGAIN})
    for new_seed in (False, True):
        grade_class(demo.nbgrader_root, CHAPTER, dataclasses.replace(QUIET, new_seed=new_seed))
        for student in ("alike0", "alike1", "alike2", "late"):
            assert named(demo, student) == [(NAME, HINT)], student
        for student in ("clips0", "clips1"):
            assert named(demo, student) == [("clips", "No miss is too large to count.")], student
        assert named(demo, "half")[0][0] == "forgets the half"
        assert named(demo, "right") == named(demo, "escapes") == []
        earned = {row.student: row.earned for row in rows_of(demo)}
        assert earned | before == earned  # a name costs nobody a point
    with pytest.raises(NotNamed, match="is called"):
        name(demo, group_of(demo, "escapes")["id"], NAME, HINT)


@pytest.mark.thorough
def test_replays_are_equal_with_and_without_names(taught):
    """A receipt that was made with names is replayed with them; a changed name is told."""
    demo, _ = taught
    root = demo.nbgrader_root
    path = receipt_path(root, "alike1", CHAPTER, CHAPTER)
    assert load_receipt(path).wrong["half_mse"].behaves
    assert replay(path, best_isolation()).differences == []
    written = names_file(root, CHAPTER).read_text()
    names_file(root, CHAPTER).write_text(written.replace(NAME, "thrice"))
    found = replay(path, best_isolation()).differences
    names_file(root, CHAPTER).write_text(written)
    assert "the mistakes that this course has named have changed since" in found
    older = json.loads(path.read_text())
    for part in ("wrong", "names"):
        del older[part]
    path.write_text(json.dumps(older))
    assert load_receipt(path).wrong == {}
    assert replay(path, best_isolation()).differences == ["half_mse: another mistake is named"]


def test_a_file_of_names_that_cannot_be_read_is_told(tmp_path):
    """In a sentence that says what to do."""
    path = names_file(tmp_path, CHAPTER)
    path.parent.mkdir()
    for text in ("no JSON", '[{"name": 1}]', '{"a": 1}'):
        Path(path).write_text(text)
        with pytest.raises(BadNames, match="mend it, or remove it"):
            course_names(tmp_path, CHAPTER)


@pytest.mark.thorough
def test_the_command_names_and_refuses_in_a_sentence(taught):
    """Exit code 0 with what was written, or 2 with what to do."""
    demo, _ = taught
    group = group_of(demo, "escapes")["id"]
    command = [sys.executable, "-m", "autograder", "name", CHAPTER]
    said = {}
    for wanted in ("half_mse:nothing", group):
        done = subprocess.run(
            [*command, wanted, "always five", "Use both arguments.", "--json"],
            capture_output=True, text=True, check=False, cwd=demo.nbgrader_root,
        )  # fmt: skip
        said[wanted] = (done.returncode, done.stdout, done.stderr)
    assert said["half_mse:nothing"][0] == 2
    assert "the class report lists them" in said["half_mse:nothing"][2]
    code, out, _ = said[group]
    assert code == 0
    assert json.loads(out)["students"] == ["escapes"]
