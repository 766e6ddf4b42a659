"""Classroom 50 runs this once for each submission, in the student's checkout: it writes result.json."""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent

with tempfile.TemporaryDirectory() as folder:
    python = Path(folder) / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([python, "-m", "pip", "install", *quiet, HERE / "grader"], check=True)
    module = ["-m", "autograder.exports.classroom50"]
    done = subprocess.run([python, *module, HERE / "assignment", ".", "result.json"], check=False)
sys.exit(done.returncode)  # not 0: it could not be graded, which is nobody's score
