"""What of an answer's text matters: its form up to names, and the cells that it cannot do without.

Nothing here runs what it reads.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Cells = Sequence[tuple[str, str]]
"""Names and sources of code cells, in the order in which they run."""
MAX_CHARACTERS = 100_000
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
DOCUMENTED = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Form:
    """The syntax tree of a text without the names that its author chose."""

    digest: str
    size: int
    """Nodes of the tree: how much there was to write."""


def form_of(source: str) -> Form | None:
    """The form of a text; None if Python cannot read it, or nobody could look it through.

    Comments, docstrings, annotations, layout and the names of arguments, variables and functions
    make no difference; operations, numbers, the order of statements and a library's names do.
    """
    tree = _tree(source)
    if tree is None:
        return None
    try:
        bare = _Nameless(_own_names(tree)).visit(_undocumented(tree))
        dump = ast.dump(bare)
    except UNREADABLE:
        return None
    nodes = (n for n in ast.walk(bare) if not isinstance(n, ast.expr_context))
    return Form(hashlib.sha256(dump.encode()).hexdigest()[:24], sum(1 for _ in nodes))


def bare_text(source: str) -> str:
    """The text without comments and docstrings, which may say whose it is; as it is, if need be."""
    tree = _tree(source)
    try:
        return ast.unparse(_undocumented(tree)) if tree is not None else source
    except UNREADABLE:
        return source


def needed(cells: Cells, name: str) -> list[tuple[str, str]]:
    """The cells that define `name`, and what these need of the others, by their top-level names."""
    binding: dict[str, list[int]] = {}
    for number, (_, source) in enumerate(cells):
        for bound in _bound(source):
            binding.setdefault(bound, []).append(number)
    wanted, waiting = set[int](), [name]
    known = set[str]()
    while waiting:
        looked_for = waiting.pop()
        known.add(looked_for)
        for number in binding.get(looked_for, []):
            if number not in wanted:
                wanted.add(number)
                waiting += _used(cells[number][1]) - known
    return [cells[number] for number in sorted(wanted)]


class _Nameless(ast.NodeTransformer):
    """Puts numbers in the place of names, in the order in which they come."""

    def __init__(self, own: set[str]) -> None:
        self.own = own
        self.numbers: dict[str, str] = {}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for part in ("id", "arg", "name"):
            name = getattr(node, part, None)
            if isinstance(name, str) and name in self.own:
                setattr(node, part, self.numbers.setdefault(name, f"_{len(self.numbers)}"))
        for part in ("annotation", "returns", "type_comment"):
            if getattr(node, part, None) is not None:
                setattr(node, part, None)
        return super().generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        plain = ast.Assign(targets=[node.target], value=node.value or ast.Constant(None))
        return self.visit(ast.copy_location(plain, node))


def _own_names(tree: ast.Module) -> set[str]:
    """The names that the text itself gives: arguments, variables, functions."""
    found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and _stored(n)}
    found |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    return found | {n.name for n in ast.walk(tree) if isinstance(n, DOCUMENTED[1:])}


def _stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _undocumented(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and len(node.body) > 1 and _is_text(node.body[0]):
            node.body = node.body[1:]
    return tree


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _tree(source: str) -> ast.Module | None:
    if len(source) > MAX_CHARACTERS:
        return None
    # Magics and shell lines are no Python.
    python = re.sub(r"^([ \t]*)[%!].*$", r"\1pass", source, flags=re.MULTILINE)
    try:
        return ast.parse(python)
    except UNREADABLE:
        return None


def _bound(source: str) -> Iterator[str]:
    """The names that a cell binds outside its functions; an unreadable one binds nothing."""
    tree = _tree(source)
    for statement in tree.body if tree else ():
        if isinstance(statement, DOCUMENTED[1:]):
            yield statement.name
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and _stored(node):
                yield node.id
            elif isinstance(node, ast.Import | ast.ImportFrom):
                yield from ((a.asname or a.name).partition(".")[0] for a in node.names)


def _used(source: str) -> set[str]:
    tree = _tree(source)
    names = (n.id for n in ast.walk(tree or ast.Module([], [])) if isinstance(n, ast.Name))
    return set(names) - set(dir(builtins))
