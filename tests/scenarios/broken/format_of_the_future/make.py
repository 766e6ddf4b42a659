"""nbformat 9.7 with fields that nobody knows."""

from answers import answered, as_bytes


def make(released):
    notebook = answered(released)
    notebook.update(nbformat=9, nbformat_minor=7, blocks=[])
    for cell in notebook["cells"]:
        cell["colour"] = {"r": 1}
    return as_bytes(notebook)
