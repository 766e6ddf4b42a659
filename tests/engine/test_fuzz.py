"""Damaged notebooks: none upsets the engine, and none gains a point by its damage."""

import json

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import mutated
from quickstart import CONFIG, RIGHT, hand_in, with_config

from autograder.classroom.work import Job, perform
from autograder.course.build import locate
from autograder.nbgrader_plugin import Nbgrader
from autograder.nbgrader_plugin.assignment import Assignment, SourceNotebook
from autograder.submission.grading import Options
from autograder.submission.session import best_isolation

pytestmark = pytest.mark.slow
FEW, MANY = (
    settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    for examples in (30, 1000)
)
CHAPTER, EXERCISES, ANSWERED = "ch03_activations", 2, "sigmoid_forward"
FLAWED = "sum_of_squares_uses_squares"
"""nbgrader's example asks for a NameError, which a missing function raises as well."""


class Case:
    """An assignment, and two notebooks of it: untouched, and with one right answer."""

    def __init__(self, assignment, notebook, untouched, answered):
        self.assignment, self.notebook = assignment, notebook
        self.starts = (json.loads(untouched), json.loads(answered))
        self.graded = [self.perform(raw.encode()).graded[notebook] for raw in (untouched, answered)]

    def perform(self, raw):
        options = Options(best_isolation(), seed=1)
        return perform(self.assignment, options, Job("student", {self.notebook: raw}))


@pytest.fixture(scope="module")
def ours():
    """The first two exercises of a chapter."""
    course = locate()
    released = nbformat.read(course.notebook("release", CHAPTER), as_version=4)
    checks = [i for i, c in enumerate(released.cells) if c.id.endswith("-check")]
    released.cells = released.cells[: checks[EXERCISES - 1] + 1]
    solved = nbformat.read(course.notebook("solutions", CHAPTER), as_version=4)
    text = nbformat.writes(released)
    answer = next(cell.source for cell in solved.cells if cell.id == ANSWERED)
    next(cell for cell in released.cells if cell.id == ANSWERED).source = answer
    facts = {CHAPTER: SourceNotebook(CHAPTER, {}, {}, text)}
    config = Nbgrader(course.nbgrader_root).config
    return Case(Assignment(CHAPTER, facts, {}, config), CHAPTER, text, nbformat.writes(released))


@pytest.fixture(scope="module")
def quickstart(example, tmp_path_factory):
    """The first notebook of nbgrader's example course, as its gradebook knows it."""
    config = CONFIG + "c.ExecutePreprocessor.timeout = 2\nc.Execute.timeout = 2\n"
    root = with_config(example, tmp_path_factory.mktemp("fuzz") / "course", config)
    hand_in(root, "untouched", {})
    hand_in(root, "answered", {"squares": RIGHT["squares"]})
    texts = [
        (root / "submitted" / student / "ps1" / "problem1.ipynb").read_text()
        for student in ("untouched", "answered")
    ]
    return Case(Nbgrader(root).assignment("ps1"), "problem1", *texts)


@FEW
@given(data=st.data())
def test_a_damaged_notebook_of_ours(ours, data):
    """Whatever happened to the file: it is graded, and earns what is left of the answers."""
    assert hold_properties(ours, data), "our own notebooks can always be graded"


@FEW
@given(data=st.data())
def test_a_damaged_notebook_of_another_course(quickstart, data):
    """nbgrader's formats: graded as before the damage at best, or refused with a reason."""
    hold_properties(quickstart, data)


@pytest.mark.thorough
@MANY
@given(data=st.data())
def test_a_thousand_damaged_notebooks_of_ours(ours, data):
    assert hold_properties(ours, data), "our own notebooks can always be graded"


@pytest.mark.thorough
@MANY
@given(data=st.data())
def test_a_thousand_damaged_notebooks_of_another_course(quickstart, data):
    hold_properties(quickstart, data)


def test_the_starting_points_are_what_they_should_be(ours, quickstart):
    """Untouched notebooks earn nothing, the answered ones earn something."""
    for case in (ours, quickstart):
        untouched, answered = (sum(filter(None, g.scores.values())) for g in case.graded)
        assert untouched == 0
        assert answered > 0


def hold_properties(case, data):
    """Grade one mutated notebook, check what must always hold, and tell whether it was graded."""
    start = data.draw(st.sampled_from([0, 1]), label="answered")
    outcome = case.perform(data.draw(mutated(case.starts[start]), label="submission"))
    if outcome.failure:
        assert outcome.failure.startswith("not graded: ")
        assert outcome.failure.isprintable(), "one line of plain text"
        assert len(outcome.failure) < 300
        assert not outcome.graded
        return False
    graded, before = outcome.graded[case.notebook], case.graded[start]
    nbformat.validate(nbformat.reads(graded.notebook.encode().decode(), as_version=4))
    json.dumps(graded.receipt.to_json())
    assert graded.scores.keys() <= before.scores.keys()
    assert graded.comments.keys() <= before.comments.keys()
    for name, score in graded.scores.items():
        if before.scores[name] is None:
            assert score is None or score == 0, "a person has to grade this"
        elif score is not None and name != FLAWED:
            assert 0 <= score <= before.scores[name], name
    return True
