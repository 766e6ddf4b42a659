"""Another program threw away ids and metadata."""

from answers import answered, as_bytes


def make(released):
    notebook = answered(released)
    notebook["metadata"] = {}
    for number, cell in enumerate(notebook["cells"]):
        cell.update(metadata={}, id=f"cell-{number}")
    return as_bytes(notebook)
