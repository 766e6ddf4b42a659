"""Mutants of the reference: one small change each, which some graded check has to notice.

What survives is either a hole in the checks or right all the same; the latter is listed once, with
its reason, in `course/mutants.toml`.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.course.audits.found import Audit
from autograder.course.audits.own_answers import Answer, verdicts
from autograder.judging import bank
from autograder.judging.exercise import Exercise
from autograder.submission.bounds import TookTooLong, bounded

ALIKE = {"float", "bool", "np.array", "np.asarray"}
"""Without these an answer is as right: a number may be NumPy's, an array a list."""
EITHER_WAY = {"max", "min", "np.maximum", "np.minimum", "np.logaddexp", "np.result_type"}
"""Their arguments may be exchanged."""
STRICT = "strict"
"""A keyword that only guards against mistakes."""
SECONDS = 10
"""A mutant may well run for ever."""
Swap = dict[type[ast.AST], type[ast.AST]]
OPERATORS: Swap = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult,
}  # fmt: skip
COMPARISONS: Swap = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


def audit_mutants(exercise: Exercise, found: Audit) -> None:
    """Judge every mutant of the exercise's reference, and note which lose nothing."""
    if exercise.asks_for_one_answer:
        return
    for change, answer in mutants_of(bank.reference(exercise)):
        found.mutants += 1
        if not _killed(exercise, answer):
            found.survivors.append(change)


def mutants_of(function: Callable[..., Any]) -> Iterator[tuple[str, Answer]]:
    """What is changed, and the function with that change; those that do not compile are left out.

    A name that stands for two changes alike on one line gets a number.
    """
    plain = inspect.unwrap(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(plain)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.decorator_list.clear()
    seen: dict[str, int] = {}
    for place, changed in _changes(definition):
        name = _described(definition, place, changed)
        seen[name] = seen.get(name, 0) + 1
        name += f" ({seen[name]})" if seen[name] > 1 else ""
        if (answer := _compiled(plain, _with(tree, place, changed))) is not None:
            yield name, answer


def _killed(exercise: Exercise, answer: Answer) -> bool:
    try:
        with (
            bounded("a mutant", SECONDS),
            np.errstate(all="ignore"),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")
            return any(c.points and not c.earned for c in verdicts(exercise, answer, seed=0))
    except (TookTooLong, MemoryError):
        return True


Place = tuple[tuple[str, int | None], ...]
"""Fields and positions that lead from the function to one of its nodes."""


def _changes(definition: ast.FunctionDef) -> Iterator[tuple[Place, ast.AST]]:
    """Every place of the body and what stands there instead."""
    start = 1 if ast.get_docstring(definition) else 0
    for number, statement in enumerate(definition.body[start:], start):
        for place, node in _walk(statement, (("body", number),)):
            for changed in _instead(node):
                yield place, changed


def _walk(node: ast.AST, place: Place) -> Iterator[tuple[Place, ast.AST]]:
    if isinstance(node, ast.keyword) and node.arg == STRICT:
        return
    yield place, node
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            for number, part in enumerate(value):
                if isinstance(part, ast.AST):
                    yield from _walk(part, (*place, (name, number)))
        elif isinstance(value, ast.AST) and name != "annotation":
            yield from _walk(value, (*place, (name, None)))


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(op=operator) if type(operator) in OPERATORS:
            yield _copy(node, op=OPERATORS[type(operator)]())
        case ast.AugAssign(op=operator):
            if type(operator) in OPERATORS:
                yield _copy(node, op=OPERATORS[type(operator)]())
            yield ast.Pass()
        case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
            yield _copy(node, ops=[COMPARISONS[type(operator)]()])
        case ast.BoolOp(op=operator):
            yield _copy(node, op=COMPARISONS[type(operator)]())
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1)
        case ast.Constant(value=float() as value):
            yield ast.Constant(2 * value if value else 1.0)
        case ast.If():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript()]):
            yield ast.Pass()
        case ast.Call(args=arguments, keywords=keywords):
            yield from _instead_of_call(node, arguments, keywords)


def _instead_of_call(
    node: ast.Call, arguments: list[ast.expr], keywords: list[ast.keyword]
) -> Iterator[ast.AST]:
    """The call left out, its two arguments exchanged, a keyword dropped."""
    if ast.unparse(node.func) in ALIKE:
        return
    if len(arguments) == 1:
        yield arguments[0]
    elif isinstance(node.func, ast.Attribute) and not arguments and not keywords:
        yield node.func.value
    if len(arguments) == 2 and ast.unparse(node.func) not in EITHER_WAY:
        yield _copy(node, args=arguments[::-1])
    for number, keyword in enumerate(keywords):
        if keyword.arg != STRICT:
            yield _copy(node, keywords=[k for i, k in enumerate(keywords) if i != number])


def _copy(node: ast.AST, **fields: Any) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _with(tree: ast.Module, place: Place, changed: ast.AST) -> ast.Module:
    """A copy of the module in which the node at `place` is another."""
    whole = copy.deepcopy(tree)
    node: Any = whole.body[0]
    for name, number in place[:-1]:
        node = getattr(node, name) if number is None else getattr(node, name)[number]
    name, number = place[-1]
    if number is None:
        setattr(node, name, copy.deepcopy(changed))
    else:
        getattr(node, name)[number] = copy.deepcopy(changed)
    return ast.fix_missing_locations(whole)


def _compiled(plain: Callable[..., Any], tree: ast.Module) -> Answer | None:
    namespace = dict(plain.__globals__)
    try:
        exec(compile(tree, "<mutant>", "exec"), namespace)
    except (SyntaxError, ValueError, TypeError):
        return None
    answer: Answer = namespace[plain.__name__]
    return answer


def _described(definition: ast.FunctionDef, place: Place, changed: ast.AST) -> str:
    """`old → new`, as source text on one line; of statements their first line."""
    node: Any = definition
    for name, number in place:
        node = getattr(node, name) if number is None else getattr(node, name)[number]
    new = "" if isinstance(changed, ast.Pass) else ast.unparse(changed).splitlines()[0]
    context = next(_line(definition, place))
    return f"{ast.unparse(node).splitlines()[0]} → {new or 'nothing'}  in  {context}"


def _line(definition: ast.FunctionDef, place: Place) -> Iterator[str]:
    """The innermost statement around a place."""
    node: Any = definition
    statements = []
    for name, number in place:
        node = getattr(node, name) if number is None else getattr(node, name)[number]
        if isinstance(node, ast.stmt):
            statements.append(node)
    yield ast.unparse(statements[-1]).splitlines()[0]
