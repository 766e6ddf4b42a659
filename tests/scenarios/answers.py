"""Two right answers, for scenarios that damage the notebook around them."""

import json

import nbformat

ANSWERS = {
    "half_mse": "def half_mse(a, y):\n    return float(((a - y) ** 2).sum() / (2 * len(a)))",
    "layer_gradients": "def layer_gradients(a_prev, delta):\n"
    "    total = delta.sum(axis=0)\n    return a_prev.T @ delta, total",
}


def answered(released):
    """The released notebook with the two answers, as the dict that its JSON text holds."""
    notebook = json.loads(nbformat.writes(released))
    for cell in notebook["cells"]:
        if cell["id"] in ANSWERS:
            cell["source"] = ANSWERS[cell["id"]]
    return notebook


def cell_of(notebook, name):
    """The cell with that id."""
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


def as_bytes(notebook):
    return json.dumps(notebook, indent=1).encode()
