"""A first attempt was kept in a copy of the cell; the later one counts."""

from answers import answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    attempt = dict(cell_of(notebook, "half_mse"), source="def half_mse(a, y):\n    return 0.0")
    notebook["cells"].insert(0, attempt)
    return as_bytes(notebook)
