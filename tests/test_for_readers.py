"""The chapters' pages give no answer away, keep every figure's text, and name no other machine."""

import ast
import re

import nbformat
import pytest

from autograder.course.build import locate
from autograder.site.answer_pages import answers_page
from autograder.site.for_readers import as_links, for_readers, without_answers
from autograder.site.sources import DOCUMENTS, as_page

COURSE = locate()
ROOT = COURSE.root
NAMES = [text.stem for text in COURSE.texts]


def read(kind, name):
    return nbformat.read(COURSE.notebook(kind, name), as_version=4)


def plain(text):
    return re.sub(r"\s+", " ", text).strip()


def body(source):
    """A function's source without signature and docstring, whatever its spaces."""
    function = ast.parse(source).body[0]
    return plain("\n".join(source.splitlines()[function.body[0].end_lineno :]))


@pytest.fixture(scope="module")
def answers():
    """The body of every answer to a graded exercise, from the committed solutions."""
    cells = [cell for name in NAMES for cell in read("solutions", name).cells]
    solved = [c for c in cells if c.metadata.get("nbgrader", {}).get("solution")]
    return {cell.id: body(cell.source) for cell in solved}


@pytest.mark.parametrize("name", NAMES)
def test_no_page_holds_an_answer(name, answers):
    """Not in exercises, nor in what later chapters are given, nor in what a project brings."""
    shown = for_readers(read("solutions", name), read("release", name), NAMES, lambda *_: None)
    code = [plain(cell.source) for cell in shown.cells if cell.cell_type == "code"]
    assert len(answers) > 200
    assert [slug for slug, answer in answers.items() if any(answer in c for c in code)] == []


@pytest.mark.parametrize("name", NAMES)
def test_figures_keep_their_texts_and_ask_nobody(name):
    """Pictures lie in files, each with what it shows in words; no output has an address."""
    solved, kept = read("solutions", name), {}
    cells = [c for c in solved.cells if not c.metadata.get("nbgrader", {}).get("grade")]
    shown = for_readers(solved, read("release", name), NAMES, kept.__setitem__)
    before, after = (_html(found) for found in (cells, shown.cells))
    assert re.findall(' alt="[^"]*"', after) == re.findall(' alt="[^"]*"', before)
    assert sorted(set(re.findall('src="(_static[^"]*)"', after))) == sorted(kept)
    assert all(content.startswith(b"\x89PNG") for content in kept.values())
    assert not re.search(r"(src|href)=\"https?:", after)


def _html(cells):
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    return "\n".join(output.get("data", {}).get("text/html", "") for output in outputs)


@pytest.mark.parametrize("name", NAMES[:3])
def test_the_answers_page_has_them_all_and_folded(name, answers):
    """Each exercise's answer once, inside a fold."""
    page = answers_page(name, read("solutions", name))
    folded = [plain(part) for part in re.findall(r"<details.*?</details>", page, re.DOTALL)]
    own = [cell.id for cell in read("solutions", name).cells if cell.id in answers]
    assert len(folded) == len(own)
    assert all(answers[slug] in fold for slug, fold in zip(own, folded, strict=True))


def test_a_given_function_keeps_its_head():
    """The signature and what it is for; helpers that nobody asks for stay whole."""
    source = 'def half_mse(a, y):\n    """A cost."""\n    return 1\n\n\ndef other(x):\n    return x'
    shown = without_answers(source)
    assert shown.startswith(
        'def half_mse(a, y):\n    """A cost."""\n    ...  # an exercise of ch02'
    )
    assert "return 1" not in shown
    assert shown.endswith("def other(x):\n    return x")


def test_links_lead_to_pages_that_are_there():
    """Over line ends as well; a link to what has no page becomes its words."""
    text = (
        "see [chapter\n2](../ch02_backprop/ch02_backprop.ipynb), [a](../pages/glossary.ipynb#Adam)"
    )
    assert as_links(text, {"ch02_backprop", "glossary"}) == (
        "see [chapter\n2](ch02_backprop.ipynb), [a](glossary.ipynb#adam)"
    )
    assert as_links(text, set()) == "see chapter\n2, a"


@pytest.mark.parametrize(
    "path", [*DOCUMENTS.values(), *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md")))]
)
def test_a_document_links_to_pages_that_there_are(path):
    """As it leads on the site, where all lie side by side; what is elsewhere has an address."""
    pages = {*DOCUMENTS, *(p.stem for p in (ROOT / "docs").glob("*.md")), "license", "index"}
    links = re.findall(r"\]\(([\w./-]+\.md)", as_page((ROOT / path).read_text("utf-8")))
    assert {link.removesuffix(".md") for link in links} <= pages
