"""Cells behave as in Jupyter: values, prints, magics, await, figures, errors."""

from __future__ import annotations

import nbformat
from learners import Starter, value_of

from autograder.course.build import locate
from autograder.sandbox import LearnerProcess


def texts(outputs: list[dict]) -> str:
    return "".join(output.get("text", "") for output in outputs)


def test_result_prints_and_display(learner: LearnerProcess) -> None:
    """The last expression, prints to both streams and displayed objects come as outputs."""
    source = "import sys\nprint('a'); print('b')\nprint('w', file=sys.stderr)\ndisplay(1)\n6 * 7"
    outputs = learner.run_cell(source).outputs
    assert [o["output_type"] for o in outputs] == [
        "stream",
        "stream",
        "display_data",
        "execute_result",
    ]
    assert outputs[0]["text"] == "a\nb\n"
    assert outputs[1] == {"output_type": "stream", "name": "stderr", "text": "w\n"}
    assert outputs[3]["data"] == {"text/plain": "42"}


def test_magics_and_await(learner: LearnerProcess) -> None:
    """Line magics, cell magics and top-level await work."""
    assert learner.run_cell("%time x = 1").error is None
    assert learner.run_cell("%%capture c\nprint('q')").error is None
    result = learner.run_cell("import asyncio\nawait asyncio.sleep(0.01)\n'woke'")
    assert result.error is None
    assert result.outputs[0]["data"]["text/plain"] == "'woke'"


def test_figures_become_pictures(learner: LearnerProcess) -> None:
    """An open figure is shown as a PNG after the cell, whatever the backend, and closed."""
    source = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.{};"
    for ending in ("show()", "title('t')", "switch_backend('agg'); plt.plot([1])"):
        result = learner.run_cell(source.format(ending))
        pictures = [o for o in result.outputs if "image/png" in o.get("data", {})]
        assert len(pictures) == 1, result
        assert pictures[0]["data"]["image/png"].startswith("iVBOR")
        assert "stderr" not in str(result.outputs)


def test_an_error_tells_kind_message_and_line(learner: LearnerProcess) -> None:
    """A cell's exception comes with the line that raised, in the cell and in calls."""
    result = learner.run_cell("x = 1\ny = 0\nx / y")
    assert result.error is not None
    assert (result.error.kind, result.error.line) == ("ZeroDivisionError", 3)
    assert result.error.source == "x / y"
    assert result.outputs[-1]["output_type"] == "error"


def test_syntax_errors_have_a_line(learner: LearnerProcess) -> None:
    """A syntax error is an error of the cell and names its line."""
    error = learner.run_cell("x = 1\ndef f(:\n  pass").error
    assert error is not None
    assert (error.kind, error.line) == ("SyntaxError", 2)


def test_exit_and_interrupt_are_errors_of_the_cell(learner: LearnerProcess) -> None:
    """sys.exit, SystemExit and KeyboardInterrupt do not end the process."""
    for source in ("import sys; sys.exit(0)", "raise SystemExit", "raise KeyboardInterrupt"):
        error = learner.run_cell(source).error
        assert error is not None
        assert error.kind in ("SystemExit", "KeyboardInterrupt")
    assert learner.run_cell("exit").error is None
    assert learner.run_cell("1").error is None


def test_input_is_refused_clearly(learner: LearnerProcess) -> None:
    """input() raises at once instead of waiting."""
    error = learner.run_cell("input('name?')").error
    assert error is not None
    assert "input()" in error.message


def test_warnings_are_only_output(learner: LearnerProcess) -> None:
    """A NumPy warning shows on stderr and is no error."""
    result = learner.run_cell("import numpy as np\nnp.log(np.zeros(1)) ;")
    assert result.error is None
    assert "RuntimeWarning" in texts(result.outputs)


def test_output_is_cut_with_a_note(start: Starter) -> None:
    """A gigabyte of prints, a million small ones and many displays end as a bounded output."""
    learner = start(output_bytes=10_000)
    for source in (
        "print('x' * 10**9)",
        "for n in range(10**5): print(n)",
        "for n in range(250): display(n)",
    ):
        outputs = learner.run_cell(source).outputs
        assert len(texts(outputs)) < 10_200
        assert len(outputs) < 300
        assert "cut after" in texts(outputs) or "left out" in texts(outputs)


