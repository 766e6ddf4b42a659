"""What the judge tells a new learner process before it is sealed: the level, paths and limits."""

from __future__ import annotations

import dataclasses
import enum
import functools
import importlib.util
import json
import site
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from .limits import Limits

SECRET_PACKAGES = ("autograder", "reference_impl")
LIBRARIES = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
SYSTEM_FOLDERS = (
    *(f"/usr/{name}" for name in (*LIBRARIES, "libexec", "share", "local/bin", "local/lib")),
    *(f"/{name}" for name in LIBRARIES),
)
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives", "/etc/localtime")


class Isolation(enum.Enum):
    """How a learner process is kept away from everything else, strongest first."""

    NAMESPACES = "namespaces"
    """Its own file system, process table and network (user namespaces, or root)."""
    LANDLOCK = "landlock"
    """The kernel refuses every file, connection and process not on a list (unprivileged)."""
    NONE = "none"
    """Resource limits only: the code can read and change what the judge can."""


@dataclass(frozen=True)
class Plan:
    """Everything the launcher needs; crosses to it as JSON, before msgpack can be imported."""

    isolation: Isolation
    limits: Limits
    sandbox: str
    """The folder of this package's own modules: the only code of ours the child may read."""
    package: str | None
    """A folder to put first on the learner's `sys.path`."""
    site_packages: tuple[str, ...]
    readable: tuple[str, ...]
    """Absolute paths to show read-only, outermost only, symbolic links not resolved."""
    masked: tuple[str, ...]
    """Real paths inside the readable ones that must not be seen."""
    forbidden: tuple[str, ...]
    """Files that must be unreadable after sealing; the child makes sure of it."""
    probe: bool = False
    """Seal, say so, and stop: used to find out what this machine offers."""

    def to_json(self) -> bytes:
        fields = dataclasses.asdict(self) | {"isolation": self.isolation.value}
        return json.dumps(fields).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Plan:
        fields = json.loads(data)
        fields["isolation"] = Isolation(fields["isolation"])
        fields["limits"] = Limits(**fields["limits"])
        for name in ("site_packages", "readable", "masked", "forbidden"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


def make_plan(
    isolation: Isolation, limits: Limits, package: Path | None, probe: bool = False
) -> Plan:
    """Describe the process to start on this machine with this interpreter."""
    secrets = secret_folders()
    return Plan(
        isolation=isolation,
        limits=limits,
        sandbox=str(Path(__file__).resolve().parent),
        package=None if package is None else str(package.resolve()),
        site_packages=site_packages(),
        readable=readable_paths(),
        masked=tuple(str(folder) for folder in secrets),
        forbidden=tuple(str(folder / "__init__.py") for folder in secrets),
        probe=probe,
    )


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
    """Where the checks and the reference answers lie: this checkout, and any installed copy."""
    package = Path(__file__).resolve().parents[1]
    found = [package]
    if any(Path(path).resolve() in package.parent.parents for path in readable_paths()):
        # Either site-packages, or a whole checkout among the system's own files.
        found += [package.parent / "course", package.parent / "solutions"]
    for name in SECRET_PACKAGES:
        spec = importlib.util.find_spec(name)
        locations = spec.submodule_search_locations if spec is not None else None
        found += [Path(location).resolve() for location in locations or ()]
        found += [Path(folder, name).resolve() for folder in site_packages()]
    return tuple(dict.fromkeys(folder for folder in found if folder.is_dir()))
