"""A cell of 50,000 empty lines: looking it over must not take longer than running it."""

from answers import answered, as_bytes


def make(released):
    notebook = answered(released)
    source = "a = 1\n" + "\n" * 50_000 + "b = 2"
    notebook["cells"].insert(0, {"cell_type": "code", "source": source, "outputs": []})
    return as_bytes(notebook)
