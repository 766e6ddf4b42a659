"""Write docs/reference.md: which function implements a component, and how far from an oracle it is.

`make oracle` runs this. The worst errors are those of the PyTorch comparisons of the same run;
what PyTorch has no counterpart for is listed with the sentences of the tests that pin it down.
"""

from __future__ import annotations

import ast
import json
import math
import os
import subprocess
import sys
import tempfile
import tomllib
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference.md"
HEAD = """\
# The reference implementation, component by component

Written by `make oracle`. *PyTorch* is the worst error found against PyTorch 2.13.0 in float64,
relative to the largest entry, over all shapes and seeds of the tests; a dash means that PyTorch
has no counterpart, and the function is held by what the second table says.

| component | what | functions | PyTorch |
|---|---|---|---|
"""
SECOND = """
## Held by closed forms, enumeration, SciPy and laws

| function | some of its tests |
|---|---|
"""


def components() -> dict[str, list[str]]:
    """Component -> its functions, as `module.function` below `reference_impl`."""
    with (ROOT / "reference_impl" / "components.toml").open("rb") as file:
        return tomllib.load(file)


def titles() -> dict[str, str]:
    """Component -> what the syllabus calls it."""
    with (ROOT / "course" / "syllabus.toml").open("rb") as file:
        return {k: v for part in tomllib.load(file).values() for k, v in part["components"].items()}


def function_of(name: str) -> object:
    """The function `module.function` of the reference implementation."""
    module, function = name.rsplit(".", 1)
    return getattr(import_module(f"reference_impl.{module}"), function)


def sentences(function: str) -> list[str]:
    """What the tests of a function's module (those without PyTorch) say where they call it."""
    module, name = function.split(".")[-2:]
    tests = ast.parse((Path(__file__).parent / f"test_{module}.py").read_text()).body
    return [
        " ".join((ast.get_docstring(test) or "").split("\n\n")[0].split())
        for test in tests
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
        if name in _called(test)
    ]


def page(errors: dict[str, float]) -> str:
    """The page, from the worst errors by function name."""
    listed, names = components(), titles()
    rows = []
    for component, functions in listed.items():
        worst = [_error(errors, f) for f in functions]
        called = "<br>".join(f"`{f.removeprefix('classic_networks.')}`" for f in functions)
        rows.append(f"| {component} | {names[component]} | {called} | {'<br>'.join(worst)} |")
    every = {f for functions in listed.values() for f in functions}
    alone = sorted(f for f in every if _name(f) not in errors)
    laws = [
        f"| `{f}` | {' '.join(sentences(f)[:3]) or 'by the table of all calls'} |" for f in alone
    ]
    return HEAD + "\n".join(rows) + "\n" + SECOND + "\n".join(laws) + "\n"


def main() -> None:
    """Run the PyTorch comparisons, and write the page if they all hold."""
    with tempfile.NamedTemporaryFile("r", suffix=".jsonl") as log:
        environment = {**os.environ, "CHAINRULE_ORACLE_LOG": log.name}
        command = [sys.executable, "-m", "pytest", "-m", "oracle", str(Path(__file__).parent)]
        if code := subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode:
            raise SystemExit(code)
        errors: dict[str, float] = {}
        for line in log:
            found = json.loads(line)
            errors[found["name"]] = max(errors.get(found["name"], 0.0), found["error"])
    PAGE.write_text(page(errors))
    print(f"{PAGE}: {len(components())} components, {len(errors)} functions compared")


def _called(test: ast.AST) -> set[str]:
    nodes = list(ast.walk(test))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def _name(function: str) -> str:
    return function.rsplit(".", 1)[-1]


def _error(errors: dict[str, float], function: str) -> str:
    """The error as a power of ten that it does not exceed: digits would differ by machine."""
    if _name(function) not in errors:
        return "–"
    error = errors[_name(function)]
    return "exact" if error == 0 else f"< 1e{math.ceil(math.log10(error)):+03d}"


if __name__ == "__main__":
    main()
