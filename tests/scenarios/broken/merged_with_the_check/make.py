"""The answer was merged with the check below it."""

from answers import answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    cell, check = (cell_of(notebook, name) for name in ("half_mse", "half_mse-check"))
    cell["source"] += "\n\n" + "".join(check["source"])
    notebook["cells"].remove(check)
    return as_bytes(notebook)
