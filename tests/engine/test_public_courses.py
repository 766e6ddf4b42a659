"""Five courses as others write them: row by row the gradebook that `nbgrader autograde` makes."""

import shutil

import pytest
from public_courses import PUBLIC
from quickstart import nbgrader, rows

from autograder.classroom.grade_class import ClassOptions, grade_class


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("name", PUBLIC)
def test_every_row_is_nbgraders(name, tmp_path):
    """Scores, manual grading, comments, penalties and time stamps of every student."""
    course = PUBLIC[name]
    pytest.importorskip(course.needs)
    stock = course.make(tmp_path / "stock")
    engine = shutil.copytree(stock, tmp_path / "engine")
    nbgrader(stock, "autograde", "ps1")
    result = grade_class(engine, "ps1", ClassOptions())
    assert {row.status for row in result.rows} == {"graded"}
    assert result.pageless == {}
    expected = rows(stock)
    assert {row[0] for row in expected} == set(course.answers)
    assert sorted(rows(engine) - expected, key=str) == []
    assert sorted(expected - rows(engine), key=str) == []
