"""Valid JSON, but a number."""


def make(released):
    return b"1e999"
