"""`autograder build`: chapter texts to notebooks, executed solutions and students' kits."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.commands._options import as_json, in_course, say
from autograder.course import build as builder
from autograder.course.chapter_table import stale_table, write_table
from autograder.course.student_kit import write_kit
from autograder.pages.progress import progress


@click.command()
@click.argument("chapters", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; fail if a committed file is stale.")
@click.option(
    "--kit", type=click.Path(path_type=Path), help="Also write the student's kit of CHAPTERS."
)
@in_course
@as_json
def command(chapters: tuple[str, ...], check: bool, kit: Path | None, json_: bool) -> None:
    """Build source, release and solved notebooks of CHAPTERS and projects (default: all)."""
    course = builder.locate()
    if not course.texts:
        raise click.UsageError(f"{course.root} has no chapter: autograder new chapter ch01_topic")
    texts = [t for t in course.texts if not chapters or t.stem in chapters]
    if unknown := set(chapters) - {t.stem for t in texts}:
        listed = ", ".join(sorted(unknown))
        raise click.UsageError(f"no {listed} in course/chapters or course/projects")
    found: list[Path] = []
    with progress("checking" if check else "building", len(texts)) as advance:
        for text in texts:
            step = builder.stale if check else builder.build_chapter
            found += step(course, text)
            advance(text.stem)
    for page in [] if chapters else course.pages:
        found += builder.stale_page(course, page) if check else builder.build_page(course, page)
    readme = course.root / "README.md"
    found += stale_table(readme) if check else write_table(readme)
    if kit is not None and not check:
        found.append(write_kit(course, kit, [text.stem for text in texts]))
    names = [str(path) for path in found]
    word = "stale (run `autograder build`)" if check else "written"
    lines = [f"{word}: {name}" for name in names] or ["all up to date"]
    say(json_, {word.split(maxsplit=1)[0]: names}, lines)
    sys.exit(1 if check and names else 0)
