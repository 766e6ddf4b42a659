"""A zip file, named .ipynb."""


def make(released):
    return b"PK\x03\x04" + bytes(300)
