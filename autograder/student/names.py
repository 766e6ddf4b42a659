"""Which names a cell binds, and which it uses."""

from __future__ import annotations

import ast

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
HIDDEN = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
"""What is bound in them is not seen outside."""


def bound(source: str) -> set[str]:
    """The names that a cell would bind for others, and as `.name` attributes that it would set."""
    found: set[str] = set()
    left: list[ast.AST] = [_parsed(source)]
    while left:
        node = left.pop()
        if isinstance(node, SCOPES):
            found.add(node.name)
        elif not isinstance(node, HIDDEN):
            left += ast.iter_child_nodes(node)
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(_name(node))
    return found


def used(source: str) -> set[str]:
    """The names that a cell takes from others, and as `.name` the attributes that it reads."""
    nodes = ast.walk(_parsed(source))
    loads = (n for n in nodes if isinstance(n, ast.Name | ast.Attribute))
    return {_name(n) for n in loads if isinstance(n.ctx, ast.Load)} - bound(source)


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else f".{node.attr}"


def _parsed(source: str) -> ast.Module:
    """A cell's statements; none if it is not plain Python."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module([], [])
