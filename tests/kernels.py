"""Cells run in a kernel of their own, as a notebook runs them."""

import os
import tempfile

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config


def run_cells(*sources, environment=None):
    """The outputs of each cell, run to the end."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return [cell.outputs for cell in run(nbformat.v4.new_notebook(cells=cells), environment).cells]


def run(notebook, environment=None):
    """Run a notebook; its sockets are nobody else's, however many tests run beside this one."""
    with tempfile.TemporaryDirectory() as sockets:
        return _run(notebook, environment, f"{sockets}/kernel")


def _run(notebook, environment, sockets):
    private = Config(KernelManager={"transport": "ipc", "ip": sockets})
    client = NotebookClient(
        notebook, timeout=120, allow_errors=True, kernel_name="python3", config=private,
    )  # fmt: skip
    return client.execute(env={**os.environ, **(environment or {})})


def errors(outputs):
    return [output.evalue for output in outputs if output.output_type == "error"]


def said(outputs):
    """All text that a cell shows, its tables and boxes as plain text."""
    texts = (o.get("text") or o.get("data", {}).get("text/plain", "") for o in outputs)
    return "\n".join([*texts, *errors(outputs)])
