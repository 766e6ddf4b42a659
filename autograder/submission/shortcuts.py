"""How an answer may have been come by other than by solving the exercise: evidence, no verdict.

What counts is whether the checks pass; an honest mistake can look the same. Who wants to hide from
this can.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Collection, Iterator

CONSTANT = "answers without looking at its arguments"
BACK = "hands an argument back"
MEASURES = "measures slopes instead of deriving them"
SCORE = "ends in a number, as if that were its score"
KEEPS = "keeps something from one call to the next"

MEASURING = {"numerical_gradient", "approx_fprime", "numerical_jacobian", "central_difference"}
CHANGING = {"append", "extend", "insert", "add", "update", "pop", "popitem", "clear", "setdefault"}
LIBRARIES = {"np", "numpy", "builtins", "time", "random", "autograder", "math", "os", "sys"}
"""Their `append` and `add` change nothing, and nobody has reason to assign to what is in them."""


def shortcuts(
    slug: str, source: str, tree: ast.Module, needs: Collection[str] | None
) -> Iterator[str]:
    """Reasons to look at a cell (its text, and that parsed) that defines the function `slug`.

    `needs` are the exercises that an answer may call, None if the course does not say.
    """
    function = next((n for n in tree.body if _defines(n, slug)), None)
    if not isinstance(function, ast.FunctionDef):
        return
    yield from _reasons_of_returns(function)
    if needs is not None and _loaded(function) & (MEASURING - {*needs, slug}):
        yield MEASURES
    match tree.body[-1]:
        case ast.Expr(value=ast.Constant(value=int() | float())):
            yield SCORE
    yield from [KEEPS] * (_keeps_by_default(tree) or _keeps_outside(source, tree))


def _defines(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == name


def _reasons_of_returns(function: ast.FunctionDef) -> Iterator[str]:
    names = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value]
    if names and returned and not names & _loaded(function):
        yield CONSTANT
    last = function.body[-1]
    if len(returned) == 1 and isinstance(last, ast.Return) and isinstance(last.value, ast.Name):
        yield from [BACK] * (last.value.id in names - _stored(function))


def _loaded(node: ast.AST) -> set[str]:
    names = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Load)}


def _stored(node: ast.AST) -> set[str]:
    names = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Store)}


def _changed(node: ast.AST) -> set[str]:
    """Names of containers that are changed in place, and of functions that get attributes."""
    found = set()
    for part in ast.walk(node):
        match part:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)):
                found |= {name} if attr in CHANGING else set()
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store()):
                found.add(name)
    return found - LIBRARIES


def _keeps_by_default(tree: ast.Module) -> bool:
    """Whether an argument's default, which lives as long as the function, is changed."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            arguments = [*function.args.posonlyargs, *function.args.args]
            with_defaults = arguments[len(arguments) - len(function.args.defaults) :]
            for argument, default in zip(with_defaults, function.args.defaults, strict=True):
                containers = ast.List | ast.Dict | ast.Set | ast.Call
                if isinstance(default, containers) and argument.arg in _changed(function):
                    return True
    return False


def _keeps_outside(source: str, tree: ast.Module) -> bool:
    """Whether a function changes what belongs to the notebook: a `global` name, or a container."""
    functions = {n.lineno: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    try:
        whole = symtable.symtable(source, "cell", "exec")
    except (SyntaxError, RecursionError, MemoryError):  # it parses, but it will never run
        return False
    for table in _tables(whole):
        if isinstance(table, symtable.Function) and table.get_lineno() in functions:
            outside = {s.get_name() for s in table.get_symbols() if s.is_global()}
            assigned = any(s.is_declared_global() and s.is_assigned() for s in table.get_symbols())
            if assigned or outside & _changed(functions[table.get_lineno()]):
                return True
    return False


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for inner in table.get_children():
        yield from _tables(inner)
