"""Builds the grading host and tries in it what docs/web.md promises: `make container-test`.

    python3 container/try_it.py [BASE]

Everything runs as it would for a class, without network: `doctor` under each set of flags that it
advises, the demo, attacks, a class on a mounted folder whose gradebook is read outside.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from daemon import LABEL, Docker, Trouble, docker
from image import ROOT, build, layers, megabytes

USER = 1000
MOST_MEGABYTES = 600
CHAPTER = "ch02_backprop"
STUDENTS = ("ada", "ben", "dan")
"""Of the demo's class: all right, some mistakes, nothing."""
ATTACKS = (
    "becomes_root", "forged_verdicts", "imports_hidden_checks", "kills_everything", "network",
    "reads_other_students", "searches_the_disk", "starts_programs", "writes_outside",
)  # fmt: skip
AS_IN_COMPOSE = (
    "--read-only", "--tmpfs=/tmp", f"--tmpfs=/home/grader:uid={USER}", "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
)  # fmt: skip
SCORES = """
SELECT submitted.student_id, SUM(COALESCE(grade.auto_score, 0)), SUM(cell.max_score)
FROM grade JOIN grade_cells cell ON cell.id = grade.cell_id
JOIN submitted_notebook notebook ON notebook.id = grade.notebook_id
JOIN submitted_assignment submitted ON submitted.id = notebook.assignment_id GROUP BY 1"""


class Trial:
    """The image, and a folder for what its containers leave."""

    def __init__(self, docker: Docker, image: str, place: Path) -> None:
        self.docker, self.image, self.place = docker, image, place

    def run(
        self, *arguments: str, flags: tuple[str, ...] = (), allowed: tuple[int, ...] = (0,)
    ) -> str:
        """Run `autograder` (or what the flags put in its place) in a new container."""
        label = f"--label={LABEL}={os.getpid()}"
        command = ("run", "--rm", label, "--network=none", *flags, self.image, *arguments)
        return self.docker(*command, allowed=allowed)

    def folder(self, name: str) -> Path:
        """A folder that the container's user may write to."""
        made = self.place / name
        made.mkdir()
        made.chmod(0o777)
        return made

    def open_all(self) -> None:
        """Let whoever runs this remove what the containers' users have written."""
        as_root = ("--user=0", "--entrypoint=chmod", f"--volume={self.place}:/place")
        self.run("-R", "a+rwX", "/place", flags=as_root)

    def demo(self) -> Path:
        """The sample class; returns its course."""
        made = self.folder("demo")
        said = self.run("demo", flags=(f"--volume={made}:/opt/chainrule/demo",))
        expect(
            "14 graded" in said and " 0 failed" in said, "the demo did not grade its class", said
        )
        return made / "course"

    def attacks(self) -> None:
        """Scenarios of the tests', which are not in the image, with what must come of them."""
        flags = (f"--volume={ROOT}/tests:/tests:ro", "--env=PYTHONPATH=/opt/chainrule")
        chosen = " or ".join(f"hostile-{name}" for name in ATTACKS)
        alone = ("--noconftest", "-p", "no:cacheprovider", "-W", "ignore", "-k", chosen)
        tests = ("-m", "pytest", "-q", *alone, "/tests/test_scenarios.py")
        said = self.run(*tests, flags=(*flags, "--entrypoint=python"))
        expect("passed" in said and "failed" not in said, "an attack succeeded", said)

    def doctor(self, flags: tuple[str, ...]) -> dict[str, dict[str, object]]:
        found = json.loads(self.run("doctor", "--json", flags=flags, allowed=(0, 1)))
        return {name: dict(finding) for name, finding in found.items()}

    def grade(self, demo: Path, name: str, flags: tuple[str, ...]) -> str:
        """Grade a class on a mounted folder, read its gradebook here; return the isolation."""
        course = self.folder(name)
        submitted = (f"submitted/{student}" for student in STUDENTS)
        for part in ("chapters", "source", "release", *submitted):
            shutil.copytree(demo / part, course / part)
        shutil.copy(demo / "nbgrader_config.py", course)
        for path in course.rglob("*"):
            path.chmod(0o777 if path.is_dir() else 0o666)
        self.run("grade", CHAPTER, flags=(*flags, f"--volume={course}:/class/course"))
        expect_grades(course)
        receipt = course / "receipts" / "ada" / CHAPTER / f"{CHAPTER}.json"
        return str(json.loads(receipt.read_text())["isolation"])


