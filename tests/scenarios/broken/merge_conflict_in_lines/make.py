"""git cut through a list of lines, so that a comma is missing."""

import json

from answers import ANSWERS, answered


def make(released):
    notebook = answered(released)
    for cell in notebook["cells"]:
        if cell["id"] in ANSWERS:
            cell["source"] = cell["source"].splitlines(keepends=True)
    lines = json.dumps(notebook, indent=1).splitlines()
    at = next(n for n, line in enumerate(lines) if "return float(((a - y)" in line)
    other = '"    return 0.0"'
    lines[at : at + 1] = ["<<<<<<< HEAD", lines[at], "||||||| base", "=======", other, ">>>>>>> x"]
    return "\n".join(lines).encode()
