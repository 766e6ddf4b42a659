"""Any nbgrader course: the same grades and comments as `nbgrader autograde` writes."""

import shutil
from pathlib import Path

import nbformat
import pytest
from quickstart import ANSWERS, CONFIG, RIGHT, hand_in, hand_in_all, nbgrader, rows, with_config

from autograder.classroom.grade_class import ClassOptions, OwnSteps, grade_class
from autograder.submission.receipt import load_receipt

LATE = (
    CONFIG
    + """
c.LateSubmissionPlugin.penalty_method = "zero"
"""
)
DROP_IN = (
    CONFIG
    + """
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader_plugin.IsolatedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""
)
QUIET = ClassOptions(feedback=False)


SEEN = {"right", "raises", "prints_in_tests", "noisy_cell", "syntax_error", "magics"}
"""Whose cells are compared output by output."""
FEW = ("half", "raises", "prints_in_tests", "late_and_wrong", "untouched")
"""For every day: of each thing that is compared, one student shows it."""
CLASSES = [
    pytest.param(FEW, id="few"),
    pytest.param(tuple(ANSWERS), id="all", marks=pytest.mark.thorough),
]


@pytest.fixture(scope="module", params=CLASSES)
def students(request):
    return request.param


@pytest.fixture(scope="module")
def courses(students, example, tmp_path_factory):
    """The same class three times: graded by nbgrader, by the engine, and with our Execute."""
    folder = tmp_path_factory.mktemp("courses")
    stock = with_config(example, folder / "stock", LATE)
    hand_in_all(stock, {student: ANSWERS[student] for student in students})
    for name in ("engine", "drop_in"):
        shutil.copytree(stock, folder / name)
    nbgrader(stock, "autograde", "ps1")
    (folder / "drop_in" / "nbgrader_config.py").write_text(DROP_IN + LATE.removeprefix(CONFIG))
    nbgrader(folder / "drop_in", "autograde", "ps1")
    result = grade_class(folder / "engine", "ps1", QUIET)
    return folder, result


def test_the_gradebook_is_the_same_as_nbgraders(courses, students):
    """Every grade, comment, timestamp and penalty of every student, whatever was handed in."""
    folder, _ = courses
    expected = rows(folder / "stock")
    assert {row[0] for row in expected} == set(students)
    for name in ("engine", "drop_in"):
        found = rows(folder / name)
        assert found - expected == set(), name
        assert expected - found == set(), name


def test_the_class_covers_what_matters(courses):
    """Full, partial and no points; manual grading; penalties: the comparison compares something."""
    found = rows(courses[0] / "stock")
    assert {row[3] for row in found if row[2] == "correct_squares"} == {0, 1}
    assert any(row[2] == "penalty" and row[3] for row in found)
    grades = [row for row in found if len(row) == 6]
    assert {row[4] for row in grades if row[2] == "sum_of_squares_equation"} == {True, False}
    assert any(len(row) == 5 and row[3] == "No response." for row in found)


def test_what_formgrader_needs_is_there(courses, students):
    """autograded/ has the executed notebooks and other files, read-only; receipts are kept."""
    folder, result = courses
    for student in students:
        for name in ("stock", "engine"):
            graded = folder / name / "autograded" / student / "ps1"
            assert (graded / "jupyter.png").exists(), name
            notebook = nbformat.read(graded / "problem1.ipynb", as_version=4)
            nbformat.validate(notebook)
            assert (graded / "problem1.ipynb").stat().st_mode & 0o777 == 0o444
    receipt = load_receipt(folder / "engine" / "receipts" / "half" / "ps1" / "problem1.json")
    assert receipt.forgeable
    assert receipt.isolation != "none"
    assert {row.status for row in result.rows} == {"graded"}


def test_errors_and_texts_of_cells_are_those_of_jupyter(courses, students):
    """Cell by cell: the same exceptions and the same printed text as a kernel gives."""
    folder, _ = courses
    for student in SEEN & set(students):
        seen = []
        for name in ("stock", "engine"):
            path = folder / name / "autograded" / student / "ps1" / "problem1.ipynb"
            cells = nbformat.read(path, as_version=4).cells
            seen.append([_essence(c) for c in cells if c.cell_type == "code"])
        assert seen[0] == seen[1], student


def _essence(cell):
    """Errors by name, texts joined by stream, results; how a stream was cut up is chance."""
    found = {"errors": [o.ename for o in cell.outputs if o.output_type == "error"]}
    for stream in ("stdout", "stderr"):
        texts = [o.text for o in cell.outputs if o.get("name") == stream]
        found[stream] = "" if "%time" in cell.source else "".join(texts).count("\n")
    found["data"] = [o.data.get("text/plain") for o in cell.outputs if "data" in o]
    return found


def test_manual_grades_are_never_overwritten(courses):
    """A grader's score and comment survive regrading; the cell asks for another look."""
    from nbgrader.api import Gradebook

    root = courses[0] / "engine"
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        cell = ("squares_invalid_input", "problem1", "ps1", "half")
        gradebook.find_grade(*cell).manual_score = 0.25
        comment = gradebook.find_comment("sum_of_squares_equation", "problem1", "ps1", "half")
        comment.manual_comment = "See me."
        gradebook.db.commit()
    shutil.rmtree(root / "submitted" / "half")
    hand_in(root, "half", RIGHT)
    grade_class(root, "ps1", QUIET)
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        grade = gradebook.find_grade(*cell)
        assert (grade.manual_score, grade.auto_score, grade.score) == (0.25, 1.0, 0.25)
        assert grade.needs_manual_grade
        again = gradebook.find_comment("sum_of_squares_equation", "problem1", "ps1", "half")
        assert again.manual_comment == "See me."


def test_broken_and_foreign_notebooks_get_a_clear_word(example, tmp_path):
    """A file that is no notebook, and one in another language: no grade, and the reason."""
    root = with_config(example, tmp_path / "course")
    hand_in(root, "torn", RIGHT)
    hand_in(root, "fine", RIGHT)
    path = root / "submitted" / "torn" / "ps1" / "problem1.ipynb"
    path.write_bytes(path.read_bytes()[:700])
    result = {row.student: row for row in grade_class(root, "ps1", QUIET).rows}
    assert "not a notebook" in result["torn"].status
    assert result["torn"].receipt is None
    assert result["fine"].status == "graded"
    assert not (root / "autograded" / "torn").exists()


def test_a_crash_costs_only_what_follows_from_it(example, tmp_path):
    """nbgrader loses all grades of a student whose cell kills the kernel; the engine does not."""
    root = with_config(example, tmp_path / "course")
    dies = {**RIGHT, "sum_of_squares": "import os\nos._exit(0)"}
    hand_in(root, "dies", dies)
    (row,) = grade_class(root, "ps1", QUIET).rows
    assert row.receipt.exercises["correct_squares"].earned == 1
    assert row.receipt.exercises["correct_sum_of_squares"].earned == 0
    assert any("ended its process" in flag for flag in row.receipt.flags)


def test_steps_of_the_courses_own_are_left_to_nbgrader(example, tmp_path):
    """What the engine does not know it does not drop: it says how to grade such a course."""
    own = "c.Autograde.autograde_preprocessors = ['nbconvert.preprocessors.TagRemovePreprocessor']"
    root = with_config(example, tmp_path / "course", CONFIG + own)
    hand_in(root, "right", RIGHT)
    with pytest.raises(OwnSteps, match="IsolatedExecute"):
        grade_class(root, "ps1", QUIET)


def test_an_unknown_assignment_says_what_to_run(example, tmp_path):
    """Without `nbgrader generate_assignment` there is nothing to grade against."""
    from autograder.nbgrader_plugin.assignment import NotRegistered

    root = with_config(example, tmp_path / "course")
    hand_in(root, "right", RIGHT)
    (root / "gradebook.db").unlink()
    with pytest.raises(NotRegistered, match="nbgrader generate_assignment ps1"):
        grade_class(root, "ps1", QUIET)
    assert not Path(root, "autograded").exists()
