"""Every cell is there twice; of the first answer the copy was emptied again."""

import copy

from answers import answered, as_bytes


def make(released):
    notebook = answered(released)
    copies = copy.deepcopy(notebook["cells"])
    for cell in copies:
        if cell["id"] == "half_mse":
            cell["source"] = next(c.source for c in released.cells if c.id == "half_mse")
    notebook["cells"] += copies
    return as_bytes(notebook)
