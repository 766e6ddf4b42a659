"""Hypothesis strategies: a notebook as some editor, disk, merge or prankster may have left it."""

import copy
import json

from hypothesis import strategies as st

HUGE, DEEP, NAN = "@huge", "@deep", "@nan"
RAW = {
    f'"{HUGE}"': "1" + "0" * 5000,
    f'"{DEEP}"': "[" * 3000 + "]" * 3000,
    f'"{NAN}"': "NaN",
}
"""What Python's own writer of JSON would not write, by its stand-in."""
ODD = [
    None, True, -1, 3.5, 10**30, "", "x", "\ud800", "\0", [], {}, [[]], [None], [{}], {"": None},
    {"\udfff": 1}, "9" * 400, HUGE, DEEP, NAN,
]  # fmt: skip
SOURCES = [
    "", "1 / 0", "def broken(:", "raise SystemExit(3)", "raise KeyboardInterrupt", "exit()",
    "%time pass", "%%time\npass", "%nosuch", "!echo hello", "?print", "await 1", "\tindented",
    "print('é ♥ \\ud800')", "x = '♥ \ud800'", "a\0b", "\ufeffx = 1", "x = 1\r\ny = 2\r",
    "\x0c\x1b[0m",
    "import sys; print('x' * 3_000_000, file=sys.stderr)", "import os; os._exit(1)", "(" * 300,
    "from IPython.display import HTML; HTML('<script>1</script>')", "import numpy as np; np.eye(3)",
    ["x = 1\n", "y = 2"], ["x = 1", None, 3], ["\ud800"], [["x"]], {"x": 1}, 7, None,
]  # fmt: skip
OUTPUTS = [
    {"output_type": "execute_result", "data": {"text/plain": "1000.0"}, "execution_count": 1,
     "metadata": {}},
    {"output_type": "display_data", "data": {"text/plain": ["9", "9"]}, "metadata": {}},
    {"output_type": "stream", "name": "stderr", "text": "x" * 500_000},
    {"output_type": "error", "ename": 3, "evalue": None, "traceback": "no list"},
    {"output_type": "unheard of"}, {}, None, "text", 3, [],
]  # fmt: skip
FACTS = {
    "grade": [True, False, "yes", None],
    "solution": [True, False, 0, []],
    "locked": [True, False, None],
    "task": [True, False, {}],
    "points": [0, -1, 1000, "1000", 1e308, None, NAN, HUGE, []],
    "grade_id": ["", "nobody knows", None, 3, [], "squares", "correct_squares", "sigmoid_forward"],
    "schema_version": [0, 1, 2, 3, 4, "3", None, -1, 2.5],
    "cell_type": ["code", "markdown", "raw", None],
    "checksum": ["", "0" * 32, None],
}
SPECS = [None, {}, "python", {"name": "nosuch"}, {"language": 3}, {"language": "python"}]


@st.composite
def mutated(draw, notebook):
    """The bytes of a notebook after one to four changes, in some encoding."""
    notebook = copy.deepcopy(notebook)
    for change in draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4)):
        cells = notebook.get("cells")
        if not isinstance(cells, list) or not cells or not all(map(_is_cell, cells)):
            break  # nothing is left that could be changed with a purpose
        change(draw, notebook, cells)
    return draw(st.sampled_from(ENCODINGS))(draw, notebook)


def _is_cell(cell):
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    return isinstance(metadata, dict) and isinstance(metadata.get("nbgrader", {}), dict)


def _one(draw, items):
    return draw(st.sampled_from(items))


def _place(draw, items, *, end=0):
    return draw(st.integers(0, len(items) - 1 + end))


def drop(draw, notebook, cells):
    del cells[_place(draw, cells)]


def duplicate(draw, notebook, cells):
    cells.insert(_place(draw, cells, end=1), copy.deepcopy(_one(draw, cells)))


def move(draw, notebook, cells):
    cells.insert(_place(draw, cells), cells.pop(_place(draw, cells)))


def reverse(draw, notebook, cells):
    cells.reverse()


def split(draw, notebook, cells):
    at = _place(draw, cells)
    text = _text(cells[at])
    cut = draw(st.integers(0, len(text)))
    cells[at : at + 1] = [{**cells[at], "source": part} for part in (text[:cut], text[cut:])]


def merge(draw, notebook, cells):
    at = _place(draw, cells)
    if at + 1 < len(cells):
        cells[at]["source"] = _text(cells[at]) + "\n\n" + _text(cells.pop(at + 1))


