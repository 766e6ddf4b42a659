"""The tree keeps its shape: rooms are folders, imports go one way, each library has one door."""

import ast
from functools import cache
from pathlib import Path

import pytest

from autograder.classroom import processes
from autograder.course.student_kit import SHIPPED_ROOMS

ROOT = Path(__file__).resolve().parents[1]
FLOORS = (
    ("reference_impl",),
    ("autograder.judging", "autograder.notebook", "autograder.data", "autograder.figures"),
    ("autograder.judging_hidden", "autograder.student", "autograder.folder"),
    ("autograder.exercises",),
    ("autograder.sandbox",),
    ("autograder.submission",),
    ("autograder.pages", "autograder.exports"),
    ("autograder.nbgrader_plugin",),
    ("autograder.course",),
    ("autograder.site",),
    ("autograder.desk",),
    ("autograder.classroom",),
    ("autograder.commands",),
)
"""From the ground up: a room imports from its own floor and from those below."""
SANDBOX_FLOORS = ("protocol", "seal", "inside", "keeper", "judge")
WITHOUT_A_FLOOR = {"autograder/__init__.py", "autograder/__main__.py"}
"""Doors: one hands `check` to notebooks, the other is the command."""
LEARNERS_SIDE = ("protocol", "seal", "inside", "keeper")
ONE_DOOR = {
    "nbgrader": "nbgrader_plugin",
    "distributed": "classroom",
    "nh3": "pages",
    "sphinx": "site",
}


@cache
def imported(path):
    """Every module that a file imports, wherever in it; a name of a package counts as one, too."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{path}: a relative import hides where it leads"
            found.append(node.module)
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def files(*parts):
    return sorted(ROOT.joinpath(*parts).rglob("*.py"))


def floor(module):
    """The number of a module's floor, or None if it is not one of ours."""
    for number, rooms in enumerate(FLOORS):
        if any(module == room or module.startswith(f"{room}.") for room in rooms):
            return number
    return None


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


OURS = [*files("autograder"), *files("reference_impl")]


def test_every_file_of_ours_is_in_a_room():
    """There is no module between the rooms, and no room without a floor."""
    homeless = {
        path.relative_to(ROOT).as_posix() for path in OURS if floor(module_of(path)) is None
    }
    assert homeless == WITHOUT_A_FLOOR


def test_nothing_imports_upward():
    """Data flows one way, through the whole house."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in OURS
        if (own := floor(module_of(path))) is not None
        for name in imported(path)
        if (floor(name) or 0) > own
    ]
    assert wrong == []


def test_the_sandbox_has_floors_of_its_own():
    """Protocol below the seal, that below what is inside, that below keepers, our side on top."""
    for path in files("autograder", "sandbox"):
        rooms = path.relative_to(ROOT / "autograder" / "sandbox").parts
        own = SANDBOX_FLOORS.index(rooms[0]) if rooms[0] in SANDBOX_FLOORS else len(SANDBOX_FLOORS)
        for name in imported(path):
            parts = name.split(".")
            if parts[:2] == ["autograder", "sandbox"] and len(parts) > 2:
                assert SANDBOX_FLOORS.index(parts[2]) <= own, (path, name)


@pytest.mark.parametrize("room", SHIPPED_ROOMS)
def test_what_ships_needs_nothing_that_does_not(room):
    """A student's kit is whole: its rooms import each other, exercises and public libraries."""
    allowed = tuple(f"autograder.{name}" for name in (*SHIPPED_ROOMS, "exercises"))
    for path in files("autograder", room):
        for name in imported(path):
            assert not name.startswith("reference_impl"), path
            assert (
                name == "autograder"
                or not name.startswith("autograder.")
                or (name.startswith(allowed))
            ), (path, name)


def test_judging_knows_no_course():
    """Authors' words and the judge name neither an exercise nor an answer; the bank finds them."""
    for path in [*files("autograder", "judging"), *files("autograder", "judging_hidden")]:
        for name in imported(path):
            assert not name.startswith(("autograder.exercises.", "reference_impl")), (path, name)


def test_what_enters_the_jail_knows_nothing_of_ours_but_the_protocol():
    """Whatever a warm process holds in memory, learners' processes hold, too."""
    for room in LEARNERS_SIDE:
        for path in files("autograder", "sandbox", room):
            for name in imported(path):
                assert not name.startswith("reference_impl")
                assert not name.startswith("autograder.") or name.split(".")[1] == "sandbox", path


@pytest.mark.parametrize(("library", "room"), ONE_DOOR.items())
def test_each_library_has_one_door(library, room):
    """What may be exchanged one day is imported in one room only."""
    found = {
        path.relative_to(ROOT / "autograder").parts[0]
        for path in files("autograder")
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert found == {room}


def test_the_reference_stands_alone():
    """reference_impl imports nothing of ours outside itself, and only NumPy from elsewhere."""
    standard = {"collections", "functools", "inspect", "itertools", "math", "typing"}
    allowed = {"numpy", "reference_impl", *standard}
    for path in files("reference_impl"):
        assert {module.split(".")[0] for module in imported(path)} <= allowed, path


def test_modules_have_names_of_their_own():
    """Two files of one name in two rooms are mistaken for each other; `build` is a command's."""
    rooms = [path for path in files("autograder") if "exercises" not in path.parts]
    names = [path.stem for path in rooms if path.parent.name != "commands"]
    twice = {name for name in names if names.count(name) > 1} - {"__init__"}
    assert twice == set()


def test_what_workers_find_imported_is_there():
    """A wrong name would go unnoticed: multiprocessing skips what it cannot import."""
    assert processes.IMPORTED
    for name in processes.IMPORTED:
        assert (ROOT / f"{name.replace('.', '/')}.py").is_file(), name


def test_files_stay_small():
    """A room with one purpose has fewer than 400 lines; prose and reference modules may be long."""
    for path in [*files("autograder"), *files("tests")]:
        assert len(path.read_text().splitlines()) < 400, path
