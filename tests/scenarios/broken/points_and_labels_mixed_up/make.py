"""Points, lock and label of the check were edited by accident."""

from answers import answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    check = cell_of(notebook, "half_mse-check")
    check["metadata"]["nbgrader"].update(points=-3, locked=False, grade_id="half_mse_check_2")
    check["source"] = ""
    return as_bytes(notebook)
