"""Coverage: only cells that really ran green count."""

import json

import pytest

from autograder.course.coverage import coverage, green_ids, missing

SYLLABUS = """
[XX]
title = "Toy"
claims = ["C-XX-01", "C-XX-02"]
errata = ["E01"]

[XX.components]
XX-01 = "one"
XX-02 = "two"
"""


def cell(name, metadata, *, ran=True, output=None):
    outputs = [output] if output else []
    return {"cell_type": "code", "id": name, "metadata": metadata, "source": "",
            "execution_count": 1 if ran else None, "outputs": outputs}  # fmt: skip


def check(name, points, printed):
    result = {"output_type": "execute_result", "data": {"text/plain": [printed]}}
    return cell(f"{name}-check", {"nbgrader": {"grade": True, "points": points}}, output=result)


ERROR = {"output_type": "error", "ename": "AssertionError", "evalue": "", "traceback": []}


@pytest.fixture
def count(tmp_path):
    """Write a solved notebook of these cells and count what it covers."""

    def counted(*cells):
        path = tmp_path / "solutions" / "ch00" / "ch00.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"cells": cells}))
        (tmp_path / "syllabus.toml").write_text(SYLLABUS)
        return tmp_path / "syllabus.toml", tmp_path / "solutions"

    return counted


def test_green_cells_count_once(count):
    """Ids of green cells are counted, each once, whatever kind they are."""
    paths = count(
        cell("a", {"component": ["XX-01"], "claim": "C-XX-01"}),
        cell("b", {"component": ["XX-01"], "erratum": ["E01"]}),
    )
    assert coverage(*paths) == {"XX": {"components": [1, 2], "claims": [1, 2], "errata": [1, 1]}}
    assert missing(*paths, "XX") == ["XX-02", "C-XX-02"]


@pytest.mark.parametrize("spoilt", [{"ran": False}, {"output": ERROR}])
def test_cells_that_did_not_run_or_failed_do_not_count(count, spoilt):
    """A cell without an execution or with an error shows nothing."""
    _, solutions = count(cell("a", {"claim": ["C-XX-01"]}, **spoilt))
    assert green_ids(solutions) == set()


def test_an_exercise_counts_only_with_full_points(count):
    """The solution cell of an exercise counts if its check cell gave all points."""
    solution = cell("slug", {"component": ["XX-01"]})
    _, solutions = count(solution, check("slug", 4, "3.5"))
    assert green_ids(solutions) == set()
    _, solutions = count(solution, check("slug", 4, "4.0"))
    assert green_ids(solutions) == {"XX-01"}


def test_unknown_ids_add_nothing(count):
    """An id that the syllabus does not list cannot raise a count."""
    paths = count(cell("a", {"component": ["XX-99"]}))
    assert coverage(*paths)["XX"]["components"] == [0, 2]
