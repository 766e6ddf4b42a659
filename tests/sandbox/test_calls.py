"""Calls of a learner's functions: values, changed arguments, call-backs, rebound parts.

These do not depend on how the process is isolated, so the best isolation is enough.
"""

from __future__ import annotations

import numpy as np
import pytest
from learners import Starter, value_of

from autograder.judging.calls import LearnerGone
from autograder.sandbox import Isolation, LearnerProcess, Opaque, available_isolation


@pytest.fixture
def isolation() -> Isolation:
    return available_isolation()


def test_a_batch_is_answered_in_order(learner: LearnerProcess) -> None:
    """Each call of a batch gets its own value or error; later ones run all the same."""
    learner.run_cell("def f(x, scale=1):\n    y = 1 / x\n    return scale * y")
    calls = [(2,), (0,), (4, 8), ()]
    replies = learner.call_many("f", calls)
    assert [reply.value for reply in replies] == [0.5, None, 2.0, None]
    assert replies[1].error is not None
    assert (replies[1].error.kind, replies[1].error.line) == ("ZeroDivisionError", 2)
    assert replies[1].error.source == "y = 1 / x"
    assert replies[3].error is not None
    assert replies[3].error.kind == "TypeError"


def test_a_generator_comes_back_as_the_learner_left_it(learner: LearnerProcess) -> None:
    """The learner draws from the judge's own stream, and the judge sees how far."""
    learner.run_cell("def f(rng): return rng.normal(size=3)")
    rng = np.random.default_rng(8)
    (reply,) = learner.call_many("f", [(rng,)])
    np.testing.assert_array_equal(reply.value, np.random.default_rng(8).normal(size=3))
    expected = np.random.default_rng(8)
    expected.normal(size=3)
    assert reply.args_after[0].normal() == expected.normal()


def test_the_judges_functions_use_up_the_learners_generator(learner: LearnerProcess) -> None:
    """A part of the judge's draws from the learner's generator as if it were the learner's own."""
    learner.bind({"draw": lambda rng, size: rng.normal(size=size)})
    learner.run_cell("def f(rng): return [draw(rng, 2), draw(size=1, rng=rng), rng.normal(size=2)]")
    (reply,) = learner.call_many("f", [(np.random.default_rng(3),)])
    drawn = np.concatenate(reply.value)
    np.testing.assert_array_equal(drawn, np.random.default_rng(3).normal(size=5))


def test_a_missing_function_is_an_error(learner: LearnerProcess) -> None:
    """`has` tells what is callable; calling what is not gives an error."""
    learner.run_cell("number = 3\ndef f(): pass")
    assert [learner.has(name) for name in ("f", "number", "nothing")] == [True, False, False]
    (reply,) = learner.call_many("nothing", [()])
    assert reply.error is not None


def test_changed_arguments_are_reported(learner: LearnerProcess) -> None:
    """Arguments changed in place come back changed, the judge's own stay as they were."""
    learner.run_cell("def f(a, b, c):\n    b[0] = 9\n    c['k'].append(1)")
    a, b, c = np.zeros(2), np.zeros(2), {"k": [0]}
    (reply,) = learner.call_many("f", [(a, b, c)])
    assert reply.args_after[0] is a
    np.testing.assert_array_equal(reply.args_after[1], [9, 0])
    assert reply.args_after[2] == {"k": [0, 1]}
    np.testing.assert_array_equal(b, [0, 0])
    assert c == {"k": [0]}


def test_callables_are_called_back(learner: LearnerProcess) -> None:
    """A callable argument stays with the judge and is called for each use."""
    learner.run_cell("def f(g, x):\n    return [g(x, shift=n) for n in range(3)]")
    seen = []

    def g(x: np.ndarray, shift: int) -> float:
        seen.append(shift)
        return float(x.sum()) + shift

    (reply,) = learner.call_many("f", [(g, np.ones(3))])
    assert reply.value == [3.0, 4.0, 5.0]
    assert seen == [0, 1, 2]
    assert reply.args_after[0] is g


def test_errors_of_call_backs_reach_the_learner(learner: LearnerProcess) -> None:
    """What the judge's function raises can be caught by the learner, by its built-in name."""
    source = (
        "def f(g):\n    try:\n        g('bad')\n    except TypeError as e:\n        return str(e)"
    )
    learner.run_cell(source)
    (reply,) = learner.call_many("f", [(lambda x: x + 1,)])
    assert "str" in reply.value


def test_bound_parts_replace_the_learners(learner: LearnerProcess) -> None:
    """While bound, a name means the judge's function; afterwards the learner's own again."""
    learner.run_cell("def part(x): return -1\ndef f(x): return part(x) + later(x)")
    learner.bind({"part": lambda x: x * 10, "later": lambda x: x})
    assert learner.call_many("f", [(2,)])[0].value == 22
    assert learner.call_many("f", [(3,)])[0].value == 33
    learner.unbind()
    assert learner.call_many("part", [(2,)])[0].value == -1
    assert not learner.has("later")


