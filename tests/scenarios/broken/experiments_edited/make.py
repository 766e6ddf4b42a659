"""Experiments were edited: one helps an answer, one is broken."""

from answers import answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    experiments = [c for c in notebook["cells"] if c["metadata"].get("tags") == ["experiment"]]
    experiments[0]["source"] = "def squared(a, y):\n    return ((a - y) ** 2).sum()"
    experiments[1]["source"] = "this is no Python"
    cell_of(notebook, "half_mse")["source"] = (
        "def half_mse(a, y):\n    return float(squared(a, y) / (2 * len(a)))"
    )
    return as_bytes(notebook)
