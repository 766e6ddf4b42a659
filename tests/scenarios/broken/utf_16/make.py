"""A Windows editor saved it as UTF-16."""

from answers import answered, as_bytes


def make(released):
    return as_bytes(answered(released)).decode().encode("utf-16")
