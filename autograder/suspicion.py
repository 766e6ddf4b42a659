"""What a submission's own text says about its intentions: evidence for the instructor.

Nothing is forbidden by this list, and no point depends on it (the judge is out of reach whatever
the code does); it says where to look.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

MODULES = {
    "socket": "opens network connections",
    "ctypes": "calls into the C library",
    "subprocess": "starts other programs",
    "multiprocessing": "starts other processes",
    "gc": "looks through the interpreter's memory",
    "reference_impl": "imports the reference answers",
}
NAMES = {
    "input_transformers_post": "rewrites cells before they run",
    "input_transformers_cleanup": "rewrites cells before they run",
    "ast_transformers": "rewrites cells before they run",
    "_getframe": "looks at other functions' frames",
    "_exit": "ends the process",
    "kill": "sends signals to processes",
    "fork": "starts other processes",
}
TEXT = {"gradebook.db": "names the gradebook", "/proc/": "looks at other processes"}


def suspicious(cells: list[tuple[str, str]]) -> list[str]:
    """What cells do that no exercise asks for, one line per cell and reason."""
    found = dict.fromkeys(
        f"cell `{name}` {reason}" for name, source in cells for reason in _reasons(source)
    )
    return list(found)


def _reasons(source: str) -> Iterator[str]:
    yield from (reason for text, reason in TEXT.items() if text in source)
    python = re.sub(r"^\s*[%!].*$", "pass", source, flags=re.MULTILINE)  # magics, shell lines
    try:
        tree = ast.parse(python)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (MODULES[m] for a in node.names if (m := a.name.split(".")[0]) in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            yield MODULES[(node.module or "").split(".")[0]]
        elif isinstance(node, ast.Attribute) and node.attr in NAMES:
            yield NAMES[node.attr]
