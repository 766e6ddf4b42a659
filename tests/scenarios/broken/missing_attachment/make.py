"""A picture was pasted, then lost; outputs are of unknown kinds."""

from answers import answered, as_bytes, cell_of


def make(released):
    notebook = answered(released)
    picture = {
        "cell_type": "markdown",
        "id": "m1",
        "metadata": {},
        "source": "![](attachment:x.png)",
    }
    notebook["cells"].insert(0, picture)
    cell_of(notebook, "half_mse")["outputs"] = [{"output_type": "hologram"}, None, 3]
    return as_bytes(notebook)