def test_a_giant_figure_is_left_out(start: Starter) -> None:
    """A displayed image larger than the budget is replaced by a note."""
    learner = start(output_bytes=10_000)
    source = "import os\nfrom IPython.display import Image, display\n"
    source += "display(Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + os.urandom(10**7), format='png'))"
    assert "left out" in texts(learner.run_cell(source).outputs)


def test_shell_commands_run_inside_the_jail(learner: LearnerProcess) -> None:
    """`!command` works where a jail contains it, and is a mere error elsewhere."""
    result = learner.run_cell("!echo from $USER")
    if learner.isolation.value == "namespaces":
        assert "from learner" in texts(result.outputs)
    else:
        assert "from learner" not in texts(result.outputs)
    assert learner.run_cell("1").error is None


def test_the_learners_package_is_importable(isolation, tmp_path) -> None:
    """A package handed in is importable, even below a folder that only its owner can open."""
    folder = tmp_path / "package" / "autograder"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("def check(slug): return None\n")
    tmp_path.chmod(0o700)
    with LearnerProcess(isolation=isolation, package=tmp_path / "package") as learner:
        assert value_of(learner, "from autograder import check\nf = check", "x") is None
        error = learner.run_cell("import autograder.sandbox").error
        assert error is not None
        assert error.kind == "ModuleNotFoundError"


def test_ordinary_libraries_work(learner: LearnerProcess) -> None:
    """Temporary files, threads, copies of files and SciPy work as usual."""
    source = """
import tempfile, threading, shutil, pathlib, scipy.special, logging, getpass
with tempfile.NamedTemporaryFile() as file:
    file.write(b"x")
pathlib.Path("a.txt").write_text("hello")
shutil.copy2("a.txt", "b.txt")
thread = threading.Thread(target=lambda: found.append(1))
def f():
    global found
    found = []
    thread.start(); thread.join()
    return [pathlib.Path("b.txt").read_text(), found, getpass.getuser(), help is not None]
"""
    assert value_of(learner, source) == ["hello", [1], "learner", True]


ODD_CELLS = [
    "x = 1",
    "ls",
    "%time x = 1\ny = 2",
    "a = %pwd\nb = 2",
    "files = !ls\nprint(files)",
    "%%timeit\nx = 1",
    "print?\nx = 1",
    "  x = 1\n  y = 2",
    "\n\nx = 1\ny = 2",
    ">>> x = 1\n>>> y = 2",
    "In [1]: x\n   ...: = 2",
    "In [1]: x\nIn [2]: y",
    'text = """a\n   \nb"""\nx = 1',
    'text = """\n>>> 1 + 1\n2\n"""',
    "x = (1\n% 2)\ny = 3",
    "def f(:\n    pass",
    'x = "\\d"\ny = 2',
    "await thing()\nx = 1",
    "x = 1\n%matplotlib inline\n",
    "x = 1;\ny",
    "# only\n# comments",
    "",
    "x = 1\r\ny = 2\r\n",
    "\ufeffx = 1\ny = 2",
    "x = 1\x0cy = 2\nz = 3",
    "x = 1\n\x0c\ny = 2",
    "for i in range(3):\n\tprint(i)\n\n\nx = 2",
]


TRANSFORMED = """
shell = get_ipython()
def f(cell): return shell.transform_cell(cell), super(type(shell), shell).transform_cell(cell)
"""


def test_plain_cells_are_read_as_ipython_reads_them(learner: LearnerProcess) -> None:
    """The short way for plain Python gives what IPython's own way gives."""
    course = locate()
    solved = [nbformat.read(course.notebook("solutions", t.stem), 4) for t in course.texts]
    cells = [c.source for notebook in solved for c in notebook.cells if c.cell_type == "code"]
    learner.run_cell(TRANSFORMED)
    for cell in [*ODD_CELLS, *cells]:
        (reply,) = learner.call_many("f", [(cell,)])
        assert reply.error is None, (cell, reply.error)
        assert reply.value[0] == reply.value[1], cell


def test_a_learners_own_transformations_are_heeded(learner: LearnerProcess) -> None:
    """Whoever teaches IPython new words has them understood."""
    learner.run_cell(
        "def shout(lines): return [line.replace('seven', '7') for line in lines]\n"
        "get_ipython().input_transformers_post.append(shout)"
    )
    assert learner.run_cell("x = seven\ndef f(): return x").error is None
    assert learner.call_many("f", [()])[0].value == 7
