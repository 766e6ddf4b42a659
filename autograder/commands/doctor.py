"""`autograder doctor`: how safely learners' code can be graded on this machine."""

from __future__ import annotations

import sys

import click

from autograder.commands._options import as_json, say
from autograder.sandbox.judge.examination import can_grade, examine, in_words


@click.command()
@as_json
def command(json_: bool) -> None:
    """Say how safely learners' code can be graded on this machine, and what would mend it."""
    findings = examine()
    say(json_, {f.name: vars(f) for f in findings}, list(in_words(findings)))
    sys.exit(0 if can_grade(findings) else 1)
