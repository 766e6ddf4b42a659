"""A grader to take along: what one assignment needs, as a package that other machines can install.

It holds hidden checks and references of that assignment, and no other's.
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from importlib.metadata import requires, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

import autograder
import reference_impl
from autograder.exports.grade import NotExported
from autograder.judging import bank
from autograder.submission.course_names import course_names
from autograder.submission.digests import files_of
from autograder.submission.seeds import assignment_seed
from autograder.submission.settings import course_settings

ROOMS = (
    "judging", "judging_hidden", "notebook", "student", "folder", "data", "figures", "sandbox",
    "submission", "pages", "exports",
)  # fmt: skip
LIBRARIES = (
    "numpy", "matplotlib", "ipython", "msgpack", "platformdirs", "nh3", "rich", "jinja2",
)  # fmt: skip
"""Of ours; nbformat comes without the rest of Jupyter."""
PACKAGE = Path(autograder.__file__).parent
EXECUTABLE = 0o755 << 16
A_DAY = (1980, 1, 1, 0, 0, 0)
"""In zips, so that the same grader gives the same file."""


def write_gradescope(course: Path, assignment: str, path: Path) -> Path:
    """Write the zip that Gradescope wants: setup.sh, run_autograder, and the grader.

    Raises
    ------
    NotExported
        If the assignment is none of our chapters, or not built.
    """
    names = course_names(course, assignment)
    facts = {"seed": assignment_seed(course, assignment), **_facts(course, assignment)}
    parts = _parts(course, assignment) | {"assignment/facts.json": json.dumps(facts)}
    if names.named:
        parts["assignment/names.json"] = names.as_json()
    scripts = {name: _skeleton(name) for name in ("setup.sh", "run_autograder")}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as out:
        for name, part in sorted({**scripts, **parts}.items()):
            entry = zipfile.ZipInfo(name, A_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = EXECUTABLE if name in scripts else 0o644 << 16
            out.writestr(entry, part)
    path.write_bytes(content.getvalue())
    return path


def write_classroom50(course: Path, assignment: str, folder: Path) -> Path:
    """Write what goes to CLASSROOM/autograders/ASSIGNMENT: autograder.py and the grader.

    Classroom 50 publishes that folder, so the class's seed and what students wrote stay here; each
    grading there draws a seed of its own.

    Raises
    ------
    NotExported
        As above, or if the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "assignment").is_dir():
        raise NotExported(f"{folder} is not empty and no such export: name a new folder")
    parts = _parts(course, assignment)
    parts["assignment/facts.json"] = json.dumps(_facts(course, assignment))
    parts["autograder.py"] = _skeleton("autograder.py")
    for part in ("assignment", "grader"):
        shutil.rmtree(folder / part, ignore_errors=True)
    for name, text in parts.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def _facts(course: Path, assignment: str) -> dict[str, Any]:
    settings = course_settings(course)
    kept = ("partial_credit", "notebook_seconds", "memory_gib")
    return {"assignment": assignment, **{name: getattr(settings, name) for name in kept}}


def _parts(course: Path, assignment: str) -> dict[str, str | bytes]:
    """The released notebook, and the package that grades it."""
    release = course / "release" / assignment / f"{assignment}.ipynb"
    if assignment not in bank.chapters() or not release.exists():
        raise NotExported(
            f"{assignment} is no chapter of this course that was built: a bundle needs "
            f"{release} and exercises in the bank"
        )
    toml = {"version": version("chainrule"), "dependencies": json.dumps(_dependencies())}
    found = {f"grader/{name}": text for name, text in _package(assignment)}
    found["grader/pyproject.toml"] = _skeleton("pyproject.toml", **toml).encode()
    return {"assignment/release.ipynb": release.read_bytes(), **found}


def _package(assignment: str) -> Iterator[tuple[str, bytes]]:
    """The rooms that grade, and of the bank what this assignment's exercises are built on."""
    root = PACKAGE.parent
    answers = Path(reference_impl.__file__).parent
    wanted = {PACKAGE / "__init__.py", PACKAGE / "exercises" / "__init__.py"}
    for exercise in bank.chapter(assignment).values():
        wanted |= files_of(exercise)
    for room in ROOMS:
        inside = (path for path in (PACKAGE / room).rglob("*") if path.is_file())
        wanted |= {path for path in inside if "__pycache__" not in path.parts}
    for path in list(wanted):
        above = (folder / "__init__.py" for folder in path.parents)
        wanted |= {p for p in above if p.exists() and root in p.parents}
    for path in sorted(wanted):
        base = answers.parent if answers in path.parents else root
        yield path.relative_to(base).as_posix(), path.read_bytes()


def _dependencies() -> list[str]:
    """What we ask for ourselves, as far as grading needs it."""
    ours = [line for line in requires("chainrule") or () if "extra ==" not in line]
    wanted = [line for line in ours if line.startswith(LIBRARIES)]
    return [*wanted, "nbformat>=5.10"]


def _skeleton(name: str, **facts: Any) -> str:
    if not facts:
        return files("autograder.exports").joinpath("skeletons", name).read_text("utf-8")
    environment = Environment(
        loader=PackageLoader("autograder.exports", "skeletons"), undefined=StrictUndefined
    )
    return environment.get_template(f"{name}.j2").render(facts)
