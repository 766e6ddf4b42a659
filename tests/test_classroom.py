"""A class from hand-in to feedback, through real nbgrader: gradebook, autograded/, feedback/."""

import hashlib
import json

import pytest

from autograder.classroom.grade_class import NothingToGrade, grade_class
from autograder.classroom.office_hour import explain_answer, in_lines
from autograder.classroom.replay import NotReplayable
from autograder.course.sample_class import CHAPTER, sample_course
from autograder.judging import bank
from autograder.judging.verdicts import Verdict
from autograder.nbgrader_plugin import Nbgrader
from autograder.submission.receipt import load_receipt, receipt_path
from autograder.submission.session import best_isolation


@pytest.fixture(scope="module")
def classroom(course, tmp_path_factory):
    """The sample class, graded once."""
    demo = sample_course(course, tmp_path_factory.mktemp("class"))
    before = contents(demo.nbgrader_root / "submitted")
    return demo, grade_class(demo.nbgrader_root, CHAPTER), before


def contents(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p): (hashlib.sha256(p.read_bytes()).digest(), p.stat().st_mtime_ns) for p in files}


def rows(classroom):
    return {row.student: row for row in classroom[1].rows}


FULL = sum(e.points for e in bank.chapter(CHAPTER).values())


def test_everybody_is_graded_and_isolated(classroom):
    """All submissions, hostile and broken ones included, end with a grade."""
    _, result, _ = classroom
    assert len(result.rows) >= 12
    assert {row.status for row in result.rows} == {"graded"}
    assert result.isolation != "none"
    assert result.clean


@pytest.mark.parametrize("student", ["ada", "kim", "eva"])
def test_right_answers_score_full(classroom, student):
    """The reference, the variants under a noisy stderr, and a crash in another cell: all points."""
    assert rows(classroom)[student].earned == FULL


@pytest.mark.parametrize("student", ["dan", "ivo"])
def test_blank_and_forged_notebooks_score_nothing(classroom, student):
    """Nothing done is nothing earned, whatever is patched."""
    assert rows(classroom)[student].earned == 0


def test_partial_work_earns_its_part(classroom):
    """An endless function costs its own exercise; a cut-off file keeps what is complete."""
    found = rows(classroom)
    slugs = list(found["ada"].receipt.exercises)
    third = bank.find(slugs[2])
    assert found["finn"].earned == FULL - third.points
    first_four = sum(bank.find(slug).points for slug in slugs[:4])
    assert found["gus"].earned == first_four
    assert any("did not finish" in flag for flag in found["gus"].receipt.flags)
    assert 0 < found["hana"].earned < FULL
    assert any("not a complete notebook" in repair for repair in found["hana"].receipt.repairs)


def test_the_snooper_found_nothing(classroom):
    """Searching the disk, importing the reference and opening a socket all come back empty."""
    path = receipt_path(classroom[0].nbgrader_root, "jana", CHAPTER, CHAPTER)
    assert "found: []" in json.dumps(load_receipt(path).cells)


def test_typical_mistakes_are_named(classroom):
    """Each misconception that was handed in is called by its own name."""
    exercises = rows(classroom)["ben"].receipt.exercises
    handed_in = list(exercises)[0::2]
    for slug in handed_in:
        expected = bank.find(slug).misconceptions[0].__name__.replace("_", " ")
        assert [m.name for m in exercises[slug].mistakes] == [expected], slug
    for slug in set(exercises) - set(handed_in):
        assert exercises[slug].earned == exercises[slug].points, slug


def test_the_gradebook_holds_the_same_points(classroom):
    """nbgrader's database and our receipts agree for every student."""
    demo, result, _ = classroom
    scores = Nbgrader(demo.nbgrader_root).scores(CHAPTER)
    assert set(scores) == {row.student for row in result.rows}
    for row in result.rows:
        assert scores[row.student] == (row.receipt.earned, FULL)


def test_submissions_are_not_touched(classroom):
    """What was handed in stays as it was handed in."""
    demo, _, before = classroom
    assert contents(demo.nbgrader_root / "submitted") == before


