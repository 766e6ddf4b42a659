"""What stands in an answer's way is told once, in a sentence that is true of the cells."""

import pytest

from autograder.judging import bank
from autograder.judging.verdicts import Verdict
from autograder.sandbox import Limits
from autograder.submission.judged import judge_session
from autograder.submission.obstacles import obstacles
from autograder.submission.session import Session, best_isolation

RIGHT = "    return float(((a - y) ** 2).sum() / (2 * len(a)))"
ANSWER = f"def half_mse(a, y):\n{RIGHT}"


@pytest.fixture
def judged():
    """The verdicts on half_mse in a notebook of these cells, the answer's cell first."""

    def judge(source, **others):
        cells = [("half_mse", source), *others.items()]
        with Session(cells, Limits(), best_isolation(allow_none=True)) as session:
            return judge_session(bank.find("half_mse"), session, seed=3)

    return judge


@pytest.mark.parametrize(
    ("source", "name", "part"),
    [
        (f"```python\n{ANSWER}\n```", "a pasted code fence", "three backticks"),
        ("def half_mse(a, y:\n    return 1", "a cell that cannot be read", "in line 1"),
        (
            f"def half_mse(a, y):\n    c = 0\n    raise NotImplementedError()\n{RIGHT}",
            "raise left in",
            "delete that line",
        ),
        (
            "def half_mse(a, y):\n    raise NotImplementedError()\n    return 3.0",
            "raise left in",
            "delete that line",
        ),
    ],
)
def test_an_answer_that_cannot_run_is_told_once(judged, source, name, part):
    """One mistake with one hint; the reason does not stand beside every check."""
    result = judged(source)
    assert result.earned == 0
    assert [m.name for m in result.mistakes] == [name]
    assert part in result.mistakes[0].hint
    assert "ipython-input" not in result.mistakes[0].hint + result.checks[0].message
    assert len([c for c in result.checks if "not defined" in c.message]) <= 1


def test_a_stub_that_was_left_alone_is_not_attempted(judged):
    """Nothing was left in: nothing was put in."""
    result = judged("def half_mse(a, y):\n    '''Cost.'''\n    raise NotImplementedError()")
    assert [m.name for m in result.mistakes] == ["not attempted"]


def test_a_second_definition_further_down_is_named_with_its_cell(judged):
    """The answer is right; another cell takes its name, and the verdict says which one."""
    result = judged(ANSWER, trial="# my first attempt\ndef half_mse(a, y):\n    return 0.0")
    assert result.earned < result.points
    again = result.mistakes[0]
    assert again.name == "defined again further down"
    assert "`# my first attempt`" in again.hint
    assert "`half_mse`" in again.hint


def test_a_helper_that_is_defined_again_is_named_too():
    """What the answer calls is not what its author thinks it is."""
    cells = [
        ("given-1", "def sigmoid(z):\n    return z"),
        ("output_error", "def output_error(a, y, z):\n    return (a - y) * sigmoid(z)"),
        ("trial", "sigmoid = 3"),
    ]
    (found,) = obstacles("output_error", cells)
    assert "`sigmoid`" in found.hint
    assert "`sigmoid = 3`" in found.hint


def test_right_answers_have_nothing_in_their_way(judged):
    """Names that the answer does not use may be bound as often as one likes."""
    result = judged(ANSWER, trial="b = 1", more="b = 2\ndef other(): pass", last="other = b")
    assert all(check.verdict is Verdict.PASS for check in result.checks)
    assert result.mistakes == ()
    assert obstacles("half_mse", [("half_mse", ANSWER), ("t", "a = 1"), ("u", "a = 2")]) == ()


def test_a_flood_of_prints_costs_a_right_answer_nothing(judged):
    """Three thousand lines at every call: nobody reads them, and nobody is punished for them."""
    loud = f"def half_mse(a, y):\n    for i in range(3000):\n        print('line', i)\n{RIGHT}"
    result = judged(loud)
    assert result.earned == result.points
    assert result.mistakes == ()


@pytest.mark.thorough
def test_a_run_that_prints_without_end_is_told_so(judged):
    """Cut off after its time, and said in a sentence of its own."""
    result = judged("def half_mse(a, y):\n    while True:\n        print('still here')")
    assert [m.name for m in result.mistakes] == ["never comes back"]


def test_the_table_says_what_the_mistakes_cost(judged):
    """In points, under the boxes; and nothing where only public checks were run."""
    from autograder.student.table import Table

    result = judged("def half_mse(a, y):\n    return float(((a - y) ** 2).sum() / len(a))")
    assert result.mistakes[0].keeps > 0
    lost = result.points - result.earned
    assert f"It costs {lost:g} of {result.points:g} points." in Table(result)._repr_html_()
    assert "It costs" not in repr(Table(result, public=True))
