"""A helper above the answer was split off; both cells carry the label."""

from answers import answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    cell = cell_of(notebook, "half_mse")
    helper = dict(cell, id="e5f6", source="def squares(a, y):\n    return ((a - y) ** 2).sum()")
    notebook["cells"].insert(notebook["cells"].index(cell), helper)
    cell["source"] = "def half_mse(a, y):\n    return float(squares(a, y) / (2 * len(a)))"
    return as_bytes(notebook)
