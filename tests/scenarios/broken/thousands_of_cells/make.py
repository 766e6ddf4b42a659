"""Six thousand empty cells."""

from answers import answered, as_bytes


def make(released):
    notebook = answered(released)
    empty = {"cell_type": "code", "source": "", "metadata": {}, "outputs": []}
    notebook["cells"] += [dict(empty, id=f"e{n}") for n in range(6000)]
    return as_bytes(notebook)
