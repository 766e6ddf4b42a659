"""Markers of a merge were saved as text of the answer."""

from answers import answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    cell = cell_of(notebook, "half_mse")
    head, body = cell["source"].split("\n")
    cell["source"] = f"{head}\n<<<<<<< HEAD\n{body}\n=======\n    return 0\n>>>>>>> theirs"
    return as_bytes(notebook)
