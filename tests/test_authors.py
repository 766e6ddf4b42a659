"""An author's day: skeletons that pass once filled, and mistakes that are told in a sentence."""

import os
import shutil
import subprocess
import sys

import pytest

from autograder.submission.digests import PACKAGE

ROOT = PACKAGE.parent
ANSWERS = """

@exercise.check
def stays_as_it_was(f):
    \"\"\"Leaves 1 and -2 as they were.\"\"\"
    unchanged(f, np.array([[1.0, -2.0]]))


@exercise.variant
def with_a_loop(x):
    return np.array([[2.0 * entry for entry in row] for row in x])


@exercise.variant
def added(x):
    return np.add(x, x, dtype=float)


@exercise.misconception
def squares(x):
    \"\"\"That is the square: multiply by 2, not by x.\"\"\"
    return x**2.0


@exercise.misconception
def halves(x):
    \"\"\"That is half as much.\"\"\"
    return x / 2


@exercise.misconception
def twice_too_often(x):
    \"\"\"Doubled twice: four times as much.\"\"\"
    return 4.0 * x


@exercise.misconception
def in_place(x):
    \"\"\"The caller's array is overwritten: make a new one.\"\"\"
    x *= 2
    return x
"""


def command(checkout, *arguments):
    """Run the command of that checkout, as its author would."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "XDG_CACHE_HOME": str(checkout)}
    return subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=checkout, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A checkout, without notebooks, with a new chapter and exercise as the commands leave them."""
    root = tmp_path_factory.mktemp("template") / "checkout"
    ignore = shutil.ignore_patterns("__pycache__", "ch[01]*")
    for name in ("autograder", "reference_impl", "course/chapters"):
        shutil.copytree(ROOT / name, root / name, ignore=ignore)
    shutil.copy(ROOT / "course/course.toml", root / "course")
    for arguments in (("chapter", "ch99_toy"), ("exercise", "ch99_toy", "doubled")):
        done = command(root, "new", *arguments)
        assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def begun(template, tmp_path):
    """A copy of it to work on."""
    return shutil.copytree(template, tmp_path / "checkout")


def exercise_file(checkout):
    return checkout / "autograder" / "exercises" / "ch99_toy" / "doubled.py"


def fill_in(checkout):
    """What an author does: an answer, examples, right and wrong answers."""
    reference = checkout / "reference_impl" / "toy.py"
    text = reference.read_text().replace("* 1.0  # TODO: the answer, as on a whiteboard", "* 2.0")
    reference.write_text(text.replace("TODO", "Said"))
    path = exercise_file(checkout)
    text = path.read_text().split("# TODO: two or more")[0].replace("TODO: ", "")
    text = text.replace("np.array([[3.0]]))\n", "np.array([[6.0]]))\n", 1)
    text = text.replace("np.array([[1.0, -2.0]]))\n", "np.array([[2.0, -4.0]]))\n")
    path.write_text(text.rstrip() + "\n" + ANSWERS)


def test_a_new_exercise_says_what_is_still_to_do(begun):
    """The audit of a mere skeleton fails with problems, and without a traceback."""
    done = command(begun, "verify", "doubled")
    assert done.returncode == 1, done.stderr
    assert "still says TODO" in done.stdout
    assert "fewer than 4 misconceptions" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_filled_skeleton_passes_its_audit_and_is_built(begun):
    """Three places are written; nothing else has to be touched."""
    fill_in(begun)
    done = command(begun, "verify", "doubled")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 of 4 caught, 4 named" in done.stdout
    built = command(begun, "build", "ch99_toy")
    assert built.returncode == 0, built.stdout + built.stderr
    assert (begun / "solutions" / "ch99_toy" / "ch99_toy.ipynb").exists()


def test_nothing_is_overwritten(begun):
    """What is there already is named, and stays as it is."""
    before = exercise_file(begun).read_text()
    for arguments in (("chapter", "ch99_toy"), ("exercise", "ch99_toy", "doubled")):
        done = command(begun, "new", *arguments)
        assert done.returncode == 2
        assert "is there already" in done.stderr
    assert exercise_file(begun).read_text() == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('    """Works for a batch of one."""\n', "", "needs a docstring"),
        ("def one_row(f, reference, rng)", "def one_row(g)", "a check takes f"),
        ("after=random_batches", "after=leaves_inputs_alone", "NameError"),
        ("def another_example(f):", "def another_example(f, reference):", "without the reference"),
        ("def another_example(f):", "def worked_example(f):", "each has its own name"),
        ("def one_example(rng):", "def one_example(rng)", "SyntaxError"),
        ("from autograder.judging.compare", "from autograder.compare", "ModuleNotFoundError"),
    ],
)
def test_an_authors_mistake_is_told_with_its_place(begun, old, new, said):
    """One sentence with file and line, exit code 2, no traceback."""
    path = exercise_file(begun)
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    done = command(begun, "verify", "doubled")
    assert done.returncode == 2
    assert said in done.stderr
    assert "ch99_toy/doubled.py:" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_missing_reference_is_told(begun):
    """Where it belongs, and that an exercise without a component may carry its own."""
    (begun / "reference_impl" / "toy.py").unlink()
    done = command(begun, "verify", "doubled")
    assert done.returncode == 2
    assert "doubled.py: no reference answer; write a function doubled in" in done.stderr
    assert "reference_impl/toy.py" in done.stderr


def test_an_unknown_exercise_of_a_chapter_is_told(begun):
    """The chapter text names what the bank does not have."""
    text = begun / "course" / "chapters" / "ch99_toy.py"
    text.write_text(text.read_text() + '\n# %% exercise="tripled"\n')
    done = command(begun, "build", "ch99_toy")
    assert done.returncode == 2
    assert "'tripled'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("chapter", "toy"), "call it like ch02_backprop"),
        (("exercise", "ch98_none", "doubled"), "autograder new chapter ch98_none"),
        (("exercise", "ch99_toy", "Doubled!"), "that of its function"),
    ],
)
def test_impossible_names_are_told(begun, arguments, said):
    """Before anything is written."""
    done = command(begun, "new", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
