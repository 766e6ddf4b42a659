"""What keeps a course from working under JupyterHub, where each person is a user of the machine."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from traitlets.config import Config
from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

from autograder.nbgrader_plugin.configuration import NAME
from autograder.sandbox.judge.examination import Finding

LOADERS = ((".py", PyFileConfigLoader), (".json", JSONFileConfigLoader))
EXCHANGE_MODE = 0o777


def examine_hub(
    search_path: str | None = None,
    python: Path | None = None,
    folders: Iterable[Path] | None = None,
) -> list[Finding]:
    """Look at what each user's server needs, as the user who asks; run it as an ordinary one.

    Parameters
    ----------
    search_path : str, optional
        The PATH of a user's server; default: this process's.
    python : Path, optional
        The interpreter; default: this one.
    folders : iterable of Path, optional
        Where a user's settings are looked for; default: Jupyter's folders.
    """
    search_path = os.environ.get("PATH", "") if search_path is None else search_path
    places = map(Path, jupyter_config_path()) if folders is None else folders
    return [
        _alembic(search_path),
        _interpreter(python or Path(sys.executable)),
        _settings(list(places)),
    ]


def _alembic(search_path: str) -> Finding:
    found = shutil.which("alembic", path=search_path)
    scripts = Path(sys.executable).parent
    advice = (
        "nbgrader calls it by its name. In jupyterhub_config.py: "
        f'c.Spawner.environment = {{"PATH": "{scripts}:/usr/local/bin:/usr/bin:/bin"}}'
    )
    return Finding("alembic on the PATH", bool(found), found or "not found", advice)


def _interpreter(python: Path) -> Finding:
    closed = next(_closed(python), None)
    advice = "users' servers cannot start it: install Python and this environment outside a home, "
    advice += "e.g. in /opt, or let all read and enter that folder (chmod o+rx)"
    found = f"{closed} is closed to other users" if closed else f"{python}, open to all"
    return Finding("interpreter that all may use", closed is None, found, advice)


def _closed(python: Path) -> Iterator[Path]:
    """What on the way to an interpreter, and to what it is a link to, is not for everybody."""
    seen = python.absolute()
    while True:
        for folder in reversed(seen.parents):
            if folder.is_dir() and not folder.stat().st_mode & stat.S_IXOTH:
                yield folder
        if not seen.is_symlink():
            break
        seen = Path(os.path.normpath(seen.parent / os.readlink(seen)))
    if not seen.exists() or not seen.stat().st_mode & stat.S_IXOTH:
        yield seen


def _settings(folders: list[Path]) -> Finding:
    name = "nbgrader_config.py of each user"
    advice = (
        f"students' servers do not start in the course's folder: put {NAME}.py with "
        "c.CourseDirectory.course_id and c.Exchange.root (and, for instructors, "
        "c.CourseDirectory.root) into /etc/jupyter or into ~/.jupyter of everybody"
    )
    read = [(path, _read(path)) for path in _files(folders)]
    if not read:
        where = ", ".join(map(str, folders))
        return Finding(name, False, f"none in {where}", advice)
    merged = Config()
    for _, config in reversed(read):  # as Jupyter does: the first folder wins
        merged.merge(config)
    where = " and ".join(str(path) for path, _ in read)
    missing = [
        f"c.{section}.{trait}"
        for section, trait in (("CourseDirectory", "course_id"), ("Exchange", "root"))
        if not merged.get(section, {}).get(trait)
    ]
    if missing:
        return Finding(name, False, f"{where} does not set {' and '.join(missing)}", advice)
    exchange = Path(str(merged.Exchange.root))
    if not exchange.is_dir() or stat.S_IMODE(exchange.stat().st_mode) & 0o777 != EXCHANGE_MODE:
        make = f"mkdir -p {exchange} && chmod ugo+rwx {exchange}"
        return Finding(name, False, f"its exchange {exchange} is not there for all", make)
    return Finding(name, True, f"{where}, exchange {exchange}")


def _files(folders: list[Path]) -> Iterator[Path]:
    for folder in folders:
        for ending, _ in reversed(LOADERS):  # .json wins
            path = folder / f"{NAME}{ending}"
            if path.is_file() and os.access(path, os.R_OK):
                yield path


def _read(path: Path) -> Config:
    loader = dict(LOADERS)[path.suffix]
    try:
        return loader(path.name, path=str(path.parent)).load_config()
    except Exception:  # whatever a file of settings does when it runs: it sets nothing then
        return Config()
