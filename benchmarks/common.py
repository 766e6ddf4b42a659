"""What the grading benchmarks share: timed commands, equal points, one line of JSON per figure."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = dict(os.environ)
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # of this process only: commands get what users have

from autograder.nbgrader_plugin import Nbgrader  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests" / "engine"))
SCRIPTS = Path(sys.executable).parent
PLAIN = 'c = get_config()\nc.CourseDirectory.course_id = "plain"\n'


@dataclass(frozen=True)
class Mode:
    """How thorough a benchmark is to be."""

    full: bool
    quick: bool

    def pick(self, quick: int, usual: int, full: int | None = None) -> int:
        if self.quick:
            return quick
        return full if self.full and full is not None else usual


def mode() -> Mode:
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true", help="all sizes; takes an hour")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it run at all?")
    return Mode(**vars(parser.parse_args()))


def report(**figures: object) -> None:
    print(json.dumps({**figures, "load": round(os.getloadavg()[0], 1)}), flush=True)


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def command(folder: Path, *words: str) -> float:
    """Run one of our environment's commands; return how many seconds it took."""
    path = f"{SCRIPTS}{os.pathsep}{ENVIRONMENT['PATH']}"
    start = time.perf_counter()
    done = subprocess.run(
        [str(SCRIPTS / words[0]), *words[1:]],
        cwd=folder, env={**ENVIRONMENT, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)} failed: {done.stderr[-2000:]}")
    return seconds


def ours(root: Path, assignment: str, jobs: int = 2) -> float:
    return command(root, "autograder", "grade", assignment, "--no-feedback", "--jobs", str(jobs))


def stock(root: Path, assignment: str, processes: int = 1) -> float:
    """nbgrader itself; of two processes each takes half of the class, by the names' last digit."""
    if processes == 1:
        return command(root, "nbgrader", "autograde", assignment)
    halves = ["*[02468]", "*[13579]"]
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(
            lambda half: command(root, "nbgrader", "autograde", assignment, f"--student={half}"),
            halves,
        ):
            pass
    return time.perf_counter() - start


def student(number: int) -> str:
    return f"s{number:05}"


def first(template: Path, place: Path, count: int) -> Path:
    """A copy of a course with the first `count` students' submissions."""
    shutil.copytree(template, place, ignore=shutil.ignore_patterns("submitted"))
    for number in range(count):
        name = student(number)
        shutil.copytree(template / "submitted" / name, place / "submitted" / name)
    return place


def assert_same_points(a: Path, b: Path, assignment: str) -> int:
    """Compare the points of the students that two courses share; return how many they are."""
    one, other = (Nbgrader(root).scores(assignment) for root in (a, b))
    shared = one.keys() & other.keys()
    assert shared, "nothing to compare"
    differing = [name for name in sorted(shared) if one[name] != other[name]]
    assert not differing, f"points differ: {differing}"
    return len(shared)


@dataclass(frozen=True)
class Rate:
    """Seconds of a command for a small and a large class."""

    few: int
    many: int
    seconds_few: float
    seconds_many: float

    @property
    def per_minute(self) -> float:
        """Submissions, the command's start included."""
        return 60 * self.many / self.seconds_many

    @property
    def seconds_each(self) -> float:
        """Of one more submission: the start cancels out."""
        return (self.seconds_many - self.seconds_few) / (self.many - self.few)


def rate(
    grade: Callable[[Path], float], template: Path, scratch: Path, few: int, many: int
) -> tuple[Rate, Path]:
    """Grade two classes with fresh gradebooks; also return the larger one's course."""
    seconds = []
    for count in (few, many):
        root = scratch / str(count)
        shutil.rmtree(root, ignore_errors=True)
        seconds.append(grade(first(template, root, count)))
        note(f"{scratch.name}: {count} submissions, {seconds[-1]:.1f} s")
    return Rate(few, many, *seconds), root
