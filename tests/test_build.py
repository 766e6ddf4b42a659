"""Building: the same text gives the same notebooks, and they are what nbgrader would make."""

import json

import nbformat
import pytest
from sampling import sampled

from autograder import nbgrader_plugin
from autograder.course import build
from autograder.course.chapter import BadChapter, solution_source, source_notebook
from autograder.judging import bank
from autograder.notebook.cells import is_check, is_solution

CHAPTERS = [text.stem for text in build.locate().texts]


@pytest.fixture(scope="module", params=CHAPTERS)
def text(request):
    return build.locate().text(request.param)


@pytest.fixture(scope="module")
def source(text):
    return source_notebook(text)


def test_committed_notebooks_are_fresh(course, text):
    """What is committed is what a build would write now."""
    assert list(build.stale(course, text)) == []


def test_building_twice_gives_the_same_bytes(text, source):
    """Ids, order and metadata do not depend on anything but the text and the bank."""
    assert nbformat.writes(source_notebook(text)) == nbformat.writes(source)


def test_every_exercise_of_the_bank_is_in_its_chapter_once(text, source):
    """No exercise is forgotten, and none is asked twice."""
    slugs = [cell.id for cell in source.cells if is_solution(cell)]
    assert sorted(slugs) == sorted(bank.chapter(text.stem))


def test_no_cell_begins_or_ends_with_an_empty_line(source):
    """It would be seen in the notebook."""
    assert [c.id for c in source.cells if c.source.strip("\n") != c.source] == []


@pytest.mark.parametrize("chapter", sampled(CHAPTERS, len(CHAPTERS)))
def test_release_is_what_nbgrader_generates(course, chapter, tmp_path):
    """`nbgrader generate_assignment` writes our student notebook, byte for byte."""
    root = tmp_path / "course"
    for part in ("nbgrader_config.py", f"source/{chapter}/{chapter}.ipynb"):
        (root / part).parent.mkdir(parents=True, exist_ok=True)
    (root / "nbgrader_config.py").write_text(
        (course.nbgrader_root / "nbgrader_config.py").read_text()
    )
    source = source_notebook(course.text(chapter))
    nbformat.write(source, root / f"source/{chapter}/{chapter}.ipynb")
    nbgrader_plugin.Nbgrader(root).generate_assignment(chapter)
    made = nbformat.read(root / f"release/{chapter}/{chapter}.ipynb", as_version=4)
    ours = nbformat.read(course.notebook("release", chapter), as_version=4)
    assert made == ours


def test_student_notebooks_hold_no_answers(course, text):
    """Stubs only, no outputs, no hidden tests, and a kernel that opens without a question."""
    released = nbformat.read(course.notebook("release", text.stem), as_version=4)
    assert released.metadata.kernelspec.name == "python3"
    assert (released.nbformat, released.nbformat_minor) >= (4, 5)
    for cell in released.cells:
        assert "HIDDEN" not in cell.source
        assert "SOLUTION" not in cell.source
        assert not cell.get("outputs")
        assert not is_solution(cell) or "raise NotImplementedError()" in cell.source


def test_points_in_the_notebook_are_those_of_the_checks(text, source):
    """A grade cell is worth what its exercise's checks add up to."""
    chapter = bank.chapter(text.stem)
    for cell in filter(is_check, source.cells):
        assert cell.metadata.nbgrader.points == chapter[cell.id.removesuffix("-check")].points > 0


def test_solved_notebooks_score_full_points(course, text):
    """Every check cell of the executed solution printed its maximum, and no cell raised."""
    solved = json.loads(course.notebook("solutions", text.stem).read_text())
    checks = [c for c in solved["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]
    for cell in checks:
        printed = [o for o in cell["outputs"] if o["output_type"] == "execute_result"]
        assert (
            float("".join(printed[0]["data"]["text/plain"]))
            == cell["metadata"]["nbgrader"]["points"]
        )
    assert not [
        o for c in solved["cells"] for o in c.get("outputs", []) if o["output_type"] == "error"
    ]


def test_what_a_cell_prints_is_one_output():
    """However often it was flushed; what is shown in between divides it."""
    lines = [f"print('line {i}', flush=True); time.sleep(0.1)" for i in range(4)]
    lines.insert(3, "display('shown')")
    cell = nbformat.v4.new_code_cell("import time\n" + "\n".join(lines))
    metadata = nbformat.from_dict({"chainrule": {"chapter": CHAPTERS[0]}})
    solved = build.execute_solution(nbformat.v4.new_notebook(cells=[cell], metadata=metadata))
    kinds = [output.output_type for output in solved.cells[0].outputs]
    assert kinds == ["stream", "display_data", "stream"]
    assert solved.cells[0].outputs[0].text == "line 0\nline 1\nline 2\n"


@pytest.mark.parametrize(
    "changed", ["print(2)", "print(1)  # anew", "# %% [markdown]\n# a word\n\n# %%\nprint(1)"]
)
def test_a_solution_is_stale_once_anything_of_its_text_changed(tmp_path, changed):
    """Code and prose."""
    course = _course(tmp_path, "# %%\nprint(1)\n")
    text = course.texts[0]
    text.write_text(changed)
    assert course.notebook("solutions", text.stem) in build.stale(course, text)


def test_a_solution_is_stale_once_its_cells_show_something_else(tmp_path):
    """What coverage counts stands in the metadata of the solution's cells."""
    course = _course(tmp_path, "# %% claim=['C-DO-01']\nassert True\n")
    text = course.texts[0]
    assert list(build.stale(course, text)) == []
    text.write_text("# %% claim=['C-DO-02']\nassert True\n")
    assert course.notebook("solutions", text.stem) in build.stale(course, text)


def _course(root, text):
    """A course of one chapter, built."""
    course = build.Course(root)
    (course.nbgrader_root / "chapters").mkdir(parents=True)
    (course.nbgrader_root / "chapters" / "ch99_anything.py").write_text(text)
    build.build_chapter(course, course.texts[0])
    return course


def test_a_stub_is_cut_from_the_reference():
    """Contract first, then the answer between markers; decorators stay behind."""
    from reference_impl.backprop import half_mse

    lines = solution_source(half_mse).splitlines()
    assert lines[0].startswith("def half_mse(a")
    begin, end = lines.index("    ### BEGIN SOLUTION"), lines.index("    ### END SOLUTION")
    assert '"""' in lines[begin - 1]
    assert end == len(lines) - 1
    namespace = {"np": __import__("numpy")}
    exec("\n".join(lines), namespace)
    assert namespace["half_mse"](namespace["np"].ones((2, 1)), namespace["np"].zeros((2, 1))) == 0.5


def test_an_unknown_exercise_is_a_clear_error(tmp_path):
    """A chapter that names an exercise the bank does not have says which."""
    text = tmp_path / f"{CHAPTERS[0]}.py"
    text.write_text('# %% exercise="no_such_thing"\n')
    with pytest.raises(BadChapter, match="no_such_thing"):
        source_notebook(text)
