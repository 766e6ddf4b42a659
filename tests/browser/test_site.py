"""The course as pages: no warning, no dead link, no request off the site, on any screen."""

from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from accessibility import barriers
from driving import Watched
from sites import served

from autograder.site.make_site import make_site

pytestmark = pytest.mark.browser

NAMES = ("ch02_backprop", "ch04_preprocessing")
BUILT_ELSEWHERE = "lite/"
"""`make lite` makes it: another test opens it."""
PAGES = (
    "index", *NAMES, "answers_ch02_backprop", "glossary", "errata", "kill-table", "reference",
    "words", "functions", "instructors", "tutorial", "contributing",
)  # fmt: skip
LONG = ("ch02_backprop", "kill-table", "functions")
"""Made as other pages here, but axe-core would take minutes for each."""
WITHOUT_FORMULAS = "document.querySelectorAll('mjx-container').forEach(set => set.remove())"
"""MathJax sets them in thousands of elements, with MathML beside them."""


@pytest.fixture(scope="module")
def site(course, tmp_path_factory):
    """A site of two chapters; a warning of Sphinx's would be exit code 1."""
    out = tmp_path_factory.mktemp("web") / "site"
    assert make_site(course, out, NAMES) == 0
    return out


class Links(HTMLParser):
    """Everything that a page names, and everything in it that can be named."""

    def __init__(self, page):
        super().__init__()
        self.names, self.leads = set(), []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.names.add(found.get("id") or "")
        self.leads += [found[key] for key in ("href", "src") if found.get(key)]


def test_every_link_leads_somewhere(site):
    """To a file of the site, and to a place in it that is there."""
    pages = {page.name: Links(page) for page in site.glob("*.html")}
    dead = []
    for name, page in pages.items():
        for lead in page.leads:
            parts = urlsplit(lead)
            target = unquote(parts.path) or name
            if parts.scheme or parts.netloc or target.startswith(BUILT_ELSEWHERE):
                continue
            there = (site / target).exists()
            place = not parts.fragment or target not in pages
            if not (there and (place or unquote(parts.fragment) in pages[target].names)):
                dead.append((name, lead))
    assert len(pages) > len(PAGES)
    assert dead == []


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_pages_fit_any_screen_and_ask_nobody(site, browser, shots, width, theme):
    """No sideways scrolling, no request off the site, no error, no barrier."""
    with served(site) as address:
        for name in PAGES:
            watched = Watched()
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
            watched.watch(page)
            page.goto(f"{address}/{name}.html", wait_until="networkidle")
            page.screenshot(path=shots / f"site-{name}-{width}-{theme}.png")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            assert page.locator("main img:not([alt])").count() == 0, name
            assert watched.foreign == [], name
            assert watched.errors == [], name
            page.evaluate(WITHOUT_FORMULAS)
            assert name in LONG or barriers(page) == [], name
            page.close()


def test_formulas_are_set_without_the_network(site, browser):
    """MathJax comes with the site: as many formulas as the page has, none of them an error."""
    with served(site) as address:
        page = browser.new_page()
        page.goto(f"{address}/ch02_backprop.html")
        written = page.locator("span.math, div.math").count()
        page.wait_for_function(
            "n => document.querySelectorAll('mjx-container').length >= n", arg=written
        )
        assert written > 200
        assert page.locator("mjx-merror").count() == 0
        page.close()


def test_search_finds_the_text_and_no_answers(site, browser):
    """Words of a chapter lead to it; the pages of answers are never among what is found."""
    with served(site) as address:
        page = browser.new_page()
        page.goto(f"{address}/search.html?q=whitening")
        found = page.locator("#search-results ul.search li a")
        found.first.wait_for()
        leads = [link.get_attribute("href") for link in found.all()]
        assert any("ch04_preprocessing" in lead for lead in leads)
        assert not any("answers_" in lead for lead in leads)
        page.close()


def test_the_dark_theme_leaves_nothing_glaring(site, browser):
    """The named mistake's table is dark, and so is what lies around a figure."""
    with served(site) as address:
        page = browser.new_page(color_scheme="dark")
        for name, part in (("index", ".named-mistake > div"), ("ch02_backprop", ".text_html")):
            page.goto(f"{address}/{name}.html")
            colour = "e => getComputedStyle(e).backgroundColor"
            shown = page.locator(part).first.evaluate(colour)
            assert shown in ("rgb(28, 33, 41)", "rgba(0, 0, 0, 0)"), (name, shown)
        page.close()
