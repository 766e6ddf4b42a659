"""What stands in an answer's way before any check is asked, read from the notebook's own cells.

A cell that Python cannot read, a pasted code fence, a `raise` that was left in, a name that is
defined again further down: each is told in one true sentence, once.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Sequence

from autograder.judging.verdicts import NOT_ATTEMPTED, RAISE_LEFT_IN, Mistake

Cells = Sequence[tuple[str, str]]
"""Names and sources of the code cells, in the order in which they run."""

FENCE = Mistake(
    "a pasted code fence",
    "Your cell has a line that begins with three backticks (```): that is Markdown, not Python. "
    "Take such lines out.",
)
UNREADABLE = ("SyntaxError", "IndentationError", "TabError")
MAX_CHARACTERS = 100_000


def obstacles(slug: str, cells: Cells, error: str | None = None) -> tuple[Mistake, ...]:
    """What keeps the answer `slug` from doing what its author wrote, as far as the text shows.

    Parameters
    ----------
    error : str, optional
        The sentence with which the answer's cell stopped.
    """
    source = dict(cells).get(slug, "")
    if any(line.lstrip().startswith("```") for line in source.splitlines()):
        return (FENCE,)
    if any(kind in (error or "") for kind in UNREADABLE):
        hint = f"Python cannot read this cell: it {error}. The checks wait until it can be run."
        return (Mistake("a cell that cannot be read", hint),)
    if _raise_is_left(slug, source):
        return (RAISE_LEFT_IN,)
    return tuple(_again(name, cell) for name, cell in _redefined(slug, cells))


def said_once(found: tuple[Mistake, ...], others: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    """Obstacles first; what has something in its way was attempted."""
    return (*found, *(m for m in others if not found or m != NOT_ATTEMPTED))


def _again(name: str, begins: str) -> Mistake:
    return Mistake(
        "defined again further down",
        f"Another cell, which begins with `{begins}`, defines `{name}` again, and the last "
        "definition counts: rename it there, or take it out.",
    )


def _raise_is_left(slug: str, source: str) -> bool:
    """Whether the function has statements of its own beside the stub's `raise`."""
    for node in _parsed(source):
        if isinstance(node, ast.FunctionDef) and node.name == slug:
            body = [s for s in node.body if not _is_text(s)]
            return len(body) > 1 and any(_is_stub_raise(s) for s in body)
    return False


def _is_text(statement: ast.stmt) -> bool:
    """A docstring, or an ellipsis: nothing that does anything."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_stub_raise(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise) or statement.exc is None:
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return getattr(raised, "id", "") == "NotImplementedError"


def _redefined(slug: str, cells: Cells) -> Iterator[tuple[str, str]]:
    """Functions that the answer is or uses, bound again by a later cell; how that cell begins."""
    bound = [(cell, dict(_bindings(source))) for cell, source in cells]
    used = {slug, *_names(dict(cells).get(slug, ""))}
    for name in sorted(used):
        places = [(cell, names[name]) for cell, names in bound if name in names]
        first = next((k for k, (_, kind) in enumerate(places) if kind == "def"), None)
        home = next((k for k, (cell, _) in enumerate(places) if cell == name), first)
        if home is not None and home + 1 < len(places):
            last = places[-1][0]
            yield name, _first_line(dict(cells)[last])


def _first_line(source: str) -> str:
    lines = (line.strip() for line in source.splitlines())
    return next((line for line in lines if line), "")[:60].replace("`", "'")


def _bindings(source: str) -> Iterator[tuple[str, str]]:
    """The names that a cell binds at its top level, and whether by `def`."""
    for node in _parsed(source):
        if isinstance(node, ast.FunctionDef):
            yield node.name, "def"
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((t.id, "value") for t in targets if isinstance(t, ast.Name))


def _names(source: str) -> set[str]:
    return {n.id for node in _parsed(source) for n in ast.walk(node) if isinstance(n, ast.Name)}


@functools.lru_cache(maxsize=1000)
def _parsed(source: str) -> tuple[ast.stmt, ...]:
    """The statements of a cell; none if it is not plain Python, or far too long."""
    if len(source) > MAX_CHARACTERS:
        return ()
    try:
        return tuple(ast.parse(source).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
