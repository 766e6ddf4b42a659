"""The one right answer under every label, and labels of cells that are no answers."""

import nbformat

ANSWER = "def half_mse(a, y):\n    return float(((a - y) ** 2).sum() / (2 * len(a)))"


def make(released):
    for cell in released.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = ANSWER.replace("half_mse", cell.id)
            cell.metadata.nbgrader.grade_id = cell.id
        elif cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.grade_id = "half_mse-check"
    return nbformat.writes(released).encode()
