"""Options that several commands have, and how all of them answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console

as_json = click.option("--json", "json_", is_flag=True, help="Print one JSON object on stdout.")
no_isolation = click.option(
    "--no-isolation",
    is_flag=True,
    help="Run learners' code with YOUR rights if this machine cannot isolate it.",
)
out = Console()


def say(json_: bool, facts: dict[str, Any], lines: Sequence[str]) -> None:
    """Print the facts as JSON, or the lines."""
    print(json.dumps(facts, indent=1) if json_ else "\n".join(lines))
