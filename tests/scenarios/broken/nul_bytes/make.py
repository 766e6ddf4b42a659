"""NUL bytes all over the file, and one within a source."""

from answers import answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    cell_of(notebook, "half_mse")["source"] += "\n# \0"
    text = as_bytes(notebook)
    return b"\0\0" + text.replace(b'"cells"', b'"ce\0lls"') + bytes(1000)
