"""The second answer was split in two within the function."""

from answers import answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    cell = cell_of(notebook, "layer_gradients")
    first, second = cell["source"].split("\n    return")
    cell["source"] = first
    at = notebook["cells"].index(cell) + 1
    notebook["cells"].insert(at, dict(cell, id="b2c3", metadata={}, source="    return" + second))
    return as_bytes(notebook)
