"""A feedback page: names, folded set-up, formulas that need no network."""

import json
import re
from pathlib import Path

import nbgrader
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.judging.verdicts import ExerciseResult
from autograder.nbgrader_plugin.feedback import _folded, _named, _names
from autograder.nbgrader_plugin.offline_math import mathml, rendered, without_mathjax
from autograder.submission.receipt import Receipt

TEMPLATE = Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates"
SCRIPT = "<!-- Load mathjax --><script src='/x'></script><!-- End of mathjax configuration -->"
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)


def graded(name):
    facts = {"grade_id": name, "grade": True, "solution": False}
    return new_code_cell("check()", metadata={"nbgrader": facts})


def test_every_formula_of_the_course_can_be_drawn(course):
    """None is left as source, and none has a command in it that was not understood."""
    found = 0
    for path in sorted((course.nbgrader_root / "release").rglob("*.ipynb")):
        for cell in json.loads(path.read_text())["cells"]:
            if cell["cell_type"] != "markdown":
                continue
            for block, inline in FORMULA.findall("".join(cell["source"])):
                made = mathml(block or inline, "block" if block else "inline")
                assert made.startswith("<math"), (path.name, block or inline)
                assert "\\" not in re.sub(r"<[^>]*>", "", made), (path.name, block or inline)
                found += 1
    assert found > 1500


def test_formulas_are_drawn_where_they_stand():
    """In a sentence, on a line of their own, in a table; code with a dollar is no formula."""
    html = rendered(
        "Let $x^2$ be.\n\n$$\\frac12$$\n\n`$HOME$`\n\n| a |\n|---|\n| $y$ |", escape=False
    )
    assert html.count("<math") == 3
    assert html.count('display="block"') == 1
    assert "<code>$HOME$</code>" in html


def test_what_cannot_be_read_stays_as_it_was_written():
    """And then the page keeps its way to draw it."""
    html = rendered("$x_$", escape=False)
    page = f"<html>{SCRIPT}{html}</html>"
    assert "$x_$" in html
    assert without_mathjax(page, html) == page
    assert without_mathjax(page, "<p>&#36;own&#36;</p>") == page
    clean = rendered("$x$ and `$y$`", escape=False)
    assert without_mathjax(page, clean) == f"<html>{html}</html>"


def test_the_contents_say_what_exercises_are_called():
    """By title; a cell of another course by its own name; what is not graded is left alone."""
    nb = new_notebook(cells=[graded("half_mse-check"), graded("part <b>"), new_code_cell("1")])
    exercise = ExerciseResult("half_mse", "The cost & its half", ())
    receipt = Receipt("k", 1, "ch", "none", 0.1, {"half_mse": exercise}, {})
    names = _names(nb, receipt)
    assert names == {"half_mse-check": "The cost & its half", "part <b>": "part <b>"}
    page = (
        '<a href="#half_mse-check">Test cell</a><a href="#part &lt;b&gt;">Test cell</a>'
        '<span class="nbgrader-label">Grade cell: <code>half_mse-check</code></span>'
    )
    assert _named(page, names) == (
        '<a href="#half_mse-check">The cost &amp; its half</a>'
        '<a href="#part &lt;b&gt;">part &lt;b&gt;</a>'
        '<span class="nbgrader-label">The cost &amp; its half</span>'
    )


@pytest.mark.parametrize("text", ["Test cell</a>", "Grade cell: <code>", 'class="nbgrader-label"'])
def test_nbgraders_page_still_says_what_is_replaced(text):
    """Its template may change; then this tells."""
    assert text in (TEMPLATE / "feedback" / "index.html.j2").read_text()


def test_a_set_up_cell_is_folded_unless_it_shows_something():
    """Its text is all there, whatever fence is in it."""
    setup = new_code_cell("import numpy as np  # ~~~~", metadata={"tags": ["setup"]})
    folded = _folded(setup)
    assert folded.cell_type == "markdown"
    assert rendered(folded.source, escape=False).count("<details>") == 1
    assert setup.source.split("#")[0] in re.sub(
        r"<[^>]*>", "", rendered(folded.source, escape=False)
    )
    loud = new_code_cell("1 / 0", metadata={"tags": ["setup"]})
    loud.outputs = [new_output("error", ename="E", evalue="e", traceback=[])]
    other = new_code_cell("x = 1")
    assert [_folded(loud), _folded(other)] == [loud, other]
