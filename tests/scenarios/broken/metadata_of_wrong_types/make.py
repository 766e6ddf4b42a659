"""Ids are numbers, metadata are lists, some cells are no cells."""

from answers import ANSWERS, answered, as_bytes


def make(released):
    notebook = answered(released)
    for cell in notebook["cells"]:
        if cell["id"] not in ANSWERS:
            cell.update(metadata=[1], id=7)
    notebook["cells"] += [None, 3, [], {"source": 5}, {"cell_type": 8, "source": [1, None]}]
    notebook["metadata"] = "none"
    return as_bytes(notebook)
