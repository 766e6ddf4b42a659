"""`autograder watch NOTEBOOK`: graded again at every save, in a terminal beside JupyterLab."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import click

from autograder.commands._options import no_isolation
from autograder.commands.check import report_on
from autograder.submission.session import best_isolation

PAUSE = 0.5


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--once", is_flag=True, help="Wait for one save only.")
@no_isolation
def command(notebook: Path, once: bool, no_isolation: bool) -> None:
    """Grade NOTEBOOK at every save, until Ctrl-C."""
    isolation = partial(best_isolation, allow_none=no_isolation)
    seen = 0.0 if not once else _saved(notebook)
    click.echo(f"watching {notebook}; save it to have it checked, Ctrl-C ends")
    try:
        while True:
            if (saved := _saved(notebook)) != seen:
                seen = saved
                click.echo("\n".join(report_on(notebook, isolation)[1]))
                if once:
                    return
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        click.echo()


def _saved(notebook: Path) -> float:
    return notebook.stat().st_mtime if notebook.exists() else 0.0
