"""Everything but the two answers was deleted, the given cells too."""

from answers import ANSWERS, answered, as_bytes


def make(released):
    notebook = answered(released)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] in ANSWERS]
    return as_bytes(notebook)
