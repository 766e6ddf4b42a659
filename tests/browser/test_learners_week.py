"""A learner's first hour in JupyterLab: Run All on a blank notebook, a borrowed part, a hint."""

import json
import re
import shutil

import nbformat
import pytest
from driving import CHAPTER, Notebook, Watched
from playwright.sync_api import expect

from autograder.desk.work_folder import write_start_page
from autograder.notebook.cells import is_experiment

pytestmark = pytest.mark.browser

WAITING_SECONDS = 240


@pytest.fixture(scope="module")
def notebook(browser, server, course_with_submissions):
    """The chapter as it was released, with `borrow` below one stub, opened."""
    released = nbformat.read(course_with_submissions.notebook("release", CHAPTER), as_version=4)
    place = next(i for i, cell in enumerate(released.cells) if cell.id == "half_mse")
    lend = nbformat.v4.new_code_cell('borrow("half_mse")', id="lend")
    released.cells.insert(place + 1, lend)
    (server.folder / "work" / "fresh.ipynb").write_text(json.dumps(released))
    watched = Watched()
    page = browser.new_page(viewport={"width": 1280, "height": 1100})
    watched.watch(page)
    return Notebook(page, server, "work/fresh.ipynb")


def test_run_all_reaches_the_end(notebook, shots):
    """No cell shows a traceback; what waits says for what, and the last check has run."""
    notebook.choose("Run", "Run All Cells")
    last = [cell.id for cell in notebook.cells if cell.cell_type == "code"][-1]
    prompt = notebook.cell(last).locator(".jp-InputPrompt")
    try:
        expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=1000 * WAITING_SECONDS)
    except AssertionError as error:
        error.add_note(notebook.state())
        raise
    blank = notebook.cell("one_path_derivative-check")
    expect(blank).to_contain_text(
        "4 public checks wait for one_path_derivative, which is still blank."
    )
    blank.screenshot(path=shots / "lab-blank.png")
    assert notebook.page.locator(".jp-RenderedText[data-mime-type*='error']").count() == 0


def test_a_borrowed_part_is_shown_as_such(notebook, shots):
    """The box says that it is worth nothing, and so does the check table."""
    expect(notebook.cell("lend")).to_contain_text("borrowed until the kernel restarts")
    notebook.cell("lend").screenshot(path=shots / "lab-borrow.png")
    table = notebook.cell("half_mse-check")
    expect(table).to_contain_text("The quadratic cost · borrowed: worth nothing")
    table.screenshot(path=shots / "lab-borrowed.png")


def test_a_waiting_figure_says_for_what(notebook, shots):
    """An experiment in a calm box, in both themes."""
    page = notebook.page
    waiting = next(
        cell for cell in notebook.cells
        if is_experiment(cell) and "several_paths_derivative(" in cell.source
    )  # fmt: skip
    output = notebook.cell(waiting.id).locator(".jp-Cell-outputWrapper")
    expect(output.get_by_role("note")).to_contain_text("This waits for several_paths_derivative")
    output.screenshot(path=shots / "lab-waits.png")
    notebook.choose("Settings", "Theme", "JupyterLab Dark")
    dark = ("data-jp-theme-light", "false")
    expect(page.locator("body")).to_have_attribute(*dark)
    output.screenshot(path=shots / "lab-waits-dark.png")
    notebook.choose("Settings", "Theme", "JupyterLab Light")


def test_a_syntax_error_is_told(notebook, shots):
    """A cell that cannot be read: its check says so, and not what the old one was worth."""
    notebook.replace("relative_error", "def relative_error(a, b):\n    return (a")
    notebook.run("relative_error")
    output = notebook.run("relative_error-check")
    expect(output).to_contain_text("Python cannot read the cell that defines relative_error")
    notebook.cell("relative_error-check").screenshot(path=shots / "lab-syntax.png")


def test_hints_come_one_by_one(notebook, shots):
    """Each in a box, with how many are left."""
    notebook.replace("lend", 'hint("half_mse")')
    output = notebook.run("lend")
    expect(output).to_contain_text("Hint 1 of 3")
    notebook.cell("lend").screenshot(path=shots / "lab-hint.png")


def test_the_start_page_shows_where_one_stands(
    browser, server, course, course_with_submissions, shots
):
    """One cell: the chapters beside it with what is done, and the next exercise."""
    start = write_start_page(course_with_submissions)
    fresh = server.folder / "fresh"  # in work/ JupyterLab may have saved what others have solved
    fresh.mkdir()
    shutil.copyfile(start, fresh / start.name)
    released = course.notebook("release", CHAPTER)
    shutil.copyfile(released, fresh / released.name)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    output = Notebook(page, server, f"fresh/{start.name}").run("standing")
    expect(output).to_contain_text("2 backprop")
    expect(output).to_contain_text("Next: exercise 1 of ch02_backprop, one_path_derivative")
    page.screenshot(path=shots / "lab-start.png")
