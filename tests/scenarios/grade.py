"""Grades scenarios with one isolation and says, after each, what it left behind.

A program of its own, so that it can run as another user and be killed without the tests:
`python grade.py ISOLATION < folders`, a JSON line of what came of it for each folder.
"""

from __future__ import annotations

import contextlib
import copy
import hashlib
import importlib.util
import json
import os
import re
import secrets
import sys
import tempfile
import time
import traceback
from pathlib import Path

import jupytext
import nbformat
from nbformat.v4 import new_code_cell

from autograder import sandbox
from autograder.course.build import locate
from autograder.submission.grading import Options, grade_submission
from autograder.submission.receipt import Receipt
from autograder.submission.seeds import BITS
from autograder.notebook.reading import Submission, read_submission
from autograder.sandbox.seal import libc
from autograder.sandbox.judge import process
from autograder.sandbox.seal.privileges import FIRST_SPARE_USER

LIMITS = sandbox.Limits(
    cell_seconds=2,
    call_seconds=2,
    total_seconds=20,
    memory_bytes=3 << 29,
    processes=32,
    scratch_bytes=16 << 20,
    scratch_files=2000,
    message_bytes=16 << 20,
)
PATIENCE = 4
"""Seconds within which whatever a submission left must be gone."""
RETRIES = 2
PLOTS = re.compile(r"^(import matplotlib|from autograder.figures|use_style).*\n?", re.MULTILINE)
"""Half the time of a run, and no scenario's business."""
RIGHT = "import numpy as np\ndef half_mse(a, y): return float(((a - y) ** 2).sum() / (2 * len(a)))"
ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER
MARK = "chainrule-mark"
"""What scenarios call the files that they try to leave outside."""


def main(isolation: sandbox.Isolation, folders: list[Path]) -> None:
    libc.prctl(ADOPT_ORPHANS, 1)
    with tempfile.TemporaryDirectory(prefix="chainrule-witness-") as witness:
        os.environ["WITNESS_SECRET"] = "witness-" + "secret-" + os.urandom(8).hex()
        place_witnesses(Path(witness))
        next_one(isolation)  # whatever stays running between submissions runs now
        traces = Traces(Path(witness), isolation)
        for folder in folders:
            try:
                found = outcome(folder, isolation, traces)
            except Exception:  # a hole: the grader must live on whatever is handed in
                found = {"crashed": traceback.format_exc()[-3000:]}
            print(json.dumps(found | {"scenario": folder.name}), flush=True)


def outcome(folder: Path, isolation: sandbox.Isolation, traces: Traces) -> dict[str, object]:
    """Grade the scenario; for a hostile one also look around and grade a right one after it."""
    began = time.monotonic()
    released = released_notebook("ch02_backprop")
    raw = handed_in(folder, released).replace(b"@WITNESS@", str(traces.witness).encode())
    receipt = graded(read_submission(raw, released), isolation)
    found: dict[str, object] = {"receipt": receipt.to_json()}
    if folder.parent.name == "hostile":
        found |= {"left": traces.left_behind(), "next": next_one(isolation)}
    return found | {"seconds": round(time.monotonic() - began, 2)}


def graded(submission: Submission, isolation: sandbox.Isolation) -> Receipt:
    """Grade; again if the grader says that it could not and that one should try again."""
    options = Options(isolation, secrets.randbits(BITS), limits=LIMITS)
    for _ in range(RETRIES):
        try:
            return grade_submission(submission, options)
        except sandbox.SandboxFailure:
            time.sleep(1)
    return grade_submission(submission, options)


def next_one(isolation: sandbox.Isolation) -> float:
    """Grade a submission that has one exercise, right."""
    released = released_notebook("ch02_backprop")
    released.cells = [cell for cell in released.cells if cell.id == "half_mse"]
    released.cells[0].source = RIGHT
    submission = read_submission(nbformat.writes(released).encode(), released)
    return graded(submission, isolation).earned


def released_notebook(chapter: str) -> nbformat.NotebookNode:
    notebook = nbformat.read(locate().notebook("release", chapter), as_version=4)
    for cell in notebook.cells:
        cell.source = PLOTS.sub("", cell.source)
    return notebook


