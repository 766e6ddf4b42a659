"""What grading costs above the students' own code, on an assignment like CS231n's.

Milliseconds per submission: the command with one worker (its start cancels out) minus the CPU time
of the notebook's cells, run plainly in one warm process with one BLAS thread, figures drawn as
Jupyter draws them; of two runs the quicker counts. That is measured before and after each run of
the command, for the machine is not always equally fast.
"""

from __future__ import annotations

import contextlib
import io
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

import nbformat
from common import assert_same_points, mode, note, ours, rate, report, stock
from cs231n import ASSIGNMENT, KINDS, NOTEBOOK, answered, make


def own_seconds(notebook: nbformat.NotebookNode) -> float:
    """CPU time of a notebook's code cells."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    start = time.process_time()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                exec(compile(cell.source, "cell", "exec"), namespace)
            draw_figures()
    return time.process_time() - start


def own_each(notebooks: list[nbformat.NotebookNode]) -> float:
    return statistics.mean(min(own_seconds(n) for _ in range(2)) for n in notebooks)


def draw_figures() -> None:
    from matplotlib import pyplot

    for number in pyplot.get_fignums():
        pyplot.figure(number).savefig(io.BytesIO(), format="png", bbox_inches="tight")
    pyplot.close("all")


def with_hidden_tests(root: Path, answers: dict[str, str]) -> nbformat.NotebookNode:
    """What is run when grading: the student's cells and the instructor's whole tests."""
    place = root / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook = nbformat.read(place, as_version=4)
    given = answered(root, answers)
    for cell, submitted in zip(notebook.cells, given.cells, strict=True):
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = submitted.source
    return notebook


def main() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    chosen = mode()
    kinds, repeats = len(KINDS), chosen.pick(2, 10)
    rounds = chosen.pick(1, 3)
    ours_each, stock_each, owns, compared = [], [], [], 0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        scratch = Path(folder)
        template = make(scratch / "course", kinds * repeats)
        notebooks = [with_hidden_tests(template, answers) for answers in KINDS]
        own_seconds(notebooks[0])
        for who in ("ours", "stock"):
            (scratch / who).mkdir()
        for _ in range(rounds):
            before = own_each(notebooks)
            one_worker = partial(ours, assignment=ASSIGNMENT, jobs=1)
            a, here = rate(one_worker, template, scratch / "ours", kinds, kinds * repeats)
            own = (before + own_each(notebooks)) / 2
            note(f"own CPU {own:.3f} s")
            owns.append(1000 * own)
            plain = partial(stock, assignment=ASSIGNMENT)
            b, there = rate(plain, template, scratch / "stock", kinds, 2 * kinds)
            ours_each.append(1000 * (a.seconds_each - own))
            stock_each.append(1000 * (b.seconds_each - own))
            compared += assert_same_points(here, there, ASSIGNMENT)
    report(
        name="grading_overhead_ms",
        value=round(statistics.median(ours_each), 1),
        stock=round(statistics.median(stock_each), 1),
        own_ms=round(statistics.median(owns), 1),
        rounds=rounds,
        points_compared=compared,
    )


if __name__ == "__main__":
    main()
