"""`bring` fetches a learner's own parts from the notebooks beside the one that asks."""

import contextlib

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

from autograder.student.own_notebooks import find_answer

WRONG = """\
def relu_backward(dout, cache):
    return scaled(dout)
"""
SCALED = "FACTOR = 2\n\n\ndef scaled(dout):\n    return FACTOR * dout / 2"
RIGHT = "def relu_forward(x):\n    return np.maximum(x, 0), x"
BLANK = (
    'def relu_forward(x):\n    """Task."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
)
ASK = 'bring("relu_forward", "relu_backward")'


def code(source, name):
    return nbformat.v4.new_code_cell(source, id=name)


def notebook(path, cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def chapter(path, forward=RIGHT):
    """A chapter's notebook with two answers, one of which uses a helper of another cell."""
    cells = [code("import numpy as np\nimport math", "setup"), code(SCALED, "mine")]
    notebook(path, [*cells, code(forward, "relu_forward"), code(WRONG, "relu_backward")])


def run(folder, *sources):
    """Run a project's cells in a kernel of their own; also return what was to be filled in."""
    cells = [code(source, f"cell-{k}") for k, source in enumerate(sources)]
    project, filled = nbformat.v4.new_notebook(cells=cells), {}

    def note(cell, cell_index, execute_reply):
        for payload in execute_reply["content"].get("payload", ()):
            assert payload["source"] == "set_next_input"
            assert payload["replace"]
            filled[cell_index] = payload["text"]

    private = Config(KernelManager={"transport": "ipc"})
    with contextlib.chdir(folder):  # where the kernel's sockets are, and what it looks into
        NotebookClient(project, allow_errors=True, on_cell_executed=note, config=private).execute()
    return project.cells, filled


SETUP = "import numpy as np\nfrom autograder import bring, check"


@pytest.mark.parametrize("place", ["{}.ipynb", "../{0}/{0}.ipynb", "my {} (1).ipynb"])
def test_the_cell_is_filled_with_ones_own_source(tmp_path, place):
    """From beside, from an exchange's folders, from a renamed file: answers with their helpers."""
    folder = tmp_path / "project1_digit_reader"
    folder.mkdir()
    chapter(folder / place.format("ch03_activations"))
    cells, filled = run(folder, SETUP, ASK, "print(relu_backward(np.ones(1), np.ones(1)))")
    assert "✓ relu_forward" in cells[1].outputs[0].text
    assert cells[2].outputs[0].text == "[1.]\n"
    text = filled[1]
    assert "FACTOR = 2\n\n\ndef scaled" in text
    assert text.index("def scaled") < text.index("def relu_backward")
    assert "import" not in text
    assert text.splitlines()[-1] == f"# {ASK}"
    again, _ = run(tmp_path, "import numpy as np", text, "print(relu_forward(np.ones(1))[0])")
    assert again[2].outputs[0].text == "[1.]\n"


def test_a_wrong_part_is_told_and_stops_nobody(tmp_path):
    """It is brought all the same, and its mistake has a name."""
    chapter(tmp_path / "ch03_activations.ipynb")
    cells, filled = run(tmp_path, SETUP, ASK)
    (said,) = cells[1].outputs
    assert "✗ your relu_backward is wrong (from ch03_activations.ipynb)" in said.text
    assert "public checks fail" in said.text
    assert filled


def test_what_is_missing_is_said_with_the_exercise_to_do_first(tmp_path):
    """Blank or not there: nothing is filled in, and one sentence for each says what to do."""
    chapter(tmp_path / "ch03_activations.ipynb", forward=BLANK)
    asked = 'bring("relu_forward", "softmax_cross_entropy")'
    cells, filled = run(tmp_path, SETUP, asked, "relu_forward(np.ones(3))")
    blank, lacking = (box.data["text/plain"] for box in cells[1].outputs)
    assert blank.startswith("`relu_forward`: it is still blank in ch03_activations.ipynb. Do “")
    assert lacking.startswith("`softmax_cross_entropy`: ch02_backprop.ipynb is not beside this")
    assert filled == {}
    (waits,) = cells[2].outputs
    assert waits.data["text/plain"].startswith("This waits for `relu_forward`: fill that in")


def test_a_mistake_after_the_parts_are_there_is_shown_as_one(tmp_path):
    """A cell that waited before does not hide what goes wrong later."""
    cells, _ = run(tmp_path, SETUP, ASK, RIGHT, "relu_forward(np.ones(3))[99]")
    (error,) = cells[3].outputs
    assert error.output_type == "error"


def test_what_is_defined_already_is_not_missed(tmp_path):
    """A borrowed part stays where it is."""
    chapter(tmp_path / "ch03_activations.ipynb", forward=BLANK)
    cells, filled = run(tmp_path, SETUP, RIGHT, ASK)
    assert "✓ relu_forward, as defined here" in cells[2].outputs[0].text
    assert "def relu_forward" not in filled[2]


def test_broken_notebooks_beside_are_passed_over(tmp_path):
    """A damaged file has no answers; a cell that is no Python is said to be that."""
    (tmp_path / "ch03_activations.ipynb").write_text("{")
    assert find_answer("relu_forward", "ch03_activations", tmp_path) is None
    chapter(tmp_path / "ch03_activations.ipynb", forward="def relu_forward(x:")
    cells, _ = run(tmp_path, SETUP, ASK)
    said = cells[1].outputs[0].data["text/plain"]
    assert "Python cannot read your cell of `relu_forward`" in said
