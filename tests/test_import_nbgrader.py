"""nbgrader notebooks become skeletons whose checks say what the notebooks' own asserts say."""

import importlib.util
import json
import math
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from autograder.course.build import Course
from autograder.course.foreign_notebooks.import_nbgrader import import_nbgrader
from autograder.course.scaffold import left_to_do, new_course
from autograder.judging.judge import judge
from autograder.judging.learner import LocalFunction
from autograder.judging.mendable import AuthorMistake
from autograder.judging.verdicts import Verdict

NOTEBOOKS = Path(__file__).parent / "nbgrader_notebooks"


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """A new course, with three notebooks imported into it one after the other."""
    course = Course(tmp_path_factory.mktemp("mine") / "course-of-mine")
    new_course(course.root)
    names = ("week1_loops", "hw02_root_finding", "lab3_words")
    return course, {n: import_nbgrader(course, NOTEBOOKS / f"{n}.ipynb") for n in names}


def cubes(n):
    if n < 1:
        raise ValueError("n must be at least 1")
    return [i**3 for i in range(1, n + 1)]


def cubes_without_refusing(n):
    return [i**3 for i in range(1, n + 1)]


def cubes_that_stop_early(n):
    return cubes(min(n, 6))


def newton(g, left, right, steps=60):
    for _ in range(steps):
        middle = (left + right) / 2
        left, right = (left, middle) if g(left) * g(middle) <= 0 else (middle, right)
    return left


def the_middle(g, left, right, steps=60):
    return (left + right) / 2


def trapezoid(y, h=1.0):
    y = np.asarray(y, dtype=float)
    return float((y[1:] + y[:-1]).sum() / 2 * h)


def rectangles(y, h=1.0):
    return float(np.sum(np.asarray(y)[:-1]) * h)


def without_h(y, h=1.0):
    return trapezoid(y)


def words(text):
    return [word.strip(",").lower() for word in text.split()]


def words_as_they_are(text):
    return text.replace(",", "").split()


ANSWERS = {
    "cubes": [cubes, cubes_without_refusing, cubes_that_stop_early, lambda n: n**3],
    "sum_of_cubes": [lambda n: sum(cubes(n)), lambda n: n**3, lambda n: 36],
    "bisect": [newton, the_middle, lambda g, a, b, steps=60: math.sqrt(2)],
    "trapezoid": [trapezoid, rectangles, without_h],
    "tokens": [words, words_as_they_are, lambda text: [], lambda text: None],
    "vocabulary": [lambda text: dict(Counter(text.split())), lambda text: dict.fromkeys(text, 1)],
}
LEFT_OUT = {"test_uses_cubes", "q2_data", "q3_test", "frame_test", "source_test", "broken_test"}


def said_by_the_notebook(cells, slug, answer):
    """Test cells of the notebook that fail on an answer, when they run as nbgrader runs them."""
    space = {"assert_equal": _equal, "assert_raises": _raises, "np": np, "math": math,
             "assert_allclose": np.testing.assert_allclose, "Counter": Counter}  # fmt: skip
    failing = set()
    for cell in cells:
        label = cell["metadata"].get("nbgrader", {})
        source, name = "".join(cell["source"]), label.get("grade_id")
        if label.get("locked") and not label["grade"] and not label["task"]:
            exec(source, space)
        if label.get("grade") and not label["solution"] and name not in LEFT_OUT and slug in source:
            try:
                exec(
                    source, {**space, "sum_of_cubes": lambda n: 36 if n == 3 else 100, slug: answer}
                )
            except Exception:
                failing.add(name)
    return failing


def _equal(got, expected):
    assert got == expected


def _raises(kind, function, *arguments):
    with pytest.raises(kind):
        function(*arguments)


