"""The notebook was turned upside down."""

from answers import answered, as_bytes


def make(released):
    notebook = answered(released)
    notebook["cells"].reverse()
    return as_bytes(notebook)
