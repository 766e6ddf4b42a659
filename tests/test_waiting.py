"""Run All on a notebook with blanks reaches its end: what cannot run yet says what it waits for."""

import nbformat
import pytest
from kernels import errors, run, run_cells, said
from sampling import sampled

from autograder.judging import bank
from autograder.notebook.cells import is_check, is_experiment

BEGIN = (
    "from types import SimpleNamespace\nfrom autograder import borrow, check\n"
    "box = SimpleNamespace()"
)
STUB = "def half_mse(a, y):\n    raise NotImplementedError()"
WAITS = 'This waits for `half_mse`: fill that in, or borrow it: `borrow("half_mse")`.'


@pytest.mark.slow
@pytest.mark.parametrize("chapter", sampled(bank.chapters(), 3))
def test_a_fresh_notebook_runs_to_its_end(course, chapter):
    """No cell ends in an error; every blank exercise is one line, and some experiments wait."""
    released = nbformat.read(course.notebook("release", chapter), as_version=4)
    cells = run(released).cells
    assert [cell.id for cell in cells if errors(cell.get("outputs", []))] == []
    checks = [cell for cell in cells if is_check(cell)]
    assert all("still blank" in said(cell.outputs) for cell in checks)
    assert any("This waits for" in said(cell.outputs) for cell in cells if is_experiment(cell))


def test_what_waits_says_so_and_counts_as_run():
    """A call of the stub; then a value that is missing, an attribute, a list left empty.

    The latter tell the error in short, as it might be the learner's own.
    """
    cells = [
        STUB,
        "kept = []\ncost = half_mse(1, 2)\nbox.cost = cost\nkept.append(cost)",
        "print(cost)",
        "print(box.cost)",
        "first = 0\nprint(kept[first])",
        "cost = 3\nprint(cost)",
    ]
    *_, call, value, attribute, empty, own = map(said, run_cells(BEGIN, *cells))
    assert call == WAITS
    assert value == f"{WAITS} (Until then: NameError in line 1, name 'cost' is not defined.)"
    assert attribute.startswith(f"{WAITS} (Until then: AttributeError in line 1,")
    assert empty == f"{WAITS} (Until then: IndexError in line 2, list index out of range.)"
    assert own == "3\n"


def test_an_error_of_ones_own_is_shown():
    """Only what a blank exercise is to blame for is calm."""
    cells = [
        STUB,
        "half_mse(1, 2)",
        "missing",
        "def mine():\n    raise NotImplementedError()",
        "mine()",
    ]
    *_, missing, _, mine = run_cells(BEGIN, *cells)
    assert errors(missing) == ["name 'missing' is not defined"]
    assert len(errors(mine)) == 1


def test_once_the_part_is_there_the_cell_above_is_asked_for():
    """The value is still missing, though the exercise is filled in."""
    cells = [STUB, "cost = half_mse(1, 2)", "def half_mse(a, y):\n    return 0.0", "cost"]
    *_, value = map(said, run_cells(BEGIN, *cells))
    assert value.startswith(
        "A cell above waited for `half_mse`, which is there now: run that cell again. (Until then: "
    )
