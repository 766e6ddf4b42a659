"""nbgrader's settings, read wherever nbgrader reads them: Jupyter's folders, then the course's."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from jupyter_core.application import JupyterApp
from nbgrader.apps import NbGrader
from traitlets.config import Application, Config
from traitlets.config.loader import ConfigFileNotFound

from autograder.judging.mendable import Mendable

NAME = "nbgrader_config"
"""With .py, or with .json, which wins."""


class BadConfiguration(Mendable):
    """A file of nbgrader's settings cannot be read."""


class _Reader(NbGrader):  # type: ignore[misc]
    """nbgrader's application, for the way it reads its settings and nothing else."""

    @property
    def config_file_paths(self) -> list[str]:
        here = os.getcwd()
        return [path for path in super().config_file_paths if path != here]


def configuration(root: Path) -> Config:
    """The settings for the course in `root`.

    Raises
    ------
    BadConfiguration
        If a file is neither Python nor JSON that can be read; the message says which.
    """
    if str(root.resolve()) not in sys.path:  # where nbgrader looks for a course's own plug-ins
        sys.path.append(str(root.resolve()))
    reader = _Reader(log_level=logging.CRITICAL, raise_config_file_errors=True)
    for folder, load in (
        ("Jupyter's folders", lambda: JupyterApp.load_config_file(reader, suppress_errors=False)),
        (str(root), lambda: Application.load_config_file(reader, NAME, path=str(root))),
    ):
        try:
            load()
        except ConfigFileNotFound:
            continue
        except Exception as problem:  # whatever a file of settings does when it runs
            raise BadConfiguration(
                f"{NAME} in {folder} cannot be read: {type(problem).__name__}: {problem}"
            ) from problem
    found = reader.config
    found.merge(Config({"CourseDirectory": {"root": str(root)}}))
    return found
