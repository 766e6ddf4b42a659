"""Works out what a learner's process may see: once for this machine, by paths alone."""

from __future__ import annotations

import functools
import importlib.util
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.judging import bank
from autograder.judging.content import FILE
from autograder.sandbox.protocol.view import View, reachable_by_others

SECRET_PACKAGES = ("autograder", "reference_impl")
LIBRARIES = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
SYSTEM_FOLDERS = (
    *(f"/usr/{name}" for name in (*LIBRARIES, "libexec", "share", "local/bin", "local/lib")),
    *(f"/{name}" for name in LIBRARIES),
)
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives", "/etc/localtime")


@functools.cache
def view() -> View:
    """The view on this machine with this interpreter."""
    secrets = secret_folders()
    links, folders = links_and_folders(readable_paths())
    granted, listable = without(folders, secrets)
    return View(
        links=links,
        folders=tuple(folders),
        masked=tuple(map(str, secrets)),
        granted=tuple(granted),
        listable=tuple(listable),
        reachable=all(reachable_by_others(Path(folder)) for folder in folders),
        forbidden=tuple(str(folder / name) for folder in secrets for name in ("__init__.py", FILE)),
    )


@functools.cache
def closed_to_others() -> str:
    """Something a learner's process has to read that another user than its owner may not, or ""."""
    packages = [path for folder in site_packages() for path in Path(folder).iterdir()]
    for path in (*map(Path, view().folders), *packages):
        wanted = 0o005 if path.is_dir() else 0o004
        if path.exists() and path.stat().st_mode & wanted != wanted:
            return str(path)
    return ""


@functools.cache
def site_packages() -> tuple[str, ...]:
    """The folders where this interpreter finds installed packages."""
    folders = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    folders += site.getsitepackages()
    return tuple(dict.fromkeys(folder for folder in folders if Path(folder).is_dir()))


@functools.cache
def readable_paths() -> tuple[str, ...]:
    """The interpreter, its packages, and the system's programs and libraries."""
    prefixes = dict.fromkeys([sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix])
    names = ("bin", "lib", "lib64", "pyvenv.cfg")
    own = [f"{prefix}/{name}" for prefix in prefixes if prefix != "/usr" for name in names]
    wanted = [*SYSTEM_FOLDERS, *SYSTEM_FILES, *own, *site_packages()]
    return tuple(dict.fromkeys(path for path in wanted if Path(path).exists()))


@functools.cache
def secret_folders() -> tuple[Path, ...]:
    """Where the checks and the answers lie: the course, this checkout, and any installed copy."""
    package = Path(__file__).resolve().parents[2]
    content = bank.content()
    found = [package, *(content.folders if content else ())]
    if any(Path(path).resolve() in package.parent.parents for path in readable_paths()):
        # Either site-packages, or a whole checkout among the system's own files.
        found += [package.parent / "course", package.parent / "solutions"]
    for name in SECRET_PACKAGES:
        spec = importlib.util.find_spec(name)
        locations = spec.submodule_search_locations if spec is not None else None
        found += [Path(location).resolve() for location in locations or ()]
        found += [Path(folder, name).resolve() for folder in site_packages()]
    return tuple(dict.fromkeys(folder for folder in found if folder.is_dir()))


def links_and_folders(paths: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Split paths into the symbolic links on the way to them and the real, outermost folders."""
    links: dict[str, str] = {}
    real: set[str] = set()
    for path in paths:
        for part in [*reversed(Path(path).parents), Path(path)]:
            if part.is_symlink() and part.resolve().exists():
                links[str(part.parent.resolve() / part.name)] = str(part.resolve())
        real.add(str(Path(path).resolve()))
    outermost = [p for p in sorted(real) if not any(str(q) in real for q in Path(p).parents)]
    inside = {p for p in links if any(str(q) in outermost for q in Path(p).parents)}
    return {p: target for p, target in links.items() if p not in inside}, outermost


def without(paths: Iterable[str], masked: Iterable[Path]) -> tuple[list[str], list[str]]:
    """Replace folders that hold something masked by their other entries, and list those folders.

    Landlock can only grant whole folders, so what is to be left out must not be below any.
    """
    hidden = {path.resolve() for path in masked}
    listable: list[str] = []

    def grants(path: Path) -> Iterator[str]:
        if path in hidden:
            return
        if not any(path in secret.parents for secret in hidden):
            yield str(path)
            return
        listable.append(str(path))
        for entry in path.iterdir():
            if not entry.is_symlink():  # what a link leads to is granted by its own path, or not
                yield from grants(entry)

    readable = [grant for path in paths for grant in grants(Path(path).resolve())]
    return readable, listable
