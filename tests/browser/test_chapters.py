"""Every chapter and page as JupyterLab shows it: formulas typeset, figures there."""

import contextlib
import re
import shutil

import nbformat
import pytest
from driving import PANEL, SHOWN, Watched, jupyter_lab
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from autograder.course.build import locate

pytestmark = pytest.mark.browser

CHAPTERS = {text.stem: locate().notebook("solutions", text.stem) for text in locate().texts}
PAGES = {text.stem: locate().page(text.stem) for text in locate().pages}
WIDTH, HEIGHT = 1280, 2400
FACTS = """() => {
  const prose = [...document.querySelectorAll('.jp-RenderedMarkdown')].map(cell => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll('mjx-container, code, pre').forEach(part => part.remove());
    return copy.textContent;
  });
  const pictures = [...document.querySelectorAll('.jp-OutputArea img')];
  const figures = pictures.filter(img => img.offsetParent);  // of an animation only what one sees
  return {
    formulas: document.querySelectorAll('mjx-container').length,
    broken: [...document.querySelectorAll('mjx-merror')].map(part => part.textContent),
    source: prose.filter(text => /[$\\\\]/.test(text)),
    figures: figures.length,
    empty: figures.filter(img => !img.complete || img.naturalWidth < 100).length,
  };
}"""
NOTHING_PENDS = f"() => {{ const seen = ({FACTS})(); return !seen.source.length && !seen.empty; }}"
SCROLL = """(panel, step) => {
  panel.scrollTop += step;
  return panel.scrollHeight - panel.clientHeight - panel.scrollTop < 2;
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab over copies of the solved notebooks."""
    folder = tmp_path_factory.mktemp("chapters")
    for notebook in (CHAPTERS | PAGES).values():
        shutil.copy(notebook, folder)
    with jupyter_lab(folder, tmp_path_factory.mktemp("jupyter")) as server:
        yield server


def formulas_in(notebook):
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    prose = [re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL) for text in texts]
    return sum(len(re.findall(r"\$\$.+?\$\$|\$.+?\$", text, re.DOTALL)) for text in prose)


def figures_in(notebook):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    pages = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]
    return sum('<img src="data:image/png' in page for page in pages)


def screens(page, cells):
    """Wait for the last of `cells`, then yield the number of each screen from top to bottom.

    JupyterLab adds cells when it has nothing else to do: whoever scrolls at once sees an end
    that is none.
    """
    page.wait_for_selector(SHOWN)
    page.wait_for_selector(f'[data-windowed-list-index="{cells - 1}"]', state="attached")
    at_the_end = False
    for number in range(100):
        page.wait_for_timeout(250)
        yield number
        if at_the_end:
            return
        at_the_end = page.locator(PANEL).evaluate(SCROLL, HEIGHT - 300)
    raise AssertionError("the notebook has no end")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_formulas_and_figures_are_drawn(lab, browser, shots, chapter):
    """No formula fails or stays source text, every figure is there, nothing complains."""
    seen = read_through(lab, browser, shots, CHAPTERS[chapter])
    assert seen["figures"] > 0
    assert seen["formulas"] > 0


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_drawn(lab, browser, shots, name):
    """The pages that chapters lead to."""
    read_through(lab, browser, shots, PAGES[name])


def read_through(lab, browser, shots, path):
    """Look at every screen of a notebook; what is on them, if all is as its text wants it."""
    notebook = nbformat.read(path, as_version=4)
    watched = Watched()
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    watched.watch(page)
    page.goto(lab.page(f"/lab/tree/{path.name}") + "&reset")
    for number in screens(page, len(notebook.cells)):
        page.screenshot(path=shots / f"{path.stem}-{number:02}.png")
    with contextlib.suppress(PlaywrightTimeout):  # what is missing is told below, by name
        page.wait_for_function(NOTHING_PENDS)
    seen = page.evaluate(FACTS)
    page.close()
    assert (seen["broken"], seen["source"], seen["empty"]) == ([], [], 0)
    assert seen["formulas"] == formulas_in(notebook)
    assert seen["figures"] == figures_in(notebook)
    assert watched.errors == []
    return seen