def test_feedback_is_complete_and_discreet(classroom):
    """Every student has a page with the verdicts; hidden tests and active content are not on it."""
    demo, result, _ = classroom
    assert set(result.feedback) == {row.student for row in result.rows}
    for student, page in result.feedback.items():
        text = page.read_text()
        assert f"of {FULL:g} points" in text, student
        assert "autograder.submission.grading" not in text
        assert "HIDDEN TESTS" not in text
        assert "Test cell" not in text  # eighteen times, where exercises have names
    assert "Looks like:" in result.feedback["ben"].read_text()
    assert (demo.nbgrader_root / "reports" / f"{CHAPTER}.html").exists()


def test_a_second_run_changes_nothing(classroom):
    """Nothing is judged or written again: every file keeps its bytes and its time."""
    demo, result, _ = classroom
    before = contents(demo.root)
    again = grade_class(demo.nbgrader_root, CHAPTER)
    changed = [path for path, state in contents(demo.root).items() if before.get(path) != state]
    assert changed == []
    assert [row.earned for row in again.rows] == [row.earned for row in result.rows]


def test_a_changed_submission_is_graded_again(classroom):
    """Handing in again replaces the grade; the others keep theirs."""
    demo, _, _ = classroom
    folder = demo.nbgrader_root / "submitted"
    ada, dan = (folder / s / CHAPTER / f"{CHAPTER}.ipynb" for s in ("ada", "dan"))
    seed = receipt_seed(demo, "ada")
    blank = dan.read_bytes()
    dan.write_bytes(ada.read_bytes())
    found = {row.student: row.earned for row in grade_class(demo.nbgrader_root, CHAPTER).rows}
    assert found["dan"] == found["ada"] == FULL
    assert Nbgrader(demo.nbgrader_root).scores(CHAPTER)["dan"] == (FULL, FULL)
    assert receipt_seed(demo, "ada") == seed
    dan.write_bytes(blank)


def receipt_seed(demo, student):
    path = receipt_path(demo.nbgrader_root, student, CHAPTER, CHAPTER)
    return json.loads(path.read_text())["seed"]


def test_no_submissions_is_a_clear_error(course, tmp_path):
    """An empty class says where submissions belong."""
    demo = sample_course(course, tmp_path)
    (demo.nbgrader_root / "submitted").rename(tmp_path / "away")
    with pytest.raises(NothingToGrade, match="submitted/STUDENT"):
        grade_class(demo.nbgrader_root, CHAPTER)


def test_an_answer_is_explained_call_by_call(classroom):
    """Inputs, what came back and what was expected: ben forgot the half."""
    root = classroom[0].nbgrader_root
    result, explained = explain_answer(root, "ben", "half_mse", best_isolation())
    assert result.mistakes[0].said == "Looks like: forgets the half"
    asked = {one.check.sentence for one in explained}
    assert asked >= {c.sentence for c in result.checks if c.verdict is Verdict.FAIL}
    for one in explained:
        assert float(one.call.got) == pytest.approx(2 * float(one.call.expected))
        assert [name for name, _ in one.call.arguments] == ["a", "y"]
    text = "\n".join(in_lines(result, explained))
    assert "3.5 of 7 points" in text
    assert text.index("it gave") < text.index("expected   3.5")


def test_what_is_right_or_blank_needs_few_words(classroom):
    """Nothing is run again for it."""
    root = classroom[0].nbgrader_root
    for student, slug, part in (
        ("ada", "half_mse", "7 of 7 points"),
        ("lea", "train_network", "not attempted"),
    ):
        result, explained = explain_answer(root, student, slug, best_isolation())
        assert explained == []
        assert part in "\n".join(in_lines(result, explained))


def test_who_has_no_receipt_is_said(classroom):
    """With what to do."""
    with pytest.raises(NotReplayable, match=f"autograder grade {CHAPTER}"):
        explain_answer(classroom[0].nbgrader_root, "nobody", "half_mse", best_isolation())
