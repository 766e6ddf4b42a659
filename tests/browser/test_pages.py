"""The pages that `autograder` writes, on a large screen and on a telephone."""

import csv
import io
import json

import pytest
from accessibility import barriers
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
    """No sideways scrolling, no request, no error, no barrier, a text for every picture."""
    watched = Watched()
    page = browser.new_page(viewport={"width": width, "height": 900})
    watched.watch(page)
    page.goto(pages[kind].as_uri())
    page.screenshot(path=shots / f"{kind}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("img:not([alt]), img[alt='']").count() == 0
    assert barriers(page) == []
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


@pytest.fixture
def report(pages, browser):
    """The class report, opened."""
    page = browser.new_page()
    page.goto(pages["class"].as_uri())
    yield page
    page.close()


def shown(page):
    """The students whose rows are seen, from top to bottom."""
    heads = page.locator("#class tbody tr:not([hidden]) th a")
    return heads.all_inner_texts()


def test_the_class_report_sorts(report):
    """By name, by total, by an exercise; again for the other way round."""
    assert shown(report) == sorted(STUDENTS)
    report.get_by_role("button", name="total").click()
    totals = [float(text) for text in report.locator("#class td.total strong").all_inner_texts()]
    assert totals == sorted(totals)
    report.get_by_role("button", name="total").click()
    assert shown(report)[0] == "ada"
    assert report.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_the_class_report_filters(report):
    """By name, by exercise, by mistake; a click on a mistake shows who made it."""
    report.get_by_label("Find a student").fill("LE")
    assert shown(report) == ["cleo", "lea"]
    report.get_by_role("button", name="Show all").click()
    report.wait_for_function("document.getElementById('shown').textContent.startsWith('8 of 8')")
    report.get_by_label("Lost points in").select_option("half_mse")
    lost = shown(report)
    assert "ben" in lost
    assert "ada" not in lost
    report.locator("a.mistake", has_text="forgets the half").first.click()
    report.wait_for_function("document.getElementById('shown').textContent.startsWith('1 of 8')")
    assert shown(report) == ["ben"]


def test_a_click_on_a_student_shows_what_was_lost_for_what(report, pages):
    """With the way to the feedback page, which is there."""
    report.locator("#class tbody th a", has_text="ben").click()
    text = report.locator("dialog").inner_text()
    assert "forgets the half" in text
    page = report.locator("dialog a").get_attribute("href")
    assert (pages["class"].parent / page).resolve().exists()


def test_what_the_report_holds_can_be_taken_along(report):
    """As CSV, read by Python's own reader, and as JSON; both say the same."""
    files = {}
    for kind in ("CSV", "JSON"):
        with report.expect_download() as download:
            report.get_by_role("button", name=f"Download {kind}").click()
        files[kind] = download.value.path().read_text()
    facts = json.loads(files["JSON"])
    lines = list(csv.DictReader(io.StringIO(files["CSV"])))
    assert {line["student"] for line in lines} == set(STUDENTS)
    for student in facts["students"]:
        own = [line for line in lines if line["student"] == student["student"]]
        assert {line["exercise"] for line in own} == set(student["exercises"])
        assert sum(float(line["earned"]) for line in own) == pytest.approx(student["earned"])
