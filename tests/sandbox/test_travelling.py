"""Functions that travel run in the learner's process, alike in every way but the round trips."""

from __future__ import annotations

import numpy as np
import pytest
from learners import value_of

from autograder.judging.learner import LearnerFunction, LocalFunction
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels
from autograder.sandbox import (
    Isolation,
    LearnerProcess,
    Limits,
    available_isolation,
)
from autograder.sandbox.protocol import travelling, wire
from autograder.submission.session import Session

OFFSET = 3
GENERATOR = np.random.default_rng(0)


@pytest.fixture
def isolation() -> Isolation:
    return available_isolation()


def line(slope, start=0.5):
    """A function with an array in its closure, a default, and a helper that travels too."""
    rise = travels(lambda x: slope * x)

    def at(x, *, shift=start):
        return rise(np.asarray(x)) + shift + sum(k for k in range(2))

    return travels(at)


def callbacks(learner: LearnerProcess) -> int:
    return learner._talk._callbacks


def test_it_computes_the_same_without_a_call_back(learner: LearnerProcess) -> None:
    """Closure, defaults, helpers, comprehensions and NumPy are there; the judge is not asked."""
    at = line(np.array([2.0, -1.0]))
    source = "def f(g): return [g(3), g(np.ones(2), shift=7), g.__name__]"
    value = value_of(learner, f"import numpy as np\n{source}", at)
    np.testing.assert_array_equal(value[0], at(3))
    np.testing.assert_array_equal(value[1], at(np.ones(2), shift=7))
    assert value[2] == "at"
    assert callbacks(learner) == 0


def test_others_stay_in_the_judge(learner: LearnerProcess) -> None:
    """A function without the mark sees every call, also beside one that travels."""
    asked: list[int] = []
    twice = travels(lambda x: 2 * x)
    outer = travels(lambda x, inner=twice: inner(x))
    source = "def f(a, b): return a(3) + len(b(4))"
    assert value_of(learner, source, outer, lambda x: asked.append(x) or asked) == 7
    assert asked == [4]


def test_its_path_does_not_travel(learner: LearnerProcess) -> None:
    """Where the exercise's file lies is nobody's business; nested functions hide it, too."""
    source = """def f(g):
    names, codes = [], [g.__code__]
    for code in codes:
        names.append(code.co_filename)
        codes += [c for c in code.co_consts if hasattr(c, "co_filename")]
    return names"""
    assert set(value_of(learner, source, line(2.0))) == {"<given>"}


def test_its_errors_are_located_in_the_cell(learner: LearnerProcess) -> None:
    """What it raises points to the learner's line that called it."""
    learner.run_cell("def f(g):\n    return g(0)")
    (reply,) = learner.call_many("f", [(travels(lambda x: 1 / x),)])
    assert reply.error is not None
    assert (reply.error.kind, reply.error.line) == ("ZeroDivisionError", 2)


def test_spoilt_closures_last_no_longer_than_a_call(learner: LearnerProcess) -> None:
    """A learner that changes what a function carries changes its own copy for this one call."""
    slope = np.ones(2)
    spoil = "def f(g):\n    g.__closure__[0].cell_contents[:] = 9\n    return g(1)"
    scaled = travels(lambda x: slope * x)
    learner.run_cell(spoil)
    first, second = learner.call_many("f", [(scaled,), (scaled,)])
    np.testing.assert_array_equal(first.value, [9, 9])
    np.testing.assert_array_equal(second.value, [9, 9])
    np.testing.assert_array_equal(slope, [1, 1])
    np.testing.assert_array_equal(value_of(learner, "def f(g): return g(1)", scaled), [1, 1])


def test_arguments_after_the_call(learner: LearnerProcess) -> None:
    """Beside a travelling function, changed arguments are seen; it comes back as itself."""
    twice = travels(lambda x: 2 * x)
    learner.run_cell("def f(box, x, change):\n    if change: box.append(x); x[0] = box[0](5)")
    calls = [([twice], np.zeros(2), change) for change in (False, True)]
    kept, changed = learner.call_many("f", calls)
    assert kept.args_after[0] is calls[0][0]
    assert changed.args_after[0][0] is twice
    np.testing.assert_array_equal(changed.args_after[1], [10, 0])


def test_it_can_be_handed_to_a_function_of_the_judge(learner: LearnerProcess) -> None:
    """As an argument of a call-back it arrives as the judge's own function."""
    twice, seen = travels(lambda x: 2 * x), []
    learner.bind({"part": lambda g: seen.append(g) or g(4)})
    assert value_of(learner, "def f(g): return part(g)", twice) == 8
    assert seen == [twice]


@pytest.mark.parametrize("place", ["local", "remote"])
def test_checks_see_no_difference(place: str, isolation: Isolation) -> None:
    """`LocalFunction` and the learner's process give the same values, errors and arguments."""
    source = "def f(g, x):\n    return g(x)"
    with Session([("f", source)], Limits(cell_seconds=8, call_seconds=8), isolation) as session:
        namespace: dict = {}
        exec(source, namespace)
        local = LocalFunction(namespace["f"])
        f: LearnerFunction | None = local if place == "local" else session.function("f")
        assert f is not None
        at = line(2.0)
        assert f(at, 3) == at(3)
        unchanged(f, at, np.ones(3))
        assert f.reply(travels(lambda x: 1 / x), 0).error.kind == "ZeroDivisionError"


def test_the_judge_reads_no_code(learner: LearnerProcess) -> None:
    """Code goes to the learner and never comes from there: to the judge it is malformed."""
    at = line(2.0)
    packed = learner._talk.pack(at)
    with pytest.raises(wire.WireError, match="unexpected extension"):
        wire.unpack(packed)
    with pytest.raises(wire.WireError, match="unexpected extension"):
        wire.unpack(packed, function=learner._talk.own_function)
    assert travelling.is_marked(at)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x + OFFSET,
        lambda x: __import__("os").getpid() and pytest,
        lambda x, rng=GENERATOR: rng.normal(),
        lambda x, other=lambda x: x: other(x),
        np.sin,
    ],
    ids=["global", "module", "generator", "unmarked", "built-in"],
)
def test_what_needs_more_cannot_travel(function) -> None:
    """Globals, generators and functions without the mark are refused where the mark is set."""
    with pytest.raises(TypeError, match="travel"):
        travels(function)


def test_what_records_cannot_travel() -> None:
    """Nobody here would see what it counts there."""
    count = 0

    def counting(x):
        nonlocal count
        count += 1
        return x

    with pytest.raises(TypeError, match="count"):
        travels(counting)
