"""Asserts of a test cell in our words: `assert squares(3) == 9` becomes `agree(f(3), 9)`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

CLOSE = {"allclose": ("1e-05", "1e-08"), "isclose": ("1e-05", "1e-08")}
"""NumPy's functions, and the tolerances that they have unless told."""
SAME = ("array_equal", "assert_equal", "assert_array_equal", "assertEqual", "array_equiv")
ALMOST = {"assert_almost_equal": 7, "assert_array_almost_equal": 6, "assertAlmostEqual": 7}
"""By name, how many decimals count unless told."""
RAISES = ("assert_raises", "assertRaises", "raises")
LOOKS_INSIDE = {"inspect": "looks at the source", "get_ipython": "uses the notebook's shell",
                "globals": "looks at the notebook's variables", "mock": "replaces functions",
                "patch": "replaces functions", "Mock": "replaces functions"}  # fmt: skip


class CannotSay(Exception):
    """What a test does that a check cannot; completes "cell X …"."""


def in_our_words(body: Sequence[ast.stmt], function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a test, calling `f` and raising `Failed`.

    Raises
    ------
    CannotSay
        If a check cannot do that: it is outside the learner's process, and knows behaviour only.
    """
    names = {n.id for part in body for n in ast.walk(part) if isinstance(n, ast.Name)}
    for name, what in LOOKS_INSIDE.items():
        if name in names:
            raise CannotSay(what)
    if any(isinstance(part, ast.Delete | ast.Global) for node in body for part in ast.walk(node)):
        raise CannotSay("deletes or rebinds names of the notebook")
    words = _Words(function)
    found: list[ast.stmt] = []
    for node in body:
        new = words.visit(node)
        found += new if isinstance(new, list) else [new] if new is not None else []
    return [ast.fix_missing_locations(node) for node in found]


class _Words(ast.NodeTransformer):
    def __init__(self, function: ast.FunctionDef) -> None:
        self.function = function

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id == self.function.name:
            if not isinstance(node.ctx, ast.Load):
                raise CannotSay(f"rebinds {node.id}")
            return ast.Name("f", node.ctx)
        if node.id == "f":
            return ast.Name("f_", node.ctx)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        asked = isinstance(node.func, ast.Name) and node.func.id == self.function.name
        if asked and node.keywords:
            node = _by_position(node, self.function)
        return self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        match node.test:
            case ast.BoolOp(op=ast.And(), values=conditions):
                return [self._claim(condition, node.msg) for condition in conditions]
        return [self._claim(node.test, node.msg)]

    def visit_Expr(self, node: ast.Expr) -> ast.stmt | None:
        match node.value:
            case ast.Call(func=ast.Name(id="print")) | ast.Constant():
                return None
            case ast.Call(args=args) as call:
                name = _called(call)
                if name in RAISES and len(args) > 1:
                    return self._raising(args[0], ast.Call(args[1], args[2:], call.keywords))
                if name in ("assert_true", "assertTrue", "assert_", "ok_"):
                    return self._claim(args[0], None)
                if name in ("assert_false", "assertFalse"):
                    return self._claim(ast.UnaryOp(ast.Not(), args[0]), None)
                if (compared := _comparison(call)) is not None:
                    return ast.Expr(self.visit(compared))
        visited: ast.stmt = self.generic_visit(node)  # type: ignore[assignment]
        return visited

    def visit_Try(self, node: ast.Try) -> ast.AST:
        """`try: f(0) / except ValueError: pass / else: raise AssertionError`."""
        match node:
            case ast.Try(
                body=[ast.Expr(value=ast.Call() as call), *_], handlers=[ast.ExceptHandler(type=kind)]
            ) if kind is not None:
                return self._raising(kind, call)
        raise CannotSay("has a `try` that does not just expect an error")

    def visit_With(self, node: ast.With) -> ast.AST:
        match node:
            case ast.With(
                items=[ast.withitem(context_expr=ast.Call(args=[kind, *_]) as context)],
                body=[ast.Expr(value=ast.Call() as call)],
            ) if _called(context) in RAISES:
                return self._raising(kind, call)
        return self.generic_visit(node)

    def _claim(self, condition: ast.expr, message: ast.expr | None) -> ast.stmt:
        """`agree(…)` where something is compared, else `if not …: raise Failed(…)`."""
        if (compared := _comparison(condition)) is not None:
            return ast.Expr(self.visit(compared))
        said = message or ast.Constant(f"it does not hold that {ast.unparse(condition)}")
        failed = ast.Raise(ast.Call(ast.Name("Failed", ast.Load()), [self.visit(said)], []))
        return ast.If(ast.UnaryOp(ast.Not(), self.visit(condition)), [failed], [])

    def _raising(self, kind: ast.expr, call: ast.Call) -> ast.stmt:
        if _called(call) != self.function.name:
            raise CannotSay("expects an error of something else than the function that is asked for")
        arguments = _by_position(call, self.function).args
        given = ", ".join(ast.unparse(self.visit(argument)) for argument in arguments)
        name = ast.unparse(kind).rpartition(".")[2]
        return ast.parse(
            f"if (error := f.reply({given}).error) is None or error.kind != {name!r}:\n"
            f"    raise Failed({f'does not raise {name}'!r})"
        ).body[0]


def _comparison(condition: ast.expr) -> ast.Call | None:
    """A condition, or a call of a testing library, as a call of `agree`."""
    match condition:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            return None if _is_set(left) or _is_set(right) else _agree(left, right)
        case ast.Compare(
            left=ast.Call(args=[ast.BinOp(left=left, op=ast.Sub(), right=right)]) as size,
            ops=[ast.Lt() | ast.LtE()],
            comparators=[most],
        ) if _called(size) in ("abs", "fabs"):
            return _agree(left, right, rtol=ast.Constant(0), atol=most)
        case ast.Call(func=ast.Attribute(value=ast.Compare() as inner, attr="all"), args=[]):
            return _comparison(inner)
        case ast.Call(args=[ast.Compare() as inner]) if _called(condition) == "all":
            return _comparison(inner)
        case ast.Call(args=[left, right, *rest]):
            return _of_a_library(condition, left, right, rest)
    return None


def _of_a_library(
    call: ast.Call, left: ast.expr, right: ast.expr, rest: list[ast.expr]
) -> ast.Call | None:
    name = _called(call)
    told = {word.arg: word.value for word in call.keywords}
    if name in SAME:
        return _agree(left, right)
    if name in ALMOST:
        decimals = told.get("decimal") or told.get("places") or (rest or [ast.Constant(ALMOST[name])])[0]
        return _agree(left, right, rtol=ast.Constant(0), atol=_ten_to_minus(decimals))
    if name == "assert_allclose":
        return _agree(left, right, **{k: v for k, v in told.items() if k in ("rtol", "atol")})
    if name in CLOSE and ast.unparse(call.func).startswith("math."):
        return _agree(left, right, rtol=told.get("rel_tol"), atol=told.get("abs_tol"))
    if name in CLOSE:
        usual = [ast.parse(text, mode="eval").body for text in CLOSE[name]]
        rtol, atol = [*rest, *usual[len(rest) :]][:2]
        return _agree(left, right, rtol=told.get("rtol", rtol), atol=told.get("atol", atol))
    return None


def _agree(got: ast.expr, expected: ast.expr, **told: ast.expr | None) -> ast.Call:
    """`agree(got, expected)`; a literal alone is what is expected, on whichever side it stands."""
    if isinstance(got, ast.Constant) and not isinstance(expected, ast.Constant):
        got, expected = expected, got
    words = [ast.keyword(name, value) for name, value in told.items() if value is not None]
    return ast.Call(ast.Name("agree", ast.Load()), [got, expected], words)


def _ten_to_minus(decimals: ast.expr) -> ast.expr:
    return ast.BinOp(ast.Constant(1.5), ast.Mult(), ast.BinOp(
        ast.Constant(10.0), ast.Pow(), ast.UnaryOp(ast.USub(), decimals)))  # fmt: skip


def _is_set(value: ast.expr) -> bool:
    return isinstance(value, ast.Set | ast.SetComp) or (
        isinstance(value, ast.Call) and _called(value) in ("set", "frozenset", "type")
    )


def _called(call: ast.Call) -> str:
    """The last name of what is called."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _by_position(call: ast.Call, function: ast.FunctionDef) -> ast.Call:
    """The call with named arguments in their places, and defaults in the gaps."""
    names = [argument.arg for argument in function.args.args]
    defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
    told = {word.arg: word.value for word in call.keywords}
    if unknown := [n for n in told if n not in names]:
        raise CannotSay(f"hands over {unknown[0] or '**'} by name, which has no place of its own")
    last = max((names.index(n) for n in told if n), default=-1)
    arguments = list(call.args)
    for name in names[len(arguments) : last + 1]:
        if name not in told and name not in defaults:
            raise CannotSay(f"leaves out {name}, which has no default")
        arguments.append(told.get(name) or defaults[name])
    return ast.Call(call.func, arguments, [])
