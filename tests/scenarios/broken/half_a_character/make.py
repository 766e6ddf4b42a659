"""A source holds half of a UTF-16 pair, which no UTF-8 text can hold."""

from answers import answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    cell_of(notebook, "half_mse")["source"] += "\n# \ud83d"
    notebook["cells"].append({"cell_type": "code", "source": "print('\udc00')", "outputs": []})
    return as_bytes(notebook)
