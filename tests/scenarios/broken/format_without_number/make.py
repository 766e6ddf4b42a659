"""No nbformat, or words instead of it."""

from answers import answered, as_bytes


def make(released):
    notebook = answered(released)
    del notebook["nbformat_minor"]
    notebook["nbformat"] = "four"
    return as_bytes(notebook)
