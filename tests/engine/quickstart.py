"""nbgrader's own example course, with a class that hands in all sorts of answers."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(sys.executable).parent
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "example"
c.IncludeHeaderFooter.header = "source/header.ipynb"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError()"}
"""
RIGHT = {
    "squares": (
        "def squares(n):\n    if n < 1:\n        raise ValueError('n')\n"
        "    return [i**2 for i in range(1, n + 1)]"
    ),
    "sum_of_squares": "def sum_of_squares(n):\n    return sum(squares(n))",
    "sum_of_squares_equation": "$\\sum_{i=1}^n i^2$",
    "sum_of_squares_application": "def pyramid(n):\n    return sum_of_squares(n)",
}
LEAKS = "n = 4\ndef squares(n):\n    return [i**2 for i in range(n)]"
NOISE = "import sys\nprint('note', file=sys.stderr)\n"
CHATTY = RIGHT["squares"].replace("    if", "    import warnings\n    warnings.warn('w')\n    if")
PRINTS = RIGHT["squares"].replace("    if", "    print(n)\n    if")
ANSWERS = {
    "right": RIGHT,
    "untouched": {},
    "half": {**RIGHT, "sum_of_squares": "def sum_of_squares(n):\n    return n"},
    "wrong_range": {**RIGHT, "squares": LEAKS},
    "raises": {**RIGHT, "squares": "def squares(n):\n    return 1 / 0"},
    "syntax_error": {**RIGHT, "squares": "def squares(n)\n    return []"},
    "noisy_cell": {**RIGHT, "squares": NOISE + RIGHT["squares"]},
    "warns_in_tests": {**RIGHT, "squares": CHATTY},
    "prints_in_tests": {**RIGHT, "squares": PRINTS},
    "own_words": {"sum_of_squares_equation": "I do not know."},
    "unicode": {**RIGHT, "sum_of_squares_equation": "Σ i² — größer ♥"},
    "edits_the_test": {**RIGHT, "squares": LEAKS, "correct_squares": "assert True"},
    "exits": {**RIGHT, "squares": "raise SystemExit(3)"},
    "magics": {**RIGHT, "squares": "%time pass\n!echo hello\n" + RIGHT["squares"]},
    "awaits": {**RIGHT, "squares": "import asyncio\nawait asyncio.sleep(0)\n" + RIGHT["squares"]},
    "interrupts": {**RIGHT, "squares": "raise KeyboardInterrupt"},
    "late": RIGHT,
    "late_and_wrong": {**RIGHT, "squares": LEAKS},
    "one_notebook": RIGHT,
}  # fmt: skip
SLOW = {
    # Endless in nbgrader's terms; with its interrupt the later cells still run.
    "endless": {**RIGHT, "sum_of_squares": RIGHT["sum_of_squares"] + "\nwhile True:\n    pass"},
}


def nbgrader(root, *arguments, check=True):
    """Run the nbgrader command itself, as an instructor would."""
    environment = {**os.environ, "PATH": f"{SCRIPTS}:{os.environ['PATH']}"}
    done = subprocess.run(
        [str(SCRIPTS / "nbgrader"), *arguments],
        cwd=root, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not check or done.returncode == 0, done.stderr[-3000:]
    return done


def make_course(root, config=CONFIG):
    """The example course, its assignment generated."""
    nbgrader(root.parent, "quickstart", root.name)
    (root / "nbgrader_config.py").write_text(config)
    nbgrader(root, "generate_assignment", "ps1")
    nbgrader(root, "db", "assignment", "add", "ps1", "--duedate=2026-01-10 12:00:00 UTC")
    return root


def with_config(example, root, config=CONFIG):
    """A copy of a course that was made, configured so: that is much quicker than making one."""
    shutil.copytree(example, root)
    (root / "nbgrader_config.py").write_text(config)
    return root


def hand_in(root, student, answers):
    """Copy the released assignment and fill some of its cells in."""
    folder = root / "submitted" / student / "ps1"
    shutil.copytree(root / "release" / "ps1", folder)
    path = folder / "problem1.ipynb"
    path.chmod(0o644)
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = answers[name]
    path.write_text(json.dumps(notebook))
    late = student.startswith("late")
    stamp = "2026-01-12 09:00:00 UTC" if late else "2026-01-09 09:00:00 UTC"
    (folder / "timestamp.txt").write_text(stamp)
    if student == "one_notebook":
        (folder / "problem2.ipynb").unlink()


def hand_in_all(root, answers=None):
    for student, given in (answers or ANSWERS).items():
        hand_in(root, student, given)


def rows(root, url=None):
    """Everything that autograding writes to the gradebook, as comparable tuples."""
    from nbgrader.api import Gradebook

    with Gradebook(url or f"sqlite:///{root}/gradebook.db") as gradebook:
        found = set()
        for submission in gradebook.assignment_submissions("ps1"):
            student = submission.student.id
            found.add((student, "timestamp", str(submission.timestamp)))
            for notebook in submission.notebooks:
                penalty = notebook.late_submission_penalty
                found.add((student, notebook.name, "penalty", penalty))
                for g in notebook.grades:
                    found.add((student, notebook.name, g.name, g.auto_score, g.needs_manual_grade,
                               g.manual_score))  # fmt: skip
                for c in notebook.comments:
                    found.add((student, notebook.name, c.name, c.auto_comment, c.manual_comment))
        return found
