"""HTML made from learners' text: what it may say stays, what could act or load goes."""

import base64
import re
from html.parser import HTMLParser

import pytest
from hostile_texts import ELSEWHERE, MARKDOWN
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook, new_raw_cell

from autograder.nbgrader_plugin.cell_outputs import harmless
from autograder.nbgrader_plugin.text_cells import html_of, keep_texts_clean
from autograder.pages.cleaning import clean, without_links

ACTIVE = {"script", "iframe", "object", "embed", "link", "meta", "base", "form", "input", "svg",
          "math", "button", "style"}  # fmt: skip
PANDAS = """<div>
<style scoped>
    .dataframe tbody tr th { vertical-align: top; }
</style>
<table border="1" class="dataframe">
  <thead><tr style="text-align: right;"><th></th><th>height</th></tr></thead>
  <tbody><tr><th>0</th><td>1.75</td></tr></tbody>
</table>
</div>"""
"""What pandas 2.2 gives for `DataFrame({"height": [1.75]})`."""
SLOW = {
    "nested lists": "<ul><li>" * 3000,
    "environments that do not end": "\\begin{a}" * 20000,
    "display formulas that do not end": "\\\\[" * 10000,
    "nested blocks": "<div></x>" * 10000,
    "a long text": "*a " * 40000,
}


class Read(HTMLParser):
    """What a page holds: its elements with their attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


def assert_harmless(page):
    """Independent of the lists that clean it: what is known to act or to load is not there."""
    for tag, attributes in Read(page).elements:
        assert tag not in ACTIVE
        assert not [name for name in attributes if name.startswith("on")]
        assert "url(" not in (attributes.get("style") or "")
        for name in ("href", "src"):
            target = attributes.get(name) or "#"
            assert re.match(r"https?://|mailto:|#|data:image/", target), target
        assert ELSEWHERE not in (attributes.get("src") or "")


@pytest.mark.parametrize("text", MARKDOWN)
def test_what_a_text_makes_is_harmless(text):
    """As the cell's own HTML, and again after nbconvert has read that from a Markdown cell."""
    assert_harmless(html_of(text))
    notebook = new_notebook(cells=[new_markdown_cell(text), new_raw_cell(text)])
    keep_texts_clean(notebook)
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    assert_harmless(page)


@pytest.mark.parametrize("text", MARKDOWN)
def test_what_a_cell_displays_is_harmless(text):
    """HTML, Markdown and LaTeX outputs of other courses' notebooks."""
    for kind in ("text/html", "text/markdown", "text/latex"):
        output = {"output_type": "display_data", "data": {kind: text}, "metadata": {}}
        shown = harmless(output, rich=True)
        assert_harmless(shown.data.get("text/html", ""))
        assert kind == "text/html" or kind not in shown.data


@pytest.mark.parametrize(
    "formula",
    [
        r"\href{javascript:f()}{x}",
        r"\\href{a}href{javascript:f()}{x}",
        r"\href {javascript:{f()}}{x}",
        r"\url{javascript:f()}",
        r"\mmlToken{mi}[href='javascript:f()']{x}",
        r"\require{html}\style{background:url(http://a.b)}{x}",
        r"\class{button}{x}\cssId{top}{y}\bbox[background:url(http://a.b)]{z}",
    ],
)
def test_formulas_have_no_way_to_link(formula):
    """No command of MathJax's is left that could; whatever they were applied to is still there."""
    kept = without_links(formula)
    assert not re.search(r"\\(href|url|mmlToken|require|style|class|cssId|bbox)(?![a-z])", kept)
    assert all(letter in kept for letter in re.findall(r"\{([x-z])\}", formula))


def test_honest_texts_stay_as_they_are_meant():
    """Headings, lists, tables, code, links, pictures of the page's own, formulas."""
    text = "# T\n\n- *a*\n\n| a | b |\n|--:|---|\n| 1 | 2 |\n\n[w](https://w.org) `c` $\\frac12$\n"
    read = Read(html_of(text + "\n```python\nx = 1\n```\n"))
    tags = [tag for tag, _ in read.elements]
    assert {"h1", "ul", "li", "em", "table", "th", "td", "a", "code", "pre"} <= set(tags)
    assert dict(read.elements)["a"]["href"] == "https://w.org"
    assert dict(read.elements)["td"].get("style") in (None, "text-align:right")
    assert "$\\frac12$" in read.text
    assert "x = 1" in read.text


def test_attachments_become_pictures_of_the_page():
    """They lie in the cell; one that is missing costs its text nothing."""
    png = base64.b64encode(b"picture").decode()
    cells = [new_markdown_cell("![p](attachment:a.png)") for _ in range(2)]
    cells[0].attachments = {"a.png": {"image/png": png}}
    keep_texts_clean(new_notebook(cells=cells))
    assert f"data:image/png;base64,{png}" in cells[0].source
    assert "attachment:a.png" in Read(cells[1].source).text


def test_the_instructors_texts_are_left_alone():
    """They may hold a film, and plain words of a learner need no cleaning."""
    film = "<iframe src='https://film.example'></iframe>"
    cells = [new_markdown_cell(film), new_markdown_cell("I do not know.")]
    keep_texts_clean(new_notebook(cells=cells), given=[film])
    assert [cell.source for cell in cells] == [film, "I do not know."]


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_what_would_take_long_is_shown_as_text(text):
    """Parsing takes time with the square of such a length: nobody's page waits for that."""
    assert Read(html_of(text)).elements == [("pre", {})]


def test_a_table_of_pandas_comes_without_its_style():
    """The style sheet is no text; numbers and headings stay."""
    read = Read(shown({"text/html": PANDAS, "text/plain": "   height"})["text/html"])
    assert "".join(read.text.split()) == "height01.75"
    assert {"table", "th", "td"} <= {tag for tag, _ in read.elements}


def test_an_svg_is_a_picture():
    """In which nothing runs and nothing is loaded, whatever it says."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
    ((tag, attributes),) = Read(shown({"image/svg+xml": svg})["text/html"]).elements
    assert tag == "img"
    assert base64.b64decode(attributes["src"].split(",")[1]).decode() == svg


def test_charts_that_carry_a_picture_are_shown_by_it():
    """As altair and plotly do with a PNG renderer; their HTML is a script that draws."""
    html = "<div id='vis'></div><script>draw()</script>"
    png = base64.b64encode(b"chart").decode()
    kept = shown({"text/html": html, "image/png": png, "text/plain": "alt.Chart(...)"})
    assert kept == {"image/png": png, "text/plain": "alt.Chart(...)"}
    assert shown({"text/html": html, "text/plain": "alt.Chart(...)"}) == {
        "text/plain": "alt.Chart(...)"
    }


def test_a_picture_that_is_none_is_left_out():
    """What is said to be base64 goes into an attribute of a page."""
    assert "image/png" not in shown({"image/png": '" onerror="f()', "text/plain": "p"})


def test_a_document_is_cleaned_as_a_whole():
    """Unclosed and wrongly nested elements do not hide others."""
    assert clean("<b><p>x</b>y</p><scr<script>ipt>z</script>") == "<b></b><p><b>x</b>y</p>ipt&gt;z"


def shown(data):
    """The data of an output of another course's notebook, as the graded notebook keeps it."""
    return dict(
        harmless({"output_type": "display_data", "data": data, "metadata": {}}, rich=True).data
    )
