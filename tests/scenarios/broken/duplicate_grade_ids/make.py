"""Three cells claim to be the same answer."""

from answers import answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    cell = cell_of(notebook, "half_mse")
    blank = next(cell.source for cell in released.cells if cell.id == "half_mse")
    notebook["cells"].append(dict(cell, id="one", source=blank))
    notebook["cells"].insert(0, dict(cell, id="two", source="def half_mse(a, y): return None"))
    return as_bytes(notebook)
