"""A Windows editor put a byte order mark in front."""

from answers import answered, as_bytes


def make(released):
    return b"\xef\xbb\xbf" + as_bytes(answered(released))
