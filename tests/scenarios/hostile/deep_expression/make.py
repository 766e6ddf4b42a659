"""Expressions so deep that a parser may run out of its stack."""

from answers import answered, as_bytes

DEEP = ("x = " + "-" * 20_000 + "1", "y = 1" + "+1" * 20_000, "z = " + "(" * 3000 + ")" * 3000)


def make(released):
    notebook = answered(released)
    cells = [{"cell_type": "code", "source": source, "outputs": []} for source in DEEP]
    notebook["cells"][:0] = cells
    return as_bytes(notebook)
