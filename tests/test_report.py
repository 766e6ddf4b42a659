"""Reports: what learners write cannot become part of a page."""

import numpy as np
import pytest
from scipy.stats import pearsonr

from autograder.judging.verdicts import NOT_ATTEMPTED, CheckResult, ExerciseResult, Mistake, Verdict
from autograder.pages.class_facts import (
    class_facts,
    counts,
    discrimination,
    distribution,
    earnings,
)
from autograder.pages.report import class_page, notebook_page, outcome, summary_html
from autograder.student.table import Table
from autograder.submission.evidence import suspicious
from autograder.submission.receipt import Receipt, load_receipt
from autograder.submission.student_result import StudentResult

TINY = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADU"
    "lEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def receipt(message="all zeros", mistakes=()):
    checks = (
        CheckResult("value", "Gives the value.", 2.0, Verdict.FAIL, message),
        CheckResult("law", "Keeps the law.", 1.0, Verdict.PASS),
    )
    exercise = ExerciseResult("toy", "A toy", checks, tuple(Mistake(m, EVIL) for m in mistakes))
    return Receipt("key", 1, "ch00_toy", "namespaces", 0.1, {"toy": exercise}, {}, [EVIL], [EVIL])


def graded(student, found):
    """A student who handed in one notebook."""
    return StudentResult(student, {"toy": found}, found.earned, found.points)


