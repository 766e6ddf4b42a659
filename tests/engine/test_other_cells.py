"""Cells of any other course: what counts is whether they raised; and they run as in Jupyter."""

from dataclasses import replace
from pathlib import Path

import nbformat
import nbgrader.tests.apps
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import compute_checksum, determine_grade, is_grade
from traitlets.config import Config

from autograder.nbgrader_plugin.assignment import SourceCell, SourceNotebook
from autograder.nbgrader_plugin.autograde import OddTestCell, autograde
from autograder.nbgrader_plugin.labelled_reading import read_notebook
from autograder.nbgrader_plugin.steps import NOTEBOOK_SECONDS, limits
from autograder.sandbox import Limits
from autograder.submission.foreign import OtherLanguage
from autograder.submission.grading import Options, grade_notebook
from autograder.submission.session import best_isolation

SILENCED = {
    "showtraceback": "get_ipython().showtraceback = lambda *a, **k: None",
    "_showtraceback": "get_ipython()._showtraceback = lambda *a, **k: None",
    "custom handler": "get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)",
    "run_cell": "class R: error_before_exec = error_in_exec = None\n"
    "get_ipython().run_cell = lambda *a, **k: R()",
    "recorder": "get_ipython().events.register("
    "'post_run_cell', lambda r: get_ipython().recorder._outputs.clear())",
    "displayed after": "import sys\nsys.stderr.write = sys.stdout.write = lambda text: 0\n"
    "get_ipython().showtraceback = lambda *a, **k: print('fine')",
}
SWALLOWS = """
import time
def answer():
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            time.sleep(30)
        except KeyboardInterrupt:
            return 1
"""
FILES = Path(nbgrader.tests.apps.__file__).parent / "files"


def graded(*sources, work=None, metadata=None, **wanted):
    """The outputs of cells, by their position."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    notebook.metadata.update(metadata or {})
    options = Options(best_isolation(), seed=1, limits=replace(Limits(), **wanted))
    found = grade_notebook(notebook, options, work=work).cells
    return [found[str(number)] for number in range(len(sources))]


def text(outputs):
    return "".join(output.get("text", "") for output in outputs)


def errors(outputs):
    return [output["ename"] for output in outputs if output["output_type"] == "error"]


@pytest.mark.parametrize("source", SILENCED.values(), ids=SILENCED)
def test_an_error_that_is_not_shown_is_an_error(source):
    """nbgrader goes by the kernel's reply; so a silenced assertion earns nothing there either."""
    assert errors(graded(source, "assert 1 == 2")[1]) == ["AssertionError"]


def test_who_swallows_the_interrupt_has_used_up_the_time():
    """The value that comes after the limit is none, whatever it is; later cells still run."""
    _, test, later = graded(SWALLOWS, "assert answer() == 1", "print('on')", cell_seconds=1)
    assert errors(test) == ["CellTimeoutError"]
    assert text(later) == "on\n"


@pytest.mark.parametrize("name", ["cheat-attempt", "cheat-attempt-alternative", "unchanged"])
def test_nbgraders_own_cheating_files_earn_nothing(name):
    """In its own suite each has the 1 point of 7 that the unchanged notebook has."""
    notebook = nbformat.read(FILES / f"submitted-{name}.ipynb", as_version=4)
    outputs = grade_notebook(notebook, Options(best_isolation(), seed=1)).cells
    scores = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.outputs = [nbformat.from_dict(o) for o in outputs.get(str(index), [])]
        if is_grade(cell):
            scores.append(determine_grade(cell)[0])
    assert sum(score or 0 for score in scores) == 1


def test_c_code_and_programs_write_into_the_cell():
    """stderr below Python costs a test cell its points with nbgrader, so it has to be seen."""
    shown = graded("import os\n_ = os.write(2, b'from C')", "import subprocess\n"
                   "_ = subprocess.run(['echo', 'hi'])", "print(1)")  # fmt: skip
    assert shown[0] == [{"output_type": "stream", "name": "stderr", "text": "from C"}]
    assert text(shown[1]) == "hi\n"
    assert text(shown[2]) == "1\n"


def test_streams_have_their_numbers():
    """faulthandler and loggers ask for them."""
    source = "import faulthandler, sys\nfaulthandler.enable()\nsys.stdout.fileno()"
    (output,) = graded(source)[0]
    assert output["data"] == {"text/plain": "1"}


