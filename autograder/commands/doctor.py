"""`autograder doctor`: how safely learners' code can be graded on this machine."""

from __future__ import annotations

import sys

import click

from autograder.commands._options import as_json, say
from autograder.sandbox.judge.examination import can_grade, examine, in_words, told

NOT_YET = "under JupyterHub this will not work yet; docs/jupyterhub.md shows a whole configuration"


@click.command()
@click.option("--hub", is_flag=True, help="Say what keeps a course from working under JupyterHub.")
@as_json
def command(hub: bool, json_: bool) -> None:
    """Say how safely learners' code can be graded on this machine, and what would mend it."""
    if hub:
        from autograder.nbgrader_plugin.hub import examine_hub

        findings = examine_hub()
        good = all(finding.there for finding in findings)
        lines = [*told(findings), "users' servers have what they need" if good else NOT_YET]
    else:
        findings = examine()
        good, lines = can_grade(findings), list(in_words(findings))
    say(json_, {f.name: vars(f) for f in findings}, lines)
    sys.exit(0 if good else 1)
