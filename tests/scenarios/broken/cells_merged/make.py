"""Both answers were merged into one cell, the other is gone."""

from answers import answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    first, second = (cell_of(notebook, name) for name in ("half_mse", "layer_gradients"))
    first["source"] += "\n\n\n" + second["source"]
    notebook["cells"].remove(second)
    return as_bytes(notebook)
