"""The `autograder` command: build, verify, check, grade, coverage, doctor, demo.

Exit codes: 0 all is well; 1 the command ran and found something wrong (stale notebooks, an
exercise that fails its audit, a notebook short of full points, an ungraded submission); 2 it
could not run as asked (the message says what to do).
"""

from __future__ import annotations

import json
import sys
import webbrowser
from pathlib import Path
from typing import Any

import click
from rich.console import Console

import autograder.classroom  # noqa: F401  (first: it makes the start of all else faster)
from autograder import sandbox
from autograder.course.coverage import coverage as measure_coverage
from autograder.course.coverage import missing
from autograder.course.verify import audit, kill_table, summary
from autograder.judging import bank
from autograder.judging.mendable import Mendable
from autograder.pages.progress import progress

as_json = click.option("--json", "json_", is_flag=True, help="Print one JSON object on stdout.")
no_isolation = click.option(
    "--no-isolation",
    is_flag=True,
    help="Run learners' code with YOUR rights if this machine cannot isolate it.",
)
out = Console()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Chainrule's autograder: hidden checks that name the mistake, and a grader that is graded."""


@cli.command()
@click.argument("chapters", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; fail if a committed notebook is stale.")
@click.option(
    "--kit", type=click.Path(path_type=Path), help="Also write the student's kit of CHAPTERS."
)
@as_json
def build(chapters: tuple[str, ...], check: bool, kit: Path | None, json_: bool) -> None:
    """Build source, release and solved notebooks of CHAPTERS (default: all)."""
    from autograder.course import build as builder
    from autograder.course.student_kit import write_kit

    course = builder.locate()
    texts = [t for t in course.texts if not chapters or t.stem in chapters]
    if unknown := set(chapters) - {t.stem for t in texts}:
        raise click.UsageError(f"no chapter {', '.join(sorted(unknown))} in course/chapters")
    found: list[Path] = []
    with progress("checking" if check else "building", len(texts)) as advance:
        for text in texts:
            step = builder.stale if check else builder.build_chapter
            found += step(course, text)
            advance(text.stem)
    if kit is not None and not check:
        found.append(write_kit(course, kit, [text.stem for text in texts]))
    names = [str(path) for path in found]
    word = "stale (run `autograder build`)" if check else "written"
    _say(
        json_,
        {word.split(maxsplit=1)[0]: names},
        [f"{word}: {n}" for n in names] or ["all up to date"],
    )
    sys.exit(1 if check and names else 0)


@cli.command()
@click.argument("slugs", nargs=-1)
@click.option("--seeds", default=3, show_default=True, help="Grading seeds to try per answer.")
@as_json
def verify(slugs: tuple[str, ...], seeds: int, json_: bool) -> None:
    """Audit the exercises SLUGS (default: all): grade the grader, write the kill table."""
    from autograder.course import build as builder

    exercises = [bank.find(s) for s in slugs] or [
        e for name in bank.chapters() for e in bank.chapter(name).values()
    ]
    audits = []
    with progress("auditing", len(exercises)) as advance:
        for exercise in exercises:
            audits.append(audit(exercise, range(seeds)))
            advance(exercise.slug)
    facts = summary(audits)
    if not slugs:
        course = builder.locate()
        facts["problems"] += _notebook_problems(course)
        (course.root / "docs").mkdir(exist_ok=True)
        (course.root / "docs" / "kill-table.md").write_text(kill_table(audits), encoding="utf-8")
    _say(json_, facts, _verify_lines(facts))
    sys.exit(1 if facts["problems"] else 0)


@cli.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--report", type=click.Path(path_type=Path), help="Where to write the HTML report.")
@click.option("--seed", type=int, help="Repeat a grading with this seed.")
@click.option("--open", "open_", is_flag=True, help="Open the report in a browser.")
@no_isolation
@as_json
def check(
    notebook: Path,
    report: Path | None,
    seed: int | None,
    open_: bool,
    no_isolation: bool,
    json_: bool,
) -> None:
    """Grade one NOTEBOOK with all hidden checks and write an HTML report."""
    from autograder.course.one_file import grade_file
    from autograder.pages.report import notebook_page, outcome, write
    from autograder.submission.session import best_isolation, cap_own_memory

    cap_own_memory()
    receipt = grade_file(notebook, seed=seed, isolation=best_isolation(allow_none=no_isolation))
    page = write(
        report or notebook.with_suffix(".report.html"), notebook_page(receipt, notebook.stem)
    )
    lines = [
        f"{e['earned']:g}/{e['points']:g}  {slug}: {outcome(e)}"
        for slug, e in receipt.exercises.items()
    ]
    lines += [*receipt.repairs, *receipt.flags]
    lines += [f"{receipt.earned:g} of {receipt.points:g} points", f"report: {page}"]
    facts = {
        "earned": receipt.earned,
        "points": receipt.points,
        "isolation": receipt.isolation,
        "seed": receipt.seed,
        "repairs": receipt.repairs,
        "flags": receipt.flags,
        "exercises": {
            slug: {k: e[k] for k in ("earned", "points", "checks", "mistakes")}
            for slug, e in receipt.exercises.items()
        },
        "report": str(page),
    }
    _say(json_, facts, lines)
    if open_:
        webbrowser.open(page.resolve().as_uri())
    sys.exit(0 if receipt.earned == receipt.points else 1)


@cli.command()
@click.argument("assignment", required=False)
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    metavar="RECEIPT",
    help="Grade one submission again, exactly as this receipt says, and compare.",
)
@click.option(
    "--course", type=click.Path(path_type=Path, exists=True), help="The nbgrader course's folder."
)
@click.option("--jobs", default=2, show_default=True, help="Submissions graded at a time.")
@click.option("--scheduler", help="Grade on this Dask cluster instead, e.g. tcp://host:8786.")
@click.option("--every-cell", is_flag=True, help="Run untouched experiment cells, too.")
@click.option("--feedback/--no-feedback", default=True, help="Write feedback pages.")
@no_isolation
@as_json
def grade(
    assignment: str | None, course: Path | None, replay: Path | None, json_: bool, **how: Any
) -> None:
    """Grade a class: every submission of ASSIGNMENT in submitted/, into nbgrader's gradebook.

    Works in this course, and in the folder of any other nbgrader course with Python notebooks.
    """
    if sys.platform == "win32":
        raise sandbox.IsolationUnavailable
    from autograder.classroom import processes

    if replay is None and how["scheduler"] is None:
        processes.make_ready()  # it takes as long as what is imported next
    from autograder.classroom.grade_class import How, grade_class
    from autograder.commands.class_table import facts, print_class
    from autograder.course import build as builder

    if replay is not None:
        _replay(replay, json_, allow_none=how["no_isolation"])
    if assignment is None:
        raise click.UsageError("which assignment? e.g. `autograder grade ch02_backprop`")
    root = course or builder.locate_nbgrader()
    text = root / "chapters" / f"{assignment}.py"
    if text.exists():
        builder.build_chapter(builder.Course(root.parent), text, execute=False)
    result = grade_class(root, assignment, How(**how))
    if json_:
        click.echo(json.dumps(facts(result), indent=2))
    else:
        print_class(result, out)
    sys.exit(0 if result.clean else 1)