def expect(true: bool, otherwise: str, said: object = "") -> None:
    if not true:
        raise Trouble(f"{otherwise}\n{said}".strip())


def expect_grades(course: Path) -> None:
    """The gradebook holds full points, some and none; feedback and the class report are written."""
    with closing(sqlite3.connect(course / "gradebook.db")) as gradebook:
        rows = gradebook.execute(SCORES).fetchall()
    share = {student: earned / points for student, earned, points in rows}
    right = set(share) == set(STUDENTS) and share["ada"] == 1 > share["ben"] > share["dan"] == 0
    expect(right, "the gradebook holds other grades than these students earn", rows)
    pages = [course / "feedback" / student / CHAPTER / f"{CHAPTER}.html" for student in STUDENTS]
    for page in (*pages, course / "reports" / f"{CHAPTER}.html"):
        expect(page.exists(), f"{page} was not written")


def isolation(said: dict[str, dict[str, object]]) -> str:
    """What `doctor` finds, best first, as `grade` chooses."""
    return next((name for name in ("namespaces", "landlock") if said[name]["there"]), "none")


def try_flags(trial: Trial, demo: Path) -> None:
    """With each set of flags, `grade` does what `doctor` says; what it advises makes it true."""
    for user in (USER, 0):
        who = f"--user={user}"
        advice = str(trial.doctor((who,))["namespaces"]["advice"])
        advised = tuple(flag.replace(" ", "=") for flag in re.findall(r"--[a-z-]+ \S+", advice))
        expect(bool(advised), "doctor advises no flags in a container", advice)
        for name, flags in ("plain", (who,)), ("advised", (who, *advised)):
            with told(" ".join(flags)):
                said = isolation(trial.doctor(flags))
                used = trial.grade(demo, f"class-{name}-{user}", flags)
                expect(used == said, f"doctor says {said}, and grade uses {used}")
                print(said, end=", ")
        expect(said == "namespaces", f"what doctor advises does not give namespaces: {advice}")
    with told("as in compose.yaml"):
        print(trial.grade(demo, "compose", AS_IN_COMPOSE), end=", ")


@contextmanager
def told(what: str) -> Iterator[None]:
    """A line of progress, with the time it took."""
    print(f"{what}: ", end="", flush=True)
    before = time.monotonic()
    try:
        yield
    except BaseException:
        print("no")
        raise
    print(f"yes, {time.monotonic() - before:.0f} s", flush=True)


def try_all(docker: Docker, base: str, place: Path) -> None:
    with told("build the image"):
        trial = Trial(docker, build(docker, base, place), place)
    for size, made in layers(docker, trial.image):
        print(f"  {size:>8}  {made[:90]}")
    total = megabytes(docker, trial.image)
    expect(total < MOST_MEGABYTES, f"the image takes {total} MB, more than {MOST_MEGABYTES}")
    print(f"{total} MB in all")
    try:
        with told("the demo grades its class"):
            demo = trial.demo()
        with told(f"{len(ATTACKS)} attacks fail"):
            trial.attacks()
        try_flags(trial, demo)
    finally:
        if os.geteuid() != 0:
            trial.open_all()


def interrupt_once(number: int, frame: object) -> None:
    """Begin to clean up, and let no second Ctrl-C keep that from its end."""
    for known in (signal.SIGINT, signal.SIGTERM):
        signal.signal(known, signal.SIG_IGN)
    raise KeyboardInterrupt


def main(base: str = "") -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt_once)
    place = Path(tempfile.mkdtemp(prefix="chainrule-try-"))
    try:
        with docker(place / "daemon") as client:
            try_all(client, base, place)
    except Trouble as trouble:
        sys.exit(f"container-test: {trouble}")
    except KeyboardInterrupt:
        sys.exit("container-test: interrupted")
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main(*sys.argv[1:])
