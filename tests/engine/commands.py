"""The `autograder grade` command as an instructor runs it, and what it leaves behind."""

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

from quickstart import ANSWERS, SCRIPTS, rows

NAMES = (
    "right", "untouched", "half", "wrong_range", "raises", "syntax_error",
    "noisy_cell", "own_words", "unicode", "late", "late_and_wrong", "one_notebook",
)  # fmt: skip
SMALL = {name: ANSWERS[name] for name in NAMES}
"""A class that is graded in a few seconds."""


def start(root, *options, program=(SCRIPTS / "autograder",), umask=-1, **environment):
    """Start the command in a process group of its own; what it says goes to a file."""
    command = [*program, "grade", "ps1", "--course", root, "--no-feedback", *options]
    said = tempfile.TemporaryFile("a+")  # noqa: SIM115  (it lives as long as the process)
    process = subprocess.Popen(
        [*map(str, command)], stdout=subprocess.DEVNULL, stderr=said, process_group=0,
        umask=umask,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment},
    )  # fmt: skip
    process.said = said
    return process


def said(process):
    """Everything on stderr so far."""
    process.said.seek(0)
    return process.said.read()


def finish(process, seconds=240):
    """Wait for the end; return exit code and everything on stderr."""
    process.wait(seconds)
    return process.returncode, said(process)


def grade(root, *options, **environment):
    return finish(start(root, *options, **environment))


def wait_for_graded(process, count=1):
    """Return when so many submissions are graded; the run is then in full swing."""
    while f"grading {count}/" not in said(process):
        assert process.poll() is None, said(process)
        time.sleep(0.02)


def freshly_graded(words):
    """How many submissions a run says that it graded itself."""
    return max((int(n) for n in re.findall(r"\((\d+) graded", words)), default=0)


def advice(words):
    """What the command says to the person at the keyboard: one sentence, never a traceback."""
    assert "Traceback" not in words, words
    found = [line for line in words.splitlines() if line.startswith("autograder: ")]
    assert len(found) == 1, words
    return found[0]


def journal(root):
    """The recorded submissions; a line cut off by a kill is none."""
    found = {}
    path = root / "journal" / "ps1.jsonl"
    for line in path.read_text().splitlines() if path.exists() else ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        found[entry["student"]] = entry
    return found


def receipts(root, students):
    """When each receipt was written and with which seed: a second grading changes both."""
    return {
        path: (path.stat().st_mtime_ns, json.loads(path.read_text())["seed"])
        for student in students
        for path in (root / "receipts" / student / "ps1").glob("*.json")
    }


def leftovers(root):
    """Half-written folders and files."""
    return [str(p) for p in root.rglob("*") if p.name.endswith((".new", ".tmp"))]


def children(process):
    """The processes that `process` started, by what they run."""
    found = {}
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        for n in _text(listed).split():
            found[int(n)] = _text(Path(f"/proc/{n}/cmdline")).replace("\0", " ")
    return found


def _text(file):
    """What a file of /proc says: nothing, if its process ended meanwhile."""
    with contextlib.suppress(OSError):
        return file.read_text()
    return ""


def worker_processes(process):
    """What was forked from the process that is there to be forked from."""
    servers = [n for n, command in children(process).items() if "forkserver" in command]
    return [worker for server in servers for worker in children(server)]


@contextlib.contextmanager
def locked(root, how="EXCLUSIVE"):
    """Hold the gradebook as another program would; IMMEDIATE lets others read."""
    with contextlib.closing(sqlite3.connect(root / "gradebook.db", isolation_level=None)) as other:
        other.execute(f"BEGIN {how}")
        yield
        other.execute("ROLLBACK")


def finishes(root, expected):
    """The next run grades what is left, and only that; the gradebook is as if nothing had been."""
    left = len(NAMES) - len(journal(root))
    code, words = grade(root)
    assert code == 0, words
    assert freshly_graded(words) == left
    assert rows(root) == expected
    assert leftovers(root) == []


def mount(*arguments):
    subprocess.run(["mount", *map(str, arguments)], check=True)
