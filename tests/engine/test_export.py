"""Exports of a real gradebook: the same numbers as `nbgrader export`, by the command."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from quickstart import nbgrader

SCRIPTS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def course(graded, tmp_path_factory):
    """The small class: one manual score, one penalty, one student who handed in nothing."""
    from nbgrader.api import Gradebook

    root = shutil.copytree(graded, tmp_path_factory.mktemp("export") / "course")
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        gradebook.add_student("nobody", first_name="No", last_name="Body", email="n@example.org")
        submission = gradebook.assignment_submissions("ps1")[0]
        waiting = next(g for n in submission.notebooks for g in n.grades if g.needs_manual_grade)
        waiting.manual_score = 0.5
        for notebook in gradebook.find_submission("ps1", "late").notebooks:
            notebook.late_submission_penalty = 0.25
        gradebook.db.commit()
    return root


def export(course, *options):
    command = [SCRIPTS / "autograder", "export", "ps1", "--json", *options]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def test_the_table_is_nbgraders(course):
    """Manual scores, penalties, and those who handed in nothing."""
    nbgrader(course, "export", "--to", "theirs.csv")
    code, facts = export(course, "--csv")
    assert code == 0
    theirs, ours = (
        list(csv.DictReader((course / name).open(newline=""))) for name in ("theirs.csv", "ps1.csv")
    )
    numbers = ("raw_score", "late_submission_penalty", "score", "max_score")
    for row in (*theirs, *ours):
        row.update({name: float(row[name]) for name in numbers})
    assert ours == [row for row in theirs if row["assignment"] == "ps1"]
    assert {row["student_id"] for row in ours} > {"nobody"}
    assert {r["student_id"] for r in ours if r["late_submission_penalty"]} == {"late"}
    assert facts["missing"] == ["nobody"]


def test_canvas_gets_them_by_the_command_and_doubt_is_exit_code_2(course):
    """Whoever is not in Canvas's file is told, exit code 1."""
    students = [row["student_id"] for row in csv.DictReader((course / "ps1.csv").open(newline=""))]
    points = next(csv.DictReader((course / "ps1.csv").open(newline="")))["max_score"]
    head = "Student,ID,SIS User ID,SIS Login ID,Section,ps1 (7)\n"
    lines = [f'"{s}, X",{k},u{k},{s},A,\n' for k, s in enumerate(students)]
    file = course / "canvas.csv"
    file.write_text(f"{head}    Points Possible,,,,,{points}\n{''.join(lines[1:])}")
    code, facts = export(course, "--canvas", str(file))
    assert code == 1
    assert facts["unknown"] == students[:1]
    assert (course / "canvas-filled.csv").exists()
    file.write_text(head.replace("ps1", "ps2"))
    code, said = export(course, "--canvas", str(file), "--output", "not-written.csv")
    assert code == 2
    assert "--column" in said
    assert not (course / "not-written.csv").exists()


def test_an_assignment_that_nobody_knows_is_said(course):
    """With what to do first."""
    command = [SCRIPTS / "autograder", "export", "ps9", "--csv"]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no assignment ps9: grade it first" in done.stderr
