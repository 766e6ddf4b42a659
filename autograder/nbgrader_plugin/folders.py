"""The folders of a submission: what was handed in, and what is kept of the graded version."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files
from traitlets.config import Config

from autograder.nbgrader_plugin.autograde import Graded

MAX_BYTES = 256 * 2**20


class Refused(ValueError):
    """What a student handed in cannot be graded as it is; the message says what to do."""


@dataclass(frozen=True)
class Folders:
    """Where nbgrader keeps the submissions of one assignment."""

    course: CourseDirectory
    config: Config
    assignment: str

    def submitted(self, student: str) -> Path:
        return self._path(self.course.submitted_directory, student)

    def autograded(self, student: str) -> Path:
        return self._path(self.course.autograded_directory, student)

    def feedback(self, student: str) -> Path:
        return self._path(self.course.feedback_directory, student)

    def timestamp(self, student: str) -> Any:
        """When it was handed in, or None.

        Raises
        ------
        Refused
            If timestamp.txt says something else than a time.
        """
        folder = self.submitted(student)
        try:
            return self.course.get_existing_timestamp(str(folder))
        except (ValueError, OverflowError, OSError) as problem:
            raise Refused(
                f"{folder / 'timestamp.txt'} says no time that can be read ({problem}); "
                "mend it or delete it"
            ) from problem

    def handed_in(self, student: str) -> dict[str, bytes]:
        """Every file of a submission, by its relative path.

        Raises
        ------
        Refused
            If they are more than 256 MiB together, or if the folder is not the student's own.
        """
        folder = self.submitted(student)
        for place in (folder, folder.parent):
            if place.is_symlink():
                raise Refused(f"{place} is a link: put the files themselves there")
        files = list(_files(folder, self.course))
        if sum(path.stat().st_size for path in files) > MAX_BYTES:
            raise Refused(f"the files in {folder} are larger than 256 MiB together")
        return _contents(folder, files)

    def from_instructor(self) -> dict[str, bytes]:
        """The files next to the source notebooks, which take the place of students' versions."""
        folder = self._path(self.course.source_directory, ".")
        kept = Autograde(config=self.config).exclude_overwriting.get(self.assignment, [])
        found = _contents(folder, _files(folder, self.course))
        return {n: c for n, c in found.items() if n not in kept and not n.endswith(".ipynb")}

    def keep(
        self,
        student: str,
        files: Mapping[str, bytes],
        graded: Mapping[str, Graded],
        left_alone: Collection[str] = (),
    ) -> None:
        """Put a graded submission in the place of an earlier one, all of it or nothing.

        `left_alone` are notebooks whose earlier versions stay.
        """
        place = self.autograded(student)
        scratch = place.with_name(f".{place.name}.new")
        shutil.rmtree(scratch, ignore_errors=True)
        earlier = [p for name in left_alone if (p := place / f"{name}.ipynb").exists()]
        notebooks = {path.name: path.read_bytes() for path in earlier}
        notebooks |= {f"{name}.ipynb": g.notebook.encode() for name, g in graded.items()}
        # A notebook that the assignment does not have would stop nbgrader's feedback.
        files = {n: c for n, c in files.items() if "/" in n or not n.endswith(".ipynb")}
        mode = int(str(Autograde(coursedir=self.course, config=self.config).permissions), 8)
        for name, content in {**files, **notebooks}.items():
            path = scratch / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(mode)
        shutil.rmtree(place, ignore_errors=True)
        os.replace(scratch, place)

    def _path(self, step: str, student: str) -> Path:
        return Path(self.course.format_path(step, student, self.assignment))


def digest_of(files: Mapping[str, bytes]) -> str:
    """A digest of files by name and content."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(os.fsencode(name) + f"\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()


def _files(folder: Path, course: CourseDirectory) -> Iterator[Path]:
    """Its files but those that nbgrader is told to ignore; links out of the folder are not kept."""
    real = folder.resolve()
    for name in find_all_files(str(folder), course.ignore):
        if real in Path(name).resolve().parents and Path(name).is_file():
            yield Path(name)


def _contents(folder: Path, files: Iterable[Path]) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