def insert(draw, notebook, cells):
    kind = _one(draw, ["code", "markdown", "raw", "heading", "nosuch", None, 3])
    cell = {"cell_type": kind, "metadata": {}, "source": _one(draw, SOURCES)}
    cells.insert(_place(draw, cells, end=1), cell)


def nest(draw, notebook, cells):
    at = _place(draw, cells)
    cells[at] = _one(draw, [[cells[at]], {"cells": [cells[at]]}, {**cells[at], "cells": cells[:2]}])


def rewrite(draw, notebook, cells):
    _one(draw, cells)["source"] = _one(draw, SOURCES)


def retype(draw, notebook, cells):
    _one(draw, cells)["cell_type"] = _one(draw, ["code", "markdown", "raw", "nosuch"])


def lose_key(draw, notebook, cells):
    node = _one(draw, [notebook, *cells, *(cell["metadata"] for cell in cells)])
    if node:
        del node[_one(draw, sorted(node))]


def odd_value(draw, notebook, cells):
    """Put something odd anywhere in the whole notebook."""
    *path, last = _one(draw, list(_paths(notebook)))
    for step in path:
        notebook = notebook[step]
    notebook[last] = copy.deepcopy(_one(draw, ODD))


def relabel(draw, notebook, cells):
    labelled = [c["metadata"]["nbgrader"] for c in cells if "nbgrader" in c["metadata"]]
    if labelled:
        key = _one(draw, sorted(FACTS))
        _one(draw, labelled)[key] = _one(draw, FACTS[key])


def swap_labels(draw, notebook, cells):
    a, b = (_one(draw, cells)["metadata"] for _ in range(2))
    a["nbgrader"], b["nbgrader"] = b.get("nbgrader", {}), a.get("nbgrader", {})


def forge_output(draw, notebook, cells):
    outputs = [copy.deepcopy(_one(draw, OUTPUTS))]
    _one(draw, cells)["outputs"] = _one(draw, [outputs, outputs * 20, outputs[0]])


def respecify(draw, notebook, cells):
    notebook["metadata"] = {"kernelspec": _one(draw, SPECS), "language_info": _one(draw, SPECS)}


def renumber(draw, notebook, cells):
    notebook["nbformat"] = _one(draw, [4, 4, 3, 2, 5, "4", 4.5, None])
    notebook["nbformat_minor"] = _one(draw, [0, 2, 4, 5, 99, "5", None, HUGE])


CHANGES = [
    drop, duplicate, move, reverse, split, merge, insert, nest, rewrite, rewrite, retype, lose_key,
    odd_value, odd_value, relabel, relabel, swap_labels, forge_output, respecify, renumber,
]  # fmt: skip


def _text(cell):
    source = cell.get("source", "")
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _paths(node, path=()):
    if path:
        yield path
    if isinstance(node, dict | list):
        keys = node if isinstance(node, dict) else range(len(node))
        for key in keys:
            yield from _paths(node[key], (*path, key))


def _json(notebook, **options):
    text = json.dumps(notebook, indent=1, **options)
    for stand_in, raw in RAW.items():
        text = text.replace(stand_in, raw)
    return text


def plain(draw, notebook):
    return _json(notebook).encode()


def unescaped(draw, notebook):
    return _json(notebook, ensure_ascii=False).encode("utf-8", "surrogatepass")


def with_bom(draw, notebook):
    return plain(draw, notebook).join([b"\xef\xbb\xbf", b""])


def windows(draw, notebook):
    return plain(draw, notebook).replace(b"\n", b"\r\n")


def utf_16(draw, notebook):
    return _json(notebook).encode(_one(draw, ["utf-16", "utf-16-le", "utf-16-be"]))


def latin_1(draw, notebook):
    return _json(notebook, ensure_ascii=False).encode("latin-1", "backslashreplace")


def cut_off(draw, notebook):
    raw = plain(draw, notebook)
    return raw[: draw(st.integers(0, len(raw)))]


def overwritten(draw, notebook):
    raw = bytearray(plain(draw, notebook))
    start = draw(st.integers(0, len(raw)))
    raw[start : start + draw(st.integers(0, 40))] = draw(st.binary(max_size=20))
    return bytes(raw)


def conflicting(draw, notebook):
    lines = _json(notebook).splitlines()
    at = draw(st.integers(0, len(lines)))
    return "\n".join([*lines[:at], "<<<<<<< HEAD", "=======", ">>>>>>> mine", *lines[at:]]).encode()


def noise(draw, notebook):
    return draw(st.binary(max_size=200))


ENCODINGS = [plain] * 9 + [
    unescaped, with_bom, windows, utf_16, latin_1, cut_off, overwritten, conflicting, noise,
]  # fmt: skip
