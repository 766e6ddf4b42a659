"""`check("slug")` in a notebook: a table, and one line that carries the finding and the hint."""

import subprocess
import sys

import numpy as np
import pytest

from autograder.judging import bank
from autograder.student.check import CheckFailed, check


def test_a_right_answer_shows_its_table(capsys):
    """All public checks pass: a table and no exception."""
    globals()["half_mse"] = bank.reference(bank.find("half_mse"))
    check("half_mse")
    assert "public checks: 2 of 2 pass" in capsys.readouterr().out


def test_a_wrong_answer_is_named_in_one_line(capsys):
    """The exception tells how many checks fail, the mistake's name, and the hint."""
    globals()["half_mse"] = lambda a, y: float(np.sum((a - y) ** 2) / len(a))
    with pytest.raises(CheckFailed) as caught:
        check("half_mse")
    message = str(caught.value)
    assert message.startswith("half_mse: 2 of 2 public checks fail (forgets the half).")
    assert "twice too large" in message
    assert "\n" not in message
    assert " ".join(caught.value._render_traceback_()) == f"CheckFailed: {message}"
    assert "Looks like: forgets the half" in capsys.readouterr().out


def test_an_undefined_function_says_what_to_do():
    """Before its cell has run, the message says to run it."""
    globals().pop("relative_error", None)
    with pytest.raises(CheckFailed, match="run its cell first"):
        check("relative_error")


def test_an_unknown_slug_lists_the_known_ones():
    """A typing slip in the slug is told with the slugs there are."""
    with pytest.raises(bank.UnknownExercise, match="half_mse"):
        check("half_mes")


def test_checks_print_nothing_to_stderr():
    """In a graded cell one character on stderr would cost all points."""
    code = (
        "import sys, warnings, numpy as np\n"
        "def half_mse(a, y):\n"
        "    warnings.warn('w'); print('noise', file=sys.stderr); np.log(np.zeros(1))\n"
        "    return ((a - y) ** 2).sum() / 2 / len(a)\n"
        "from autograder.submission.in_kernel import grade\n"
        "print(grade('half_mse'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert float(done.stdout.splitlines()[-1]) == bank.find("half_mse").points
