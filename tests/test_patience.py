"""In the notebook, too, a function that does not stop is stopped, with a sentence."""

import signal
import sys
import threading

import pytest
from sampling import sampled

from autograder.judging import bank
from autograder.student import patience
from autograder.student.check import CheckFailed, check, public_result

EXERCISE = bank.find("half_mse")


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(patience, "SECONDS", 0.2)
    monkeypatch.setattr(patience, "MOST_PRINTED", 100_000)


def endless(a, y):
    while True:
        pass


def catches_everything(a, y):
    while True:
        try:
            sum(range(100))
        except BaseException:
            pass


def prints_without_end(a, y):
    while True:
        print("ha" * 1000)


def prints_a_thousand_lines(a, y):
    for _ in range(1000):
        print("here")
    return bank.reference(EXERCISE)(a, y)


def in_another_thread(work):
    done = []
    thread = threading.Thread(target=lambda: done.append(work()))
    thread.start()
    thread.join()
    return done[0]


@pytest.mark.parametrize("answer", sampled([endless, catches_everything], 2))
@pytest.mark.parametrize("where", [lambda work: work(), in_another_thread], ids=["main", "other"])
def test_an_endless_loop_ends(answer, where):
    """By an alarm in the main thread, by a watchdog elsewhere; the sentence says after how long."""
    result = where(lambda: public_result(EXERCISE, answer, {}))
    assert result.checks[0].message == "did not come back within 0.2 s and was stopped"
    assert not result.passed


def test_where_there_are_no_alarms_a_watchdog_does_it(monkeypatch):
    """As on Windows."""
    monkeypatch.delattr(signal, "setitimer")
    result = public_result(EXERCISE, endless, {})
    assert result.checks[0].message == "did not come back within 0.2 s and was stopped"


def test_in_a_browser_a_check_runs_without_a_clock(monkeypatch):
    """Python has neither alarms nor threads there, and answers are judged all the same."""

    def no_threads(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.delattr(signal, "setitimer")
    monkeypatch.setattr(threading.Thread, "start", no_threads)
    assert public_result(EXERCISE, bank.reference(EXERCISE), {}).passed


def test_a_flood_of_output_ends(monkeypatch, capsys):
    """It is told, and nothing of it is shown; a thousand lines are no flood."""
    monkeypatch.setattr(patience, "SECONDS", 60)
    result = public_result(EXERCISE, prints_without_end, {})
    assert result.checks[0].message == "printed more than 100,000 characters and was stopped"
    assert public_result(EXERCISE, prints_a_thousand_lines, {}).passed
    assert capsys.readouterr().out == ""


def test_check_says_it_in_its_exception(monkeypatch):
    """What Validate shows."""
    monkeypatch.setitem(globals(), "half_mse", endless)
    with pytest.raises(CheckFailed, match="did not come back within"):
        check("half_mse")


def test_nothing_is_left_ticking():
    """After a check there is no alarm and no watchdog, and the handler is what it was."""
    before = signal.getsignal(signal.SIGALRM)
    public_result(EXERCISE, endless, {})
    in_another_thread(lambda: public_result(EXERCISE, endless, {}))
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before
    assert patience.WATCHDOG not in [thread.name for thread in threading.enumerate()]


def test_somebody_elses_alarm_goes_on():
    """A timer that ran before goes on afterwards."""
    signal.setitimer(signal.ITIMER_REAL, 1000)
    try:
        public_result(EXERCISE, bank.reference(EXERCISE), {})
        assert 900 < signal.getitimer(signal.ITIMER_REAL)[0] <= 1000
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
