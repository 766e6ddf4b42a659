"""Run by each version of Python that a kit lends for: sources on stdin, compiled code on stdout.

A script of its own, as the format of compiled code belongs to the interpreter that makes it.
Docstrings, comments, line numbers and the names of local variables are gone afterwards.
"""

import json
import marshal
import sys
from types import CodeType

NOWHERE = "<borrowed>"
NO_COLUMNS = 13
"""In CPython's tables of locations: an entry with a line and no columns."""


def stripped(code: CodeType) -> CodeType:
    """The same code without what only helps to read it."""
    given = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4)
    given += bool(code.co_flags & 8)  # *rest and **named
    names = [
        name if number < given or name in code.co_cellvars else f"_{number}"
        for number, name in enumerate(code.co_varnames)
    ]
    inner = (stripped(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(
        co_consts=tuple(inner),
        co_varnames=tuple(names),
        co_filename=NOWHERE,
        co_firstlineno=1,
        co_linetable=one_line(len(code.co_code) // 2),
    )


def one_line(units: int) -> bytes:
    """A table that says of all units of code that they are on the first line.

    Entries are for up to eight units each: a byte with their number, and how far the line moves.
    """
    table = bytearray()
    for first in range(0, units, 8):
        table += bytes([0x80 | NO_COLUMNS << 3 | min(8, units - first) - 1, 0])
    return bytes(table)


if __name__ == "__main__":
    bundle = json.load(sys.stdin)
    bundle["functions"] = {
        key: stripped(compile(source, NOWHERE, "exec", dont_inherit=True, optimize=2))
        for key, source in bundle["functions"].items()
    }
    sys.stdout.buffer.write(marshal.dumps(bundle))
