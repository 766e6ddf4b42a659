"""The `autograder` command: one module for each of its commands.

Exit codes: 0 all is well; 1 the command ran and found something wrong (stale notebooks, an
exercise that fails its audit, a notebook short of full points, an ungraded submission); 2 it
could not run as asked (the message says what to do).
"""

from __future__ import annotations

import importlib
import io
import pkgutil
import sys

import click

import autograder.classroom  # noqa: F401  (first: it makes the start of all else faster)
from autograder import sandbox
from autograder.judging.mendable import Mendable
from autograder.sandbox.protocol.text import plain_text

NAMED = {"importing": "import"}
"""Modules whose command has a name that no module can have."""
MOST_CHARACTERS = 20_000
"""Of what is told in the end; nbgrader's messages are whole logs."""


class Commands(click.Group):
    """Each module beside this one is a command of its name; only the one that runs is imported."""

    def list_commands(self, context: click.Context) -> list[str]:
        names = (module.name for module in pkgutil.iter_modules(__path__))
        return sorted(NAMED.get(name, name) for name in names if not name.startswith("_"))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        module = {command: module for module, command in NAMED.items()}.get(name, name)
        command: click.Command = importlib.import_module(f"{__name__}.{module}").command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Chainrule's autograder: hidden checks that name the mistake, and a grader that is graded."""


def main() -> None:
    """Run the command; what a user can mend is told in one line, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows "?"
            stream.reconfigure(errors="replace")
    try:
        cli()
    except (Mendable, sandbox.IsolationUnavailable, sandbox.SandboxFailure) as problem:
        print(f"autograder: {plain_text(str(problem), MOST_CHARACTERS)}", file=sys.stderr)
        sys.exit(2)