def handed_in(folder: Path, released: nbformat.NotebookNode) -> bytes:
    """The bytes of a scenario's submission."""
    if (folder / "submission.ipynb").exists():
        return (folder / "submission.ipynb").read_bytes()
    if (folder / "make.py").exists():
        spec = importlib.util.spec_from_file_location(folder.name, folder / "make.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.make(copy.deepcopy(released))
    return with_answers((folder / "submission.py").read_text(encoding="utf-8"), released)


def with_answers(text: str, released: nbformat.NotebookNode) -> bytes:
    """The released notebook with these cells: answers in their places, others in front."""
    notebook = copy.deepcopy(released)
    by_id = {cell.id: cell for cell in notebook.cells}
    for cell in reversed(jupytext.reads(text, fmt="py:percent").cells):
        slugs = [s for s in re.findall(r"^def (\w+)", cell.source, re.MULTILINE) if s in by_id]
        if slugs:
            by_id[slugs[0]].source = cell.source
        else:
            notebook.cells.insert(0, new_code_cell(cell.source))
    return nbformat.writes(notebook).encode()


def place_witnesses(folder: Path) -> None:
    """A course folder as attackers imagine it: a gradebook and another student's submission."""
    folder.chmod(0o755)
    for name in ("gradebook.db", "submitted/ada/ch02_backprop/ch02_backprop.ipynb", "receipt.json"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("witness-" + "secret-of-" + name)
        path.chmod(0o666)


class Traces:
    """What a submission must not leave or touch."""

    def __init__(self, witness: Path, isolation: sandbox.Isolation) -> None:
        self.witness = witness
        self.has_scratch = isolation is sandbox.Isolation.LANDLOCK
        self.intact = self._digest()
        process.wait_for_ends()
        self.running = len(descendants())
        self.scratch = set(Path("/tmp").glob("chainrule-learner-*"))

    def left_behind(self) -> list[str]:
        """Everything still to be seen after a little patience."""
        deadline = time.monotonic() + PATIENCE
        while (found := self._look()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return found

    def _look(self) -> list[str]:
        found = [] if self._digest() == self.intact else ["the witnesses were touched"]
        running = descendants()
        if len(running) > self.running:
            found.append(f"processes {running}, were {self.running}")
        return found + [f"file {path}" for path in self._files()]

    def _digest(self) -> str:
        paths = sorted(self.witness.rglob("*"))
        facts = [(str(p), p.stat().st_mode, p.stat().st_mtime_ns) for p in paths]
        contents = [path.read_bytes() for path in paths if path.is_file()]
        return hashlib.sha256(repr((facts, contents)).encode()).hexdigest()

    def _files(self) -> list[Path]:
        folders = ("/", "/tmp", "/var/tmp", "/dev/shm", Path.home(), Path.cwd(), locate().root)
        marked = [p for folder in folders for p in Path(folder).glob(f"{MARK}*")]
        orphaned = [p for f in ("/tmp", "/dev/shm") for p in Path(f).glob("*") if is_learners(p)]
        if not self.has_scratch:
            return marked + orphaned
        fresh = set(Path("/tmp").glob("chainrule-learner-*")) - self.scratch
        used = {folder for pid in pids() if (folder := scratch_of(pid))}
        return marked + orphaned + [p for p in fresh - used if owner(p) == os.getuid()]


def descendants() -> list[int]:
    """Processes below this one, orphans included, but not those that have ended."""
    found, waiting = [], [os.getpid()]
    while waiting:
        with contextlib.suppress(OSError):  # it ended meanwhile
            for children in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
                numbers = [int(child) for child in children.read_text().split()]
                waiting += numbers
                found += numbers
    return [pid for pid in found if is_running(pid)]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def scratch_of(pid: int) -> Path | None:
    """The scratch folder that a process works in."""
    try:
        parts = Path(os.readlink(f"/proc/{pid}/cwd")).parts
    except OSError:
        return None
    return Path(*parts[:3]) if parts[:2] == ("/", "tmp") else None


def owner(path: Path) -> int:
    try:
        return path.lstat().st_uid
    except OSError:
        return -1  # gone


def is_learners(path: Path) -> bool:
    return owner(path) >= FIRST_SPARE_USER and not path.name.startswith("chainrule-learner-")


if __name__ == "__main__":
    main(sandbox.Isolation(sys.argv[1]), [Path(line) for line in sys.stdin.read().splitlines()])