def test_bound_parts_may_receive_the_learners_functions(learner: LearnerProcess) -> None:
    """A reference part can call a closure of the learner's, which calls the judge again."""
    source = "def check(loss, x):\n    return numerical(lambda y: 2 * loss(y), x)"
    learner.run_cell(source)

    def numerical(f, x):
        return np.array([(f(x + h) - f(x - h)) / 2 for h in np.eye(len(x))])

    learner.bind({"numerical": numerical})
    (reply,) = learner.call_many("check", [(lambda y: float(y @ y), np.arange(3.0))])
    np.testing.assert_allclose(reply.value, [0, 4, 8])


def test_errors_inside_nested_calls_keep_their_kind(learner: LearnerProcess) -> None:
    """An error in a closure passes through the judge's function back to the learner's."""
    learner.run_cell("def f():\n    return part(lambda: {}['lost'])")
    learner.bind({"part": lambda g: g()})
    (reply,) = learner.call_many("f", [()])
    assert reply.error is not None
    assert reply.error.kind == "KeyError"


def test_endless_call_backs_are_stopped(start: Starter) -> None:
    """A loop of call-backs ends by their number or by the deadline, whichever comes first."""
    for limits, reason in (({"callbacks": 500}, "called back"), ({}, "did not finish")):
        learner = start(**limits)
        learner.run_cell(
            "def f(g):\n    while True:\n        try: g()\n        except Exception: pass"
        )
        with pytest.raises(LearnerGone, match=reason):
            learner.call_many("f", [(lambda: 1,)], seconds=1)


def test_endless_recursion_through_the_judge_is_stopped(learner: LearnerProcess) -> None:
    """A learner's function and a judge's calling each other end as a RecursionError."""
    learner.run_cell("def f():\n    return part(f)")
    learner.bind({"part": lambda g: g()})
    (reply,) = learner.call_many("f", [()])
    assert reply.error is not None
    assert reply.error.kind == "RecursionError"


def test_callbacks_are_only_answered_during_a_call(learner: LearnerProcess) -> None:
    """A judge's function that the learner kept is dead after the batch."""
    learner.run_cell("def f(g):\n    global kept\n    kept = g")
    learner.call_many("f", [(lambda: 1,)])
    error = learner.run_cell("kept()").error
    assert error is not None
    assert error.kind == "RuntimeError"


LIES = """
import numpy as np
class Always(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __array__(self, *a, **k): return np.zeros(3)
class Yes:
    def __eq__(self, other): return True
    def __reduce__(self): return (print, ("reduced",))
    def __repr__(self): raise SystemExit
class Liar(float):
    def __eq__(self, other): return True
def lie(kind):
    if kind == "subclass": return np.arange(3.0).view(Always)
    if kind == "object": return Yes()
    if kind == "float": return Liar(2.5)
    if kind == "objects": return np.array([Yes(), Yes()])
    if kind == "strides": return np.lib.stride_tricks.as_strided(np.zeros(1), (3, 3), (0, 0))
    if kind == "generator": return (n for n in iter(int, 1))
    if kind == "structured": return np.zeros(2, [("a", "f8")])
    if kind == "function": return lie
    if kind == "class": return Yes
    if kind == "fat": return np.broadcast_to(0.0, (10**10,))
    if kind == "cycle": a = []; a.append(a); return a
"""


def test_lies_become_plain_values(learner: LearnerProcess) -> None:
    """Objects that compare equal to everything arrive as plain arrays, numbers or Opaque."""
    learner.run_cell(LIES)

    def told(kind: str):
        (reply,) = learner.call_many("lie", [(kind,)])
        return reply.error.kind if reply.error else reply.value

    assert type(told("subclass")) is np.ndarray
    np.testing.assert_array_equal(told("subclass"), [0, 1, 2])
    assert told("object") == Opaque("Yes")
    assert type(told("float")) is float
    assert told("objects") == Opaque("array of object")
    assert told("strides").shape == (3, 3)
    assert told("generator") == Opaque("generator")
    assert isinstance(told("structured"), Opaque)
    assert told("function") == Opaque("function")
    assert told("class") == Opaque("type")
    assert told("fat") == "ResultTooLarge"
    assert isinstance(told("cycle"), list)


def test_a_hostile_exception_is_an_error_like_any_other(learner: LearnerProcess) -> None:
    """An exception that fails to describe itself, or describes itself at length, is tamed."""
    learner.run_cell(
        "class E(Exception):\n    def __str__(self): raise SystemExit\ndef f(): raise E\n"
        "def g(): raise ValueError('\\x1b[31m' + 'x' * 10**7)"
    )
    (first,) = learner.call_many("f", [()])
    (second,) = learner.call_many("g", [()])
    assert first.error is not None
    assert second.error is not None
    assert first.error.kind == "E"
    assert len(second.error.message) <= 2000
    assert "\x1b" not in second.error.message


def test_deep_recursion_is_an_error(learner: LearnerProcess) -> None:
    """Endless recursion is an error of the call, and the process lives on."""
    learner.run_cell("def f(n=0): return f(n + 1)")
    (reply,) = learner.call_many("f", [()])
    assert reply.error is not None
    assert reply.error.kind == "RecursionError"
    assert value_of(learner, "def f(): return 1") == 1
