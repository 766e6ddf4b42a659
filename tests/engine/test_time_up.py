"""A submission that uses up all its time is graded all the same: on what had run by then."""

from nbformat.v4 import new_code_cell, new_notebook

from autograder.sandbox import Limits
from autograder.submission.grading import Options, grade_notebook
from autograder.submission.session import best_isolation


def test_cells_that_were_never_run_do_not_look_like_passed_tests():
    """A test cell without an output would be worth all its points."""
    cells = ["print('ran')", "import time\ntime.sleep(30)", "assert False"]
    limits = Limits(cell_seconds=60, total_seconds=1)
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    receipt = grade_notebook(notebook, Options(best_isolation(), seed=1, limits=limits))
    assert receipt.cells["0"][0]["text"] == "ran\n"
    for cell in ("1", "2"):
        (output,) = receipt.cells[cell]
        assert output["output_type"] == "error"
    assert "was not run" in output["evalue"]


def test_cells_that_run_again_after_a_death_take_no_time_from_later_ones():
    """Slow cells before three that end the process would use it up four times over."""
    slow = "import time\ntime.sleep(0.5)\nprint('slow')"
    cells = [slow, *["import os\nos._exit(1)"] * 3, "print('reached')"]
    limits = Limits(cell_seconds=60, total_seconds=1.2)
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    receipt = grade_notebook(notebook, Options(best_isolation(), seed=1, limits=limits))
    assert receipt.cells["0"][0]["text"] == "slow\n"
    assert receipt.cells["4"][0].get("text") == "reached\n"