def _replay(path: Path, json_: bool, *, allow_none: bool) -> None:
    from autograder.classroom.replay import replay as grade_again
    from autograder.submission.session import best_isolation

    found = grade_again(path, best_isolation(allow_none=allow_none))
    same = f"{found.student}: the same {found.now.earned:g} of {found.now.points:g} points"
    lines = found.differences or [f"{same}, and the same verdicts and outputs throughout"]
    _say(json_, {"student": found.student, "differences": found.differences}, lines)
    sys.exit(1 if found.differences else 0)


@cli.command()
@as_json
def doctor(json_: bool) -> None:
    """Say how safely learners' code can be graded on this machine, and what would mend it."""
    from autograder.commands.doctor import can_grade, examine, in_words

    findings = examine()
    _say(json_, {f.name: vars(f) for f in findings}, list(in_words(findings)))
    sys.exit(0 if can_grade(findings) else 1)


@cli.command()
@as_json
def coverage(json_: bool) -> None:
    """Count the syllabus's components, claims and errata that ran green in solutions/."""
    from autograder.course import build as builder

    course = builder.locate()
    syllabus, solutions = course.nbgrader_root / "syllabus.toml", course.root / "solutions"
    counts = measure_coverage(syllabus, solutions)
    lines = [
        f"{prefix}  " + "  ".join(f"{kind} {done}/{total}" for kind, (done, total) in kinds.items())
        for prefix, kinds in counts.items()
    ]
    for prefix, kinds in counts.items():
        if any(done for done, _ in kinds.values()):
            lines += [
                f"missing in {prefix}: {name}" for name in missing(syllabus, solutions, prefix)
            ]
    _say(json_, counts, lines)


@cli.command()
@click.option("--jobs", default=2, show_default=True, help="Submissions judged at a time.")
def demo(jobs: int) -> None:
    """Grade a sample class of the exemplar chapter, in the folder demo/."""
    from autograder.commands.demo import run_demo
    from autograder.course import build as builder

    sys.exit(run_demo(builder.locate(), out, jobs=jobs))


def main() -> None:
    """Run the command; what a user can mend is told in one line, without a traceback."""
    try:
        cli()
    except (Mendable, sandbox.IsolationUnavailable, sandbox.SandboxFailure) as problem:
        print(f"autograder: {problem}", file=sys.stderr)
        sys.exit(2)


def _notebook_problems(course: Any) -> list[str]:
    from autograder.course import build as builder
    from autograder.course.coverage import short_solutions

    stale = [str(path) for text in course.texts for path in builder.stale(course, text)]
    problems = [f"{path} is stale: run `autograder build`" for path in stale]
    return problems + short_solutions(course.root / "solutions")


def _verify_lines(facts: dict[str, Any]) -> list[str]:
    wrong, other = facts["misconceptions"], facts["variants"]
    return [
        f"{facts['exercises']} exercises, {facts['checks']} checks",
        f"misconceptions: {wrong['caught']} of {wrong['total']} caught, {wrong['named']} named",
        f"variants: {other['accepted']} of {other['total']} accepted",
        f"lazy answers: {facts['lazy']['rejected']} of {facts['lazy']['total']} earn nothing",
        *(f"PROBLEM {problem}" for problem in facts["problems"]),
    ]


def _say(json_: bool, facts: dict[str, Any], lines: list[str]) -> None:
    print(json.dumps(facts, indent=1) if json_ else "\n".join(lines))


if __name__ == "__main__":
    main()
