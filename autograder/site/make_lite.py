"""`make lite`: notebooks and kit as a site that needs no server, by JupyterLite and Pyodide."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Collection
from pathlib import Path

import click

from autograder.course.build import Course, locate
from autograder.course.student_kit import write_kit
from autograder.site.browser_notebooks import write_notebooks

EXTRA_WHEELS = ("comm==0.2.3",)
"""Asked of the package index by the kernel at its start, unless the site has it."""


@click.command()
@click.argument("names", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/site/lite"))
@click.option("--tools", type=click.Path(path_type=Path), default=Path("build/lite-venv/bin"))
@click.option("--pyodide", type=click.Path(path_type=Path, exists=True, file_okay=False))
def main(names: tuple[str, ...], out: Path, tools: Path, pyodide: Path | None) -> None:
    """Build the browser edition of NAMES (default: all chapters and projects).

    Python and NumPy come from Pyodide's public address, or with --pyodide from a copy of that
    folder, for schools without internet.
    """
    course = locate()
    chosen = names or tuple(text.stem for text in course.texts)
    make_lite(course, out, chosen, tools, pyodide)


def make_lite(
    course: Course, out: Path, names: Collection[str], tools: Path, pyodide: Path | None = None
) -> None:
    """Write the browser edition into `out`; what it is made of lies in `lite-src` above it."""
    work = out.absolute().parents[1] / "lite-src"
    for folder in (work, out):
        shutil.rmtree(folder, ignore_errors=True)
    packages = write_kit(course, work / "kit", names) / "packages"
    wheels = _wheels(tools, sorted(packages.iterdir()), work / "wheels")
    write_notebooks(course, names, work / "files")
    site = work / "site"
    site.mkdir()
    if pyodide:
        shutil.copytree(pyodide, site / "static" / "pyodide")
    asked = [part for wheel in wheels for part in ("--piplite-wheels", wheel)]
    what = ("--contents", work / "files", "--no-sourcemaps", *asked)
    _run(site, tools / "jupyter-lite", "build", "--output-dir", out.absolute(), *what)


def _wheels(tools: Path, packages: list[Path], folder: Path) -> list[Path]:
    how = ("--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    _run(folder.parent, tools / "pip", "wheel", *how, *packages, *EXTRA_WHEELS)
    return sorted(folder.glob("*.whl"))


def _run(where: Path, program: Path, *arguments: str | Path) -> None:
    """Run a tool; JupyterLite remembers what it has built in the folder where it runs."""
    command = [str(program.absolute()), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=where)
    if done.returncode:
        said = done.stdout[-2000:] + done.stderr[-2000:]
        raise click.ClickException(f"{program.name} failed:\n{said}")


if __name__ == "__main__":
    main()
