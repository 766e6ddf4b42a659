"""Pages that show what learners wrote: nothing of it runs, and nothing asks another machine."""

from urllib.parse import urlsplit

import nbformat
import pytest
from driving import CHAPTER, Watched, course_folder, jupyter_lab
from hostile_texts import ELSEWHERE, MARKDOWN, OUTPUTS
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from playwright.sync_api import expect

from autograder.classroom.grade_class import grade_class
from autograder.nbgrader_plugin import Nbgrader

pytestmark = pytest.mark.browser

NBGRADERS_OWN = {"cdnjs.cloudflare.com"}
"""Where its pages load MathJax from; see docs/instructors.md."""
STUDENT = "eve"


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """A course with one submission that is full of such texts, graded, with its feedback page."""
    own = course_folder(course, tmp_path_factory.mktemp("course"))
    notebook = nbformat.read(own.notebook("release", CHAPTER), as_version=4)
    notebook.cells += [new_markdown_cell(text) for text in MARKDOWN]
    notebook.cells += [new_raw_cell(text) for text in MARKDOWN]
    notebook.cells += [new_code_cell(source) for source in OUTPUTS]
    folder = own.nbgrader_root / "submitted" / STUDENT / CHAPTER
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{CHAPTER}.ipynb")
    result = grade_class(own.nbgrader_root, CHAPTER)
    return own.nbgrader_root, result.feedback[STUDENT]


def assert_harmless(page, watched):
    """Nothing ran, no link does anything but lead away, all pictures are in the page itself."""
    assert page.evaluate("window.struck") is None
    asked = {urlsplit(url).hostname for url in watched.foreign}
    assert asked <= NBGRADERS_OWN, watched.foreign
    text = page.locator("body").inner_text()
    for word in ("click", "coded", "split", "styled"):
        assert word in text
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    assert [link for link in links if "script:" in link or link.startswith("data:")] == []
    sources = page.eval_on_selector_all("img", "all => all.map(i => i.src)")
    assert [source for source in sources if ELSEWHERE in source] == []
    assert "\\href{javascript" not in page.evaluate(READ_BY_MATHJAX)
    page.eval_on_selector_all("a:not([href])", "all => all.forEach(a => a.click())")
    assert page.evaluate("window.struck") is None


READ_BY_MATHJAX = """() => {
  const page = document.body.cloneNode(true);
  page.querySelectorAll("script, style, textarea, pre, code").forEach(e => e.remove());
  return page.textContent;
}"""


def test_a_feedback_page_does_nothing_but_show(graded, browser):
    """Opened in a browser, with all requests recorded."""
    watched = Watched()
    page = browser.new_page()
    watched.watch(page)
    page.goto(graded[1].as_uri())
    assert_harmless(page, watched)
    page.close()


def test_formgrader_does_nothing_but_show(graded, browser, tmp_path_factory):
    """The instructor's own view, where a script could give points."""
    root, _ = graded
    nbgrader = Nbgrader(root)
    with nbgrader.gradebook() as gradebook:
        found = gradebook.find_submission_notebook(CHAPTER, CHAPTER, STUDENT).id
    watched = Watched()
    with jupyter_lab(root, tmp_path_factory.mktemp("jupyter")) as server:
        page = browser.new_page()
        page.goto(server.page("/tree"))
        watched.watch(page)
        page.goto(f"{server.url}/formgrader/submissions/{found}/")
        expect(page.locator("input.score").first).to_be_visible()
        assert_harmless(page, watched)
        page.close()
