"""Every chapter, as a learner sees it in JupyterLab: all formulas typeset, all figures there."""

import shutil

import pytest
from driving import SHOWN, Watched, jupyter_lab

from autograder.build import locate

pytestmark = pytest.mark.browser

CHAPTERS = [text.stem for text in locate().texts]
HEIGHT = 2400
FACTS = """() => {
  const prose = [...document.querySelectorAll('.jp-RenderedMarkdown')].map(cell => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll('mjx-container, code, pre').forEach(part => part.remove());
    return copy.textContent;
  });
  return {
    formulas: document.querySelectorAll('mjx-container').length,
    broken: [...document.querySelectorAll('mjx-merror')].map(part => part.textContent),
    source: prose.filter(text => /[$\\\\]/.test(text)),
    figures: document.querySelectorAll('.jp-OutputArea img').length,
    empty: [...document.querySelectorAll('.jp-OutputArea img')].filter(
      img => !img.complete || img.naturalWidth < 100).length,
  };
}"""


@pytest.fixture(scope="module")
def lab(course, tmp_path_factory):
    """JupyterLab over copies of the solved notebooks."""
    folder = tmp_path_factory.mktemp("chapters")
    for chapter in CHAPTERS:
        shutil.copy(course.notebook("solutions", chapter), folder)
    with jupyter_lab(folder, tmp_path_factory.mktemp("jupyter")) as server:
        yield server


def pages(page):
    """Turn the wheel a screen at a time to the end, and yield what is then to be seen."""
    page.wait_for_selector(SHOWN)
    page.locator(".jp-WindowedPanel-outer").hover()
    last = None
    for number in range(60):
        page.wait_for_timeout(500)
        top = page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop")
        if top == last:
            return
        yield number, page.evaluate(FACTS)
        last = top
        page.mouse.wheel(0, HEIGHT - 300)
    raise AssertionError("the notebook has no end")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_formulas_and_figures_are_drawn(lab, browser, shots, chapter):
    """No formula fails or stays source text, every figure has its size, nothing complains."""
    watched = Watched()
    page = browser.new_page(viewport={"width": 1280, "height": HEIGHT})
    watched.watch(page)
    page.goto(lab.page(f"/lab/tree/{chapter}.ipynb") + "&reset")
    formulas = figures = 0
    for number, seen in pages(page):
        page.screenshot(path=shots / f"{chapter}-{number:02}.png")
        assert (seen["broken"], seen["source"], seen["empty"]) == ([], [], 0)
        formulas, figures = max(formulas, seen["formulas"]), max(figures, seen["figures"])
    page.close()
    assert formulas > 3
    assert figures > 0
    assert watched.errors == []