def test_a_cell_runs_inside_an_event_loop():
    """Tasks of one cell are awaited in another; one that was interrupted does not come back."""
    make = "import asyncio\nasync def f():\n    print('ran')\n    return 3\n"
    first, second = graded(make + "t = asyncio.create_task(f())", "await t")
    assert text(first) == "ran\n"
    assert second[0]["data"] == {"text/plain": "3"}
    wait = "import asyncio\nfor i in range(40):\n    await asyncio.sleep(.1)\nprint('late')"
    stopped, after = graded(wait, "import asyncio\nawait asyncio.sleep(.2)", cell_seconds=1)
    assert "KeyboardInterrupt" in errors(stopped)
    assert after == []


def test_many_displays_and_updates():
    """A loop may show some hundred objects, or one that it changes a thousand times."""
    one = "h = display(0, display_id=True)\nfor i in range(1000): h.update(i)"
    many, one = graded("for i in range(500): display(i)", one)
    assert len(many) == 500
    assert [output["data"]["text/plain"] for output in one] == ["999"]


def test_a_courses_own_helper_named_autograder_is_its_own(tmp_path):
    """Nothing of ours lies in its way in the sealed process."""
    (tmp_path / "autograder.py").write_text("def points():\n    return 7\n")
    assert graded("import autograder\nautograder.points()", work=tmp_path)[0][0]["data"] == {
        "text/plain": "7"
    }


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "bash"}},
        {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
        {"kernelspec": {"name": "python3", "language": "sql"}},
        {"language_info": {"name": "julia"}},
        {"kernelspec": {"name": "python3"}, "language_info": {"name": "R"}},
    ],
)
def test_other_languages_are_never_run_as_python(metadata):
    """By kernel, language or both: refused, with what to do."""
    with pytest.raises(OtherLanguage, match="nbgrader autograde"):
        graded("print(1)", metadata=metadata)


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"kernelspec": {"name": "python3"}},
        {"kernelspec": {"name": "my-course", "language": "python"}},
        {"kernelspec": {"name": "conda-env-ml-py"}, "language_info": {"name": "ipython"}},
        {"kernelspec": {"name": "deep-learning"}, "language_info": {"name": "python"}},
    ],
)
def test_python_is_python_by_any_name(metadata):
    """A notebook without metadata is nbgrader's default."""
    assert text(graded("print(1)", metadata=metadata)[0]) == "1\n"


def test_the_instructors_kernel_counts():
    """What a submission says of its language is what it was last opened with."""
    submitted = nbformat.writes(new_notebook(metadata={"language_info": {"name": "R"}}))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = read_notebook(submitted.encode(), SourceNotebook("ps1", {}, kernel, None))
    assert notebook.metadata.kernelspec == kernel
    assert "language_info" not in notebook.metadata


@pytest.mark.parametrize("timeout", [None, 0, -1])
def test_no_time_limit_for_a_cell_is_that_of_the_notebook(timeout, tmp_path):
    """As nbclient understands these; ours for the whole notebook is always there."""
    found = limits(tmp_path, Config({"ExecutePreprocessor": {"timeout": timeout}}))
    assert found.cell_seconds == found.total_seconds == NOTEBOOK_SECONDS


def test_limits_are_nbgraders_or_the_courses_own(tmp_path):
    """A cell's by nbgrader's setting; memory and the whole notebook's by course.toml."""
    assert limits(tmp_path, Config()).cell_seconds == 30
    config = Config({"ExecutePreprocessor": {"timeout": 600}})
    assert limits(tmp_path, config).total_seconds == 6000
    (tmp_path / "course.toml").write_text("[limits]\nnotebook_seconds = 90\nmemory_gib = 1.5\n")
    found = limits(tmp_path, config)
    assert (found.cell_seconds, found.total_seconds, found.memory_bytes) == (600, 90, 3 << 29)


def test_a_test_cell_that_gives_too_many_points_is_the_courses_fault():
    """nbgrader stops there, too; the message says which cell to mend."""
    label = {"grade_id": "t", "points": 2, "grade": True, "locked": True, "schema_version": 3}
    test = new_code_cell("7", metadata={"nbgrader": label})
    known = SourceCell("t", "code", True, "7", compute_checksum(test), 2.0, False, False)
    facts = SourceNotebook("ps1", {"t": known}, {}, None)
    raw = nbformat.writes(new_notebook(cells=[test])).encode()
    with pytest.raises(OddTestCell, match="test cell t"):
        autograde(raw, facts, Config(), None, Options(best_isolation(), seed=1))
