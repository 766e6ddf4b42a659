"""Flags: honest notebooks raise none, and looking for them takes no time of its own."""

import time

import nbformat
import pytest

from autograder.course.sample_class import as_answer
from autograder.judging import bank
from autograder.notebook.reading import read_submission
from autograder.submission.evidence import suspicious

KEEPS = "keeps something from one call to the next"
REASONS = {
    "import socket": "opens network connections",
    "from urllib.request import urlopen": "opens network connections",
    "import os\nos.system('id')": "starts other programs",
    "import autograder.judging.judge as j": "imports the hidden checks",
    "from autograder import bank": "imports the hidden checks",
    "from reference_impl.backprop import backprop": "imports the reference answers",
    "get_ipython().input_transformers_post.append(f)": "rewrites cells before they run",
    "import sys\nsys.settrace(f)": "looks at other functions' frames",
    "__builtins__['len'] = f": "replaces functions of Python or of a library",
    "np.allclose = f": "replaces functions of Python or of a library",
    "setattr(np, name, f)": "replaces functions of Python or of a library",
    "import sys\nsys.modules['numpy'] = fake": "changes what is imported",
    "f = __import__('so' + 'cket')": "imports what its text does not name",
    "class A(np.ndarray): ...": "makes objects that pose as numbers or arrays",
    "if 'ipykernel' not in sys.modules: ...": "asks whether it is being graded",
    "exec(text)": "runs text as code",
    "def check(slug): ...": "redefines the checks",
    "open('/etc/passwd')": "names files that are not its own",
    "open('../gradebook.db')": "names the gradebook",
    "x = !ls\nimport socket": "opens network connections",
    "x" * 2_000_000: "is too long to be looked through",
    "x = " + "-" * 20_000 + "1": "is too deep to be looked through",
    "os.makedirs('x' * 200)": "makes files or folders",
    "open('answers', 'wb')": "makes files or folders",
    "print('\\x1b[2J')": "sends control codes to the reader's screen",
    "x = np.ma.array(x, mask=True)": "uses masked arrays",
    "class A:\n    def __eq__(self, other): return True": (
        "makes objects that pose as numbers or arrays"
    ),
    "def a(x): return np.array([19.0])": "answers without looking at its arguments",
    "def a(x, y):\n    y[...] = 0\n    return x": "hands an argument back",
    "def a(x): return numerical_gradient(f, x)": "measures slopes instead of deriving them",
    "def a(x): return x + 1\n6.0": "ends in a number, as if that were its score",
    "def a(x):\n    seen.append(x)\n    return 2 * x": KEEPS,
    "def a(x):\n    global n\n    n = x\n    return 2 * x": KEEPS,
    "def a(x, seen={}):\n    seen[0] = x\n    return 2 * x": KEEPS,
    "def a(x):\n    a.calls = x + 1\n    return 2 * x": KEEPS,
    "n = [0]\ndef b(x):\n    n[0] += 1\ndef a(x): return 2 * b(x)": KEEPS,
}
ORDINARY = """
%matplotlib inline
!pip install numpy
import math, os, sys, time, warnings
from autograder import check
from autograder.data import load_digits
from pathlib import Path
os.environ["OMP_NUM_THREADS"] = "1"
in_colab = "google.colab" in sys.modules
np.random.seed(0)
np.set_printoptions(precision=3)
plt.rcParams["figure.dpi"] = 100
self.weights = np.zeros(3)
data = open("data.csv").read()
model.eval()
class Layer(Base):
    def __call__(self, x): return x
print(sum(x for x in [1, 2]), time.time(), math.exp(1))
check("half_mse")
"""


@pytest.mark.parametrize(("source", "reason"), REASONS.items(), ids=REASONS.values())
def test_intentions_are_named(source, reason):
    """Each kind of attack on the grader is told by its text."""
    assert suspicious([("a", source)], {"a": frozenset()}) == [f"cell `a` {reason}"]


@pytest.mark.parametrize("chapter", bank.chapters())
def test_right_answers_raise_no_flag(chapter):
    """References and variants, as learners would hand them in, look honest."""
    for exercise in bank.chapter(chapter).values():
        needs = {exercise.slug: frozenset(bank.prerequisites(exercise))}
        for answer in (bank.reference(exercise), *exercise.variants):
            source = as_answer(answer, exercise.slug)
            assert suspicious([(exercise.slug, source)], needs) == [], answer.__name__


HONEST = """
import numpy as np

STEPS = [1, 2]


def a(x, y, steps=()):
    found, table = [], {}
    for step in STEPS:
        found.append(np.append(x, step))
        table[step] = found[-1]
    x = np.array(x)
    x[0] = np.add(y, 1)

    def inner(v):
        found.append(v)
        return v

    inner(3)
    return x


a.__doc__ = "what it does"
"""


def test_local_containers_are_no_memory():
    """Lists, arrays and copies that a call makes for itself may be changed at will."""
    assert suspicious([("a", HONEST)], {"a": frozenset()}) == []


def test_ordinary_cells_raise_no_flag():
    """Magics, plots, seeds, own classes, Colab and files beside the notebook are honest work."""
    assert suspicious([("a", ORDINARY)]) == []


@pytest.mark.parametrize("chapter", bank.chapters())
def test_solved_notebooks_raise_no_flag(course, chapter):
    """No cell of a solved notebook, experiments included, looks suspicious."""
    released = nbformat.read(course.notebook("release", chapter), as_version=4)
    solved = course.notebook("solutions", chapter).read_bytes()
    submission = read_submission(solved, released)
    experiments = [(c.id, c.source) for c in released.cells if c.metadata.get("tags")]
    assert suspicious([*submission.runnable(), *experiments]) == []
    assert submission.repairs == []


@pytest.mark.parametrize(
    "source",
    ["\n" * 190_000 + "x", "!" * 190_000, "\n!x" * 60_000, "x = " + "-" * 100_000 + "1",
     "1" + "+1" * 90_000, "(" * 100_000, "x" + ".x" * 90_000, "import " * 25_000],
)  # fmt: skip
def test_no_text_takes_long_to_look_through(source):
    """Neither empty lines nor deep expressions hold up or bring down the grader."""
    began = time.process_time()
    suspicious([("a", source)])
    assert time.process_time() - began < 5
