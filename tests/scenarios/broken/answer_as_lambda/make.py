"""Answers by assignment, in cells that lost their labels."""

from answers import ANSWERS, answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    cells = [cell_of(notebook, name) for name in ANSWERS]
    cells[0]["source"] = "half_mse = lambda a, y: float(((a - y) ** 2).sum() / (2 * len(a)))"
    cells[1]["source"] += "\nmine = layer_gradients\ndel layer_gradients\nlayer_gradients = mine"
    for cell in cells:
        cell.update(id="x" + cell["id"], metadata={})
    return as_bytes(notebook)
