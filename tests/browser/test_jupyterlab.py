"""A learner in JupyterLab: opens chapter 2, answers, checks, validates; and what it looks like."""

import re

import pytest
from accessibility import barriers
from driving import CHAPTER, Notebook, Watched
from playwright.sync_api import expect

from autograder.judging import bank

pytestmark = pytest.mark.browser

ANSWERS = {
    "one_path_derivative": "return w * (1 - np.tanh(w * x + b) ** 2)",
    "half_mse": "return np.sum((y - a) ** 2) / len(a)",
    "layer_gradients": "return a_prev.T @ delta / len(delta), delta.sum(axis=0)",
}
HINT = "The cost is twice too large: this is the plain mean of squared distances, without the ½."


@pytest.fixture(scope="module")
def watched():
    return Watched()


@pytest.fixture(scope="module")
def notebook(browser, server, watched):
    """The chapter, opened, with the given cells run, one right answer and two wrong ones."""
    page = browser.new_page(viewport={"width": 1280, "height": 1100})
    watched.watch(page)
    found = Notebook(page, server, f"work/{CHAPTER}.ipynb")
    assert page.locator(".jp-Dialog").count() == 0, "JupyterLab asks something at opening"
    for name in ("given-1", "given-2"):
        found.run(name)
    for name, line in ANSWERS.items():
        found.answer(name, line)
        found.run(f"{name}-check")
    return found


def public_checks(slug):
    """How many checks a learner sees."""
    return sum(not check.hidden for check in bank.find(slug).checks)


def output_of(notebook, slug):
    return notebook.cell(f"{slug}-check").locator(".jp-Cell-outputWrapper")


def test_the_page_is_quiet_and_self_contained(notebook, watched):
    """Nothing is logged as an error, and no other machine is asked for anything."""
    expect(notebook.page.locator(".jp-Toast")).to_have_count(0)
    assert watched.errors == []
    assert watched.foreign == []


def test_a_right_answer_passes_the_public_checks(notebook, shots):
    """The table says that the public checks pass, and no error follows."""
    output = output_of(notebook, "one_path_derivative")
    count = public_checks("one_path_derivative")
    expect(output).to_contain_text(f"public checks: {count} of {count} pass")
    expect(output.locator(".jp-RenderedText")).to_have_count(0)
    notebook.cell("one_path_derivative-check").screenshot(path=shots / "lab-right.png")


def test_a_wrong_answer_is_named_with_its_hint(notebook, shots):
    """The table names the mistake and gives its hint; the error below is no traceback."""
    output = output_of(notebook, "half_mse")
    count = public_checks("half_mse")
    expect(output).to_contain_text(re.compile(f"public checks: [0-{count - 1}] of {count} pass"))
    expect(output).to_contain_text(f"Looks like: forgets the half. {HINT}")
    error = output.locator(".jp-RenderedText")
    said = re.compile(f"CheckFailed: half_mse: [1-{count}] of {count} public checks fail")
    expect(error).to_contain_text(said)
    expect(error).to_contain_text(HINT)
    assert len((error.text_content() or "").strip().splitlines()) <= 2
    notebook.cell("half_mse-check").screenshot(path=shots / "lab-wrong.png")
    assert barriers(notebook.page, within=".jp-RenderedHTML") == []


def test_a_knob_redraws_its_figure(notebook, shots):
    """One step of the slider by keyboard, and the figure is drawn for the next value."""
    cell = next(c.id for c in notebook.cells if "with_knobs(ten_steps" in c.source)
    output = notebook.run(cell)
    picture = output.locator("img")
    expect(picture).to_have_attribute("alt", re.compile(r"rate 0\.8;"))
    output.get_by_role("slider").press("ArrowRight")
    expect(picture).to_have_attribute("alt", re.compile(r"rate 0\.95;"))
    notebook.cell(cell).screenshot(path=shots / "lab-knob.png")


def test_the_columns_of_the_table_do_not_overlap(notebook):
    """A verdict's badge ends where its sentence begins, whatever JupyterLab does to tables."""
    row = output_of(notebook, "half_mse").locator("tr").first
    badge = row.locator("span").bounding_box()
    sentence = row.locator("td").nth(1).bounding_box()
    assert badge["x"] + badge["width"] <= sentence["x"]


def test_a_wrong_matrix_is_drawn(notebook, shots):
    """The heat map arrives as a picture that has a text for those who cannot see it."""
    picture = output_of(notebook, "layer_gradients").locator("img")
    assert picture.evaluate("image => image.naturalWidth") > 600
    assert picture.get_attribute("alt") == "heat map of dW: yours, expected, difference"
    notebook.cell("layer_gradients-check").screenshot(path=shots / "lab-heat-map.png")


def test_validate_names_the_mistake(notebook, shots):
    """Validate's dialog says which check fails and gives the hint, all of it in sight."""
    dialog = notebook.validate()
    try:
        said = " ".join(dialog.inner_text().split())
        assert "Validation Results" in said
        assert 'check("half_mse")' in said
        assert HINT in said
        assert 'check("one_path_derivative")' not in said
        texts = dialog.locator("pre").all()
        assert all(t.evaluate("e => e.scrollWidth <= e.clientWidth + 1") for t in texts)
        notebook.page.screenshot(path=shots / "lab-validate.png")
    finally:
        notebook.page.locator(".jp-Dialog button.jp-mod-accept").click()


def test_the_dark_theme_keeps_the_card_readable(notebook, shots):
    """In JupyterLab Dark the card still has dark ink on white paper."""
    notebook.choose("Settings", "Theme", "JupyterLab Dark")
    try:
        cell = output_of(notebook, "half_mse").locator("td").nth(1)
        style = "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
        expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
        assert cell.evaluate(style) == ["rgb(28, 28, 28)", "rgb(255, 255, 255)"]
        for name in ("half_mse", "layer_gradients"):
            notebook.cell(f"{name}-check").screenshot(path=shots / f"lab-dark-{name}.png")
    finally:
        notebook.choose("Settings", "Theme", "JupyterLab Light")
