"""The pages that `autograder` writes, on a large screen and on a telephone."""

import pytest
from driving import CHAPTER, Watched, course_folder, hand_in

from autograder.classroom.grade_class import grade_class
from autograder.judging import bank
from autograder.pages.report import notebook_page, write
from autograder.submission.receipt import load_receipt, receipt_path

pytestmark = pytest.mark.browser

STUDENTS = ("ada", "ben", "cleo", "dan", "hana", "kim", "lea", "mei")
WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def pages(course, tmp_path_factory):
    """The class report of some of the sample class, and the page of the one with mistakes."""
    own = course_folder(course, tmp_path_factory.mktemp("class"))
    hand_in(own, STUDENTS)
    result = grade_class(own.nbgrader_root, CHAPTER)
    receipt = load_receipt(receipt_path(own.nbgrader_root, "ben", CHAPTER, CHAPTER))
    page = write(own.root / "ben.report.html", notebook_page(receipt, CHAPTER))
    return {"class": result.report, "notebook": page}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", ["class", "notebook"])
def test_a_page_fits_any_screen_and_needs_nothing_else(pages, browser, shots, kind, width):
    """No sideways scrolling of the page, no script, no request, a text for every picture."""
    watched = Watched()
    page = browser.new_page(viewport={"width": width, "height": 900})
    watched.watch(page)
    page.goto(pages[kind].as_uri())
    page.screenshot(path=shots / f"{kind}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("script").count() == 0
    assert page.locator("img:not([alt]), img[alt='']").count() == 0
    assert watched.foreign == []
    assert watched.errors == []
    page.close()


def test_the_page_of_a_notebook_names_the_mistakes(pages, browser):
    """The summary stands on top and says of each exercise what happened."""
    page = browser.new_page()
    page.goto(pages["notebook"].as_uri())
    text = page.locator("body").inner_text()
    points = sum(exercise.points for exercise in bank.chapter(CHAPTER).values())
    assert text.index(f"of {points:g} points") < text.index("Check by check")
    assert text.count("Looks like: forgets the half.") == 1
    page.close()


def test_the_class_report_has_a_row_per_student(pages, browser):
    """Every student stands in the table, and the commonest mistakes below it."""
    page = browser.new_page()
    page.goto(pages["class"].as_uri())
    for student in STUDENTS:
        assert page.locator("th", has_text=student).count() == 1
    assert page.locator("td", has_text="forgets the half").count() > 0
    page.close()
