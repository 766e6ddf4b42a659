"""An instructor in Formgrader: autogrades, comments, generates feedback; and what it looks like."""

import re

import nbformat
import pytest
from accessibility import barriers
from driving import CHAPTER, TOKEN, Watched, scroll_to
from playwright.sync_api import expect

from autograder.nbgrader_plugin import Nbgrader
from autograder.submission.receipt import load_receipt, receipt_path

pytestmark = pytest.mark.browser

STUDENT = "ben"
COMMENT = "The ½ is there so that the 2 of the derivative goes away."
HINT = "The cost is twice too large: this is the plain mean of squared distances, without the ½."
GRADING_SECONDS = 60


@pytest.fixture(scope="module")
def nbgrader(course_with_submissions):
    """nbgrader's own view of the course, with the assignment registered as for a class."""
    found = Nbgrader(course_with_submissions.nbgrader_root)
    found.generate_assignment(CHAPTER)
    return found


@pytest.fixture(scope="module")
def page(nbgrader, server, browser):
    """A page that is logged in: Formgrader itself takes no token from the address."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(server.page("/tree"))
    return page


@pytest.fixture(scope="module")
def submissions(page, server):
    """Formgrader's table of submissions, after Autograde was pressed for one student."""
    page.goto(f"{server.url}/formgrader/manage_submissions/{CHAPTER}")
    press(page, "autograde")
    return page


@pytest.fixture(scope="module")
def feedback(submissions, server, nbgrader):
    """The student's feedback page, after Generate feedback was pressed."""
    submissions.goto(f"{server.url}/formgrader/manage_submissions/{CHAPTER}")
    press(submissions, "generate-feedback")
    return nbgrader.root / "feedback" / STUDENT / CHAPTER / f"{CHAPTER}.html"


def press(page, button):
    """Press a button in the student's row, and dismiss what says that it worked."""
    page.locator("tr", has_text=STUDENT).locator(f".{button} a").click()
    dialog = page.locator(".modal-dialog")
    expect(dialog).to_contain_text("Success", timeout=GRADING_SECONDS * 1000)
    dialog.get_by_text("OK", exact=True).click()
    expect(dialog).to_have_count(0)


def receipt_of(nbgrader):
    return load_receipt(receipt_path(nbgrader.root, STUDENT, CHAPTER, CHAPTER))


def grading_view(page, nbgrader, server):
    """Open the page on which the instructor reads and grades one submission."""
    with nbgrader.gradebook() as gradebook:
        found = gradebook.find_submission_notebook(CHAPTER, CHAPTER, STUDENT).id
    page.goto(f"{server.url}/formgrader/submissions/{found}/")


def comment_on(nbgrader, slug):
    with nbgrader.gradebook() as gradebook:
        return gradebook.find_comment(slug, CHAPTER, CHAPTER, STUDENT).manual_comment


def test_the_autograde_button_goes_through_the_judge(submissions, nbgrader, server, shots):
    """The button leaves a receipt of an isolated grading, and the gradebook has its points."""
    receipt = receipt_of(nbgrader)
    assert receipt is not None
    assert receipt.isolation != "none"
    assert 0 < receipt.earned < receipt.points
    assert nbgrader.scores(CHAPTER)[STUDENT] == (receipt.earned, receipt.points)
    submissions.goto(f"{server.url}/formgrader/manage_submissions/{CHAPTER}")
    row = submissions.locator("tr", has_text=STUDENT)
    expect(row).to_contain_text(f"{receipt.earned:g} / {receipt.points:g}")
    submissions.screenshot(path=shots / "formgrader-submissions.png")


@pytest.mark.parametrize("path", ["", f"manage_submissions/{CHAPTER}", "manage_students"])
def test_formgrader_does_not_print_the_servers_token(page, server, path):
    """Whoever looks over the instructor's shoulder cannot read the token."""
    page.goto(f"{server.url}/formgrader/{path}", wait_until="networkidle")
    expect(page.locator("h1", has_text="nbgrader")).to_be_visible()
    assert TOKEN not in page.content()


def test_the_grading_view_shows_the_verdicts(submissions, nbgrader, server, shots):
    """The instructor sees each exercise's table, and its points next to the score box."""
    grading_view(submissions, nbgrader, server)
    expect(submissions.locator("body")).to_contain_text(f"Looks like: forgets the half. {HINT}")
    table = submissions.locator("table", has_text="squared distances 5 and 9")
    assert table.locator("tr").first.locator("td").count() == 3
    scores = [float(box.get_attribute("placeholder")) for box in score_boxes(submissions)]
    assert scores == [e.earned for e in receipt_of(nbgrader).exercises.values()]
    table.screenshot(path=shots / "formgrader-verdicts.png")


def score_boxes(page):
    return page.locator("input.score").all()


def test_a_comment_reaches_the_gradebook(submissions, nbgrader, server):
    """What the instructor types beside an answer is saved and stays."""
    grading_view(submissions, nbgrader, server)
    box = submissions.locator("textarea.comment").nth(2)
    with submissions.expect_response(re.compile("/formgrader/api/comment/")) as saved:
        box.fill(COMMENT)
        box.press("Tab")
    assert saved.value.ok
    assert comment_on(nbgrader, "half_mse") == COMMENT


def test_an_autograded_notebook_reads_well_in_jupyterlab(submissions, server, shots):
    """JupyterLab strips what it does not trust; the table's inline styles survive."""
    submissions.goto(server.page(f"/lab/tree/autograded/{STUDENT}/{CHAPTER}/{CHAPTER}.ipynb"))
    row = submissions.locator(".jp-OutputArea tr", has_text="With w = 2").first
    submissions.wait_for_selector(".jp-NotebookPanel .jp-Cell")
    scroll_to(submissions, row)
    badge = row.locator("span")
    assert badge.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(251, 230, 228)"
    submissions.screenshot(path=shots / "lab-autograded.png")


def test_the_feedback_page_explains_and_keeps_the_secrets(feedback, browser, shots):
    """The summary is on top, the mistake is named, and no hidden test or grader's word is there."""
    watched = Watched()
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    watched.watch(page)
    page.goto(feedback.as_uri())
    text, source = page.locator("body").inner_text(), feedback.read_text(encoding="utf-8")
    assert text.index("points") < text.index("Back-propagation: who is to blame")
    assert f"Looks like: forgets the half. {HINT}" in text
    for secret in ("HIDDEN TESTS", "autograder.submission.grading", "reference_impl", TOKEN):
        assert secret not in source
    page.screenshot(path=shots / "feedback.png")
    assert barriers(page) == []
    page.close()


def test_submissions_are_read_as_they_were_handed_in(submissions, nbgrader):
    """Grading leaves the submitted file alone: the answers there are still the learner's."""
    path = nbgrader.root / "submitted" / STUDENT / CHAPTER / f"{CHAPTER}.ipynb"
    cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    assert "hidden" not in cells["half_mse-check"].source.lower()
    assert not cells["half_mse-check"].outputs
