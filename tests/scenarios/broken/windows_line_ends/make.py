"""The file and its sources have Windows line ends."""

from answers import answered, as_bytes


def make(released):
    notebook = answered(released)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    return as_bytes(notebook).replace(b"\n", b"\r\n")