@pytest.mark.parametrize(
    ("slug", "number"), [(slug, n) for slug, found in ANSWERS.items() for n in range(len(found))]
)
def test_checks_say_what_the_asserts_said(imported, slug, number):
    """The same cells fail, on right answers and on wrong ones."""
    _, found = imported
    (path,) = (p for one in found.values() for p in one.written if p.name == f"{slug}.py")
    name = f"imported.{path.parent.name}.{slug}"
    spec = importlib.util.spec_from_file_location(name, path)
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    answer = ANSWERS[slug][number]
    result = judge(module.exercise, LocalFunction(answer), seed=1, reference=ANSWERS[slug][0])
    public = judge(module.exercise, LocalFunction(answer), seed=1, hidden=False)
    bad = [c.name for c in (*result, *public) if c.verdict is not Verdict.PASS]
    (notebook,) = (n for n, one in found.items() if one.chapter == path.parent.name)
    cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text())["cells"]
    assert {b.removesuffix("_in_public") for b in bad} == said_by_the_notebook(cells, slug, answer)
    assert bool(bad) == (number > 0)


def test_points_are_those_of_the_notebook(imported):
    """Visible and hidden halves of a cell: practice, and the cell's points."""
    text = (imported[0].content.exercises / "ch02_week1_loops" / "cubes.py").read_text()
    assert text.count("@exercise.check(points=2)\ndef test_cubes(") == 1
    assert text.count("@exercise.check\ndef test_cubes_in_public(") == 1
    visible, hidden = text.split("def test_cubes(f, reference, rng)")
    assert "agree(f(3), [1, 8, 27])" in visible
    assert "1331" in hidden.split("@exercise.check")[0]
    assert "1331" not in visible


def test_what_has_no_counterpart_is_told(imported):
    """A sentence for each: what it is, and what becomes of it."""
    told = {name: "\n".join(one.left_out) for name, one in imported[1].items()}
    for name, part in (
        ("week1_loops", "cell why (3 points) is graded by hand"),
        ("week1_loops", "cell test_uses_cubes (0.5 points) deletes or rebinds names"),
        ("week1_loops", "cell test_sum_of_cubes shows all its asserts"),
        ("hw02_root_finding", "cell q3 asks for something else than a function"),
        ("hw02_root_finding", "cell q3_test (1 points) tests no function"),
        ("hw02_root_finding", "cell q2_data (1 points) uses measured, which the notebook computes"),
        ("hw02_root_finding", "trapezoid has no docstring: write its contract"),
        ("lab3_words", "cell broken_test cannot be read as Python"),
        ("lab3_words", "cell frame_test (1 points) uses pandas"),
        ("lab3_words", "cell source_test (1 points) looks at the source"),
        ("lab3_words", "the notebook holds no answer of tokens: write it"),
        ("lab3_words", "cell plot (5 points) is graded by hand"),
    ):
        assert part in told[name]


def test_the_chapter_has_the_prose_and_no_answer(imported):
    """Text cells as they were, exercises in their places, nothing of the solution."""
    course, found = imported
    text = course.text(found["hw02_root_finding"].chapter).read_text()
    parts = ("# Homework 2: roots", '# %% exercise="bisect"', "trapezoidal rule", "def parabola")
    assert all(part in text for part in parts)
    assert [text.index(part) for part in ('"bisect"', "trapezoidal", '"trapezoid"')] == sorted(
        text.index(part) for part in ('"bisect"', "trapezoidal", '"trapezoid"')
    )
    assert "SOLUTION" not in text
    assert "middle" not in text
    assert "nose" not in course.text(found["week1_loops"].chapter).read_text()


def test_what_is_left_to_write_says_todo(imported):
    """`verify` does not let a skeleton pass that nobody has filled in."""
    for one in imported[1].values():
        assert len(left_to_do(one.written)) > 5


@pytest.mark.parametrize(
    ("name", "text", "advice"),
    [
        ("no.ipynb", "no JSON", "is no notebook that can be read"),
        ("no.ipynb", '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
         "has no cell with nbgrader's metadata"),
    ],
)  # fmt: skip
def test_another_file_is_refused(imported, tmp_path, name, text, advice):
    """In a sentence, and nothing is written."""
    (tmp_path / name).write_text(text)
    before = sorted(imported[0].root.rglob("*"))
    with pytest.raises(AuthorMistake, match=advice):
        import_nbgrader(imported[0], tmp_path / name)
    assert sorted(imported[0].root.rglob("*")) == before


def test_nothing_is_overwritten(imported):
    """The same chapter again is refused."""
    with pytest.raises(AuthorMistake, match="is there already"):
        import_nbgrader(imported[0], NOTEBOOKS / "week1_loops.ipynb", "ch02_week1_loops")
