"""A few bytes of one cell were overwritten; all other cells are whole."""

from answers import answered, as_bytes


def make(released):
    text = as_bytes(answered(released))
    at = text.index(b'"id": "several_paths_derivative"')
    return text[:at] + b'"id" \x00\xff "' + text[at + 8 :]
