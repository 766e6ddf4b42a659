"""Does a larger class cost more per submission, or more memory? 10 to 10,000 tiny notebooks.

Draws benchmarks/grading_scaling.png. Memory is the peak of the main process, which reads, records
and hands out work; the two workers are as large for any class.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from common import ENVIRONMENT, PLAIN, command, mode, note, report, student
from nbformat.v4 import new_code_cell, new_notebook

FIGURE = Path(__file__).with_name("grading_scaling.png")
ASSIGNMENT = "tiny"
BLUE, ORANGE = "#0072B2", "#D55E00"
WATCHED = """
import atexit, re
from autograder.commands import main
peak = lambda: re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]
atexit.register(lambda: print("peak", peak()))
main()
"""


def make(root: Path, count: int) -> Path:
    """A course with one function and one test; a class of right answers."""
    answer = new_code_cell(
        "def f(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    )
    test = new_code_cell("assert f(3) == 6")
    for cell, name in ((answer, "f"), (test, "test_f")):
        cell.metadata.nbgrader = {
            "schema_version": 3, "grade_id": name, "solution": name == "f", "task": False,
            "locked": name != "f", "grade": name != "f", "points": 1,
        }  # fmt: skip
    place = root / "source" / ASSIGNMENT / "tiny.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=[answer, test]), place)
    (root / "nbgrader_config.py").write_text(PLAIN)
    command(root, "nbgrader", "generate_assignment", ASSIGNMENT, "--create")
    released = nbformat.read(root / "release" / ASSIGNMENT / "tiny.ipynb", as_version=4)
    released.cells[0].source = "def f(x):\n    return 2 * x"
    text = nbformat.writes(released)
    for number in range(count):
        folder = root / "submitted" / student(number) / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_text(text)
    return root


def grade(root: Path) -> tuple[float, float]:
    """Seconds and MiB of one run."""
    words = ["grade", ASSIGNMENT, "--no-feedback", "--jobs", "2", "--json"]
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *words],
        cwd=root, env=ENVIRONMENT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return time.perf_counter() - start, int(done.stdout.split()[-1]) / 1024


def draw(found: dict[int, tuple[float, float]]) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained")
    labels = (
        "milliseconds per submission,\nstart included",
        "peak memory of the main process, MiB",
    )
    for column, (axes, label, colour) in enumerate(
        zip(panels, labels, (BLUE, ORANGE), strict=True)
    ):
        axes.plot(list(found), [values[column] for values in found.values()], "o-", color=colour)
        axes.set(xscale="log", xlabel="submissions", ylabel=label, ylim=(0, None))
        axes.set_xticks(list(found), [f"{count:,}" for count in found])
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    figure.suptitle(
        f"autograder grade --no-feedback --jobs 2, tiny notebooks, {os.cpu_count()} cores"
    )
    figure.savefig(FIGURE, dpi=110)


def main() -> None:
    chosen = mode()
    found = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for count in [10, 100, 1000, 10_000][: chosen.pick(2, 3, 4)]:
            seconds, peak = grade(make(Path(folder) / str(count), count))
            found[count] = (1000 * seconds / count, peak)
            note(f"{count} submissions: {seconds:.1f} s, {peak:.0f} MiB")
    sizes = sorted(found)
    report(
        name="grading_scaling",
        ms_per_submission={count: round(ms, 1) for count, (ms, _) in found.items()},
        main_process_mib={count: round(peak) for count, (_, peak) in found.items()},
        memory_growth=round(found[sizes[-1]][1] / found[sizes[0]][1], 2),
    )
    if not chosen.quick:
        draw(found)


if __name__ == "__main__":
    main()
