"""Questions put ahead change nothing but the time it takes: every answer is what it would be."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from learners import SOON, Starter

from autograder.judging.calls import Arguments, LearnerGone, Reply, Returned
from autograder.judging.travel import travels
from autograder.sandbox import LearnerProcess, Questions, Sheet

COUNTER = "count = 0\ndef f(*a):\n    global count\n    count += 1\n    return count"


def asked_ahead(learner: LearnerProcess, *batches: Sequence[Arguments], name: str = "f") -> Sheet:
    questions = Questions()
    for batch in batches:
        questions.add(name, batch)
    return learner.ask_ahead(questions)


def seen(reply: Reply) -> Any:
    error = reply.error
    return (
        repr(reply.value),
        error and (error.kind, error.message, error.line, error.source),
        [a if callable(a) else shown(a) for a in reply.args_after],
    )


def shown(argument: Any) -> str:
    if isinstance(argument, np.random.Generator):
        return repr(argument.bit_generator.state)
    return repr(argument)


def batches() -> list[list[Arguments]]:
    """Values, errors, changed arguments, earlier results, generators, functions that travel."""
    x = np.arange(6.0).reshape(2, 3)
    double = travels(lambda v: 2 * v)
    return [
        [(x, "twice"), (x.astype(np.float32), "twice")],
        [(x, "raise"), (x, "change")],
        [(x, "twice"), (Returned(0, 1), "twice"), (Returned(0, 9), "")],
        [([x, {"a": x}], "change list"), (np.random.default_rng(3), "draw")],
        [(double, "apply"), (x, "twice")],
        [],
    ]


SOURCE = """
def f(x, what):
    if what == "twice": return [2 * x, x[0]]
    if what == "raise": return 1 / 0
    if what == "change": x[0] = 7
    if what == "change list": x.append(1)
    if what == "draw": return x.normal()
    if what == "apply": return x(21)
"""


def test_same_answers_with_and_without(start: Starter) -> None:
    """Each kind of question gets the same reply, whether it was put ahead or not."""
    plain, ahead = start(), start()
    for learner in (plain, ahead):
        learner.run_cell(SOURCE)
    sheet = asked_ahead(ahead, *batches())
    for batch in batches():
        expected, got = (learner.call_many("f", batch) for learner in (plain, ahead))
        assert list(map(seen, got)) == list(map(seen, expected))
    assert sheet.sufficed


def test_each_answer_is_taken_once(learner: LearnerProcess) -> None:
    """Who is asked the same twice answers twice; a third time, the function is called anew."""
    learner.run_cell(COUNTER)
    sheet = asked_ahead(learner, [(1,)], [(2,)], [(1,)])
    answers = [learner.call_many("f", [(n,)])[0].value for n in (1, 1, 2)]
    assert (answers, sheet.sufficed) == ([1, 3, 2], True)
    assert learner.call_many("f", [(1,)])[0].value == 4
    assert not sheet.sufficed


def test_other_questions_are_asked_then(learner: LearnerProcess) -> None:
    """One bit of difference in an argument makes another question."""
    learner.run_cell(COUNTER)
    asked_ahead(learner, [(0.0,)])
    for other in (-0.0, 0, np.float64(0), np.nextafter(0, 1), False):
        assert learner.call_many("f", [(other,)])[0].value > 1


def test_functions_that_stay_are_not_put_ahead(learner: LearnerProcess) -> None:
    """A function of the judge's that does not travel is called when its turn comes."""
    learner.run_cell("def f(g): return g(2)")
    asked: list[int] = []
    call = (lambda x: asked.append(x) or 5,)
    sheet = asked_ahead(learner, [call])
    assert asked == []
    assert learner.call_many("f", [call])[0].value == 5
    assert asked == [2]
    assert not sheet.sufficed


@pytest.mark.parametrize("change", ["cell", "bind"])
def test_answers_of_yesterday_are_put_away(learner: LearnerProcess, change: str) -> None:
    """After another cell, and with other parts, the function is asked again."""
    learner.run_cell("def part(): return 1\ndef f(): return part()")
    sheet = asked_ahead(learner, [()])
    if change == "cell":
        learner.run_cell("def part(): return 2")
    else:
        learner.bind({"part": lambda: 2})
    assert learner.call_many("f", [()])[0].value == 2
    assert not sheet.sufficed


def test_sheets_are_the_same_if_all_answers_are(start: Starter) -> None:
    """The digest tells apart values, kinds of numbers, errors and changed arguments."""
    answers = ("1.0", "1", "np.float64(1)", "-0.0", "0.0", "x.sort()", "None", "1 / 0", "[1.0]")
    digests = []
    for answer in (*answers, "1.0"):
        learner = start()
        learner.run_cell(f"import numpy as np\ndef f(x): return {answer}")
        digests.append(asked_ahead(learner, [(np.array([2.0, 1.0]),)]).digest)
    assert digests[0] == digests[-1]
    assert len(set(digests)) == len(answers)


def test_too_slow_ends_it_soon(start: Starter) -> None:
    """An endless call ends the process after a moment, not after the time that calls have."""
    learner = start(ahead_seconds=0.3, call_seconds=60)
    learner.run_cell("def f(n):\n    while n: pass")
    before = time.monotonic()
    with pytest.raises(LearnerGone, match=r"0\.6 s"):
        asked_ahead(learner, [(0,)], [(1,)])
    assert time.monotonic() - before < SOON


def test_what_is_not_begun_in_time_is_asked_later(start: Starter) -> None:
    """Many calls that take a while each: those that were reached count, the others are called."""
    learner = start(ahead_seconds=2)
    learner.run_cell(f"import time\n{COUNTER.replace('count += 1', 'time.sleep(1.1); count += 1')}")
    asked_ahead(learner, *([(n,)] for n in range(4)))
    assert [learner.call_many("f", [(n,)])[0].value for n in (3, 0)] == [3, 1]


def test_large_answers_are_the_same(start: Starter) -> None:
    """What is too large for one message is so in both ways; the others find room."""
    learner = start(message_bytes=1 << 20)
    learner.run_cell("import numpy as np\ndef f(n): return np.ones(n)")
    sizes = [10, 10**5, 20_000, 20_000, 20_000, 30]
    asked_ahead(learner, *([(n,)] for n in sizes))
    replies = [learner.call_many("f", [(n,)])[0] for n in sizes]
    kinds = [len(r.value) if r.error is None else r.error.kind for r in replies]
    assert kinds == [10, "ResultTooLarge", *sizes[2:]]


def test_questions_have_a_bound() -> None:
    """What would not fit is left to be asked singly; what comes after may still fit."""
    questions = Questions()
    for entries in (1 << 20, 1 << 20, 10):
        questions.add("f", [(np.ones(entries),)])
    assert len(questions.batches) == 2


@pytest.mark.parametrize("answer", ["7", "None", "b''", "b'\\xc1'", "b'\\x91\\x91\\x07'"])
def test_forged_sheets_end_the_process(learner: LearnerProcess, answer: str) -> None:
    """A learner that gets at our half of the conversation only ends it."""
    learner.run_cell(
        "import gc\n"
        "worker = next(o for o in gc.get_objects() if type(o).__name__ == 'Worker')\n"
        f"worker.actions['ahead'] = lambda *a: {answer}\n"
        "worker.actions['calls'] = lambda *a: 7\n"
    )
    with pytest.raises(LearnerGone):
        asked_ahead(learner, [()])
        learner.call_many("f", [()])
