"""Courses as they are found in public: data and helpers, written answers, bonus, own penalties."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from quickstart import nbgrader

KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
IN_TIME, LATE = "2026-01-09 09:00:00 UTC", "2026-01-12 09:30:00 UTC"


@dataclass(frozen=True)
class PublicCourse:
    """One assignment, `ps1`, and what students answer."""

    notebooks: dict[str, list[nbformat.NotebookNode]]
    answers: dict[str, dict[str, str]]
    """By student, by the name of a cell; those whose name begins with "late" are."""
    files: dict[str, str] = field(default_factory=dict)
    """Beside the notebooks."""
    config: str = ""
    course_files: dict[str, str] = field(default_factory=dict)
    """Beside the configuration."""
    needs: str = "numpy"
    """What must be installed for its notebooks to run."""

    def make(self, root):
        """The course as it is before grading."""
        source = root / "source" / "ps1"
        source.mkdir(parents=True)
        for name, cells in self.notebooks.items():
            notebook = new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
            nbformat.write(notebook, source / f"{name}.ipynb")
        for place, files in ((source, self.files), (root, self.course_files)):
            for name, text in files.items():
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                (place / name).write_text(text)
        config = f"c = get_config()\nc.CourseDirectory.course_id = 'c'\n{self.config}"
        (root / "nbgrader_config.py").write_text(config)
        nbgrader(root, "generate_assignment", "ps1")
        nbgrader(root, "db", "assignment", "add", "ps1", "--duedate=2026-01-10 12:00:00 UTC")
        for student, answers in self.answers.items():
            self._hand_in(root, student, answers)
        return root

    def _hand_in(self, root, student, answers):
        folder = root / "submitted" / student / "ps1"
        shutil.copytree(root / "release" / "ps1", folder)
        for path in folder.glob("*.ipynb"):
            notebook = json.loads(path.read_text())
            for cell in notebook["cells"]:
                name = cell["metadata"].get("nbgrader", {}).get("grade_id")
                cell["source"] = answers.get(name, cell["source"])
            path.chmod(0o644)
            path.write_text(json.dumps(notebook))
        stamp = LATE if student.startswith("late") else IN_TIME
        (folder / "timestamp.txt").write_text(stamp)


def labelled(cell, name, points=None, **rights):
    label = {"grade_id": name, "schema_version": 3, "grade": False, "solution": False,
             "locked": False, "task": False, **rights}  # fmt: skip
    cell.metadata.nbgrader = label | ({} if points is None else {"points": points})
    return cell


def given(name, source):
    return labelled(new_code_cell(source), name, locked=True)


def answer(name, solution, stub="### BEGIN SOLUTION\n{}\n### END SOLUTION"):
    return labelled(new_code_cell(stub.format(solution)), name, solution=True)


def tested(name, points, source):
    return labelled(new_code_cell(source), name, points, grade=True, locked=True)


def written(name, points, text="YOUR ANSWER HERE"):
    return labelled(new_markdown_cell(text), name, points, grade=True, solution=True)


def coded_by_hand(name, points, source):
    return labelled(new_code_cell(source), name, points, grade=True, solution=True)


def task(name, points, text):
    return labelled(new_markdown_cell(text), name, points, locked=True, task=True)


WEATHER = "city,month,rain\nBern,1,60\nBern,2,55\nGenf,1,70\nGenf,2,\n"
SURVEY = PublicCourse(
    needs="pandas",
    files={"data/weather.csv": WEATHER, "helpers.py": "def rounded(x):\n    return round(x, 1)\n"},
    notebooks={
        "loading": [
            new_markdown_cell("# Weather\n\nRead the file."),
            given("load", "import pandas as pd\nfrom helpers import rounded"),
            answer("table", "df = pd.read_csv('data/weather.csv')"),
            tested("table_shape", 2, "assert df.shape == (4, 3)"),
            tested("table_partly", 3, "min(3.0, float(df.rain.notna().sum()))"),
        ],
        "groups": [
            given("again", "import pandas as pd\ndf = pd.read_csv('data/weather.csv')"),
            answer("means", "means = df.groupby('city').rain.mean()"),
            tested("means_right", 2, "assert means['Bern'] == 57.5\n### BEGIN HIDDEN TESTS\n"
                   "assert means['Genf'] == 70\n### END HIDDEN TESTS"),
            coded_by_hand("plot", 4, "df.plot.bar();"),
            written("comment", 3),
        ],
    },
    answers={
        "right": {"table": "df = pd.read_csv('data/weather.csv')\ndf",
                  "means": "means = df.groupby('city').rain.mean()\nmeans.to_frame()",
                  "plot": "df.rain.describe()", "comment": "**Bern** is dry.\n\n- so I think"},
        "fills": {"table": "df = pd.read_csv('data/weather.csv').fillna(0)",
                  "means": "means = df.fillna(0).groupby('city').rain.mean()"},
        "blank": {},
        "wrong_path": {"table": "df = pd.read_csv('C:/data/weather.csv')", "comment": "?"},
    },
)  # fmt: skip
SUM = "def total(values):\n    return sum(values)"
PENALTY = """
from nbgrader.plugins import BasePlugin
class PerHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return min(score, 0.05 * total_seconds_late // 3600)
"""
PENALTIES = PublicCourse(
    config="from penalties import PerHour\nc.AssignLatePenalties.plugin_class = PerHour\n",
    course_files={"penalties.py": PENALTY},
    notebooks={"sums": [
        answer("total", SUM),
        tested("total_right", 5, "assert total([1, 2]) == 3\nassert total([]) == 0"),
        tested("total_bonus", 0, "assert total(range(5)) == 10"),
        written("why", 2),
        task("draw", 3, "Draw a picture of it.\n### BEGIN MARK SCHEME\n3\n### END MARK SCHEME"),
    ]},
    answers={
        "right": {"total": SUM, "why": "because"},
        "late": {"total": SUM, "why": "because"},
        "late_and_wrong": {"total": "def total(values):\n    return 3"},
        "late_and_blank": {},
        "raises": {"total": "raise ValueError('x')"},
    },
)  # fmt: skip
STACK = """class Stack:
    def __init__(self):
        self.items = []
    def push(self, item):
        self.items.append(item)
    def pop(self):
        return self.items.pop()"""
UNITTEST = """import unittest
class Works(unittest.TestCase):
    def test_last_first(self):
        s = Stack()
        s.push(1); s.push(2)
        self.assertEqual((s.pop(), s.pop()), (2, 1))
found = unittest.TextTestRunner(stream=open('log.txt', 'w')).run(
    unittest.defaultTestLoader.loadTestsFromTestCase(Works))
assert found.wasSuccessful()"""
STRUCTURES = PublicCourse(
    config="c.ClearSolutions.code_stub = {'python': '# your code here'}\n"
    "c.Execute.timeout = 20\n",
    files={"checks/__init__.py": "", "checks/stack.py": "def empty(s):\n    return s.items == []\n",
           "autograder.py": "def mark(right):\n    return 1.5 if right else 0.0\n"},
    notebooks={"stack": [
        answer("stack", STACK),
        tested("last_first", 3, UNITTEST),
        tested("own_helper", 1.5, "import autograder\nfrom checks.stack import empty\n"
               "autograder.mark(empty(Stack()))"),
        answer("module", "%%writefile twice.py\ndef twice(x):\n    return 2 * x", "{}"),
        tested("module_right", 2, "from twice import twice\nassert twice(4) == 8"),
        tested("loop", 1, "import asyncio\nasync def f():\n    return Stack\n"
               "assert await asyncio.create_task(f()) is Stack"),
    ]},
    answers={
        "right": {"stack": STACK},
        "queue": {"stack": STACK.replace("pop()", "pop(0)").replace("def pop(0)", "def pop(self)")},
        "forgets_self": {"stack": STACK.replace("push(self, item)", "push(item)")},
        "no_module": {"stack": STACK, "module": "# nothing"},
        "chatty": {"stack": "import sys\nprint('hi', file=sys.stderr)\n" + STACK},
    },
)  # fmt: skip
NOISY = "import os, warnings\n_ = os.write(2, b'from C\\n')\n"
NUMERICS = PublicCourse(
    files={"data.txt": "1 2 3\n4 5 6\n"},
    notebooks={
        "one": [
            given("import", "import numpy as np\na = np.loadtxt('data.txt')"),
            answer("column", "def column(a, k):\n    return a[:, k]"),
            tested("column_right", 2, "np.testing.assert_array_equal(column(a, 1), [2, 5])"),
            tested("column_quiet", 1, "assert len(column(a, 0)) == 2"),
            answer("mean", "mean = a.mean()"),
            tested("mean_right", 1, "assert abs(mean - 3.5) < 1e-12"),
            tested("given_away", 2, "assert 'mean' in dir()\n1"),
        ],
        "two": [
            given("import2", "import numpy as np"),
            answer("solve", "x = np.linalg.solve([[2, 0], [0, 4]], [2, 4])"),
            tested("solve_right", 3, "assert np.allclose(x, 1)"),
        ],
    },
    answers={
        "right": {"column": "def column(a, k):\n    return a[:, k]", "mean": "mean = a.mean()",
                  "solve": "x = np.linalg.solve([[2, 0], [0, 4]], [2, 4])"},
        "silences": {"column": "get_ipython().showtraceback = lambda *a, **k: None",
                     "mean": "get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)"},
        "noisy": {"column": NOISY + "def column(a, k):\n    return a[:, k]",
                  "mean": "warnings.warn('hm'); mean = a.mean()"},
        "warns_inside": {"column": "def column(a, k):\n    import warnings\n"
                         "    warnings.warn('slow')\n    return a[:, k]"},
        "divides": {"solve": "x = np.array([1, 1]) / np.array([0, 1])", "mean": "mean = 7 / 2"},
    },
)  # fmt: skip
ESSAY = PublicCourse(
    config="c.LateSubmissionPlugin.penalty_method = 'zero'\n",
    notebooks={
        "essay": [
            written("thesis", 5, "Write a thesis.\n\n### BEGIN MARK SCHEME\ngood\n"
                    "### END MARK SCHEME"),
            task("sketch", 2, "Sketch it below."),
            coded_by_hand("code", 3, "# any code"),
            tested("nothing_fails", 1, "assert True"),
        ],
        "reading": [written("notes", 4), written("bonus", 0)],
    },
    answers={
        "writes": {"thesis": "# So\n\n<b>that</b> $x^2$", "code": "print(1)", "notes": "n",
                   "bonus": "more"},
        "blank": {},
        "late": {"thesis": "in the end", "notes": "n"},
        "crashes": {"code": "1 / 0", "thesis": "t"},
    },
)  # fmt: skip
PUBLIC = {"survey": SURVEY, "penalties": PENALTIES, "structures": STRUCTURES,
          "numerics": NUMERICS, "essay": ESSAY}  # fmt: skip