def test_everything_a_learner_wrote_is_escaped():
    """Names, messages, repairs and flags appear as text on every page."""
    row = graded(EVIL, receipt(EVIL))
    failed = StudentResult(EVIL, failure=EVIL)
    pages = [
        class_page(class_facts("ch00_toy", [row, failed], "namespaces")),
        notebook_page(receipt(EVIL), EVIL),
        summary_html(receipt(EVIL, mistakes=[EVIL])),
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script" in page


def test_the_verdict_table_escapes_and_says_public():
    """A message is text; with public checks only, it never says that all is passed."""
    check = CheckResult("value", "Gives the value.", 0, Verdict.PASS, EVIL)
    table = Table(ExerciseResult("toy", "A toy", (check,), (Mistake(EVIL, EVIL),)), public=True)
    page = table._repr_html_()
    assert "<script" not in page
    assert "public checks: 1 of 1 pass" in page
    assert "public checks: 1 of 1 pass" in repr(table)


def test_pages_load_nothing_from_elsewhere():
    """No script, no style sheet, no picture and no font comes from another address."""
    page = class_page(class_facts("ch00_toy", [graded("ada", receipt())], "namespaces"))
    assert "http" not in page
    assert "<link" not in page


def test_the_commonest_mistake_comes_first():
    """With who made it, its hint, and what one of them saw, which names nobody."""
    made = {"ada": "other", "ben": "one sided", "cleo": "one sided"}
    rows = [graded(student, receipt(mistakes=[name])) for student, name in made.items()]
    first, second = class_facts("ch00_toy", rows, "namespaces")["mistakes"]
    assert (first["name"], first["students"]) == ("one sided", ["ben", "cleo"])
    assert first["symptom"] == "Gives the value. Found: all zeros"
    assert (second["name"], second["students"]) == ("other", ["ada"])


def test_a_blank_answer_is_no_mistake_of_the_class():
    """Nothing is to be said in the lecture about who handed in nothing."""
    rows = [graded("ada", receipt(mistakes=[NOT_ATTEMPTED.name]))]
    assert class_facts("ch00_toy", rows, "namespaces")["mistakes"] == []


def test_checks_are_counted_over_the_class():
    """How many did not pass each of them."""
    rows = [graded(s, receipt()) for s in ("ada", "ben")]
    (exercise,) = class_facts("ch00_toy", rows, "namespaces")["exercises"]
    assert [(c["name"], c["failed"], c["asked"]) for c in exercise["checks"]] == [
        ("value", 2, 2),
        ("law", 0, 2),
    ]
    assert exercise["share"] == 1 / 3


def test_scores_are_counted_in_tenths():
    """The gradebook's scores, with the full one in the last bin, and those above it, too."""
    scores = (0.0, 0.9, 1.0, 5.5, 9.99, 10.0, 11.0)
    rows = [StudentResult(str(s), {"toy": receipt()}, s, 10.0) for s in scores]
    assert distribution(rows) == [2, 1, 0, 0, 0, 1, 0, 0, 0, 3]


@pytest.mark.parametrize(
    ("mistakes", "expected"), [(["one sided"], "one sided"), ([], "all zeros")]
)
def test_an_outcome_is_the_mistake_or_the_first_finding(mistakes, expected):
    """The named mistake if there is one, else what the first failing check found."""
    assert outcome(receipt(mistakes=mistakes).exercises["toy"]) == expected


def test_receipts_survive_being_saved(tmp_path):
    """What is written is read back; a damaged receipt counts as none."""
    path = tmp_path / "a" / "b.json"
    receipt().save(path)
    assert load_receipt(path) == receipt()
    path.write_text(path.read_text()[:50])
    assert load_receipt(path) is None
    assert load_receipt(tmp_path / "nothing.json") is None


def test_suspicious_cells_are_pointed_out_and_ordinary_ones_are_not():
    """Sockets and rewritten cells are evidence; NumPy, plots, magics and syntax errors are not."""
    ordinary = "import numpy as np\n%matplotlib inline\n!ls\nx = np.kron(1, 2)"
    cells = [("a", ordinary), ("b", "import socket as s"), ("c", "ip.ast_transformers.append(f)"),
             ("d", "def broken(:"), ("e", "open('../gradebook.db')")]  # fmt: skip
    assert suspicious(cells) == [
        "cell `b` opens network connections",
        "cell `c` rewrites cells before they run",
        "cell `e` names the gradebook",
    ]


def class_of(points):
    """Rows of a class, given each student's points in the exercises a, b and c."""
    rows = []
    for number, earned in enumerate(points):
        exercises = {
            slug: ExerciseResult(
                slug, slug, (CheckResult("all", "", 3.0, Verdict.FAIL, partial=float(e)),)
            )
            for slug, e in zip("abc", earned, strict=True)
        }
        found = Receipt("key", 1, "ch00_toy", "namespaces", 0.1, exercises, {})
        rows.append(graded(f"s{number}", found))
    return rows


def test_discrimination_is_the_correlation_with_the_rest():
    """As SciPy computes it; an exercise that everybody solved alike has none."""
    points = [(3, 0, 3), (2, 1, 3), (0, 3, 3), (1, 1, 3), (3, 2, 3)]
    rows = class_of(points)
    a, b, c = (np.array(column, dtype=float) for column in zip(*points, strict=True))
    earned = earnings([row.receipt.exercises for row in rows])
    assert discrimination("a", earned) == pytest.approx(pearsonr(a, b + c).statistic)
    assert discrimination("b", earned) == pytest.approx(pearsonr(b, a + c).statistic)
    assert discrimination("c", earned) is None
    page = class_page(class_facts("ch00_toy", rows, "namespaces"))
    assert f"{pearsonr(a, b + c).statistic:.2f}" in page


def test_the_totals_count_everybody_once():
    """Graded and not graded add up to the class."""
    rows = [*class_of([(1, 2, 3)]), StudentResult("gone", failure="not graded: no file")]
    found = counts(rows)
    assert (found["graded"], found["not graded"], found["repaired"]) == (1, 1, 0)
    page = class_page(class_facts("ch00_toy", rows, "namespaces"))
    assert "1</strong> not graded" in page


def test_a_figure_of_ours_keeps_its_picture_and_its_words():
    """In the feedback page (nbgrader's is of the classic kind); other HTML of learners is not."""
    from nbconvert import HTMLExporter
    from nbformat.v4 import new_code_cell, new_notebook

    from autograder.nbgrader_plugin.cell_outputs import harmless

    page = f'<img src="data:image/png;base64,{TINY}" alt="From 1 &lt; 2, &quot;up&quot;">'
    forged = f'<img src="data:image/png;base64,{TINY}" alt="x" onload="alert(1)"><script>1</script>'
    outputs = [
        harmless({"output_type": "display_data", "data": {"text/html": source}, "metadata": {}})
        for source in (page, forged)
    ]
    assert outputs[0].data == {"image/png": TINY}
    assert outputs[1].data == {"text/plain": "(output of another kind)"}
    notebook = new_notebook(cells=[new_code_cell("show()", outputs=outputs)])
    shown, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    assert "alt='From 1 &lt; 2, \"up\"'" in shown
    assert "alert(1)" not in shown
