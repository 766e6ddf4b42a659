"""git left both versions of an answer's line in the file."""

import json

from answers import answered


def make(released):
    lines = json.dumps(answered(released), indent=1).splitlines()
    at = next(n for n, line in enumerate(lines) if "def half_mse" in line)
    other = lines[at].replace("2 * len", "3 * len")
    lines[at : at + 1] = ["<<<<<<< HEAD", lines[at], "=======", other, ">>>>>>> theirs"]
    return "\n".join(lines).encode()
