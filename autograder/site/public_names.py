"""The pages of public names: the author's words, and every function of the reference."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re

import reference_impl

WORDS: dict[str, tuple[str, ...]] = {
    "An exercise": ("autograder.judging.exercise", "autograder.judging.learner"),
    "What a check compares": (
        "autograder.judging.compare",
        "autograder.judging.purity",
        "autograder.judging.calls",
        "autograder.judging_hidden.gradcheck",
        "autograder.judging_hidden.chance",
        "autograder.judging_hidden.trainings",
    ),
    "Kinds of exercises": (
        "autograder.judging.quiz",
        "autograder.judging.hunt",
        "autograder.judging.budget",
        "autograder.judging.bowl",
        "autograder.judging.travel",
    ),
    "In a notebook": ("autograder.student", "autograder.figures", "autograder.data"),
}
"""The modules that an exercise or a chapter may import, by what they are for."""

_CODE = re.compile(r"^(\S.*):\n(\n {4})", re.MULTILINE)


def words() -> dict[str, list[tuple[str, str]]]:
    """For each part of the page its modules, each with its public names in the file's order."""
    return {
        title: [(name, ", ".join(public_names(name))) for name in modules]
        for title, modules in WORDS.items()
    }


def functions() -> list[tuple[str, str]]:
    """The reference's modules and packages, each with its public names."""
    found = pkgutil.iter_modules(reference_impl.__path__, "reference_impl.")
    return [(module.name, ", ".join(public_names(module.name))) for module in found]


def public_names(module_name: str) -> list[str]:
    """The documented functions and classes that a module has defined, or that it hands on."""
    module = importlib.import_module(module_name)
    own = getattr(module, "__all__", None) or [
        name for name in vars(module) if not name.startswith("_") and _is_own(module, name)
    ]
    return [name for name in own if inspect.getdoc(getattr(module, name))]


def as_written(
    app: object, what: str, name: str, it: object, options: object, lines: list[str]
) -> None:
    """Our docstrings are plain text, |x| an absolute value; code is indented."""
    text = _CODE.sub(r"\1::\n\2", "\n".join(lines))
    lines[:] = [line if line.startswith(">>>") else _escaped(line) for line in text.split("\n")]


def _escaped(line: str) -> str:
    """The line, whose bars stand for nothing else; those in code are left."""
    parts = line.split("`")
    parts[::2] = [part.replace("|", r"\|") for part in parts[::2]]
    return "`".join(parts)


def _is_own(module: object, name: str) -> bool:
    value = getattr(module, name)
    home = str(getattr(value, "__module__", ""))
    return (inspect.isroutine(value) or inspect.isclass(value)) and home.startswith(
        str(vars(module)["__name__"])
    )
